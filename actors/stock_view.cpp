#include "actors/stock_view.hpp"

#include <algorithm>
#include <mutex>

namespace entrepot::actors {

std::vector<Sku> StockView::take(const StockNews& news) {
  std::unique_lock lock(mutex_);
  auto [at, is_new] = index_.try_emplace(news.profile->code, locations_.size());
  if (is_new)
    locations_.emplace_back();
  auto index = at->second;
  locations_[index] = {news.profile, news.slots, news.sources};
  std::vector<Sku> more;
  for (const auto& [sku, available] : news.units) {
    auto& of_sku = units_[sku];
    auto place = std::ranges::lower_bound(of_sku, index, {}, &Units::location);
    if (place == of_sku.end() || place->location != index)
      place = of_sku.insert(place, Units{index, 0});
    if (available > place->available)
      more.push_back(sku);
    place->available = available;
  }
  return more;
}

std::vector<sourcing::Place> StockView::places(const sourcing::Demand& demand, Timestamp now) const {
  std::shared_lock lock(mutex_);
  std::vector<sourcing::Place> places(locations_.size());
  for (std::size_t i = 0; i < places.size(); ++i) {
    const auto& [profile, slots, sources] = locations_[i];
    places[i].profile = profile;
    places[i].available.resize(demand.lines.size());
    places[i].is_stale = stock::is_stale(*profile, sources, now);
    if (auto left = stock::capacity_left(*profile, slots, now))
      places[i].capacity_left = *left;
  }
  for (std::size_t line = 0; line < demand.lines.size(); ++line) {
    const auto& wanted = demand.lines[line];
    auto of_sku = units_.find(wanted.sku);
    if (of_sku == units_.end())
      continue;
    for (const auto& [location, available] : of_sku->second)
      places[location].available[line] = std::max(0, available - stock::safety_stock(*locations_[location].profile, wanted.sku, wanted.category));
  }
  return places;
}

} // namespace entrepot::actors
