// How far it is from here to there.
#pragma once

#include "domain/stock/location.hpp"

namespace entrepot::stock {

/// A place on earth, in degrees times a million: latitude -90 to 90, longitude -180 to 180.
struct Point { std::int32_t latitude = 0, longitude = 0; bool operator==(const Point&) const = default; };

/// Returns the great-circle distance in metres (mean radius of the earth 6,371,008.8 m).
std::int64_t metres_between(Point a, Point b);
inline Point point_of(const Profile& place) { return {place.latitude, place.longitude}; }

} // namespace entrepot::stock
