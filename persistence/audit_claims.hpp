// What locations keep for orders, held against what the orders say.
#pragma once

#include <functional>
#include <vector>

#include "persistence/audit.hpp"
#include "persistence/audit_family.hpp"
#include "persistence/audit_named.hpp"

namespace entrepot::audit {

/// Contradictions: an order's claims are all it should have, or none; a confirmed order has them; there is none of an order that is not. `orders` in order of
/// family; `readable`: whether a location's events could be folded, so that what it keeps is known.
void compare_claims(const std::vector<OrderDigest>& orders, std::vector<ClaimDigest> claims, const std::function<bool(StreamId place)>& readable, Report& report);

} // namespace entrepot::audit
