#include "domain/order/order.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "domain/words.hpp"

namespace entrepot::order {
namespace {

constexpr Words<Status, 8> statuses{{"none", "submitted", "confirmed", "in_fulfilment", "cancelling", "completed", "cancelled", "rejected"}};
constexpr Words<Way, 3> ways{{"another_store", "delivery", "cancel"}};
constexpr Words<Verb, 19> verbs{{"submit", "confirm", "reject", "cancel", "stop_units", "cancel_units", "issue_units", "deliver_units", "hand_over_units", "finish_cancellation", "end_cancellation",
                                 "complete", "reserve_for_return", "take_back", "hold_units", "choose", "put_on_hold", "release_from_hold", "lose_units"}};

/// Whether every line named exists, once, and has so many units that `left` leaves.
template <class Left>
bool each_line(const State& order, const std::vector<LineUnits>& lines, Left left) {
  for (const auto& line : lines) {
    auto index = static_cast<std::size_t>(line.line - 1);
    if (line.line < 1 || index >= order.units.size() || !line.units || left(index) < line.units || std::ranges::count(lines, line.line, &LineUnits::line) != 1)
      return false;
  }
  return !lines.empty();
}

bool same_agreement(const State& order, const Command& command) { return order.agreement == std::get<Submit>(command).agreement; }
/// Also if every unit was cancelled one after the other: then the order as a whole is.
bool something_can_stay(const State& order, const Command&) {
  return std::ranges::any_of(order.units, [](const Units& units) { return units.open || units.held; }) ||
         std::ranges::none_of(order.units, [](const Units& units) { return static_cast<bool>(units.issued); });
}
/// Of a service line the units are open until they are rendered; of goods they are held.
template <class Named>
bool are_here(const State& order, const Command& command) {
  return each_line(order, std::get<Named>(command).lines,
                   [&](std::size_t i) { return order.agreement.lines[i].service ? order.units[i].open : order.units[i].held; });
}
/// A service has no place to come from, so none is taken from it.
bool are_held(const State& order, const Command& command) {
  return each_line(order, std::get<StopUnits>(command).lines, [&](std::size_t i) { return order.units[i].held; });
}
template <class Named>
bool are_open(const State& order, const Command& command) {
  return each_line(order, std::get<Named>(command).lines, [&](std::size_t i) { return order.units[i].open; });
}
/// Only goods wait for a place.
bool may_wait(const State& order, const Command& command) {
  const auto& waiting = std::get<Confirm>(command).waiting;
  return waiting.empty() || each_line(order, waiting, [&](std::size_t i) { return order.agreement.lines[i].service ? Quantity{} : order.units[i].open; });
}
bool may_be_held(const State& order, const Command& command) {
  return each_line(order, std::get<HoldUnits>(command).lines, [&](std::size_t i) { return order.agreement.lines[i].service ? Quantity{} : order.units[i].open; });
}
/// Only goods get lost.
bool may_get_lost(const State& order, const Command& command) {
  return each_line(order, std::get<LoseUnits>(command).lines,
                   [&](std::size_t i) { return order.agreement.lines[i].service ? Quantity{} : order.units[i].issued - order.units[i].delivered; });
}
/// A service line is rendered when the goods arrive, so its units may still be open.
bool are_under_way(const State& order, const Command& command) {
  return each_line(order, std::get<DeliverUnits>(command).lines, [&](std::size_t i) {
    return order.agreement.lines[i].service ? order.units[i].open : order.units[i].issued - order.units[i].delivered;
  });
}
bool nothing_will_leave(const State& order, const Command&) {
  return std::ranges::all_of(order.units, [](const Units& units) { return units.cancelled == units.ordered; });
}
bool something_leaves(const State& order, const Command& command) { return !nothing_will_leave(order, command); }
bool all_is_settled(const State& order, const Command& command) {
  return std::ranges::all_of(order.units, [](const Units& units) { return units.delivered + units.cancelled == units.ordered; }) && something_leaves(order, command);
}
bool stands(const State& order, std::string_view code) {
  const auto* hold = hold_for(order, code);
  return hold && !hold->released;
}
bool is_no_reason_yet(const State& order, const Command& command) {
  const auto& code = std::get<PutOnHold>(command).code;
  return !stands(order, code) && (hold_for(order, code) || order.holds.size() < max_holds);
}
bool is_a_reason(const State& order, const Command& command) { return stands(order, std::get<ReleaseFromHold>(command).code); }
bool may_come_back(const State& order, const Command& command) {
  return each_line(order, std::get<ReserveForReturn>(command).lines,
                   [&](std::size_t i) { return order.units[i].delivered - order.units[i].return_pending - order.units[i].returned; });
}
bool are_on_their_way_back(const State& order, const Command& command) {
  return each_line(order, std::get<TakeBack>(command).lines, [&](std::size_t i) { return order.units[i].return_pending; });
}

using enum Status;
using enum Verb;
using machine::any_other;
using Guard = machine::Guard<State, Command>;
constexpr Guard something_left{"a unit has not left, or none has", something_can_stay};
constexpr Guard held{"the units are held", are_held};
constexpr Guard to_issue{"the units are held", are_here<IssueUnits>};
constexpr Guard to_hand_over{"the units are held", are_here<HandOverUnits>};
constexpr Guard open{"the units are open", are_open<CancelUnits>};
constexpr Guard undecided{"units have no place to come from", are_open<Choose>};
constexpr Guard may_come_later{"what waits are units of goods", may_wait};
constexpr Guard without_place{"the units are open", may_be_held};
constexpr Guard under_way{"the units are under way", are_under_way};
constexpr Guard has_not_arrived{"the units are under way", may_get_lost};
constexpr Guard nothing_leaves{"every unit is cancelled", nothing_will_leave};
constexpr Guard leaves{"a unit is not cancelled", something_leaves};
constexpr Guard settled{"every unit is delivered or cancelled", all_is_settled};
constexpr Guard returnable{"so many were delivered and have not come back", may_come_back};
constexpr Guard not_yet_for_it{"it is not on hold for that reason", is_no_reason_yet};
constexpr Guard for_that_reason{"it is on hold for that reason", is_a_reason};
constexpr Guard announced{"so many are on their way back", are_on_their_way_back};
constexpr std::array table{
    Transition::goes(none, submit, submitted),
    Transition::already(any_other, submit, {"the agreement is the same", same_agreement}, "order-already-submitted"),
    Transition::refused(none, confirm, "order-unknown"),
    Transition::goes(submitted, confirm, confirmed, may_come_later, "units-not-open"),
    Transition::already(confirmed, confirm),
    Transition::refused(any_other, confirm, "order-not-open"),
    Transition::goes(none, Verb::reject, rejected), // a refused creation is an event too, and spends the order's identity
    Transition::goes(submitted, Verb::reject, rejected),
    Transition::already(rejected, Verb::reject), // the first reason stands
    Transition::refused(any_other, Verb::reject, "order-not-open"),

    Transition::refused(none, cancel, "order-unknown"),
    Transition::goes(submitted, cancel, cancelling),
    Transition::goes(confirmed, cancel, cancelling),
    Transition::goes(in_fulfilment, cancel, cancelling, something_left, "units-issued"), // what has left comes back as a return
    Transition::already(cancelling, cancel),
    Transition::already(cancelled, cancel),
    Transition::refused(completed, cancel, "units-issued"),
    Transition::refused(rejected, cancel, "order-not-open"),

    Transition::goes(confirmed, stop_units, confirmed, held, "units-not-held"),
    Transition::goes(in_fulfilment, stop_units, in_fulfilment, held, "units-not-held"),
    Transition::goes(cancelling, stop_units, cancelling, held, "units-not-held"),
    Transition::refused(any_other, stop_units, "order-not-open"),
    Transition::goes(confirmed, cancel_units, confirmed, open, "units-not-open"),
    Transition::goes(in_fulfilment, cancel_units, in_fulfilment, open, "units-not-open"),
    Transition::goes(cancelling, cancel_units, cancelling, open, "units-not-open"),
    Transition::refused(any_other, cancel_units, "order-not-open"),

    Transition::goes(confirmed, issue_units, in_fulfilment, to_issue, "units-not-held"),
    Transition::goes(in_fulfilment, issue_units, in_fulfilment, to_issue, "units-not-held"),
    Transition::goes(cancelling, issue_units, cancelling, to_issue, "units-not-held"),
    Transition::refused(any_other, issue_units, "order-not-open"),
    Transition::goes(in_fulfilment, deliver_units, in_fulfilment, under_way, "units-not-issued"),
    Transition::goes(cancelling, deliver_units, cancelling, under_way, "units-not-issued"),
    Transition::refused(any_other, deliver_units, "units-not-issued"),
    Transition::goes(confirmed, hand_over_units, in_fulfilment, to_hand_over, "units-not-held"),
    Transition::goes(in_fulfilment, hand_over_units, in_fulfilment, to_hand_over, "units-not-held"),
    Transition::goes(cancelling, hand_over_units, cancelling, to_hand_over, "units-not-held"),
    Transition::refused(any_other, hand_over_units, "order-not-open"),

    Transition::goes(cancelling, finish_cancellation, cancelled, nothing_leaves, "units-issued"),
    Transition::already(cancelled, finish_cancellation),
    Transition::refused(any_other, finish_cancellation, "order-not-cancelling"),
    Transition::goes(cancelling, end_cancellation, in_fulfilment, leaves, "nothing-left"),
    Transition::refused(any_other, end_cancellation, "order-not-cancelling"),
    Transition::goes(in_fulfilment, complete, completed, settled, "units-outstanding"),
    Transition::already(completed, complete),
    Transition::refused(any_other, complete, "order-not-in-fulfilment"),

    Transition::goes(in_fulfilment, reserve_for_return, in_fulfilment, returnable, "quantity-exceeded"),
    Transition::goes(completed, reserve_for_return, completed, returnable, "quantity-exceeded"),
    Transition::refused(any_other, reserve_for_return, "units-not-delivered"),
    Transition::goes(in_fulfilment, take_back, in_fulfilment, announced, "quantity-exceeded"),
    Transition::goes(completed, take_back, completed, announced, "quantity-exceeded"),
    Transition::refused(any_other, take_back, "units-not-delivered"),

    Transition::goes(confirmed, hold_units, confirmed, without_place, "units-not-open"),
    Transition::goes(in_fulfilment, hold_units, in_fulfilment, without_place, "units-not-open"),
    Transition::refused(any_other, hold_units, "order-not-open"),
    Transition::goes(confirmed, choose, confirmed, undecided, "nothing-to-choose"),
    Transition::goes(in_fulfilment, choose, in_fulfilment, undecided, "nothing-to-choose"),
    Transition::refused(any_other, choose, "order-not-open"),

    Transition::goes(submitted, put_on_hold, submitted, not_yet_for_it, "already-on-hold"),
    Transition::goes(confirmed, put_on_hold, confirmed, not_yet_for_it, "already-on-hold"),
    Transition::goes(in_fulfilment, put_on_hold, in_fulfilment, not_yet_for_it, "already-on-hold"),
    Transition::refused(any_other, put_on_hold, "order-not-open"),
    Transition::goes(submitted, release_from_hold, submitted, for_that_reason, "not-on-hold"),
    Transition::goes(confirmed, release_from_hold, confirmed, for_that_reason, "not-on-hold"),
    Transition::goes(in_fulfilment, release_from_hold, in_fulfilment, for_that_reason, "not-on-hold"),
    Transition::goes(cancelling, release_from_hold, cancelling, for_that_reason, "not-on-hold"),
    Transition::refused(any_other, release_from_hold, "not-on-hold"),

    Transition::goes(in_fulfilment, lose_units, in_fulfilment, has_not_arrived, "units-not-issued"),
    Transition::goes(cancelling, lose_units, cancelling, has_not_arrived, "units-not-issued"),
    Transition::refused(any_other, lose_units, "units-not-issued"),
};
static_assert(std::variant_size_v<Command> == verbs.words.size());
static_assert(machine::answers_everything(std::span<const Transition>{table}, statuses.words.size()));

/// L1 (no quantity is negative) is kept by Quantity itself.
void check_units(const Units& units, Quantity agreed) {
  check(units.ordered == agreed, "what is ordered is what was agreed (L2)");
  check(units.ordered == units.open + units.held + units.issued + units.cancelled, "every unit ordered is open, held, issued or cancelled (L2)");
  check(units.delivered <= units.issued, "no more is delivered than was issued (L1)");
  check(units.return_pending + units.returned <= units.issued, "no more comes back than was issued (L3)");
}

void check_lines(const State& order) {
  check(order.units.size() == order.agreement.lines.size(), "every line has its units");
  for (std::size_t i = 0; i < order.units.size(); ++i)
    check_units(order.units[i], order.agreement.lines[i].quantity);
}

void submitted_as(State& order, const Agreement& agreement, Timestamp at) {
  order.agreement = agreement;
  order.units.clear();
  for (const auto& line : agreement.lines) {
    auto& units = order.units.emplace_back();
    units.ordered = units.open = line.quantity;
  }
  order.submitted_at = at;
  order.status = submitted;
}

/// Units whose place holds them. A service line has no stock: its units stay open until they are rendered.
void confirmed_now(State& order, const Confirmed& event, Timestamp at) {
  for (std::size_t i = 0; i < order.units.size(); ++i)
    if (auto& units = order.units[i]; !order.agreement.lines[i].service)
      units.held += std::exchange(units.open, Quantity{});
  for (const auto& line : event.waiting) {
    auto& units = order.units[static_cast<std::size_t>(line.line - 1)];
    units.held -= line.units;
    units.open += line.units;
  }
  if (!event.waiting.empty())
    order.open_since = at;
  order.promised = true;
  order.status = confirmed;
}

/// Nobody will ever ask for these units again, so none stays open.
void rejected_because(State& order, const Rejected& event, Timestamp at) {
  for (auto& units : order.units)
    units.cancelled += std::exchange(units.open, Quantity{});
  if (order.status == none)
    order.submitted_at = at;
  order.why_rejected = Rejection{event.code, event.text, event.details};
  order.status = rejected;
}

Units& units_of(State& order, const LineUnits& line) {
  check(line.line >= 1 && static_cast<std::size_t>(line.line) <= order.units.size(), "units belong to a line of the order");
  return order.units[static_cast<std::size_t>(line.line - 1)];
}
bool is_service(const State& order, const LineUnits& line) { return order.agreement.lines[static_cast<std::size_t>(line.line - 1)].service; }

/// Adds `more` to what was heard of before.
void hear_of(std::vector<LineUnits>& heard, const LineUnits& more) {
  auto before = std::ranges::find(heard, more.line, &LineUnits::line);
  if (before == heard.end())
    heard.push_back(more);
  else
    before->units += more.units;
}

void held_at(State& order, const UnitsHeld& event) {
  for (const auto& line : event.lines) {
    auto& units = units_of(order, line);
    units.open -= line.units;
    units.held += line.units;
  }
  order.heard[event.place].held = true;
}

/// Promised units have no place to come from any more.
void stopped_at(State& order, const UnitsStopped& event, Timestamp at) {
  auto& heard = order.heard[event.place];
  for (const auto& line : event.lines) {
    auto& units = units_of(order, line);
    units.held -= line.units;
    units.open += line.units;
    hear_of(heard.stopped, line);
  }
  order.open_since = at;
  order.stopped_since_choice.push_back(event.place);
}

void chosen(State& order, const CustomerChose& event) {
  order.choice = event.choice;
  ++order.choices;
  order.stopped_since_choice.clear();
  if (event.choice.way == Way::delivery)
    order.sent_instead = event.choice.delivery;
}

void cancelled_units(State& order, const UnitsCancelled& event) {
  for (const auto& line : event.lines) {
    auto& units = units_of(order, line);
    units.open -= line.units;
    units.cancelled += line.units;
  }
}

void issued_at(State& order, int place, const std::vector<LineUnits>& lines) {
  for (const auto& line : lines) {
    auto& units = units_of(order, line);
    (is_service(order, line) ? units.open : units.held) -= line.units;
    units.issued += line.units;
    hear_of(order.heard[place].issued, line);
  }
  begin_fulfilment(order);
}

/// A service, such as transport, has been rendered when the goods arrive.
void delivered_from(State& order, int place, const std::vector<LineUnits>& lines) {
  for (const auto& line : lines) {
    auto& units = units_of(order, line);
    if (is_service(order, line) && units.issued < units.delivered + line.units) {
      units.open -= line.units;
      units.issued += line.units;
    }
    units.delivered += line.units;
  }
  order.heard[place].delivered = true;
}

/// The place has sent them, and they are nobody's work: they are open again, or the customer does not get them.
void lost_from(State& order, const UnitsLost& event, Timestamp at) {
  auto& heard = order.heard[event.place];
  for (const auto& line : event.lines) {
    auto& units = units_of(order, line);
    units.issued -= line.units;
    (event.again ? units.open : units.cancelled) += line.units;
    hear_of(heard.lost, line);
  }
  heard.why_lost = event.code;
  heard.to_be_sent_again = event.again;
  if (event.again)
    order.open_since = at;
}

void coming_back(State& order, const UnitsReturnPending& event) {
  for (const auto& line : event.lines)
    units_of(order, line).return_pending += line.units;
}
void came_back(State& order, const UnitsReturned& event) {
  for (const auto& line : event.lines) {
    auto& units = units_of(order, line);
    units.return_pending -= line.units;
    units.returned += line.units;
  }
}

void put_on_hold_now(State& order, const PlacedOnHold& event, Timestamp at) {
  std::erase_if(order.holds, [&](const OnHold& hold) { return hold.code == event.code; });
  order.holds.push_back({event.code, event.text, at});
}
void released_from_hold(State& order, const ReleasedFromHold& event) {
  auto hold = std::ranges::find(order.holds, event.code, &OnHold::code);
  check(hold != order.holds.end(), "an order is released from a hold that it was put on");
  hold->released = true;
}

Event caused_by(const Command& command) {
  return std::visit(Overload{[](const Submit& c) -> Event { return Submitted{c.agreement}; },
                             [](const Confirm& c) -> Event { return Confirmed{c.waiting}; },
                             [](const Reject& c) -> Event {
                               return Rejected{c.code, c.text, c.details};
                             },
                             [](const Cancel& c) -> Event { return CancellationBegun{c.code, c.text}; },
                             [](const StopUnits& c) -> Event { return UnitsStopped{c.place, c.lines}; },
                             [](const CancelUnits& c) -> Event { return UnitsCancelled{c.lines, c.code}; },
                             [](const IssueUnits& c) -> Event { return UnitsIssued{c.place, c.lines}; },
                             [](const DeliverUnits& c) -> Event { return UnitsDelivered{c.place, c.lines}; },
                             [](const HandOverUnits& c) -> Event { return UnitsHandedOver{c.place, c.lines}; },
                             [](const FinishCancellation&) -> Event { return Cancelled{}; },
                             [](const EndCancellation&) -> Event { return CancellationEnded{}; },
                             [](const Complete&) -> Event { return Completed{}; },
                             [](const ReserveForReturn& c) -> Event { return UnitsReturnPending{c.reference, c.lines}; },
                             [](const TakeBack& c) -> Event { return UnitsReturned{c.reference, c.lines}; },
                             [](const HoldUnits& c) -> Event { return UnitsHeld{c.place, c.lines}; },
                             [](const Choose& c) -> Event { return CustomerChose{c.choice, c.lines}; },
                             [](const PutOnHold& c) -> Event { return PlacedOnHold{c.code, c.text}; },
                             [](const ReleaseFromHold& c) -> Event { return ReleasedFromHold{c.code}; },
                             [](const LoseUnits& c) -> Event { return UnitsLost{c.place, c.lines, c.code, c.again}; }},
                    command);
}

} // namespace

std::string_view name_of(Status status) { return statuses.of(status); }
std::optional<Status> status_from(std::string_view name) { return statuses.from(name); }
std::string_view name_of(Way way) { return ways.of(way); }
std::optional<Way> way_from(std::string_view name) { return ways.from(name); }
std::string_view name_of(Verb verb) { return verbs.of(verb); }
std::span<const Transition> transitions() { return table; }

Money value_of(const State& order) {
  auto value = Money{0, order.agreement.total.currency};
  for (std::size_t i = 0; i < order.units.size(); ++i) {
    const auto& line = order.agreement.lines[i];
    const auto& units = order.units[i];
    value += share(line.total, (units.ordered - units.cancelled).units(), std::max(units.ordered.units(), 1));
  }
  return value;
}

const OnHold* on_hold(const State& order) {
  auto hold = std::ranges::find(order.holds, false, &OnHold::released);
  return hold == order.holds.end() ? nullptr : &*hold;
}

const OnHold* hold_for(const State& order, std::string_view code) {
  auto hold = std::ranges::find(order.holds, code, &OnHold::code);
  return hold == order.holds.end() ? nullptr : &*hold;
}

std::vector<LineUnits> lines_with(const State& order, Quantity Units::*what) {
  std::vector<LineUnits> lines;
  for (std::size_t i = 0; i < order.units.size(); ++i)
    if (auto units = order.units[i].*what)
      lines.push_back({order.agreement.lines[i].number, units});
  return lines;
}

void begin_fulfilment(State& order) {
  if (order.status == confirmed)
    order.status = in_fulfilment;
}

Decision<Event> decide(const State& order, const Command& command, Timestamp) {
  auto answer = machine::judge(transitions(), "the order", order.status, order, command);
  if (!answer)
    return answer.error();
  if (*answer == machine::Answer::already)
    return std::vector<Event>{};
  std::vector<Event> events{caused_by(command)};
  if (const auto* submit = std::get_if<Submit>(&command))
    for (const auto& hold : submit->agreement.holds)
      events.push_back(PlacedOnHold{hold.code, hold.text});
  return events;
}

void evolve(State& order, const Event& event, Timestamp at) {
  std::visit(Overload{[&](const Submitted& e) { submitted_as(order, e.agreement, at); }, [&](const Confirmed& e) { confirmed_now(order, e, at); },
                      [&](const Rejected& e) { rejected_because(order, e, at); },
                      [&](const CancellationBegun& e) {
                        order.why_cancelled = Rejection{e.code, e.text, {}};
                        order.status = cancelling;
                      },
                      [&](const UnitsStopped& e) { stopped_at(order, e, at); }, [&](const UnitsCancelled& e) { cancelled_units(order, e); },
                      [&](const UnitsIssued& e) { issued_at(order, e.place, e.lines); }, [&](const UnitsDelivered& e) { delivered_from(order, e.place, e.lines); },
                      [&](const UnitsHandedOver& e) {
                        issued_at(order, e.place, e.lines);
                        delivered_from(order, e.place, e.lines);
                      },
                      [&](const Cancelled&) { order.status = cancelled; }, [&](const CancellationEnded&) { order.status = in_fulfilment; },
                      [&](const Completed&) { order.status = completed; }, [&](const UnitsReturnPending& e) { coming_back(order, e); },
                      [&](const UnitsReturned& e) { came_back(order, e); }, [&](const UnitsHeld& e) { held_at(order, e); },
                      [&](const CustomerChose& e) { chosen(order, e); },
                      [&](const PlacedOnHold& e) { put_on_hold_now(order, e, at); }, [&](const ReleasedFromHold& e) { released_from_hold(order, e); },
                      [&](const UnitsLost& e) { lost_from(order, e, at); }},
             event);
  check_lines(order);
}

} // namespace entrepot::order
