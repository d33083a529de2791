// What the customer of a pickup chooses when a store cannot give the units: another store or a delivery, never another place unasked.
#pragma once

#include "domain/order/places.hpp"
#include "workflows/engine/step.hpp"

namespace entrepot::workflow {

/// The store, or the place that sends, that the customer's choice leads to is the order's next place; once. Where the rules find who sends, look_for_other_places() does it.
Action carry_out_choice(const Family& family, int place, Timestamp now);

/// Returns whether an order has a number left for another place.
bool has_room(const Family& family);

/// Returns whether units without a place are sent from where the rules find them: the order is sourced, or the customer chose a delivery by them.
bool is_sent_by_rules(const Family& family);

} // namespace entrepot::workflow
