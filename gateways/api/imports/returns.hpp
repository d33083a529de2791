// A return of the past: units that customers brought back come into the stock, and what was billed for them is credited.
#pragma once

#include "gateways/api/imports/outcome.hpp"
#include "gateways/api/imports/rows.hpp"

namespace entrepot::api::imports {

/// Books all parts, or none: each order keeps the units apart, its place takes them in, the order has them back, its plan credits the amount. A row sent again goes on where it
/// was. Refused: `order-unknown`, `out-of-scope`, `quantity-exceeded` (more than were delivered and have not come back), `credit-exceeds-bill`.
void import_return(const Shared& inside, const gateway::Origin& origin, ReturnRow row, Done done);

} // namespace entrepot::api::imports
