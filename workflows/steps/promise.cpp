#include "workflows/steps/promise.hpp"

namespace entrepot::workflow {
namespace {

StreamId place_of(const Family& family) { return stream_of(order::place_of(family.order.agreement)); }

/// Only cards are charged at once; an account is billed later.
bool is_due_now(const payment::Tender& tender) { return tender.agreed.moment == payment::Moment::on_order && tender.agreed.method == payment::Method::card; }

} // namespace

Action hold_units(const Family& family, int, Timestamp) {
  stock::Hold hold{.order = {family.id}, .round = 0, .lines = {}, .not_after = family.order.submitted_at + hold_patience};
  for (const auto& line : family.order.agreement.lines)
    if (!line.service)
      hold.lines.push_back({line.number, line.sku, line.quantity});
  return Ask{place_of(family), stock::Command{std::move(hold)}};
}

Action free_units(const Family& family, Timestamp) {
  return Ask{place_of(family), stock::Command{stock::Release{{family.id}, 0, family.order.submitted_at + hold_patience}}};
}

Tell capture(const Family& family, const payment::Tender& tender, Timestamp now) {
  auto number = tender.agreed.number;
  return Tell{child::payment, payment::Command{payment::Capture{
                                  .instalment = number,
                                  .key = to_text(OrderId{family.id}) + "/" + std::to_string(number) + "/" + std::to_string(tender.attempts + 1),
                                  .token = tender.token.empty() ? family.order.agreement.payment_token : tender.token,
                                  .not_after = now + capture_patience}}};
}

Action take_money_due_on_order(const Family& family, int, Timestamp now) {
  using enum payment::Status;
  for (const auto& tender : family.payment.tenders) {
    if (!is_due_now(tender) || tender.status == captured)
      continue;
    if (tender.status == scheduled)
      return capture(family, tender, now);
    if (tender.status == voided)
      return GiveUp{reject("payment-failed", "the payment could not be made and was taken back")};
    if (tender.status != declined)
      return Wait{};
    auto until = tender.declined_at + another_card_within;
    if (tender.attempts < payment::max_attempts && now < until)
      return Wait{until};
    return GiveUp{reject("payment-declined", "the card was declined: " + tender.decline_code)};
  }
  return Nothing{};
}

Action give_money_back(const Family& family, Timestamp) {
  using enum payment::Status;
  for (const auto& tender : family.payment.tenders) {
    if (tender.status == capturing || tender.status == unknown || tender.status == captured)
      return Tell{child::payment, payment::Command{payment::Void{tender.agreed.number}}};
    if (tender.status == voiding)
      return Wait{};
  }
  return Nothing{};
}

Action promise(const Family&, int, Timestamp) { return Tell{child::order, order::Command{order::Confirm{}}}; }
bool promised(const Family& family, int) { return family.order.promised; }

} // namespace entrepot::workflow
