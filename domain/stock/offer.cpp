#include "domain/stock/offer.hpp"

#include <algorithm>

namespace entrepot::stock {

std::int64_t offered(std::int32_t threshold, std::span<const Figures> places) {
  std::int64_t sum = 0;
  for (const auto& place : places)
    if (!place.excluded)
      sum += std::max(place.available - std::int64_t{place.safety_stock}, std::int64_t{0});
  return std::max(sum - threshold, std::int64_t{0});
}

} // namespace entrepot::stock
