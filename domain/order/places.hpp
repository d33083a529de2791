// What the places of an order have come to, and how much of it the order has heard. `place` is the child of the fulfilment or pickup.
#pragma once

#include "domain/order/family.hpp"

namespace entrepot {

/// Returns the work of a place, whether it ships or hands over; nullptr if it has none.
const fulfilment::Work* work_of(const Family& family, int place);
/// Returns whether its goods have left for the customer, by parcel or over the counter.
bool has_left(const Family& family, int place);
/// Returns whether the order has heard that the place's units were issued, or delivered.
bool has_heard(const Family& family, int place, bool order::Heard::*what);
/// Returns the units of the place's lines that do not go on and of which the order has not heard.
std::vector<order::LineUnits> units_unheard_of(const Family& family, int place);

} // namespace entrepot
