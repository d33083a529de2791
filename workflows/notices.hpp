// What the customer is told when something happens to an order.
#pragma once

#include <string>

#include "domain/order/family.hpp"

namespace entrepot::workflow {

/// Returns the words of the notice that `event`, after which the order is `family`, causes; empty: the customer is not told. Names no person and no code: whoever sends it adds the code of a pickup.
std::string notice_of(const AnyEvent& event, const Family& family, int child = 0);

} // namespace entrepot::workflow
