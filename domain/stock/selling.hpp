// Sales at the till: what they lead to, and how they are applied.
#pragma once

#include "domain/stock/ledger.hpp"

namespace entrepot::stock {

std::int64_t reference_key(const Sold& event);

/// Units that nobody is promised go first, also suspended and damaged ones: the customer has them in hand. Then the newest claims are cut. Refuses `quantity-invalid`
/// (no line, no unit), `receipt-reused` (the till has sold something else as that receipt); unless the till was offline, `stock-short` (nothing lies there) and
/// `stock-reserved` (all that lies there is promised).
Decision<Event> sell(const State& location, const Sell& command);
void apply(State& location, const Sold& event, Timestamp at);

} // namespace entrepot::stock
