#include "workflows/steps/place.hpp"

#include <algorithm>
#include <array>
#include <numeric>

#include "domain/order/draft.hpp"
#include "domain/order/history.hpp"

namespace entrepot::workflow {
namespace {

using fulfilment::Reason;

const fulfilment::State* fulfilment_of(const Family& family, int place) {
  auto found = family.fulfilments.find(place);
  return found == family.fulfilments.end() ? nullptr : &found->second;
}

const pickup::State* pickup_of(const Family& family, int place) {
  auto found = family.pickups.find(place);
  return found == family.pickups.end() ? nullptr : &found->second;
}

Tell tell_place(const Family& family, int place, fulfilment::Command of_fulfilment, pickup::Command of_pickup) {
  if (pickup_of(family, place))
    return {place, std::move(of_pickup)};
  return {place, std::move(of_fulfilment)};
}

std::vector<fulfilment::Line> goods_of(const PartOfOrder& part) {
  std::vector<fulfilment::Line> lines;
  for (const auto& line : part.lines)
    lines.push_back({line.line, line.sku, line.quantity});
  return lines;
}

/// An offer made late, e.g. after a long wait for the money, still leaves its time.
Timestamp answer_by(const PartOfOrder& part, Timestamp now) { return std::max(*part.answer_by, now + order::offer_patience); }

/// Somebody is alarmed at half time and when time is over; then the work is looked at once a day.
Action await_work(const Family& family, int place, Timestamp half, Timestamp due, Timestamp now) {
  auto alarmed = work_of(family, place)->escalated;
  if (now < half && alarmed < 50)
    return Wait{half};
  if (alarmed < 50)
    return tell_place(family, place, fulfilment::Escalate{50}, pickup::Escalate{50});
  if (now < due)
    return Wait{due};
  if (alarmed < 100)
    return tell_place(family, place, fulfilment::Escalate{100}, pickup::Escalate{100});
  return Wait{now + overdue_reminder};
}

Action await_work(const Family& family, int place, Timestamp now) {
  auto due = work_of(family, place)->due;
  auto time = pickup_of(family, place) ? Duration{order::pickup_preparation} : Duration{work_time};
  return await_work(family, place, due - time / 2, due, now);
}

/// With the first goods that arrive, services such as transport are rendered.
std::vector<order::LineUnits> with_services(const Family& family, std::vector<order::LineUnits> lines) {
  for (const auto& open : lines_with(family.order, &order::Units::open))
    if (family.order.agreement.lines[static_cast<std::size_t>(open.line - 1)].service)
      lines.push_back(open);
  return lines;
}

} // namespace

std::vector<order::LineUnits> units_going(const Family& family, int place) {
  std::vector<order::LineUnits> lines;
  for (const auto& line : lines_going(*work_of(family, place)))
    lines.push_back({line.line, line.quantity});
  return lines;
}

bool is_active(const Family& family, int place) {
  if (const auto* fulfilment = fulfilment_of(family, place))
    return !fulfilment::is_terminal(fulfilment->status);
  const auto* pickup = pickup_of(family, place);
  return pickup && !pickup::is_terminal(pickup->status);
}

Action allocate_units(const Family& family, int place, Timestamp) {
  return Ask{stream_of(part_of(family, place).location), stock::Command{stock::Allocate{{family.id}, round_of(place)}}};
}
bool place_has_work(const Family& family, int place) { return work_of(family, place) != nullptr; }

Action hand_to_place(const Family& family, int place, Timestamp now) {
  if (place_has_work(family, place))
    return Nothing{};
  auto part = part_of(family, place);
  auto due = std::max(order::delivery_of(family.order).issue_at, now + work_time);
  if (part.answer_by)
    return Tell{place, fulfilment::Command{fulfilment::Offer{part.location, goods_of(part), due, answer_by(part, now)}}};
  return Tell{place, fulfilment::Command{fulfilment::Plan{part.location, goods_of(part), due}}};
}

Action offer_pickup(const Family& family, int place, Timestamp now) {
  if (place_has_work(family, place))
    return Nothing{};
  auto part = part_of(family, place);
  auto due = *part.ready_by > now ? *part.ready_by : now + order::pickup_preparation;
  if (part.to)
    return Tell{place, pickup::Command{pickup::Await{part.to, goods_of(part), due}}};
  return Tell{place, pickup::Command{pickup::Offer{part.location, goods_of(part), due, answer_by(part, now)}}};
}

Action plan_transfer(const Family& family, int place, Timestamp now) {
  auto part = part_of(family, place);
  if (!part.to || transfer_of(family, place))
    return Nothing{};
  const auto late = part.leave_by && *part.leave_by > now ? Duration::zero() : now - part.leave_by.value_or(now); // after a long wait for the money
  return Tell{child::transfer_of(place), transfer::Command{transfer::Plan{part.location, part.to, part.owner, goods_of(part), part.leave_by.value_or(now) + late, part.there_by.value_or(now) + late}}};
}

Action learn_of_transfer(const Family& family, int place, Timestamp) {
  const auto* transfer = transfer_of(family, place);
  const auto* pickup = pickup_of(family, place);
  if (!transfer || !pickup)
    return Nothing{};
  if (pickup::is_terminal(pickup->status) && transfer->status == transfer::Status::ready_to_ship)
    return Tell{child::transfer_of(place), transfer::Command{transfer::Cancel{Reason::cancelled}}}; // nobody waits for it any more
  if (pickup->status != pickup::Status::awaiting_transfer)
    return Nothing{};
  const auto why = transfer->status == transfer::Status::cancelled ? transfer->why_cancelled : transfer->receipts.empty() && transfer->status != transfer::Status::lost ? Reason::not_in_stock : Reason::lost_in_transit;
  std::vector<fulfilment::Found> come;
  bool any = false, fewer = false;
  for (std::size_t i = 0; i < transfer->lines.size(); ++i) {
    auto units = transfer::to_come(*transfer, i);
    come.push_back({transfer->lines[i].line, units});
    any |= static_cast<bool>(units);
    fewer |= units < going(*pickup, i);
  }
  if (!any)
    return Tell{place, pickup::Command{pickup::Reject{why}}};
  if (fewer)
    return Tell{place, pickup::Command{pickup::Miss{std::move(come), why}}};
  if (transfer->status == transfer::Status::received && transfer::is_booked(*transfer))
    return Tell{place, pickup::Command{pickup::TakeIn{}}};
  return Nothing{};
}

Action await_goods(const Family& family, int place, Timestamp) {
  if (pickup_of(family, place)->status == pickup::Status::awaiting_transfer)
    return Wait{};
  return Nothing{};
}

Action stop_if_cancelling(const Family& family, int place, Timestamp now) {
  if (family.order.status != order::Status::cancelling || !is_active(family, place))
    return Nothing{};
  if (const auto* pickup = pickup_of(family, place)) {
    if (pickup->status == pickup::Status::paying)
      return Nothing{}; // the goods are on the counter: the provider's answer decides
    return Tell{place, pickup::Command{pickup::Stop{}}};
  }
  const auto* fulfilment = fulfilment_of(family, place);
  using enum fulfilment::Status;
  if (fulfilment->status == shipped || fulfilment->stop_refused)
    return Nothing{};
  if (fulfilment->status != packed || !fulfilment->stop_until)
    return Tell{place, fulfilment::Command{fulfilment::Stop{now + stop_patience}}};
  if (now < *fulfilment->stop_until)
    return Wait{fulfilment->stop_until};
  return Tell{place, fulfilment::Command{fulfilment::ConfirmStop{}}}; // nobody has shipped it, and from now on nobody can
}

Action await_answer(const Family& family, int place, Timestamp now) {
  const auto* fulfilment = fulfilment_of(family, place);
  const auto* pickup = pickup_of(family, place);
  auto offered = fulfilment ? fulfilment->status == fulfilment::Status::offered : pickup->status == pickup::Status::offered;
  if (!offered)
    return Nothing{};
  auto until = *work_of(family, place)->offer_until;
  if (now >= until)
    return tell_place(family, place, fulfilment::Lapse{}, pickup::Lapse{});
  auto half = until - Duration{order::offer_patience} / 2;
  if (work_of(family, place)->escalated < 50)
    return await_work(family, place, half, until, now);
  return Wait{until};
}

Action await_pick(const Family& family, int place, Timestamp now) {
  if (const auto* fulfilment = fulfilment_of(family, place); fulfilment && fulfilment->status <= fulfilment::Status::picking)
    return await_work(family, place, now);
  if (const auto* pickup = pickup_of(family, place); pickup && pickup->status <= pickup::Status::picking && pickup->status != pickup::Status::awaiting_transfer)
    return await_work(family, place, now);
  return Nothing{};
}

Action give_up_units(const Family& family, int place, Timestamp) {
  const auto* work = work_of(family, place);
  if (const auto* transfer = transfer_of(family, place); transfer && !units_unheard_of(family, place).empty()) {
    if (!transfer::is_booked(*transfer) || transfer->status == transfer::Status::ready_to_ship)
      return Wait{}; // its own steps see to the stock first
    if (std::ranges::none_of(transfer->receipts, &transfer::Receipt::claimed))
      return Nothing{}; // what the source had left is free, and nothing has come
  }
  stock::Shrink shrink{.order = {family.id}, .round = round_of(place), .keep = {}, .effect = fulfilment::effect_of(work->why_dropped)};
  for (const auto& line : lines_going(*work))
    shrink.keep.push_back({line.line, line.sku, line.quantity});
  auto gone = std::accumulate(work->dropped.begin(), work->dropped.end(), Quantity{});
  return Ask{stream_of(work->location), stock::Command{std::move(shrink)}, gone.units()};
}
bool units_given_up(const Family& family, int place) { return units_unheard_of(family, place).empty(); }

Action tell_order_of_stopped_units(const Family& family, int place, Timestamp) {
  auto lines = units_unheard_of(family, place);
  if (lines.empty())
    return Nothing{};
  return Tell{child::order, order::Command{order::StopUnits{place, std::move(lines)}}};
}

Action await_packing(const Family& family, int place, Timestamp now) {
  if (fulfilment_of(family, place)->status == fulfilment::Status::picked)
    return await_work(family, place, now);
  return Nothing{};
}
const std::string* carrier_to_ask(const order::Delivery& delivery, std::int32_t refused) {
  if (refused == 0)
    return delivery.carrier.empty() ? nullptr : &delivery.carrier;
  auto index = static_cast<std::size_t>(refused - 1);
  return index < delivery.other_carriers.size() ? &delivery.other_carriers[index] : nullptr;
}

Action ask_for_label(const Family& family, int place, Timestamp) {
  const auto* fulfilment = fulfilment_of(family, place);
  const auto& delivery = order::delivery_of(family.order);
  const auto& label = fulfilment->label;
  auto wanted = fulfilment->status == fulfilment::Status::packed && (label.key.empty() || !label.code.empty()) && !fulfilment->stop_until;
  const auto* carrier = carrier_to_ask(delivery, label.refused);
  if (!wanted || !carrier || order::is_history(ordered_at(family.order), family.order.submitted_at))
    return Nothing{};
  auto key = to_text("ful_", member(family.id, place)) + "/" + std::to_string(label.attempts + 1);
  return Tell{place, fulfilment::Command{fulfilment::AskLabel{std::move(key), *carrier}}};
}
Action await_shipment(const Family& family, int place, Timestamp now) {
  if (fulfilment_of(family, place)->status == fulfilment::Status::packed)
    return await_work(family, place, now);
  return Nothing{};
}
Action await_delivery(const Family& family, int place, Timestamp now) {
  if (fulfilment_of(family, place)->status == fulfilment::Status::shipped)
    return Wait{now + overdue_reminder};
  return Nothing{};
}
Action await_staging(const Family& family, int place, Timestamp now) {
  if (pickup_of(family, place)->status == pickup::Status::picked)
    return await_work(family, place, now);
  return Nothing{};
}

Action await_customer(const Family& family, int place, Timestamp now) {
  const auto* pickup = pickup_of(family, place);
  if (pickup->status != pickup::Status::staged && pickup->status != pickup::Status::arrived)
    return Nothing{};
  if (!order_knows_issue(family, place))
    return Nothing{}; // what the customer has taken so far leaves the stock first; then the rest is waited for
  if (now >= pickup->collect_until)
    return Tell{place, pickup::Command{pickup::GiveUpWaiting{}}};
  constexpr std::array reminder_days{1, 3, 6};
  auto next = static_cast<std::size_t>(pickup->reminded);
  if (pickup->status == pickup::Status::arrived && pickup->escalated < 100) {
    auto alarm_at = pickup->arrived_at + pickup::kerbside_patience;
    if (now >= alarm_at)
      return Tell{place, pickup::Command{pickup::Escalate{100}}}; // nobody has come to the customer
    return Wait{std::min<Timestamp>(alarm_at, pickup->collect_until)};
  }
  if (pickup->status == pickup::Status::arrived || next == reminder_days.size())
    return Wait{pickup->collect_until};
  auto at = pickup->staged_at + std::chrono::days{reminder_days[next]};
  if (now < at)
    return Wait{std::min(at, pickup->collect_until)};
  return Tell{place, pickup::Command{pickup::Remind{pickup->reminded + 1}}};
}

Action issue_from_stock(const Family& family, int place, Timestamp) {
  auto left = units_left(family, place);
  if (left.empty())
    return Nothing{};
  stock::Issue issue{.order = {family.id}, .round = round_of(place)};
  Quantity all;
  for (const auto& units : left) {
    const auto& line = family.order.agreement.lines[static_cast<std::size_t>(units.line - 1)];
    issue.left.push_back({units.line, line.sku, units.units});
    all += units.units;
  }
  return Ask{stream_of(work_of(family, place)->location), stock::Command{std::move(issue)}, all.units()};
}
bool order_knows_issue(const Family& family, int place) { return units_left_unheard_of(family, place).empty(); }

std::vector<order::LineUnits> units_leaving(const Family& family, int place) {
  std::vector<order::LineUnits> lines;
  if (const auto* fulfilment = fulfilment_of(family, place); fulfilment && fulfilment->status == fulfilment::Status::packed)
    return units_going(family, place);
  if (const auto* pickup = pickup_of(family, place))
    for (const auto& taken : pickup::leaving_now(*pickup))
      lines.push_back({taken.line, taken.units});
  return lines;
}

Action tell_order_of_issue(const Family& family, int place, Timestamp) {
  auto lines = units_left_unheard_of(family, place);
  if (lines.empty())
    return Nothing{};
  return Tell{child::order, order::Command{order::IssueUnits{place, std::move(lines)}}};
}

Action tell_order_of_delivery(const Family& family, int place, Timestamp) {
  const auto* fulfilment = fulfilment_of(family, place);
  if (fulfilment->status != fulfilment::Status::delivered || has_heard(family, place, &order::Heard::delivered))
    return Nothing{};
  return Tell{child::order, order::Command{order::DeliverUnits{place, with_services(family, units_going(family, place))}}};
}

Action tell_order_of_hand_over(const Family& family, int place, Timestamp) {
  auto lines = units_left_unheard_of(family, place);
  if (lines.empty())
    return Nothing{};
  return Tell{child::order, order::Command{order::HandOverUnits{place, with_services(family, std::move(lines))}}};
}

} // namespace entrepot::workflow
