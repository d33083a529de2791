#include "workflows/steps/money.hpp"

#include <algorithm>
#include <ranges>

#include "domain/order/places.hpp"
#include "workflows/steps/closing.hpp"
#include "workflows/steps/place.hpp"
#include "workflows/steps/promise.hpp"

namespace entrepot::workflow {
namespace {

using payment::Method;
using payment::Moment;
using payment::Tender;
using enum payment::Status;

/// An account is billed when the goods have arrived; all else is taken before, by card or elsewhere.
bool is_due_on_order(const Tender& tender) { return tender.agreed.moment == Moment::on_order && tender.agreed.method != Method::account; }
bool is_due_on_issue(const Tender& tender) { return tender.agreed.moment == Moment::on_issue && tender.agreed.method == Method::card; }
bool is_due_on_delivery(const Tender& tender) { return !is_due_on_order(tender) && !is_due_on_issue(tender); }

bool is_settled(const Tender& tender) {
  return tender.due.amount == 0 || tender.status == billed || tender.status == captured || tender.status == refunded || tender.status == partially_refunded ||
         tender.status == refund_delegated;
}
/// The card may be asked: for the first time, or after an attempt that came to nothing without the card's fault.
bool may_be_asked(const Tender& tender) { return tender.status == scheduled || (tender.status == voided && tender.attempts < payment::max_attempts); }
/// Whether it was never asked for: of such an instalment a part can be taken.
bool is_whole(const Tender& tender) { return tender.status == scheduled && tender.place == 0; }

/// What the customer pays for this instalment if nothing changes any more. Behind the promise a payment that was undone is asked for again.
Money expected_of(const Family& family, const Tender& tender) {
  switch (tender.status) {
  case scheduled:
  case capturing:
  case unknown:
  case declined:
  case requires_action:
  case awaited:
    return tender.due;
  case voiding:
  case voided:
    return family.order.promised ? tender.due : Money{0, tender.due.currency};
  case billed:
    return tender.due - tender.credited;
  case refunding:
    return tender.captured - tender.refunded - tender.refund_amount;
  case refund_delegated:
    return tender.captured - tender.refunded - tender.delegated;
  default:
    return tender.captured - tender.refunded;
  }
}

Money smaller(Money a, Money b) { return less(a, b) ? a : b; }

// ---- what goods cost, and what is paid of it

/// So many units of each line.
using Counts = std::vector<Quantity>;

Money cost_of(const order::State& order, const Counts& units) {
  auto cost = Money{0, order.agreement.total.currency};
  for (std::size_t i = 0; i < units.size(); ++i)
    cost += share(order.agreement.lines[i].total, units[i].units(), std::max(order.units[i].ordered.units(), 1));
  return cost;
}

/// What has left and was not lost, `leaving` from `place`, and what waits to leave elsewhere; the services are rendered with the first goods.
Counts units_out(const Family& family, int place, const std::vector<order::LineUnits>& leaving) {
  Counts out;
  for (std::size_t i = 0; i < family.order.units.size(); ++i)
    out.push_back(family.order.agreement.lines[i].service ? family.order.units[i].ordered - family.order.units[i].cancelled : Quantity{});
  auto add = [&](const std::vector<order::LineUnits>& lines) {
    for (const auto& line : lines) {
      check(line.line >= 1 && static_cast<std::size_t>(line.line) <= out.size(), "what leaves is of a line of the order");
      out[static_cast<std::size_t>(line.line - 1)] += line.units;
    }
  };
  add(leaving);
  for (auto other : places_of(family)) {
    if (auto sent = family.fulfilments.find(other); sent == family.fulfilments.end() || !is_lost(sent->second))
      add(units_left(family, other));
    if (other != place)
      add(units_leaving(family, other));
  }
  return out;
}

Counts units_arrived(const order::State& order) {
  Counts arrived;
  for (const auto& units : order.units)
    arrived.push_back(units.delivered);
  return arrived;
}

/// What is due for these units beyond what is paid already, or asked for by an instalment that `is_open` does not leave open.
Money due_for(const Family& family, const Counts& units, bool (*is_open)(const Tender&)) {
  auto due = cost_of(family.order, units);
  for (const auto& tender : family.payment.tenders)
    if (!is_open(tender))
      due -= expected_of(family, tender);
  return due;
}

Tell divide(const Tender& tender, Money part) { return Tell{child::payment, payment::Command{payment::Divide{tender.agreed.number, part}}}; }

Tell capture(const Family& family, const Tender& tender, Timestamp now, int place = 0) {
  auto number = tender.agreed.number;
  return Tell{child::payment, payment::Command{payment::Capture{
                                  .instalment = number,
                                  .key = to_text(OrderId{family.id}) + "/" + std::to_string(number) + "/" + std::to_string(tender.attempts + 1),
                                  .token = tender.token.empty() ? family.order.agreement.payment_token : tender.token,
                                  .not_after = now + capture_patience,
                                  .place = place}}};
}

/// What must be paid before goods leave.
struct Share {
  const Tender* tender = nullptr; ///< of this instalment
  Money part;                     ///< so much
};

/// An instalment that was already asked for is due for the goods that it was asked for; one that was not, as far as the goods that leave are not paid.
Share share_of(const Family& family, int place, const std::vector<order::LineUnits>& leaving) {
  auto of_these_goods = [&](const Tender& tender) { return tender.place == place || tender.place == 0; }; // 0: from before instalments were divided
  for (const auto& tender : family.payment.tenders)
    if (is_due_on_issue(tender) && !is_settled(tender) && !is_whole(tender) && of_these_goods(tender))
      return {&tender, tender.due};
  auto due = due_for(family, units_out(family, place, leaving), [](const Tender& tender) { return is_due_on_delivery(tender) || (is_due_on_issue(tender) && is_whole(tender)); });
  for (const auto& tender : family.payment.tenders)
    if (is_due_on_issue(tender) && !is_settled(tender) && is_whole(tender) && due.amount > 0)
      return {&tender, smaller(due, tender.due)};
  return {};
}

// ---- what is too much

std::string refund_key(const Family& family, const Tender& tender) {
  return to_text(OrderId{family.id}) + "/" + std::to_string(tender.agreed.number) + "/r" + std::to_string(tender.refunds + 1);
}

/// Money that is not with us can only be given back by whoever took it.
Tell leave_to_taker(const Family& family, const Tender& tender, Money amount) {
  return Tell{child::payment, payment::Command{payment::DelegateRefund{tender.agreed.number, refund_key(family, tender), amount}}};
}

Action give_back(const Family& family, const Tender& tender, Money amount, Timestamp now) {
  if (is_taken_elsewhere(tender.agreed.method))
    return leave_to_taker(family, tender, amount);
  if (tender.status == refund_failed) {
    if (tender.refunds >= max_refunds + family.diary.resumed)
      return LeaveToPerson{"refund-failed", to_text(amount) + " of the customer's money cannot be given back to the card"};
    auto by_itself = tender.refunds < max_refunds; // what a person asks for is tried at once
    auto again = tender.refund_failed_at + std::chrono::minutes{5} * (1 << (2 * std::min(tender.refunds, max_refunds))); // 20 min, 80 min, 5 h, 21 h
    if (by_itself && now < again)
      return Wait{again};
  }
  return Tell{child::payment, payment::Command{payment::Refund{
                                  .instalment = tender.agreed.number,
                                  .key = refund_key(family, tender),
                                  .amount = amount}}};
}

/// Of these less can be asked for: nothing was paid yet.
bool can_be_reduced(const Tender& tender) { return tender.status == scheduled || tender.status == declined || tender.status == voided || tender.status == awaited; }

/// Takes up to `excess` off an instalment.
Action take_off(const Family& family, const Tender& tender, Money excess, Timestamp now) {
  auto part = smaller(expected_of(family, tender), excess);
  if (can_be_reduced(tender))
    return Tell{child::payment, payment::Command{payment::Reduce{tender.agreed.number, tender.due - part}}};
  switch (tender.status) {
  case billed:
    return Tell{child::payment, payment::Command{payment::Credit{tender.agreed.number, "cancelled", part}}};
  case captured:
  case partially_refunded:
  case refund_failed:
  case refund_delegated:
    return give_back(family, tender, part, now);
  default:
    return Wait{}; // the provider's answer comes first
  }
}

// ---- when everything has arrived

bool all_arrived(const Family& family) {
  return std::ranges::all_of(family.order.units, [](const order::Units& units) { return units.delivered + units.cancelled == units.ordered; });
}

/// The goods are with the customer: what the card does not give is owed.
Action settle(const Family& family, const Tender& tender, Money part, Timestamp now) {
  auto bill = Tell{child::payment, payment::Command{payment::Bill{tender.agreed.number}}};
  if (may_be_asked(tender)) {
    if (part != tender.due)
      return divide(tender, part);
    return tender.agreed.method == Method::card ? capture(family, tender, now) : bill;
  }
  if (tender.status != declined && tender.status != voided)
    return Wait{};
  auto until = tender.declined_at + another_card_within;
  if (tender.status == declined && tender.attempts < payment::max_attempts && now < until)
    return Wait{until};
  return bill;
}

// ---- when the customer pays after ordering

/// Nobody has taken it yet, and there is no card that could be asked.
bool waits_for_customer(const Family& family, const Tender& tender) {
  const auto& agreed = family.order.agreement;
  return is_taken_elsewhere(tender.agreed.method) || (agreed.pay_later && agreed.payment_token.empty() && tender.token.empty());
}

Tell ask_customer(const Family& family, const Tender& tender, Timestamp now) {
  const auto& agreed = family.order.agreement;
  auto by_link = now + (agreed.pay_within > Duration::zero() ? agreed.pay_within : Duration{link_patience});
  return Tell{child::payment, payment::Command{payment::AwaitPayment{tender.agreed.number, is_taken_elsewhere(tender.agreed.method) ? agreed.pay_by.value_or(by_link) : by_link}}};
}

Duration patience_after_decline(const Family& family) {
  auto within = family.order.agreement.pay_within;
  return within > Duration::zero() ? within : Duration{another_card_within};
}

} // namespace

Action take_money_due_on_order(const Family& family, int, Timestamp now) {
  if (auto approval = await_price_approval(family, now); !std::holds_alternative<Nothing>(approval))
    return approval;
  for (const auto& tender : family.payment.tenders) {
    if (!is_due_on_order(tender) || tender.status == captured)
      continue;
    if (tender.status == scheduled)
      return waits_for_customer(family, tender) ? ask_customer(family, tender, now) : capture(family, tender, now);
    if (tender.status == awaited && now < tender.awaited_until)
      return Wait{tender.awaited_until};
    if (tender.status == awaited)
      return GiveUp{reject("payment-not-made", "the customer did not pay in time")};
    if (tender.status == voided && !tender.action.empty())
      return GiveUp{reject("payment-not-confirmed", "the payment was not confirmed at the bank in time")};
    if (tender.status == voided)
      return GiveUp{reject("payment-failed", "the payment could not be made and was taken back")};
    if (tender.status != declined)
      return Wait{};
    auto until = tender.declined_at + patience_after_decline(family);
    if (tender.attempts < payment::max_attempts && now < until)
      return Wait{until};
    return GiveUp{reject("payment-declined", "the card was declined: " + tender.decline_code)};
  }
  return Nothing{};
}

Action give_money_back(const Family& family, Timestamp) {
  for (const auto& tender : family.payment.tenders) {
    if (is_taken_elsewhere(tender.agreed.method)) {
      if (auto ours = expected_of(family, tender); tender.status != scheduled && tender.status != awaited && ours.amount > 0)
        return leave_to_taker(family, tender, ours);
      continue;
    }
    if (tender.status == capturing || tender.status == unknown || tender.status == requires_action || tender.status == captured)
      return Tell{child::payment, payment::Command{payment::Void{tender.agreed.number}}};
    if (tender.status == voiding)
      return Wait{};
  }
  return Nothing{};
}

const Tender* due_on_issue(const Family& family, int place, const std::vector<order::LineUnits>& leaving) { return share_of(family, place, leaving).tender; }

Action take_money_due_on_issue(const Family& family, int place, Timestamp now) {
  auto fulfilment = family.fulfilments.find(place);
  auto pickup = family.pickups.find(place);
  auto is_packed = fulfilment != family.fulfilments.end() && fulfilment->second.status == fulfilment::Status::packed;
  auto is_paying = pickup != family.pickups.end() && pickup->second.status == pickup::Status::paying;
  if (!is_packed && !is_paying)
    return Nothing{};
  auto [tender, part] = share_of(family, place, units_leaving(family, place));
  if (!tender) {
    if (is_paying)
      return Tell{place, pickup::Command{pickup::FinishHandOver{}}};
    return Nothing{};
  }
  if (is_paying)
    if (auto what_is_not_there = cancel_missing_units(family); !std::holds_alternative<Nothing>(what_is_not_there))
      return what_is_not_there; // who takes the bag pays for what is in it
  if (auto less_is_due = fit_plan_to_value(family, place, now); std::holds_alternative<Tell>(less_is_due))
    return less_is_due;
  if (may_be_asked(*tender))
    return part == tender->due ? capture(family, *tender, now, place) : divide(*tender, part);
  if (tender->status != declined && tender->status != voided)
    return Wait{};
  if (is_paying)
    return Tell{place, pickup::Command{pickup::BreakOffHandOver{}}}; // no money, no goods
  auto until = tender->declined_at + parcel_waits_for_card;
  if (tender->status == declined && tender->attempts < payment::max_attempts && now < until)
    return Wait{until}; // the parcel waits for another card
  return Tell{child::order, order::Command{order::Cancel{"payment-declined", "the money due at goods issue could not be had"}}};
}

Action fit_plan_to_value(const Family& family, int, Timestamp now) {
  auto excess = -value_of(family.order);
  for (const auto& tender : family.payment.tenders)
    excess += expected_of(family, tender);
  if (excess.amount <= 0)
    return Nothing{};
  for (auto unpaid : {true, false})
    for (const auto& tender : family.payment.tenders | std::views::reverse)
      if (can_be_reduced(tender) == unpaid && expected_of(family, tender).amount > 0)
        return take_off(family, tender, excess, now);
  return Nothing{};
}

Action settle_instalments(const Family& family, int, Timestamp now) {
  if (family.order.status != order::Status::in_fulfilment)
    return Nothing{};
  auto is_open = [](const Tender& tender) { return is_due_on_delivery(tender) && is_whole(tender); };
  auto all = all_arrived(family);
  auto due = due_for(family, units_arrived(family.order), is_open);
  for (const auto& tender : family.payment.tenders) {
    if (is_settled(tender))
      continue;
    if (all)
      return settle(family, tender, tender.due, now);
    if (is_due_on_delivery(tender) && (!is_whole(tender) || due.amount > 0))
      return settle(family, tender, is_whole(tender) ? smaller(due, tender.due) : tender.due, now);
  }
  return Nothing{};
}

Action freeze_if_charged_back(const Family& family, int, Timestamp) {
  if (!order::is_open(family.order.status))
    return Nothing{}; // nothing leaves any more
  for (const auto& tender : family.payment.tenders)
    if (tender.charged_back.amount > 0 && !order::hold_for(family.order, charged_back_hold))
      return Tell{child::order, order::Command{order::PutOnHold{std::string(charged_back_hold), to_text(tender.charged_back) + " was taken back by the customer's bank (" + tender.charge_back + ")"}}};
  return Nothing{};
}

bool is_settled(const payment::State& plan) {
  return std::ranges::all_of(plan.tenders, [](const Tender& tender) { return is_settled(tender); });
}

} // namespace entrepot::workflow
