#include "domain/transfer/transfer.hpp"

#include <algorithm>
#include <array>

#include "domain/words.hpp"

namespace entrepot::transfer {
namespace {

constexpr Words<Status, 8> statuses{{"none", "draft", "ready_to_ship", "in_transit", "partially_received", "received", "cancelled", "lost"}};
constexpr Words<Verb, 11> verbs{{"request", "plan", "make_ready", "ship", "receive", "receive_part", "lose", "cancel", "escalate", "book_out", "book_in"}};

/// Units of the `index`-th line that somebody names; lines left out are whole.
Quantity named(const State& transfer, const std::vector<Found>& found, std::size_t index, Quantity whole) {
  auto line = std::ranges::find(found, transfer.lines[index].line, &Found::line);
  return line == found.end() ? whole : line->units;
}
/// What can still arrive of a line: what is on its way; of a lost transfer, what turns up after all.
Quantity may_come(const State& transfer, std::size_t index) {
  return transfer.status == Status::lost ? transfer.missing[index] : on_its_way(transfer, index);
}

bool names_lines_once(const State& transfer, const std::vector<Found>& found) {
  return std::ranges::all_of(found, [&](const Found& line) {
    return std::ranges::count(found, line.line, &Found::line) == 1 && std::ranges::find(transfer.lines, line.line, &Line::line) != transfer.lines.end();
  });
}
template <class Most>
bool is_possible(const State& transfer, const std::vector<Found>& found, Most most, bool may_be_nothing) {
  bool any = may_be_nothing;
  for (std::size_t i = 0; i < transfer.lines.size(); ++i) {
    auto units = named(transfer, found, i, most(i));
    if (units > most(i))
      return false;
    any |= static_cast<bool>(units);
  }
  return any && names_lines_once(transfer, found);
}

template <class Beginning>
bool same_work(const State& transfer, const Command& command) {
  const auto& wanted = std::get<Beginning>(command);
  return transfer.from == wanted.from && transfer.to == wanted.to && transfer.lines == wanted.lines;
}
bool can_leave(const State& transfer, const Command& command) {
  return is_possible(transfer, std::get<Ship>(command).found, [&](std::size_t i) { return transfer.lines[i].quantity; }, false);
}
bool can_come(const State& transfer, const Command& command) {
  return is_possible(transfer, std::get<Receive>(command).come, [&](std::size_t i) { return may_come(transfer, i); }, transfer.status == Status::partially_received);
}
/// Of a part, only what is named has come, and something stays on its way.
bool can_come_in_part(const State& transfer, const Command& command) {
  const auto& come = std::get<ReceivePart>(command).come;
  bool rest_follows = false;
  for (std::size_t i = 0; i < transfer.lines.size(); ++i) {
    if (named(transfer, come, i, {}) > on_its_way(transfer, i))
      return false;
    rest_follows |= named(transfer, come, i, {}) < on_its_way(transfer, i);
  }
  return rest_follows && names_lines_once(transfer, come) && std::ranges::any_of(come, [](const Found& line) { return static_cast<bool>(line.units); });
}
bool is_worse(const State& transfer, const Command& command) { return std::get<Escalate>(command).percent > transfer.escalated; }
bool is_next_receipt(const State& transfer, const Command& command) {
  auto number = std::get<BookIn>(command).receipt;
  return number == transfer.booked_in + 1 && static_cast<std::size_t>(number) <= transfer.receipts.size();
}
bool not_yet_booked(const State& transfer, const Command&) { return !transfer.booked_out; }

using enum Status;
using enum Verb;
using machine::any_other;
using Guard = machine::Guard<State, Command>;
constexpr Guard can_ship{"no more leaves than was asked for, and at least one unit", can_leave};
constexpr Guard can_receive{"no more comes than is on its way, and at least one unit", can_come};
constexpr Guard can_receive_rest{"no more comes than is on its way", can_come};
constexpr Guard can_receive_part{"something comes, and something is still on its way", can_come_in_part};
constexpr Guard worse{"it is later than last time", is_worse};
constexpr Guard next_receipt{"it is the next arrival", is_next_receipt};
constexpr Guard unbooked{"it was not booked before", not_yet_booked};
constexpr std::array table{
    Transition::goes(none, request, draft),
    Transition::already(any_other, request, {"it is the same", same_work<Request>}, "transfer-already-planned"),
    Transition::goes(none, plan, ready_to_ship),
    Transition::already(any_other, plan, {"it is the same", same_work<Plan>}, "transfer-already-planned"),
    Transition::goes(draft, make_ready, ready_to_ship),
    Transition::already(any_other, make_ready),

    Transition::goes(ready_to_ship, ship, in_transit, can_ship, "quantity-invalid"),
    Transition::refused(none, ship, "transfer-unknown"),
    Transition::refused(draft, ship, "transfer-not-ready"),
    Transition::refused(cancelled, ship, "transfer-cancelled"),
    Transition::refused(any_other, ship, "transfer-shipped"),
    Transition::goes(in_transit, receive, received, can_receive, "quantity-invalid"),
    Transition::goes(partially_received, receive, received, can_receive_rest, "quantity-invalid"),
    Transition::goes(lost, receive, received, can_receive, "quantity-invalid"), // it turns up after all
    Transition::refused(received, receive, "transfer-received"),
    Transition::refused(any_other, receive, "transfer-not-shipped"),
    Transition::goes(in_transit, receive_part, partially_received, can_receive_part, "quantity-invalid"),
    Transition::goes(partially_received, receive_part, partially_received, can_receive_part, "quantity-invalid"),
    Transition::refused(received, receive_part, "transfer-received"),
    Transition::refused(any_other, receive_part, "transfer-not-shipped"),
    Transition::goes(in_transit, lose, lost),
    Transition::already(lost, lose),
    Transition::refused(partially_received, lose, "transfer-partially-received"), // the rest is received as nothing
    Transition::refused(received, lose, "transfer-received"),
    Transition::refused(any_other, lose, "transfer-not-shipped"),
    Transition::goes(draft, cancel, cancelled),
    Transition::goes(ready_to_ship, cancel, cancelled),
    Transition::already(cancelled, cancel),
    Transition::refused(none, cancel, "transfer-unknown"),
    Transition::refused(any_other, cancel, "transfer-shipped"),

    Transition::goes(ready_to_ship, escalate, ready_to_ship, worse, "already-escalated"),
    Transition::goes(in_transit, escalate, in_transit, worse, "already-escalated"),
    Transition::goes(partially_received, escalate, partially_received, worse, "already-escalated"),
    Transition::already(any_other, escalate),
    Transition::goes(in_transit, book_out, in_transit, unbooked, "already-booked"),
    Transition::goes(partially_received, book_out, partially_received, unbooked, "already-booked"),
    Transition::goes(received, book_out, received, unbooked, "already-booked"),
    Transition::goes(cancelled, book_out, cancelled, unbooked, "already-booked"),
    Transition::goes(lost, book_out, lost, unbooked, "already-booked"),
    Transition::refused(any_other, book_out, "transfer-not-shipped"),
    Transition::goes(partially_received, book_in, partially_received, next_receipt, "receipt-unknown"),
    Transition::goes(received, book_in, received, next_receipt, "receipt-unknown"),
    Transition::refused(any_other, book_in, "receipt-unknown"),
};
static_assert(std::variant_size_v<Command> == verbs.words.size());
static_assert(machine::answers_everything(std::span<const Transition>{table}, statuses.words.size()));

Event caused_by(const Command& command) {
  return std::visit(Overload{[](const Request& c) -> Event { return Requested{c.from, c.to, c.owner, c.lines, c.due, c.expected}; },
                             [](const Plan& c) -> Event { return Planned{c.from, c.to, c.owner, c.lines, c.due, c.expected}; },
                             [](const MakeReady&) -> Event { return MadeReady{}; },
                             [](const Ship& c) -> Event { return Shipped{c.found}; },
                             [](const Receive& c) -> Event { return Received{c.come, c.claimed}; },
                             [](const ReceivePart& c) -> Event { return PartReceived{c.come, c.claimed}; },
                             [](const Lose&) -> Event { return Lost{}; },
                             [](const Cancel& c) -> Event { return Cancelled{c.reason}; },
                             [](const Escalate& c) -> Event { return Escalated{c.percent}; },
                             [](const BookOut&) -> Event { return BookedOut{}; },
                             [](const BookIn& c) -> Event { return BookedIn{c.receipt}; }},
                    command);
}

template <class Beginning>
void begin(State& transfer, const Beginning& event) {
  fulfilment::check_lines(event.lines);
  transfer = State{};
  transfer.from = event.from;
  transfer.to = event.to;
  transfer.owner = event.owner;
  transfer.lines = event.lines;
  transfer.due = event.due;
  transfer.expected = event.expected;
  for (auto* counts : {&transfer.shipped, &transfer.received, &transfer.missing})
    counts->resize(event.lines.size());
}

void leave(State& transfer, const Shipped& event, Timestamp at) {
  for (std::size_t i = 0; i < transfer.lines.size(); ++i) {
    transfer.shipped[i] = named(transfer, event.found, i, transfer.lines[i].quantity);
    check(transfer.shipped[i] <= transfer.lines[i].quantity, "no more leaves than was asked for");
  }
  transfer.shipped_at = at;
  transfer.escalated = 0; // another clock begins
  transfer.status = in_transit;
}

/// `last`: lines left out have come whole, and what has not come by now is missing.
void arrive(State& transfer, const std::vector<Found>& come, bool claimed, bool last) {
  Receipt receipt{std::vector<Quantity>(transfer.lines.size()), std::vector<Quantity>(transfer.lines.size()), claimed};
  const auto was_lost = transfer.status == lost;
  for (std::size_t i = 0; i < transfer.lines.size(); ++i) {
    const auto open = may_come(transfer, i);
    receipt.come[i] = named(transfer, come, i, last ? open : Quantity{});
    check(receipt.come[i] <= open, "no more comes than left");
    transfer.received[i] += receipt.come[i];
    if (was_lost)
      transfer.missing[i] -= receipt.come[i];
    else if (last)
      transfer.missing[i] += receipt.missing[i] = open - receipt.come[i];
  }
  transfer.receipts.push_back(std::move(receipt));
  transfer.status = last ? received : partially_received;
}

void lose_all(State& transfer) {
  for (std::size_t i = 0; i < transfer.lines.size(); ++i)
    transfer.missing[i] += on_its_way(transfer, i);
  transfer.status = lost;
}

} // namespace

std::string_view name_of(Status status) { return statuses.of(status); }
std::optional<Status> status_from(std::string_view name) { return statuses.from(name); }
std::string_view name_of(Verb verb) { return verbs.of(verb); }
std::span<const Transition> transitions() { return table; }

Quantity on_its_way(const State& transfer, std::size_t index) { return transfer.shipped[index] - transfer.received[index] - transfer.missing[index]; }

Quantity to_come(const State& transfer, std::size_t index) {
  switch (transfer.status) {
  case none:
  case cancelled: return {};
  case draft:
  case ready_to_ship: return transfer.lines[index].quantity;
  default: return transfer.shipped[index] - transfer.missing[index];
  }
}

bool is_booked(const State& transfer) {
  auto has_left = transfer.status > ready_to_ship;
  return (!has_left || transfer.booked_out) && static_cast<std::size_t>(transfer.booked_in) == transfer.receipts.size();
}

bool is_under_way(const State& transfer) { return transfer.status != none && (!is_terminal(transfer.status) || !is_booked(transfer)); }

Decision<Event> decide(const State& transfer, const Command& command, Timestamp) {
  auto answer = machine::judge(transitions(), "the transfer", transfer.status, transfer, command);
  if (!answer)
    return answer.error();
  if (*answer == machine::Answer::already)
    return std::vector<Event>{};
  return std::vector<Event>{caused_by(command)};
}

void evolve(State& transfer, const Event& event, Timestamp at) {
  std::visit(Overload{[&](const Requested& e) {
                        begin(transfer, e);
                        transfer.status = draft;
                      },
                      [&](const Planned& e) {
                        begin(transfer, e);
                        transfer.of_order = true;
                        transfer.status = ready_to_ship;
                      },
                      [&](const MadeReady&) { transfer.status = ready_to_ship; }, [&](const Shipped& e) { leave(transfer, e, at); },
                      [&](const Received& e) { arrive(transfer, e.come, e.claimed, true); }, [&](const PartReceived& e) { arrive(transfer, e.come, e.claimed, false); },
                      [&](const Lost&) { lose_all(transfer); },
                      [&](const Cancelled& e) {
                        transfer.why_cancelled = e.reason;
                        transfer.status = cancelled;
                      },
                      [&](const Escalated& e) { transfer.escalated = e.percent; }, [&](const BookedOut&) { transfer.booked_out = true; },
                      [&](const BookedIn& e) { transfer.booked_in = e.receipt; }},
             event);
}

} // namespace entrepot::transfer
