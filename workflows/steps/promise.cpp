#include "workflows/steps/promise.hpp"

#include "workflows/steps/sourcing.hpp"

namespace entrepot::workflow {
namespace {

/// Only cards are charged at once; an account is billed later.
bool is_due_now(const payment::Tender& tender) { return tender.agreed.moment == payment::Moment::on_order && tender.agreed.method == payment::Method::card; }

Timestamp hold_until(const Family& family) { return family.order.submitted_at + hold_patience; }

} // namespace

Action hold_units(const Family& family, int, Timestamp) {
  if (is_sourced(family))
    if (auto look = look_for_places(family); !std::holds_alternative<Nothing>(look))
      return look;
  AskAll holds;
  for (const auto& part : parts_of(family))
    holds.questions.push_back(hold_at(family, part, hold_until(family)));
  return holds;
}

Action free_units(const Family& family, Timestamp) {
  AskAll releases;
  for (const auto& part : parts_of(family))
    releases.questions.push_back(release_at(family, part, hold_until(family)));
  return releases;
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

Action promise(const Family& family, int, Timestamp) { return Tell{child::order, order::Command{order::Confirm{units_without_place(family)}}}; }
bool promised(const Family& family, int) { return family.order.promised; }

} // namespace entrepot::workflow
