#include "domain/stock/distance.hpp"

#include <cmath>
#include <numbers>

namespace entrepot::stock {

std::int64_t metres_between(Point a, Point b) {
  constexpr auto earth_radius = 6'371'008.8;
  auto radians = [](std::int32_t millionths) { return millionths / 1e6 * std::numbers::pi / 180; };
  auto half = [](double angle) { return std::sin(angle / 2) * std::sin(angle / 2); };
  auto height = half(radians(b.latitude) - radians(a.latitude));
  auto width = half(radians(b.longitude) - radians(a.longitude));
  auto arc = height + std::cos(radians(a.latitude)) * std::cos(radians(b.latitude)) * width; // the haversine formula
  return std::llround(2 * earth_radius * std::asin(std::sqrt(std::min(arc, 1.0))));
}

} // namespace entrepot::stock
