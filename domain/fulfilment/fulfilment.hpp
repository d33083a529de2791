// A fulfilment: the work of one place for one order that is brought to the door.
#pragma once

#include <span>
#include <string>
#include <variant>

#include "domain/fulfilment/work.hpp"
#include "domain/machine.hpp"
#include "domain/result.hpp"

namespace entrepot::fulfilment {

enum class Status : std::uint8_t { none, offered, accepted, picking, picked, packed, shipped, delivered, rejected, cancelled, failed, returned_to_origin };
std::string_view name_of(Status status);
std::optional<Status> status_from(std::string_view name);
/// Nobody works on it any more, but for units that are to be put back.
inline bool is_terminal(Status status) { return status >= Status::delivered; }

/// Where the carrier says that the parcels are: a second axis beside the status.
enum class Tracking : std::uint8_t { unknown, pre_transit, in_transit, out_for_delivery, available_for_pickup, delivered, exception, return_to_sender, lost };
std::string_view name_of(Tracking tracking);
std::optional<Tracking> tracking_from(std::string_view name);

/// Why parcels will not arrive.
enum class Loss : std::uint8_t { lost, damaged };
std::string_view name_of(Loss loss);
std::optional<Loss> loss_from(std::string_view name);

struct Parcel { std::int32_t weight_grams = 0; bool operator==(const Parcel&) const = default; };
inline constexpr std::size_t max_parcels = 100;

/// The carrier's label for the parcels as they are packed now.
struct Label {
  std::string key;           ///< of the newest one asked for; empty: none since they were packed
  std::int32_t attempts = 0; ///< asked for so far
  std::string tracking, document;
  std::string code;          ///< there will be none: why
  std::string carrier = {};  ///< who makes it
  std::int32_t refused = 0;  ///< how many carriers would make none for these parcels
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
struct StartPick { std::string wave = {}; };     ///< wave: the pick list on which it stands, if it is picked with others
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
struct Track { Tracking says = Tracking::unknown; }; ///< the carrier's news of parcels that are under way, or were given up as lost
struct Lose { Loss why = Loss::lost; };         ///< they will not arrive
struct ReturnToOrigin { std::vector<Found> whole; }; ///< they are here again: so many units are whole; lines left out are so altogether
struct RecordRestocked {};                      ///< the whole ones are in the stock again
struct CutUnits { std::vector<Found> left; }; ///< no more than so many units of these lines lie there for the order
using Command = std::variant<Plan, Offer, Accept, Reject, Lapse, StartPick, Pick, Pack, Ship, Deliver, Unaccept, Unpick, Unpack, Stop, ConfirmStop, RefuseStop, PutBack, Escalate,
                             AskLabel, RecordLabel, RecordLabelFailed, Track, Lose, ReturnToOrigin, RecordRestocked, CutUnits>;
enum class Verb : std::uint8_t { plan, offer, accept, reject, lapse, start_pick, pick, pack, ship, deliver, unaccept, unpick, unpack, stop, confirm_stop, refuse_stop, put_back, escalate,
                                 ask_label, record_label, record_label_failed, track, lose, return_to_origin, record_restocked, cut_units }; ///< in the order of Command
std::string_view name_of(Verb verb);

// What has happened. `Accepted` with lines begins the work of a warehouse; a store's begins with `Offered`.
struct Accepted { LocationCode location; std::vector<Line> lines; Timestamp due; bool operator==(const Accepted&) const = default; };
struct Offered { LocationCode location; std::vector<Line> lines; Timestamp due, offer_until; bool operator==(const Offered&) const = default; };
struct OfferAccepted { bool operator==(const OfferAccepted&) const = default; };
struct Rejected { Reason reason = Reason::other; bool operator==(const Rejected&) const = default; };
struct PickStarted { std::string wave = {}; bool operator==(const PickStarted&) const = default; };
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
struct Tracked { Tracking says = Tracking::unknown; bool operator==(const Tracked&) const = default; };
struct Failed { Loss why = Loss::lost; bool operator==(const Failed&) const = default; };
struct ReturnedToOrigin { std::vector<Found> whole; bool operator==(const ReturnedToOrigin&) const = default; };
struct Restocked { bool operator==(const Restocked&) const = default; };
struct UnitsCut { std::vector<Found> left; bool operator==(const UnitsCut&) const = default; };
using Event = std::variant<Accepted, Offered, OfferAccepted, Rejected, PickStarted, Picked, Packed, Shipped, Delivered, Unaccepted, Unpicked, Unpacked, StopAsked, StopRefused, Cancelled, UnitsPutBack, Escalated,
                           LabelAsked, Labelled, LabelFailed, Tracked, Failed, ReturnedToOrigin, Restocked, UnitsCut>;

struct State : Work {
  Status status = Status::none;
  std::string wave;                    ///< the newest pick list on which it stands; empty: none
  std::vector<Parcel> parcels;
  std::string tracking;
  std::optional<Timestamp> stop_until; ///< the order is being cancelled, and staff say by then whether the parcel stays
  bool stop_refused = false;
  Label label;
  Tracking carrier_says = Tracking::unknown;
  std::optional<Loss> loss;    ///< they did not arrive; also of parcels that were found later and came back
  std::vector<Quantity> whole; ///< by line: units that came back and can be sold again; empty: none came back
  bool restocked = false;      ///< those are in the stock again
  bool operator==(const State&) const = default;
};

/// Whether the goods went and will not reach the customer with these parcels.
inline bool is_lost(const State& fulfilment) { return fulfilment.status == Status::failed || fulfilment.status == Status::returned_to_origin; }
/// Whether the goods have left the place, whatever became of them.
inline bool has_left(const State& fulfilment) { return fulfilment.status == Status::shipped || fulfilment.status == Status::delivered || is_lost(fulfilment); }

using Transition = machine::Transition<State, Command, Status, Verb>;
/// What each command does in each status.
std::span<const Transition> transitions();

/// Refuses what the table of `transitions()` refuses, with its code, and `offer-expired` (accepted, or taken back, after its time). Check: the work has lines, each with units.
Decision<Event> decide(const State& fulfilment, const Command& command, Timestamp now);
void evolve(State& fulfilment, const Event& event, Timestamp at);

} // namespace entrepot::fulfilment
