// What a member of an order's family decides, with what the rest of the family knows.
#pragma once

#include "domain/order/family.hpp"

namespace entrepot::workflow {

/// Returns what a command to the member `child` causes. Beyond what the member refuses itself: `units-issued` (nothing of the order can be stopped any more), `order-on-hold` (nothing leaves before
/// somebody has released it), `payment-due`, `payment-declined` (the money due when goods leave is not ours). Check: the command is one that the member understands.
Decision<AnyEvent> decide(const Family& family, int child, const AnyCommand& command, Timestamp now);

} // namespace entrepot::workflow
