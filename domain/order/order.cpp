#include "domain/order/order.hpp"

#include <array>
#include <utility>

#include "domain/words.hpp"

namespace entrepot::order {
namespace {

constexpr Words<Status, 4> statuses{{"none", "submitted", "confirmed", "rejected"}};
constexpr Words<Verb, 3> verbs{{"submit", "confirm", "reject"}};

bool same_agreement(const State& order, const Command& command) { return order.agreement == std::get<Submit>(command).agreement; }

using enum Status;
using enum Verb;
using machine::any_other;
constexpr std::array table{
    Transition::goes(none, submit, submitted),
    Transition::already(any_other, submit, {"the agreement is the same", same_agreement}, "order-already-submitted"),
    Transition::refused(none, confirm, "order-unknown"),
    Transition::goes(submitted, confirm, confirmed),
    Transition::already(confirmed, confirm),
    Transition::refused(any_other, confirm, "order-not-open"),
    Transition::goes(none, Verb::reject, rejected), // a refused creation is an event too, and spends the order's identity
    Transition::goes(submitted, Verb::reject, rejected),
    Transition::already(rejected, Verb::reject), // the first reason stands
    Transition::refused(any_other, Verb::reject, "order-not-open"),
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

/// A service line has no stock: its units stay open until they are rendered.
void confirmed_now(State& order) {
  for (std::size_t i = 0; i < order.units.size(); ++i)
    if (auto& units = order.units[i]; !order.agreement.lines[i].service)
      units.held += std::exchange(units.open, Quantity{});
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

} // namespace

std::string_view name_of(Status status) { return statuses.of(status); }
std::optional<Status> status_from(std::string_view name) { return statuses.from(name); }
std::string_view name_of(Verb verb) { return verbs.of(verb); }
std::span<const Transition> transitions() { return table; }

Decision<Event> decide(const State& order, const Command& command, Timestamp) {
  auto answer = machine::judge(transitions(), "the order", order.status, order, command);
  if (!answer)
    return answer.error();
  if (*answer == machine::Answer::already)
    return std::vector<Event>{};
  return std::visit(Overload{[](const Submit& c) { return std::vector<Event>{Submitted{c.agreement}}; },
                             [](const Confirm&) { return std::vector<Event>{Confirmed{}}; },
                             [](const Reject& c) {
                               return std::vector<Event>{Rejected{c.code, c.text, c.details}};
                             }},
                    command);
}

void evolve(State& order, const Event& event, Timestamp at) {
  std::visit(Overload{[&](const Submitted& e) { submitted_as(order, e.agreement, at); }, [&](const Confirmed&) { confirmed_now(order); },
                      [&](const Rejected& e) { rejected_because(order, e, at); }},
             event);
  check_lines(order);
}

} // namespace entrepot::order
