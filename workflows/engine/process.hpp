// Runs any step table for one order: a pure function from what comes in to events, questions and the next wake-up.
//
// Nothing is remembered about steps but what the family's events say. What has been asked and answered since the last event lives in memory only; after a
// crash it is asked again, and the ids of the questions make that harmless.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "domain/fulfilment/carrier.hpp"
#include "domain/payment/provider.hpp"
#include "workflows/engine/step.hpp"

namespace entrepot::workflow {

/// A command to an actor of its own, to be sent once the events of its turn are stored.
struct Question {
  CommandId id;
  StreamId to;
  AnyCommand command;
};

// What can come in.
struct Told { int child = 0; AnyCommand command; };                          ///< a person's or gateway's command to a member of the family
struct Answered { CommandId question; std::optional<Rejection> refused; };   ///< an answer to a question of ours
struct PartnerAnswered { std::string key; payment::ProviderAnswer answer; }; ///< the payment provider's answer about an attempt
struct CarrierAnswered { int child = 0; std::string key; fulfilment::LabelAnswer answer; }; ///< the carrier's answer about a label
struct Awoken {};                                                            ///< a deadline has come, or the actor has just been loaded
using Input = std::variant<Told, Answered, PartnerAnswered, CarrierAnswered, Awoken>;

/// Looks for places by the rules of a channel, from what is known of all places at this moment.
using Sourcing = std::function<sourcing::Choice(const ChannelCode& channel, const sourcing::Demand& demand, Timestamp now)>;

/// Whom a process can ask beside the payment provider.
struct Partners {
  bool carrier = false;  ///< for labels
  Sourcing sourcing = {}; ///< none: orders without a place wait
};

/// A question to the carrier, once the events of its turn are stored.
struct LabelCall {
  int child = 0;
  fulfilment::LabelRequest request;
};

/// What a turn leaves to do.
struct Turn {
  std::vector<FamilyEvent> events;       ///< already applied to the family
  std::vector<Question> questions;
  std::vector<payment::ProviderRequest> calls; ///< to the payment provider, once the events are stored
  std::vector<LabelCall> labels;
  std::optional<Timestamp> wake_up;      ///< the earliest deadline; nothing: the order needs no clock any more
  bool waiting = false;                  ///< a question is open, to an actor or to the provider
  std::vector<Sku> lacking;              ///< units of these are waited for: new ones may help
  std::optional<Rejection> refused;      ///< the command was refused, and that it was given had to be written down: a wrong code is counted

  /// Wakes the process no later than `due`.
  void wake_at(Timestamp due) {
    if (!wake_up || due < *wake_up)
      wake_up = due;
  }
};

/// A process's memory between turns: open questions. Losing it costs a repeated question, nothing else.
class Memory {
public:
  struct Asked {
    CommandId id;
    std::int32_t round = 0; ///< of the question
    int times = 0;
    Timestamp first, again;
    bool answered = false;
  };
  /// (child of the fulfilment, or 0, or `undoing`; step; round, where a step asks several), (`provider`, instalment) or (`carrier`, child)
  struct Place {
    int table = 0, step = 0, round = 0;
    auto operator<=>(const Place&) const = default;
  };
  static constexpr int undoing = -1, provider = -2, carrier = -3, at_the_end = 1; // no place has child 1

  Asked* find(CommandId question);
  Asked& at(Place place) { return asked_[place]; }
  /// Whether it is so of any question that the step asked.
  bool any_of(Place place, const std::function<bool(const Asked&)>& is_so) const;
  Place place_of(CommandId question) const;
  void forget() { asked_.clear(); }
  void forget(Place place) { asked_.erase(place); }
  /// Whatever the step asked.
  void forget_all_of(Place place);

private:
  std::map<Place, Asked> asked_;
};

/// Takes one input: decides, applies the events to `family`, and goes on with the process as far as it can. Returns the rejection if a command was refused
/// and nothing has changed. Check: a command that the process itself gives to its family is never refused.
Result<Turn> take(Family& family, Memory& memory, const Input& input, Timestamp now, const Partners& partners = {});

} // namespace entrepot::workflow
