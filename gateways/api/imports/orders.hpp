// An order of the past: taken through the very commands that a customer and the staff give, each at the time at which it happened.
#pragma once

#include "gateways/api/imports/outcome.hpp"
#include "gateways/api/imports/rows.hpp"

namespace entrepot::api::imports {

/// Makes the order, without the lines that cannot be had or are not there, has its goods sent and delivered, and answers when it is completed. Refused: nothing of it
/// was taken. An order that is there already goes on from where it is, and changes nothing if it is complete.
void import_order(const Shared& inside, const gateway::Origin& origin, OrderRow row, Done done);

} // namespace entrepot::api::imports
