// What a business process is made of: tables of named steps.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "domain/order/family.hpp"
#include "domain/sourcing/decision.hpp"

namespace entrepot::workflow {

/// A step has nothing to do for this order.
struct Nothing {};

/// A command to a member of the order's own family: decided in the same turn.
struct Tell {
  int child = 0;
  AnyCommand command;
};

/// A command to an actor of its own, e.g. a stock location. Asked until it is answered; the same question has the same id, so asking twice does it once.
struct Ask {
  StreamId to;
  AnyCommand command;
  std::int32_t round = 0; ///< tells questions of one step apart: an answer to one is none to the next
};

/// Several at once; done when each is answered.
struct AskAll { std::vector<Ask> questions; };

/// Places are looked for. `again_at`: they were, in vain: not before something changes, or then.
struct Look {
  sourcing::Demand demand;
  std::optional<Timestamp> again_at = {};
  std::vector<sourcing::Barred> short_now = {}; ///< places that are not asked again before something has changed
};

/// Something else will come: a partner's answer, a person. At `until` the step is looked at again and says what then; nothing: whoever is awaited has a clock.
struct Wait {
  std::optional<Timestamp> until = {};
};

/// Before the promise: the order is given up.
struct GiveUp { Rejection why; };

/// Behind the promise: only a person can decide.
struct LeaveToPerson { std::string code, text; };

using Action = std::variant<Nothing, Tell, Ask, AskAll, Look, Wait, GiveUp, LeaveToPerson>;

/// One line of a process, readable by who runs the business. `place` is the fulfilment's or pickup's child, 0 in the other tables.
struct Step {
  std::string_view name;                                          ///< a sentence: "the warehouse holds the units"
  Action (*act)(const Family& family, int place, Timestamp now);  ///< what it asks, and of whom
  bool (*done)(const Family& family, int place) = nullptr;        ///< what the family's events say, for steps that ask; an answer still in memory counts too
  Duration within = std::chrono::seconds{2};                      ///< silence after which it is asked again: a question that was lost with its sender is repeated while the customer still waits
  Duration at_most = std::chrono::minutes{1};                     ///< pauses double up to this
  Duration give_up_after = Duration::zero();                      ///< silence after which the order is given up; zero: never
  Action (*undo)(const Family& family, Timestamp now) = nullptr;  ///< what takes it back when the order is given up before the promise; called until it
                                                                  ///< says that nothing is left to do or waits
  bool undo_from_start = false;                                   ///< there may be something to take back before the step was reached, e.g. money that somebody else took
  bool asks_carrier = false;                                      ///< taken only where labels are to be had
  std::optional<Action> (*refused)(const Family& family, int round, const Rejection& why, Timestamp now) = nullptr; ///< what a refusal of the question of that round means: a
                                                                  ///< command to the family, or that it is asked again later; nothing, or none: the order is given up, or behind
                                                                  ///< the promise left to a person
};

struct Definition {
  std::string_view name; ///< "bodah"
  std::int32_t version = 1;
  std::span<const Step> until_the_promise; ///< a refusal here gives the order up: what was done is undone, last first, and the order is rejected
  std::span<const Step> per_fulfilment;    ///< behind the point of no return, for each place in order: a refusal here waits for a person
  std::span<const Step> per_delivery = {}; ///< the same for places that send, where the others of the order are fetched from
  std::span<const Step> to_the_end;        ///< behind it, for the order as a whole: each line looks after itself, none waits for another
};

} // namespace entrepot::workflow
