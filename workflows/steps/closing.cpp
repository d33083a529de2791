#include "workflows/steps/closing.hpp"

#include <algorithm>
#include <ranges>

#include "domain/order/draft.hpp"
#include "workflows/steps/choice.hpp"
#include "workflows/steps/loss.hpp"
#include "workflows/steps/money.hpp"
#include "workflows/steps/place.hpp"
#include "workflows/steps/sourcing.hpp"

namespace entrepot::workflow {
namespace {

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
  if (were_lost(family))
    return {why_lost(family), Duration::zero()}; // whoever was promised goods and has not got them is not kept waiting for others
  for (const auto& [place, pickup] : family.pickups) {
    if (pickup.status == pickup::Status::no_show)
      return {"not-collected", Duration::zero()};
    if (pickup.status == pickup::Status::refused_by_customer || pickup.rest_refused)
      return {"refused-by-customer", Duration::zero()};
  }
  auto is_fetched = family.order.agreement.workflow == order::pick_up_in_store;
  if (is_fetched && choice_stands(family) && family.order.choice->way == order::Way::cancel)
    return {"customer-choice", Duration::zero()};
  if (is_fetched && !is_sent_by_rules(family))
    return {"pickup-rejected", choice_patience};
  return {"unfillable", sourcing_patience};
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
  if (!order::is_open(status) || lines.empty())
    return Nothing{};
  if (!any_goods(family, lines)) // the goods came back to us: nothing is rendered with them
    return Tell{child::order, order::Command{order::CancelUnits{std::move(lines), why_lost(family)}}};
  auto [code, time] = patience_of(family);
  auto until = std::max(family.order.open_since, expected_by(family).value_or(family.order.open_since)) + time;
  if (now < until)
    return Wait{until};
  return Tell{child::order, order::Command{order::CancelUnits{std::move(lines), std::move(code)}}};
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
  auto all_cancelled = std::ranges::all_of(order.units, [](const order::Units& units) { return units.cancelled == units.ordered; });
  if (order::is_open(order.status) && all_cancelled && places_rest(family)) // nothing of it is left: it ends as if somebody had cancelled it
    return Tell{child::order, order::Command{order::Cancel{why_lost(family).empty() ? patience_of(family).code : why_lost(family), "nothing of the order could be given to the customer"}}};
  return Nothing{};
}

bool anything_can_be_stopped(const Family& family) {
  auto nothing_left = std::ranges::none_of(family.order.units, [](const order::Units& units) { return static_cast<bool>(units.issued); });
  auto may_stop = [](const auto& place) { return !fulfilment::is_terminal(place.second.status) && !goes_on_anyway(place.second); };
  if (!work_is_given_out(family) || any_goods(family, open_units(family)) || std::ranges::any_of(family.fulfilments, may_stop))
    return true;
  if (std::ranges::any_of(family.pickups | std::views::values, [](const pickup::State& pickup) { return !pickup::is_terminal(pickup.status); }))
    return true;
  auto all_dropped = [&](int place) {
    auto sent = family.fulfilments.find(place);
    return !fulfilment::any_going(*work_of(family, place)) || (sent != family.fulfilments.end() && is_lost(sent->second));
  };
  return nothing_left && std::ranges::all_of(family.fulfilments | std::views::keys, all_dropped) && std::ranges::all_of(family.pickups | std::views::keys, all_dropped);
}

Action complete_order(const Family& family, int, Timestamp) {
  auto something_arrived = std::ranges::any_of(family.order.units, [](const order::Units& units) { return static_cast<bool>(units.delivered); });
  if (family.order.status != in_fulfilment || !all_arrived(family) || !something_arrived || any_pending(family) || !is_settled(family.payment))
    return Nothing{};
  return Tell{child::order, order::Command{order::Complete{}}};
}

Action cancel_missing_units(const Family& family) {
  auto lines = open_units(family);
  if (!any_goods(family, lines))
    return Nothing{};
  return Tell{child::order, order::Command{order::CancelUnits{std::move(lines), patience_of(family).code}}};
}

} // namespace entrepot::workflow
