#include "domain/sourcing/transfer_source.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace entrepot::sourcing {
namespace {

bool is_meant(const TransferSource& source, const stock::Profile& place) {
  return source.location ? place.code == source.location : std::ranges::find(place.groups, source.group) != place.groups.end();
}

bool is_barred(const Demand& demand, const LocationCode& place) {
  return std::ranges::any_of(demand.barred, [&](const Barred& barred) {
    return barred.location == place && (barred.line == 0 || std::ranges::find(demand.lines, barred.line, &Wanted::line) != demand.lines.end());
  });
}

/// Lines with one SKU are summed first.
bool has_everything(const Demand& demand, const Place& place) {
  std::map<Sku, std::int64_t> wanted;
  for (std::size_t i = 0; i < demand.lines.size(); ++i)
    if ((wanted[demand.lines[i].sku] += demand.lines[i].units.units()) > place.available[i])
      return false;
  return true;
}

Considered considered(const Demand& demand, const Place& place, const stock::Profile& store) {
  Considered it{.location = place.profile->code, .metres = stock::metres_between(stock::point_of(*place.profile), stock::point_of(store))};
  if (is_barred(demand, it.location))
    it.against.push_back("refused-before");
  if (place.is_stale)
    it.against.push_back("stock-stale");
  if (place.capacity_left <= 0)
    it.against.push_back("no-capacity");
  if (!has_everything(demand, place))
    it.against.push_back("short");
  return it;
}

std::vector<stock::HoldLine> goods_of(const Demand& demand) {
  std::vector<stock::HoldLine> lines;
  for (const auto& line : demand.lines)
    lines.push_back({line.line, line.sku, line.units});
  return lines;
}

} // namespace

TransferTimes transfer_times(const stock::Profile& source, const stock::Profile& store, Duration transit, Timestamp now) {
  auto leave_by = stock::done_in_opening_hours(source, now, transfer_preparation);
  return {leave_by, leave_by + transit, stock::done_in_opening_hours(store, leave_by + transit, taking_in)};
}

Choice choose_transfer(const Demand& demand, std::span<const TransferSource> sources, std::span<const Place> places, Timestamp now) {
  check(!demand.lines.empty() && demand.to_store, "goods are brought to a store");
  Choice choice{.attempt = demand.attempt, .outcome = Outcome::nothing, .rule = std::string(ship_to_store), .parts = {}, .missing = {}, .until = {}, .candidates = {}, .behind_promise = demand.behind_promise};
  auto store = std::ranges::find_if(places, [&](const Place& place) { return place.profile->code == demand.to_store; });
  for (const auto& source : sources) {
    if (store == places.end() || demand.room < 1)
      break;
    std::vector<std::pair<Considered, const Place*>> found;
    for (const auto& place : places)
      if (place.profile->code != demand.to_store && is_meant(source, *place.profile))
        found.emplace_back(considered(demand, place, *store->profile), &place);
    std::ranges::sort(found, {}, [](const auto& one) { return std::tuple(!one.first.against.empty(), one.first.metres, one.first.location); });
    choice.candidates.clear();
    choice.others = static_cast<std::int32_t>(found.size() - std::min(found.size(), max_explained));
    for (std::size_t i = 0; i < std::min(found.size(), max_explained); ++i)
      choice.candidates.push_back(found[i].first);
    if (found.empty() || !found.front().first.against.empty())
      continue;
    for (std::size_t i = 1; i < choice.candidates.size(); ++i)
      if (choice.candidates[i].against.empty())
        choice.candidates[i].against.push_back("farther");
    const auto& best = *found.front().second->profile;
    choice.outcome = Outcome::placed;
    choice.parts.push_back({.location = best.code, .lines = goods_of(demand), .answer_by = {}, .to = demand.to_store, .owner = best.owner});
    const auto times = transfer_times(best, *store->profile, source.transit, now);
    choice.leave_by = times.leave_by;
    choice.there_by = times.there_by;
    choice.ready_by = times.ready_by;
    return choice;
  }
  choice.missing = goods_of(demand);
  return choice;
}

} // namespace entrepot::sourcing
