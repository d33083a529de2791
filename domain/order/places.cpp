#include "domain/order/places.hpp"

#include <algorithm>

namespace entrepot {
namespace {

std::vector<stock::HoldLine> goods_of(const order::Agreement& agreement) {
  std::vector<stock::HoldLine> lines;
  for (const auto& line : agreement.lines)
    if (!line.service)
      lines.push_back({line.number, line.sku, line.quantity});
  return lines;
}

const process::Place* chosen_place(const Family& family, int place) {
  auto first = family.diary.first_place;
  auto index = static_cast<std::size_t>(place - first);
  return place >= first && index < family.diary.places.size() ? &family.diary.places[index] : nullptr;
}

PartOfOrder named_part(const order::Agreement& agreement) {
  auto ready_by = agreement.collection.store ? std::optional(agreement.collection.ready_by) : std::nullopt;
  return {child::first_fulfilment, order::place_of(agreement), goods_of(agreement), agreement.answer_by, false, ready_by};
}

} // namespace

bool is_sourced(const Family& family) { return !order::place_of(family.order.agreement); }

std::vector<PartOfOrder> parts_of(const Family& family) {
  std::vector<PartOfOrder> parts;
  for (auto place : places_of(family))
    parts.push_back(part_of(family, place));
  return parts;
}

PartOfOrder part_of(const Family& family, int place) {
  if (!is_sourced(family) && place == child::first_fulfilment)
    return named_part(family.order.agreement);
  const auto* chosen = chosen_place(family, place);
  check(chosen, "a place of an order was chosen for it");
  return {place, chosen->part.location, chosen->part.lines, chosen->part.answer_by, chosen->behind_promise, chosen->ready_by, chosen->part.to, chosen->part.owner, chosen->leave_by, chosen->there_by};
}

std::vector<int> places_of(const Family& family) {
  std::vector<int> places;
  if (!is_sourced(family) && !family.diary.named_refused)
    places.push_back(child::first_fulfilment);
  for (std::size_t i = 0; i < family.diary.places.size(); ++i)
    if (!family.diary.places[i].refused)
      places.push_back(family.diary.first_place + static_cast<int>(i));
  return places;
}

bool choice_is_tried(const Family& family) {
  return std::ranges::any_of(family.diary.places, [&](const process::Place& place) { return place.customers_choice != 0 && place.customers_choice == family.order.choices; });
}

bool choice_stands(const Family& family) {
  auto gave_up_a_bag = [&](int place) { return family.pickups.contains(place); };
  return family.order.choice && std::ranges::none_of(family.order.stopped_since_choice, gave_up_a_bag);
}

std::vector<order::LineUnits> units_to_choose_for(const Family& family) {
  if (!family.order.agreement.collection.store || !family.order.promised)
    return {};
  return units_without_place(family);
}

bool has_refused(const Family& family, int place) {
  if (place == child::first_fulfilment && family.diary.named_refused)
    return true;
  const auto* chosen = chosen_place(family, place);
  return chosen && chosen->refused;
}

bool is_pending(const Family& family, int place) {
  const auto* chosen = chosen_place(family, place);
  return chosen && chosen->behind_promise && !chosen->refused && !has_heard(family, place, &order::Heard::held);
}

bool any_pending(const Family& family) {
  return std::ranges::any_of(places_of(family), [&](int place) { return is_pending(family, place); });
}

std::vector<order::LineUnits> units_without_place(const Family& family) {
  const auto& agreement = family.order.agreement;
  auto open = lines_with(family.order, &order::Units::open);
  std::erase_if(open, [&](const order::LineUnits& units) { return agreement.lines[static_cast<std::size_t>(units.line - 1)].service; });
  for (const auto& part : parts_of(family)) {
    if (family.order.promised && !is_pending(family, part.place))
      continue; // its units are held, or were
    for (const auto& line : part.lines)
      if (auto at = std::ranges::find(open, line.line, &order::LineUnits::line); at != open.end())
        at->units -= std::min(at->units, line.quantity);
  }
  std::erase_if(open, [](const order::LineUnits& units) { return !units.units; });
  return open;
}

const fulfilment::Work* work_of(const Family& family, int place) {
  if (auto fulfilment = family.fulfilments.find(place); fulfilment != family.fulfilments.end())
    return &fulfilment->second;
  auto pickup = family.pickups.find(place);
  return pickup == family.pickups.end() ? nullptr : &pickup->second;
}

bool awaits_restocking(const Family& family, int place) {
  auto found = family.fulfilments.find(place);
  return found != family.fulfilments.end() && found->second.status == fulfilment::Status::returned_to_origin && !found->second.restocked;
}

bool any_awaits_restocking(const Family& family) {
  return std::ranges::any_of(places_of(family), [&](int place) { return awaits_restocking(family, place); });
}

const transfer::State* transfer_of(const Family& family, int place) {
  auto transfer = family.transfers.find(child::transfer_of(place));
  return transfer == family.transfers.end() ? nullptr : &transfer->second;
}

Timestamp ready_by(const Family& family) {
  auto promised = family.order.agreement.collection.ready_by;
  for (const auto& part : parts_of(family))
    if (part.to && part.ready_by)
      promised = std::max(promised, *part.ready_by);
  return promised;
}

std::vector<order::LineUnits> units_left(const Family& family, int place) {
  std::vector<order::LineUnits> lines;
  if (auto found = family.fulfilments.find(place); found != family.fulfilments.end()) {
    const auto& fulfilment = found->second;
    if (has_left(fulfilment))
      for (const auto& line : lines_going(fulfilment))
        lines.push_back({line.line, line.quantity});
  } else if (auto at = family.pickups.find(place); at != family.pickups.end()) {
    const auto& pickup = at->second;
    for (std::size_t i = 0; i < pickup.lines.size(); ++i)
      if (auto units = handed(pickup, i))
        lines.push_back({pickup.lines[i].line, units});
  }
  return lines;
}

Quantity units_heard(const Family& family, int place, std::vector<order::LineUnits> order::Heard::*what, std::int32_t line) {
  auto heard = family.order.heard.find(place);
  if (heard == family.order.heard.end())
    return {};
  const auto& all = heard->second.*what;
  auto of_line = std::ranges::find(all, line, &order::LineUnits::line);
  return of_line == all.end() ? Quantity{} : of_line->units;
}

std::vector<order::LineUnits> units_left_unheard_of(const Family& family, int place) {
  auto lines = units_left(family, place);
  for (auto& line : lines)
    line.units -= std::min(line.units, units_heard(family, place, &order::Heard::issued, line.line));
  std::erase_if(lines, [](const order::LineUnits& line) { return !line.units; });
  return lines;
}

bool has_heard(const Family& family, int place, bool order::Heard::*what) {
  auto heard = family.order.heard.find(place);
  return heard != family.order.heard.end() && heard->second.*what;
}

std::vector<order::LineUnits> units_unheard_of(const Family& family, int place) {
  std::vector<order::LineUnits> lines;
  const auto* work = work_of(family, place);
  if (!work)
    return lines;
  for (std::size_t i = 0; i < work->lines.size(); ++i)
    if (auto units = work->dropped[i] - units_heard(family, place, &order::Heard::stopped, work->lines[i].line))
      lines.push_back({work->lines[i].line, units});
  return lines;
}

} // namespace entrepot
