// A fulfilment: the work of one place for one order that is brought to the door.
#pragma once

#include <span>
#include <string>
#include <variant>

#include "domain/fulfilment/work.hpp"
#include "domain/machine.hpp"
#include "domain/result.hpp"

namespace entrepot::fulfilment {

enum class Status : std::uint8_t { none, offered, accepted, picking, picked, packed, shipped, delivered, rejected, cancelled };
std::string_view name_of(Status status);
std::optional<Status> status_from(std::string_view name);
/// Nobody works on it any more, but for units that are to be put back.
inline bool is_terminal(Status status) { return status >= Status::delivered; }

struct Parcel { std::int32_t weight_grams = 0; bool operator==(const Parcel&) const = default; };
inline constexpr std::size_t max_parcels = 100;

/// The carrier's label for the parcels as they are packed now.
struct Label {
  std::string key;           ///< of the newest one asked for; empty: none since they were packed
  std::int32_t attempts = 0; ///< asked for so far
  std::string tracking, document;
  std::string code;          ///< there will be none: why
  std::string carrier = {};  ///< who makes it
  bool operator==(const Label&) const = default;
};
/// Whether it is asked for, and nothing is known of it yet.
inline bool is_awaited(const Label& label) { return !label.key.empty() && label.tracking.empty() && label.code.empty(); }

// What somebody asks of it.
struct Plan { LocationCode location; std::vector<Line> lines; Timestamp due; }; ///< a warehouse accepts at once: planning, offer and acceptance are one event
struct Offer { LocationCode location; std::vector<Line> lines; Timestamp due, offer_until; }; ///< a store is asked
struct Accept {};
struct Reject { Reason reason = Reason::other; };
struct Lapse {};                                ///< the place did not answer the offer in time
struct StartPick {};
struct Pick { std::vector<Found> found; };      ///< lines left out were found whole
struct Pack { std::vector<Parcel> parcels; };
struct Ship { std::string tracking; };          ///< without a number it is the label's, if there is one
struct Deliver {};
struct Unaccept {};                             ///< a wrong tap is taken back
struct Unpick {};
struct Unpack {};
struct Stop { Timestamp answer_by; };           ///< the order is being cancelled
struct ConfirmStop {};                          ///< the packed parcel stays here
struct RefuseStop {};                           ///< it has all but gone
struct PutBack {};                              ///< the picked units lie in their place again
struct Escalate { std::int32_t percent = 0; };
struct AskLabel { std::string key, carrier = {}; }; ///< of the carrier of that name
struct RecordLabel { std::string key, tracking, document; };
struct RecordLabelFailed { std::string key, code; };
using Command = std::variant<Plan, Offer, Accept, Reject, Lapse, StartPick, Pick, Pack, Ship, Deliver, Unaccept, Unpick, Unpack, Stop, ConfirmStop, RefuseStop, PutBack, Escalate,
                             AskLabel, RecordLabel, RecordLabelFailed>;
enum class Verb : std::uint8_t { plan, offer, accept, reject, lapse, start_pick, pick, pack, ship, deliver, unaccept, unpick, unpack, stop, confirm_stop, refuse_stop, put_back, escalate,
                                 ask_label, record_label, record_label_failed }; ///< in the order of Command
std::string_view name_of(Verb verb);

// What has happened. `Accepted` with lines begins the work of a warehouse; a store's begins with `Offered`.
struct Accepted { LocationCode location; std::vector<Line> lines; Timestamp due; bool operator==(const Accepted&) const = default; };
struct Offered { LocationCode location; std::vector<Line> lines; Timestamp due, offer_until; bool operator==(const Offered&) const = default; };
struct OfferAccepted { bool operator==(const OfferAccepted&) const = default; };
struct Rejected { Reason reason = Reason::other; bool operator==(const Rejected&) const = default; };
struct PickStarted { bool operator==(const PickStarted&) const = default; };
struct Picked { std::vector<Found> found; bool operator==(const Picked&) const = default; };
struct Packed { std::vector<Parcel> parcels; bool operator==(const Packed&) const = default; };
struct Shipped { std::string tracking; bool operator==(const Shipped&) const = default; };
struct Delivered { bool operator==(const Delivered&) const = default; };
struct Unaccepted { bool operator==(const Unaccepted&) const = default; };
struct Unpicked { bool operator==(const Unpicked&) const = default; };
struct Unpacked { bool operator==(const Unpacked&) const = default; };
struct StopAsked { Timestamp answer_by; bool operator==(const StopAsked&) const = default; };
struct StopRefused { bool operator==(const StopRefused&) const = default; };
struct Cancelled { bool operator==(const Cancelled&) const = default; };
struct UnitsPutBack { bool operator==(const UnitsPutBack&) const = default; };
struct Escalated { std::int32_t percent = 0; bool operator==(const Escalated&) const = default; };
struct LabelAsked { std::string key, carrier = {}; bool operator==(const LabelAsked&) const = default; }; ///< the intent, before the carrier is asked
struct Labelled { std::string tracking, document; bool operator==(const Labelled&) const = default; };
struct LabelFailed { std::string code; bool operator==(const LabelFailed&) const = default; };
using Event = std::variant<Accepted, Offered, OfferAccepted, Rejected, PickStarted, Picked, Packed, Shipped, Delivered, Unaccepted, Unpicked, Unpacked, StopAsked, StopRefused, Cancelled, UnitsPutBack, Escalated,
                           LabelAsked, Labelled, LabelFailed>;

struct State : Work {
  Status status = Status::none;
  std::vector<Parcel> parcels;
  std::string tracking;
  std::optional<Timestamp> stop_until; ///< the order is being cancelled, and staff say by then whether the parcel stays
  bool stop_refused = false;
  Label label;
  bool operator==(const State&) const = default;
};

using Transition = machine::Transition<State, Command, Status, Verb>;
/// What each command does in each status.
std::span<const Transition> transitions();

/// Refuses what the table of `transitions()` refuses, with its code, and `offer-expired` (accepted, or taken back, after its time). Check: the work has lines, each with units.
Decision<Event> decide(const State& fulfilment, const Command& command, Timestamp now);
void evolve(State& fulfilment, const Event& event, Timestamp at);

} // namespace entrepot::fulfilment
