// Buy online, deliver at home. We promise nothing before the place that will ship holds the units; then the promise stands, and the place is told to work.

#include "workflows/workflows.hpp"

#include <array>

namespace entrepot::workflow {
namespace {

using namespace std::chrono_literals;

constexpr auto hold_patience = 2min;          // then the order is given up and the hold, should it still come, is refused
constexpr auto pick_to_ship = std::chrono::hours{4}; // deadlines of the business: pick to pack

StreamId place_of(const Family& family) { return stream_of(family.order.agreement.delivery.ship_from); }

Action hold_units(const Family& family, int, Timestamp) {
  stock::Hold hold{.order = {family.id}, .round = 0, .lines = {}, .not_after = family.order.submitted_at + hold_patience};
  for (auto& line : family.order.agreement.lines)
    if (!line.service)
      hold.lines.push_back({line.number, line.sku, line.quantity});
  return Ask{place_of(family), stock::Command{std::move(hold)}};
}
Action free_units(const Family& family, Timestamp) {
  return Ask{place_of(family), stock::Command{stock::Release{{family.id}, 0, family.order.submitted_at + hold_patience}}};
}
Action promise(const Family&, int, Timestamp) { return Tell{child::order, order::Command{order::Confirm{}}}; }
Action allocate_units(const Family& family, int, Timestamp) {
  return Ask{place_of(family), stock::Command{stock::Allocate{{family.id}, 0}}};
}
Action hand_to_place(const Family& family, int place, Timestamp now) {
  auto& delivery = family.order.agreement.delivery;
  fulfilment::Plan plan{.location = delivery.ship_from, .lines = {}, .due = std::max(delivery.issue_at, now + pick_to_ship)};
  for (auto& line : family.order.agreement.lines)
    if (!line.service)
      plan.lines.push_back({line.number, line.sku, line.quantity});
  return Tell{place, fulfilment::Command{std::move(plan)}};
}

bool promised(const Family& family, int) { return family.order.status == order::Status::confirmed; }
bool handed_over(const Family& family, int place) { return family.fulfilments.contains(place); }

constexpr std::array until_the_promise{
    Step{.name = "the place that ships holds the units", .act = hold_units, .done = promised, .give_up_after = hold_patience, .undo = free_units},
    Step{.name = "the order is confirmed", .act = promise, .done = promised},
};

constexpr std::array per_fulfilment{
    Step{.name = "the units are allocated to the order", .act = allocate_units, .done = handed_over},
    Step{.name = "the place has the work on its list", .act = hand_to_place, .done = handed_over},
};

} // namespace

const Definition bodah{.name = "bodah", .version = 1, .until_the_promise = until_the_promise, .per_fulfilment = per_fulfilment};

} // namespace entrepot::workflow
