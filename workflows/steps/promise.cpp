#include "workflows/steps/promise.hpp"

#include "workflows/steps/cut.hpp"
#include "workflows/steps/sourcing.hpp"

namespace entrepot::workflow {
namespace {

const order::OnHold* credit_hold_of(const Family& family) { return order::hold_for(family.order, credit_hold); }

GiveUp nobody_released(const order::OnHold& hold) { return {reject("on-hold-too-long", "nobody released the order in time: " + hold.text)}; }

/// What the customer's account is billed when the goods have arrived.
Money billed_later(const order::Agreement& agreement) {
  auto later = Money{0, agreement.total.currency};
  for (const auto& instalment : agreement.instalments)
    if (instalment.method == payment::Method::account)
      later += instalment.amount;
  return later;
}

/// After a cut another place is asked, perhaps hours later.
Timestamp hold_until(const Family& family, Timestamp now) {
  const auto until = family.order.submitted_at + hold_patience;
  return family.diary.cuts > 0 ? std::max<Timestamp>(until, now + hold_patience) : until;
}

/// A place whose claim was cut holds the rest for nobody.
Ask free_rest_at(const Family& family, const PartOfOrder& part, Timestamp now) {
  auto release = release_at(family, part, hold_until(family, now));
  release.round += freeing;
  return release;
}

} // namespace

Action hold_units(const Family& family, int, Timestamp now) {
  if (is_sourced(family) || is_brought(family))
    if (auto look = look_for_places(family); !std::holds_alternative<Nothing>(look))
      return look;
  AskAll holds;
  for (const auto& part : parts_of(family))
    holds.questions.push_back(hold_at(family, part, hold_until(family, now)));
  for (const auto& part : cut_places(family))
    holds.questions.push_back(free_rest_at(family, part, now));
  return holds;
}

Action free_units(const Family& family, Timestamp now) {
  AskAll releases;
  for (const auto& part : parts_of(family))
    releases.questions.push_back(release_at(family, part, hold_until(family, now)));
  for (const auto& part : cut_places(family))
    releases.questions.push_back(free_rest_at(family, part, now));
  return releases;
}

Action reserve_credit(const Family& family, int, Timestamp now) {
  auto later = billed_later(family.order.agreement);
  const auto* hold = credit_hold_of(family);
  if (!family.order.agreement.credit_limited || later.amount == 0 || (hold && hold->released))
    return Nothing{};
  if (hold && now >= hold->since + hold_review)
    return nobody_released(*hold);
  return Ask{stream_of(family.order.agreement.customer), customer::Command{customer::ReserveCredit{{family.id}, later}}, hold ? 1 : 0};
}

Action free_credit(const Family& family, Timestamp) {
  if (!family.order.agreement.credit_limited || billed_later(family.order.agreement).amount == 0)
    return Nothing{};
  return Ask{stream_of(family.order.agreement.customer), customer::Command{customer::ReleaseCredit{{family.id}}}};
}

Action free_credit_of_cancelled(const Family& family, int, Timestamp now) {
  return family.order.status == order::Status::cancelled && family.order.promised ? free_credit(family, now) : Nothing{};
}

std::optional<Action> credit_is_short(const Family& family, int, const Rejection& why, Timestamp now) {
  if (why.code != "credit-limit-exceeded")
    return {};
  if (credit_hold_of(family))
    return Wait{now + credit_asked_again};
  return Tell{child::order, order::Command{order::PutOnHold{std::string(credit_hold), why.text}}};
}

Action end_credit_hold(const Family& family, int, Timestamp) {
  const auto* hold = credit_hold_of(family);
  if (!hold || hold->released)
    return Nothing{};
  return Tell{child::order, order::Command{order::ReleaseFromHold{std::string(credit_hold)}}};
}

Action await_release(const Family& family, int, Timestamp now) {
  const auto* hold = order::on_hold(family.order);
  if (!hold)
    return Nothing{};
  auto until = hold->since + hold_review;
  if (now < until)
    return Wait{until};
  return nobody_released(*hold);
}

Action await_price_approval(const Family& family, Timestamp now) {
  const auto* hold = order::hold_for(family.order, order::price_exception_hold);
  if (!hold || hold->released)
    return Nothing{};
  auto until = hold->since + hold_review;
  if (now < until)
    return Wait{until};
  return nobody_released(*hold);
}

Action promise(const Family& family, int, Timestamp) { return Tell{child::order, order::Command{order::Confirm{units_without_place(family)}}}; }
bool promised(const Family& family, int) { return family.order.promised; }

} // namespace entrepot::workflow
