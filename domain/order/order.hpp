// An order: what was agreed with the customer, and how far each unit of it has come.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "domain/customer/customer.hpp"
#include "domain/ids.hpp"
#include "domain/machine.hpp"
#include "domain/money.hpp"
#include "domain/payment/instalment.hpp"
#include "domain/quantity.hpp"
#include "domain/result.hpp"
#include "domain/sealed.hpp"
#include "domain/stock/distance.hpp"

namespace entrepot::order {

/// One line as agreed: price, tax class and category are frozen here. A service line (transport) has no stock.
struct Line {
  std::int32_t number = 0; ///< from 1
  Sku sku;                 ///< of a service line: the delivery option's code
  std::string name;
  Quantity quantity;
  Money unit_price;        ///< gross
  Money total;
  std::string category, tax_class;
  bool service = false;
  std::optional<Money> list_price = {}; ///< what a unit would have cost; none: it costs that
  ReasonCode price_reason = {};         ///< why it costs less
  bool operator==(const Line&) const = default;
};

/// Brought to the customer's door.
struct Delivery {
  std::string option;            ///< code in the channel's delivery table
  Sealed address;
  std::string terms, carrier;
  LocationCode ship_from;        ///< empty: places are found by the channel's sourcing rules
  Timestamp issue_at;            ///< scheduled goods issue
  std::optional<Timestamp> promise;
  std::optional<stock::Point> near = {}; ///< about where the door is, to a tenth of a degree: enough to choose a place by, too little to find a person
  std::vector<std::string> other_carriers = {}; ///< asked in turn for a label that the carrier does not make
  bool operator==(const Delivery&) const = default;
};

/// Fetched by the customer in a store.
struct Collection {
  LocationCode store;
  Timestamp ready_by;            ///< promised to the customer
  std::optional<Timestamp> wanted_at = {}; ///< when the customer wants to come; none: as soon as it is ready
  bool by_transfer = false;      ///< what the store has not got may be brought there from elsewhere, which takes longer
  bool operator==(const Collection&) const = default;
};

/// A sale at a till: what the customer of a mixed basket took home at once. It is a sale of its own, and stays one whatever becomes of the order.
struct TillSale {
  LocationCode location;
  std::string till, receipt;
  bool operator==(const TillSale&) const = default;
};

/// Why an order waits for a person from the start.
struct HoldAtEntry {
  std::string code, text;
  bool operator==(const HoldAtEntry&) const = default;
};
inline constexpr std::string_view price_exception_hold = "price_exception"; ///< a price below what staff may give by themselves

/// Everything the two sides agreed on, decided once and never computed again.
struct Agreement {
  ChannelCode channel;
  std::int32_t channel_version = 0;
  EntityCode organisation;
  std::string workflow;          ///< e.g. "bodah"
  std::int32_t workflow_version = 1;
  std::string external_number;   ///< the channel's own number; empty: none
  std::optional<Timestamp> occurred_at = {}; ///< when it was agreed, if not when it was recorded: business rules and reports look at it, deadlines never
  CustomerNumber customer;       ///< empty: a guest
  std::string customer_level;
  bool credit_limited = false;   ///< what is billed later must be within the customer's credit
  customer::Contact contact;     ///< of a guest, under the order's own key
  std::vector<Line> lines;
  Delivery delivery;             ///< of an order that is brought to the door
  Collection collection;         ///< of one that is fetched
  std::optional<Timestamp> answer_by; ///< the place, a store, is offered the work and answers by then; a warehouse is just told
  std::vector<payment::Instalment> instalments;
  std::string payment_token;     ///< the provider's name for the customer's card; no secret
  Money total;
  EmployeeNumber assisted_by = {};    ///< who of the staff sold it; empty: nobody
  LocationCode origin = {};           ///< the store that it was ordered in; empty: none
  TillSale taken_now = {};            ///< no receipt: nothing was
  bool pay_later = false;             ///< the customer pays after ordering
  std::optional<Timestamp> pay_by = {}; ///< at a till; a card has pay_within
  Duration pay_within = {};           ///< how long the units wait for a card, the first by link or another one after a decline; zero: as the workflow says
  std::vector<HoldAtEntry> holds = {}; ///< that it begins with
  bool operator==(const Agreement&) const = default;
};

/// What a customer wants of units that the store cannot give them: to fetch them elsewhere, to have them sent, or not at all.
enum class Way : std::uint8_t { another_store, delivery, cancel };
std::string_view name_of(Way way);
std::optional<Way> way_from(std::string_view name);

/// A customer's choice, put together like an agreement: what it needs is decided once. The price stays.
struct Choice {
  Way way = Way::cancel;
  Collection collection;               ///< of another store
  Delivery delivery;                   ///< of a delivery, at no charge
  std::optional<Timestamp> answer_by;  ///< of the store, or of the place that sends
  bool operator==(const Choice&) const = default;
};
inline constexpr auto choice_patience = std::chrono::hours{24}; ///< for the customer of a pickup that the store cannot prepare; then it is cancelled

/// Returns the place whose units the order takes; empty: places are found for it.
inline const LocationCode& place_of(const Agreement& agreement) { return agreement.collection.store ? agreement.collection.store : agreement.delivery.ship_from; }

enum class Status : std::uint8_t { none, submitted, confirmed, in_fulfilment, cancelling, completed, cancelled, rejected };
std::string_view name_of(Status status);
std::optional<Status> status_from(std::string_view name);
/// Nothing can change any more but by documents.
inline bool is_terminal(Status status) { return status >= Status::completed; }
/// The customer has our promise, and nobody is cancelling it.
inline bool is_open(Status status) { return status == Status::confirmed || status == Status::in_fulfilment; }

/// Units of a line.
struct LineUnits { std::int32_t line = 0; Quantity units; bool operator==(const LineUnits&) const = default; };

// What somebody asks of an order. Its process reports what became of units at a place: held, stopped (they go back to open), issued, delivered, handed over (both at once).
struct Submit { Agreement agreement; };
struct Confirm { std::vector<LineUnits> waiting = {}; };           ///< units that are promised for later: no place holds them yet
struct Reject { std::string code, text; std::vector<RejectionDetail> details; };
struct Cancel { std::string code, text; };                        ///< code: who or what wants it, e.g. "customer"
struct StopUnits { int place = 0; std::vector<LineUnits> lines; };
struct CancelUnits { std::vector<LineUnits> lines; std::string code; };
struct IssueUnits { int place = 0; std::vector<LineUnits> lines; };
struct DeliverUnits { int place = 0; std::vector<LineUnits> lines; };
struct HandOverUnits { int place = 0; std::vector<LineUnits> lines; };
struct FinishCancellation {};                                     ///< nothing of it will ever leave
struct EndCancellation {};                                        ///< something has left or will: the rest goes on
struct Complete {};
struct ReserveForReturn { std::string reference; std::vector<LineUnits> lines; }; ///< units are on their way back
struct TakeBack { std::string reference; std::vector<LineUnits> lines; };         ///< they are back
struct HoldUnits { int place = 0; std::vector<LineUnits> lines; };                ///< open units have a place again
struct Choose { Choice choice; std::vector<LineUnits> lines = {}; };              ///< the customer decides on units without a place
struct PutOnHold { std::string code, text; };                     ///< a person decides before it goes on; code: why, e.g. "credit_limit"
struct ReleaseFromHold { std::string code; };
/// Units that have left will not arrive. `again`: they are to be sent once more; else the customer does not get them.
struct LoseUnits { int place = 0; std::vector<LineUnits> lines; std::string code; bool again = false; };
using Command = std::variant<Submit, Confirm, Reject, Cancel, StopUnits, CancelUnits, IssueUnits, DeliverUnits, HandOverUnits, FinishCancellation, EndCancellation, Complete, ReserveForReturn,
                             TakeBack, HoldUnits, Choose, PutOnHold, ReleaseFromHold, LoseUnits>;
enum class Verb : std::uint8_t { submit, confirm, reject, cancel, stop_units, cancel_units, issue_units, deliver_units, hand_over_units, finish_cancellation, end_cancellation, complete,
                                 reserve_for_return, take_back, hold_units, choose, put_on_hold, release_from_hold, lose_units }; ///< in the order of Command
std::string_view name_of(Verb verb);

// What has happened to it.
struct Submitted { Agreement agreement; bool operator==(const Submitted&) const = default; };
struct Confirmed { std::vector<LineUnits> waiting = {}; bool operator==(const Confirmed&) const = default; };
struct Rejected { std::string code, text; std::vector<RejectionDetail> details; bool operator==(const Rejected&) const = default; };
struct CancellationBegun { std::string code, text; bool operator==(const CancellationBegun&) const = default; };
struct UnitsStopped { int place = 0; std::vector<LineUnits> lines; bool operator==(const UnitsStopped&) const = default; };
struct UnitsCancelled { std::vector<LineUnits> lines; std::string code; bool operator==(const UnitsCancelled&) const = default; };
struct UnitsIssued { int place = 0; std::vector<LineUnits> lines; bool operator==(const UnitsIssued&) const = default; };
struct UnitsDelivered { int place = 0; std::vector<LineUnits> lines; bool operator==(const UnitsDelivered&) const = default; };
struct UnitsHandedOver { int place = 0; std::vector<LineUnits> lines; bool operator==(const UnitsHandedOver&) const = default; };
struct Cancelled { bool operator==(const Cancelled&) const = default; };
struct CancellationEnded { bool operator==(const CancellationEnded&) const = default; }; ///< partially cancelled at most
struct Completed { bool operator==(const Completed&) const = default; };
struct UnitsReturnPending { std::string reference; std::vector<LineUnits> lines; bool operator==(const UnitsReturnPending&) const = default; };
struct UnitsReturned { std::string reference; std::vector<LineUnits> lines; bool operator==(const UnitsReturned&) const = default; };
struct UnitsHeld { int place = 0; std::vector<LineUnits> lines; bool operator==(const UnitsHeld&) const = default; };
struct CustomerChose { Choice choice; std::vector<LineUnits> lines; bool operator==(const CustomerChose&) const = default; };
struct PlacedOnHold { std::string code, text; bool operator==(const PlacedOnHold&) const = default; };
struct ReleasedFromHold { std::string code; bool operator==(const ReleasedFromHold&) const = default; };
struct UnitsLost { int place = 0; std::vector<LineUnits> lines; std::string code; bool again = false; bool operator==(const UnitsLost&) const = default; };
using Event = std::variant<Submitted, Confirmed, Rejected, CancellationBegun, UnitsStopped, UnitsCancelled, UnitsIssued, UnitsDelivered, UnitsHandedOver, Cancelled, CancellationEnded, Completed,
                           UnitsReturnPending, UnitsReturned, UnitsHeld, CustomerChose, PlacedOnHold, ReleasedFromHold, UnitsLost>;

/// How far the units of a line have come: ordered = open + held + issued + cancelled, issued >= delivered, return_pending + returned <= issued.
/// Picked and packed belong to the fulfilment and are added in the view.
struct Units {
  Quantity ordered, open, held, issued, delivered, cancelled, return_pending, returned;
  bool operator==(const Units&) const = default;
};

/// What the order has heard of a place.
struct Heard {
  std::vector<LineUnits> stopped, issued; ///< by line, summed up: goods may leave in parts
  std::vector<LineUnits> lost = {};       ///< of those issued: they did not arrive
  std::string why_lost = {};              ///< e.g. "lost-on-the-way"
  bool to_be_sent_again = false;          ///< what was lost
  bool held = false; ///< behind the promise
  bool delivered = false;
  bool operator==(const Heard&) const = default;
};

/// Why an order waits for a person. Several can stand at once; it goes on when none stands any more.
struct OnHold {
  std::string code, text;
  Timestamp since;
  bool released = false;
  bool operator==(const OnHold&) const = default;
};
inline constexpr std::size_t max_holds = 20; ///< reasons, standing or released, of one order

struct State {
  Status status = Status::none;
  Agreement agreement;
  std::vector<Units> units; ///< by line
  std::map<int, Heard> heard; ///< by the child of the fulfilment or pickup
  std::optional<Rejection> why_rejected;
  std::optional<Rejection> why_cancelled; ///< of the newest cancellation
  Timestamp submitted_at;
  bool promised = false;    ///< it was confirmed once
  Timestamp open_since;     ///< since when promised units have had no place to come from
  std::optional<Choice> choice;          ///< the customer's newest
  std::int32_t choices = 0;              ///< how many there were
  std::vector<int> stopped_since_choice; ///< places that gave units up after it
  std::optional<Delivery> sent_instead;  ///< where to, of the newest choice of a delivery
  std::vector<OnHold> holds; ///< by reason, in the order in which they came first
  bool operator==(const State&) const = default;
};

using Transition = machine::Transition<State, Command, Status, Verb>;
/// What each command does in each status.
std::span<const Transition> transitions();

/// Returns when the customer ordered: for lists, reports and people. Deadlines count from `submitted_at`.
inline Timestamp ordered_at(const State& order) { return order.agreement.occurred_at.value_or(order.submitted_at); }
/// Returns how units are brought to the customer's door: as agreed, or as the customer chose when a store could not give them.
inline const Delivery& delivery_of(const State& order) { return order.sent_instead ? *order.sent_instead : order.agreement.delivery; }
/// Returns what the units that were not cancelled cost. Half-up per line.
Money value_of(const State& order);
/// Returns why it waits for a person; nullptr: it does not.
const OnHold* on_hold(const State& order);
/// Returns its hold for that reason, standing or released; nullptr: it was never put on hold for it.
const OnHold* hold_for(const State& order, std::string_view code);
/// Returns the units of every line that `what` counts, e.g. those open; lines with none are left out.
std::vector<LineUnits> lines_with(const State& order, Quantity Units::*what);
/// Work for it has begun somewhere: from here on a cancellation asks the places. Changes the status of a confirmed order only.
void begin_fulfilment(State& order);

/// Refuses what the table of `transitions()` refuses, with its code. Asking for what is already so causes no event.
Decision<Event> decide(const State& order, const Command& command, Timestamp now);
/// Applies `event`, which happened `at`. Check: the quantities of every line still add up (L1, L2, L3).
void evolve(State& order, const Event& event, Timestamp at);

} // namespace entrepot::order
