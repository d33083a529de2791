#include "workflows/steps/sourcing.hpp"

#include <algorithm>

#include "domain/order/draft.hpp"
#include "workflows/steps/choice.hpp"
#include "workflows/steps/closing.hpp"

namespace entrepot::workflow {
namespace {


/// Who has refused, or has not found all it was to send, is not asked for that again. Damaged units say nothing about the others.
std::vector<sourcing::Barred> barred_of(const Family& family) {
  auto barred = family.diary.refusals;
  auto bar = [&](const fulfilment::Work& work) {
    if (work.why_dropped != fulfilment::Reason::damaged)
      for (std::size_t i = 0; i < work.lines.size(); ++i)
        if (work.dropped[i])
          barred.push_back({work.location, work.lines[i].line});
  };
  for (const auto& [place, fulfilment] : family.fulfilments)
    bar(fulfilment);
  for (const auto& [place, pickup] : family.pickups)
    bar(pickup);
  for (const auto& [child, transfer] : family.transfers)
    for (std::size_t i = 0; i < transfer.lines.size(); ++i)
      if (transfer::to_come(transfer, i) < transfer.lines[i].quantity)
        barred.push_back({transfer.from, transfer.lines[i].line});
  return barred;
}

Money value_of(const order::Line& line, Quantity units) { return share(line.total, units.units(), std::max(line.quantity.units(), 1)); }

sourcing::Demand demand_for(const Family& family, const std::vector<order::LineUnits>& units, Timestamp since) {
  const auto& agreement = family.order.agreement;
  sourcing::Demand demand{.lines = {}, .to = order::delivery_of(family.order).near, .seller = agreement.organisation, .barred = barred_of(family), .attempt = family.diary.looks + 1,
                          .room = child::last_fulfilment - family.diary.first_place + 1 - static_cast<int>(family.diary.places.size()), .since = since,
                          .behind_promise = family.order.promised};
  for (const auto& [number, wanted] : units) {
    const auto& line = agreement.lines[static_cast<std::size_t>(number - 1)];
    demand.lines.push_back({number, line.sku, wanted, value_of(line, wanted), line.category});
  }
  return demand;
}

/// Nobody has the units. The customer is told of each line, and of the last place's own words if one has refused.
GiveUp nobody_has_them(const Family& family, const std::vector<order::LineUnits>& units) {
  std::vector<RejectionDetail> details;
  for (const auto& [number, wanted] : units) {
    const auto& line = family.order.agreement.lines[static_cast<std::size_t>(number - 1)];
    details.push_back({"/lines/" + std::to_string(number - 1), "stock-short", "no place can send " + std::to_string(wanted.units()) + " of " + line.sku.text()});
  }
  auto text = details.front().text;
  return GiveUp{reject("stock-short", std::move(text), std::move(details))};
}

/// Whether the order still wants what this place was chosen for.
bool is_wanted(const Family& family, const PartOfOrder& part) {
  return order::is_open(family.order.status) && std::ranges::all_of(part.lines, [&](const stock::HoldLine& line) {
           return family.order.units[static_cast<std::size_t>(line.line - 1)].open >= line.quantity;
         });
}

constexpr int most_transfers = 5; ///< looks that found a source; then the customer chooses

/// Whether a transfer was to bring units of this line and brought nothing at all: what it brought too little of is for the customer to decide.
bool never_came(const transfer::State& transfer, std::int32_t line) {
  return (transfer.status == transfer::Status::lost || transfer.status == transfer::Status::cancelled) && std::ranges::find(transfer.lines, line, &fulfilment::Line::line) != transfer.lines.end();
}

/// Whether the newest look was for these units and found no place for them.
bool were_sought_in_vain(const Family& family, const std::vector<order::LineUnits>& units) {
  const auto& look = family.diary.look;
  return look && std::ranges::all_of(units, [&](const order::LineUnits& wanted) {
           auto missing = std::ranges::find(look->missing, wanted.line, &stock::HoldLine::line);
           return missing != look->missing.end() && missing->quantity >= wanted.units;
         });
}

} // namespace

Action look_for_places(const Family& family) {
  auto units = units_without_place(family);
  if (units.empty())
    return Nothing{};
  auto demand = demand_for(family, units, family.order.submitted_at);
  if (is_brought(family))
    demand.to_store = family.order.agreement.collection.store;
  if (!were_sought_in_vain(family, units))
    return Look{std::move(demand), {}, family.diary.shortages};
  switch (family.diary.look->outcome) {
  case sourcing::Outcome::nothing: return nobody_has_them(family, units);
  case sourcing::Outcome::back_order: return Nothing{};
  default: return Look{std::move(demand), family.diary.look->until, family.diary.shortages};
  }
}

Ask hold_at(const Family& family, const PartOfOrder& part, Timestamp not_after) {
  const auto& agreement = family.order.agreement;
  stock::Hold hold{.order = {family.id}, .round = round_of(part.place), .lines = part.lines, .not_after = not_after, .takes_slot = !part.ready_by || part.to};
  for (const auto& line : part.lines)
    if (const auto& category = agreement.lines[static_cast<std::size_t>(line.line - 1)].category; !category.empty())
      hold.categories.emplace(line.sku, category);
  return {stream_of(part.location), stock::Command{std::move(hold)}, round_of(part.place)};
}

Ask release_at(const Family& family, const PartOfOrder& part, Timestamp not_after) {
  return {stream_of(part.location), stock::Command{stock::Release{{family.id}, round_of(part.place), not_after}}, round_of(part.place)};
}

bool is_brought(const Family& family) { return family.diary.named_refused; }

std::optional<Action> store_refuses(const Family& family, int round, const Rejection& why, Timestamp now) {
  auto place = child::first_fulfilment + round;
  if (place >= family.diary.first_place)
    return place_refuses(family, round, why, now);
  if (why.code != "stock-short" || !family.order.agreement.collection.by_transfer)
    return {};
  return Tell{child::process, process::Command{process::RecordRefusal{place, why.code, {}}}};
}

Action replace_lost_goods(const Family& family, int, Timestamp) {
  const auto& store = family.order.agreement.collection;
  if (!store.by_transfer || !order::is_open(family.order.status) || choice_stands(family) || family.diary.looks >= most_transfers)
    return Nothing{};
  std::vector<order::LineUnits> units;
  for (const auto& open : units_without_place(family))
    if (std::ranges::any_of(family.transfers, [&](const auto& entry) { return never_came(entry.second, open.line); }))
      units.push_back(open);
  if (units.empty() || were_sought_in_vain(family, units))
    return Nothing{};
  auto demand = demand_for(family, units, family.order.open_since);
  demand.to_store = store.store;
  return Look{std::move(demand), {}, family.diary.shortages};
}

std::optional<Action> place_refuses(const Family& family, int round, const Rejection& why, Timestamp) {
  auto place = child::first_fulfilment + round;
  if (place < family.diary.first_place)
    return {}; // the order names it
  auto part = part_of(family, place);
  process::RecordRefusal refusal{place, why.code, {}};
  for (const auto& detail : why.details) // of a hold they name the lines of the question: "/lines/0"
    for (std::size_t i = 0; i < part.lines.size(); ++i)
      if (detail.pointer == "/lines/" + std::to_string(i))
        refusal.lines.push_back(part.lines[i].line);
  return Tell{child::process, process::Command{std::move(refusal)}};
}

Action look_for_other_places(const Family& family, int, Timestamp) {
  if (!is_sent_by_rules(family) || !order::is_open(family.order.status))
    return Nothing{};
  auto units = units_without_place(family);
  if (units.empty())
    return Nothing{};
  auto demand = demand_for(family, units, family.order.open_since);
  if (!were_sought_in_vain(family, units))
    return Look{std::move(demand), {}, family.diary.shortages};
  if (family.diary.look->outcome == sourcing::Outcome::wait)
    return Look{std::move(demand), family.diary.look->until, family.diary.shortages};
  return Look{std::move(demand), std::max(family.order.open_since, expected_by(family).value_or(family.order.open_since)) + sourcing_patience, family.diary.shortages}; // then they are cancelled
}

Action hold_units_anew(const Family& family, int place, Timestamp now) {
  if (!is_pending(family, place))
    return Nothing{};
  auto part = part_of(family, place);
  if (is_wanted(family, part))
    return hold_at(family, part, now + hold_patience);
  auto release = release_at(family, part, now + hold_patience);
  release.round += freeing;
  return release;
}

bool units_are_held(const Family& family, int place) { return !is_pending(family, place); }

Action tell_order_of_held_units(const Family& family, int place, Timestamp) {
  if (!is_pending(family, place))
    return Nothing{};
  auto part = part_of(family, place);
  if (!is_wanted(family, part))
    return Tell{child::process, process::Command{process::RecordRefusal{place, "not-wanted", {}}}};
  std::vector<order::LineUnits> lines;
  for (const auto& line : part.lines)
    lines.push_back({line.line, line.quantity});
  return Tell{child::order, order::Command{order::HoldUnits{place, std::move(lines)}}};
}

std::optional<Timestamp> expected_by(const Family& family) {
  const auto& look = family.diary.look;
  if (!look || look->outcome != sourcing::Outcome::back_order)
    return {};
  return look->until;
}

} // namespace entrepot::workflow
