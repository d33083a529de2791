#include "workflows/steps/closing.hpp"

#include <algorithm>
#include <ranges>

#include "domain/order/draft.hpp"
#include "workflows/steps/choice.hpp"
#include "workflows/steps/place.hpp"
#include "workflows/steps/promise.hpp"
#include "workflows/steps/sourcing.hpp"

namespace entrepot::workflow {
namespace {

using payment::Tender;
using enum order::Status;

bool is_of_service(const Family& family, const order::LineUnits& units) { return family.order.agreement.lines[static_cast<std::size_t>(units.line - 1)].service; }

/// The units of goods that no place has; with the services, if no goods will ever reach the customer.
std::vector<order::LineUnits> open_units(const Family& family) {
  auto goods_remain = any_pending(family) || std::ranges::any_of(family.order.units, [](const order::Units& units) { return units.held || units.issued; });
  if (goods_remain)
    return units_without_place(family);
  return lines_with(family.order, &order::Units::open);
}

bool any_goods(const Family& family, const std::vector<order::LineUnits>& lines) {
  return std::ranges::any_of(lines, [&](const order::LineUnits& units) { return !is_of_service(family, units); });
}

/// Whether a place still holds units that it may yet send, or has yet to tell us of.
bool places_rest(const Family& family) {
  auto rests = [&](int place) { return !is_active(family, place) && units_given_up(family, place); };
  return !any_pending(family) && std::ranges::all_of(family.fulfilments | std::views::keys, rests) && std::ranges::all_of(family.pickups | std::views::keys, rests);
}

/// What has been shipped cannot be stopped any more, nor what staff could not keep back.
bool goes_on_anyway(const fulfilment::State& fulfilment) {
  return fulfilment.status == fulfilment::Status::shipped || (fulfilment.status == fulfilment::Status::packed && fulfilment.stop_refused);
}

/// Whether every unit that was promised is, or was, some place's work.
bool work_is_given_out(const Family& family) {
  return std::ranges::all_of(places_of(family), [&](int place) { return work_of(family, place) != nullptr; });
}

/// In a cancellation the places have answered when none can be stopped any more: the shipped and the refused go on.
bool places_have_answered(const Family& family) {
  for (const auto& [place, fulfilment] : family.fulfilments)
    if ((is_active(family, place) && !goes_on_anyway(fulfilment)) || !units_given_up(family, place))
      return false;
  return work_is_given_out(family) &&
         std::ranges::all_of(family.pickups | std::views::keys, [&](int place) { return !is_active(family, place) && units_given_up(family, place); });
}

bool all_arrived(const Family& family) {
  return std::ranges::all_of(family.order.units, [](const order::Units& units) { return units.delivered + units.cancelled == units.ordered; });
}

/// Why units are cancelled, and how long they wait before.
struct Patience { std::string code; Duration time; };
Patience patience_of(const Family& family) {
  for (const auto& [place, pickup] : family.pickups) {
    if (pickup.status == pickup::Status::no_show)
      return {"not-collected", Duration::zero()};
    if (pickup.status == pickup::Status::refused_by_customer || pickup.rest_refused)
      return {"refused-by-customer", Duration::zero()};
  }
  if (family.order.agreement.workflow == order::pick_up_in_store && choice_stands(family) && family.order.choice->way == order::Way::cancel)
    return {"customer-choice", Duration::zero()};
  if (!is_sent_by_rules(family))
    return {"pickup-rejected", choice_patience};
  return {"unfillable", sourcing_patience};
}

/// What the customer pays for this instalment if nothing changes any more. Behind the promise a payment that was undone is asked for again.
Money expected_of(const Family& family, const Tender& tender) {
  using enum payment::Status;
  switch (tender.status) {
  case scheduled:
  case capturing:
  case unknown:
  case declined:
    return tender.due;
  case voiding:
  case voided:
    return family.order.promised ? tender.due : Money{0, tender.due.currency};
  case billed:
    return tender.due - tender.credited;
  case refunding:
    return tender.captured - tender.refunded - tender.refund_amount;
  default:
    return tender.captured - tender.refunded;
  }
}

Money smaller(Money a, Money b) { return less(a, b) ? a : b; }

Action give_back(const Family& family, const Tender& tender, Money amount, Timestamp now) {
  if (tender.status == payment::Status::refund_failed) {
    if (tender.refunds >= max_refunds + family.diary.resumed)
      return LeaveToPerson{"refund-failed", to_text(amount) + " of the customer's money cannot be given back to the card"};
    auto by_itself = tender.refunds < max_refunds; // what a person asks for is tried at once
    auto again = tender.refund_failed_at + std::chrono::minutes{5} * (1 << (2 * std::min(tender.refunds, max_refunds))); // 20 min, 80 min, 5 h, 21 h
    if (by_itself && now < again)
      return Wait{again};
  }
  return Tell{child::payment, payment::Command{payment::Refund{
                                  .instalment = tender.agreed.number,
                                  .key = to_text(OrderId{family.id}) + "/" + std::to_string(tender.agreed.number) + "/r" + std::to_string(tender.refunds + 1),
                                  .amount = amount}}};
}

/// Takes up to `excess` off an instalment; Nothing if nothing can be.
Action take_off(const Family& family, const Tender& tender, Money excess, Timestamp now) {
  using enum payment::Status;
  auto part = smaller(expected_of(family, tender), excess);
  switch (tender.status) {
  case scheduled:
  case declined:
  case voided:
    return Tell{child::payment, payment::Command{payment::Reduce{tender.agreed.number, tender.due - part}}};
  case billed:
    return Tell{child::payment, payment::Command{payment::Credit{tender.agreed.number, "cancelled", part}}};
  case captured:
  case partially_refunded:
  case refund_failed:
    return give_back(family, tender, part, now);
  default:
    return Wait{}; // the provider's answer comes first
  }
}

bool is_settled(const Tender& tender) {
  using enum payment::Status;
  return tender.due.amount == 0 || tender.status == billed || tender.status == captured || tender.status == refunded || tender.status == partially_refunded;
}

/// Whether the card may be asked now: for the first time, or after an attempt that came to nothing without the card's fault.
bool may_be_asked(const Tender& tender) {
  return tender.status == payment::Status::scheduled || (tender.status == payment::Status::voided && tender.attempts < payment::max_attempts);
}

} // namespace

Action cancel_units_without_place(const Family& family, int, Timestamp now) {
  auto status = family.order.status;
  auto lines = open_units(family);
  if (status == cancelling) {
    if (lines.empty() || (family.order.promised && !places_have_answered(family)) || (!family.order.promised && !family.diary.undone))
      return Nothing{};
    return Tell{child::order, order::Command{order::CancelUnits{std::move(lines), family.order.why_cancelled->code}}};
  }
  if ((status != confirmed && status != in_fulfilment) || !any_goods(family, lines))
    return Nothing{};
  auto [code, time] = patience_of(family);
  auto until = std::max(family.order.open_since, expected_by(family).value_or(family.order.open_since)) + time;
  if (now < until)
    return Wait{until};
  return Tell{child::order, order::Command{order::CancelUnits{std::move(lines), std::move(code)}}};
}

Action fit_plan_to_value(const Family& family, int, Timestamp now) {
  auto excess = -value_of(family.order);
  for (const auto& tender : family.payment.tenders)
    excess += expected_of(family, tender);
  if (excess.amount <= 0)
    return Nothing{};
  for (const auto& tender : family.payment.tenders | std::views::reverse)
    if (expected_of(family, tender).amount > 0)
      return take_off(family, tender, excess, now);
  return Nothing{};
}

Action settle_instalments(const Family& family, int, Timestamp now) {
  using enum payment::Status;
  if (family.order.status != in_fulfilment || !all_arrived(family))
    return Nothing{};
  for (const auto& tender : family.payment.tenders) {
    if (is_settled(tender))
      continue;
    auto bill = Tell{child::payment, payment::Command{payment::Bill{tender.agreed.number}}};
    if (may_be_asked(tender))
      return tender.agreed.method == payment::Method::card ? capture(family, tender, now) : bill;
    if (tender.status != declined && tender.status != voided)
      return Wait{};
    auto until = tender.declined_at + another_card_within;
    if (tender.status == declined && tender.attempts < payment::max_attempts && now < until)
      return Wait{until};
    return bill; // the goods are with the customer: what the card does not give is owed
  }
  return Nothing{};
}

Action settle_cancellation(const Family& family, int, Timestamp) {
  auto& order = family.order;
  if (order.status == cancelling) {
    if (order.promised ? !places_have_answered(family) || any_goods(family, open_units(family)) : !family.diary.undone)
      return Nothing{};
    auto nothing_left = std::ranges::all_of(order.units, [](const order::Units& units) { return units.cancelled == units.ordered; });
    if (nothing_left)
      return Tell{child::order, order::Command{order::FinishCancellation{}}};
    return Tell{child::order, order::Command{order::EndCancellation{}}};
  }
  auto is_open = order.status == confirmed || order.status == in_fulfilment;
  auto all_cancelled = std::ranges::all_of(order.units, [](const order::Units& units) { return units.cancelled == units.ordered; });
  if (is_open && all_cancelled && places_rest(family)) // nothing of it is left: it ends as if somebody had cancelled it
    return Tell{child::order, order::Command{order::Cancel{patience_of(family).code, "nothing of the order could be given to the customer"}}};
  return Nothing{};
}

bool anything_can_be_stopped(const Family& family) {
  auto nothing_left = std::ranges::none_of(family.order.units, [](const order::Units& units) { return static_cast<bool>(units.issued); });
  auto may_stop = [](const auto& place) { return !fulfilment::is_terminal(place.second.status) && !goes_on_anyway(place.second); };
  if (!work_is_given_out(family) || any_goods(family, open_units(family)) || std::ranges::any_of(family.fulfilments, may_stop))
    return true;
  if (std::ranges::any_of(family.pickups | std::views::values, [](const pickup::State& pickup) { return !pickup::is_terminal(pickup.status); }))
    return true;
  auto all_dropped = [&](int place) { return !fulfilment::any_going(*work_of(family, place)); };
  return nothing_left && std::ranges::all_of(family.fulfilments | std::views::keys, all_dropped) && std::ranges::all_of(family.pickups | std::views::keys, all_dropped);
}

Action complete_order(const Family& family, int, Timestamp) {
  auto something_arrived = std::ranges::any_of(family.order.units, [](const order::Units& units) { return static_cast<bool>(units.delivered); });
  if (family.order.status != in_fulfilment || !all_arrived(family) || !something_arrived || any_pending(family) || !std::ranges::all_of(family.payment.tenders, is_settled))
    return Nothing{};
  return Tell{child::order, order::Command{order::Complete{}}};
}

const Tender* due_on_issue(const Family& family) {
  for (const auto& tender : family.payment.tenders)
    if (tender.agreed.moment == payment::Moment::on_issue && tender.agreed.method == payment::Method::card && !is_settled(tender))
      return &tender;
  return nullptr;
}

Action take_money_due_on_issue(const Family& family, int place, Timestamp now) {
  const auto* tender = due_on_issue(family);
  auto fulfilment = family.fulfilments.find(place);
  auto pickup = family.pickups.find(place);
  auto is_packed = fulfilment != family.fulfilments.end() && fulfilment->second.status == fulfilment::Status::packed;
  auto is_paying = pickup != family.pickups.end() && pickup->second.status == pickup::Status::paying;
  if (!tender) {
    if (is_paying)
      return Tell{place, pickup::Command{pickup::FinishHandOver{}}};
    return Nothing{};
  }
  if (!is_packed && !is_paying)
    return Nothing{};
  if (is_paying)
    if (auto lines = open_units(family); any_goods(family, lines))
      return Tell{child::order, order::Command{order::CancelUnits{std::move(lines), patience_of(family).code}}}; // who takes the bag pays for what is in it
  if (auto less_is_due = fit_plan_to_value(family, place, now); std::holds_alternative<Tell>(less_is_due))
    return less_is_due;
  using enum payment::Status;
  if (may_be_asked(*tender))
    return capture(family, *tender, now);
  if (tender->status != declined && tender->status != voided)
    return Wait{};
  if (is_paying)
    return Tell{place, pickup::Command{pickup::BreakOffHandOver{}}}; // no money, no goods
  auto until = tender->declined_at + choice_patience;
  if (tender->status == declined && tender->attempts < payment::max_attempts && now < until)
    return Wait{until}; // the parcel waits for another card
  return Tell{child::order, order::Command{order::Cancel{"payment-declined", "the money due at goods issue could not be had"}}};
}

} // namespace entrepot::workflow
