#include "gateways/imports/purchases.hpp"

#include <algorithm>

#include "domain/check.hpp"
#include "domain/money.hpp"

namespace entrepot::imports {

void Purchases::add(Key key, BoughtUnits bought) { bought_[key].push_back(bought); }

std::optional<std::vector<ReturnPart>> Purchases::take(Key key, std::int32_t units, std::int64_t credit) {
  auto found = bought_.find(key);
  if (found == bought_.end() || units < 1)
    return {};
  std::int64_t there = 0;
  for (const auto& line : found->second)
    there += line.units;
  if (there < units)
    return {};
  std::vector<ReturnPart> parts;
  std::vector<std::int64_t> weights;
  for (auto line = found->second.rbegin(); units > 0; ++line)
    if (auto taken = std::min(line->units, units); taken > 0) {
      parts.push_back({{line->order, line->line, taken}});
      weights.push_back(taken);
      line->units -= taken;
      units -= taken;
    }
  auto credits = split_by_largest_remainder({credit, *Currency::from("GBP")}, weights);
  for (std::size_t i = 0; i < parts.size(); ++i)
    parts[i].credit = credits[i].amount;
  return parts;
}

void Purchases::give_back(Key key, const std::vector<ReturnPart>& parts) {
  for (const auto& part : parts) {
    auto& lines = bought_[key];
    auto line = std::ranges::find_if(lines, [&](const BoughtUnits& other) { return other.order == part.of.order && other.line == part.of.line; });
    check(line != lines.end(), "what is given back was bought");
    line->units += part.of.units;
  }
}

} // namespace entrepot::imports
