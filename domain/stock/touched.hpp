// Which SKUs' counters an event changes: for whoever keeps a picture of a location.
#pragma once

#include "domain/stock/location.hpp"

namespace entrepot::stock {

/// Returns the SKUs of which there may be more or less at the location after `event`; `before` is its state before it. A SKU may stand there twice.
std::vector<Sku> touched_by(const State& before, const Event& event);

} // namespace entrepot::stock
