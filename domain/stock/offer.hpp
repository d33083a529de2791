// How many units of a SKU a channel offers: what its places have to sell, less what the channel keeps back. Sums are made here; who gets the units is decided by the
// place that is asked to hold them.
#pragma once

#include <cstdint>
#include <span>

namespace entrepot::stock {

/// What one place has of a SKU, as far as a channel may know.
struct Figures {
  std::int32_t available = 0;    ///< may be below 0 in what another system tells
  std::int32_t safety_stock = 0; ///< units, not below 0
  bool excluded = false;         ///< the channel does not sell what lies there
};

/// Returns the sum of what the places that are not excluded have above their safety stock, less `threshold` (units that the channel keeps back of the whole); never
/// below 0. A place that has less than its safety stock takes nothing from the others.
std::int64_t offered(std::int32_t threshold, std::span<const Figures> places);

} // namespace entrepot::stock
