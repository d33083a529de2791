// Buy online, deliver at home. We promise nothing before the place that will ship holds the units and the money due at once is ours; then the promise
// stands, and the place is told to work.

#include "workflows/workflows.hpp"

#include <array>
#include <string>

namespace entrepot::workflow {
namespace {

using namespace std::chrono_literals;

constexpr auto hold_patience = 2min;          // then the order is given up and the hold, should it still come, is refused
constexpr auto capture_patience = 2min;       // a card asked for later than that is not charged any more
constexpr auto another_card_within = 15min;   // after a decline; the units stay held so long
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

/// Only cards are charged at once; an account is billed later.
bool is_due_now(const payment::Tender& tender) { return tender.agreed.moment == payment::Moment::on_order && tender.agreed.method == payment::Method::card; }

Action take_money(const Family& family, int, Timestamp now) {
  using enum payment::Status;
  for (auto& tender : family.payment.tenders) {
    if (!is_due_now(tender) || tender.status == captured)
      continue;
    auto number = tender.agreed.number;
    if (tender.status == scheduled)
      return Tell{child::payment, payment::Command{payment::Capture{
                                      .instalment = number,
                                      .key = to_text(OrderId{family.id}) + "/" + std::to_string(number) + "/" + std::to_string(tender.attempts + 1),
                                      .token = tender.token.empty() ? family.order.agreement.payment_token : tender.token,
                                      .not_after = now + capture_patience}}};
    if (tender.status == declined)
      return Wait{tender.attempts < payment::max_attempts ? tender.declined_at + another_card_within : now,
                  reject("payment-declined", "the card was declined: " + tender.decline_code)};
    if (tender.status == voided)
      return Wait{now, reject("payment-failed", "the payment could not be made and was taken back")};
    return Wait{};
  }
  return Nothing{};
}
Action give_money_back(const Family& family, Timestamp) {
  using enum payment::Status;
  for (auto& tender : family.payment.tenders) {
    if (tender.status == capturing || tender.status == unknown || tender.status == captured)
      return Tell{child::payment, payment::Command{payment::Void{tender.agreed.number}}};
    if (tender.status == voiding)
      return Wait{};
  }
  return Nothing{};
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
    Step{.name = "the money due now is taken", .act = take_money, .done = promised, .undo = give_money_back},
    Step{.name = "the order is confirmed", .act = promise, .done = promised},
};

constexpr std::array per_fulfilment{
    Step{.name = "the units are allocated to the order", .act = allocate_units, .done = handed_over},
    Step{.name = "the place has the work on its list", .act = hand_to_place, .done = handed_over},
};

} // namespace

const Definition bodah{.name = "bodah", .version = 1, .until_the_promise = until_the_promise, .per_fulfilment = per_fulfilment};

} // namespace entrepot::workflow
