// Parcels that do not arrive (F14): lost or damaged on the way, their goods are sent once more if there are any; sent back, the goods are restocked. What the
// customer does not get costs nothing.
#pragma once

#include "workflows/engine/step.hpp"

namespace entrepot::workflow {

/// What came back whole is in the stock of its place again.
Action restock(const Family& family, int place, Timestamp now);
bool is_restocked(const Family& family, int place);
Action note_restocked(const Family& family, int place, Timestamp now);
/// The order hears that the units of a parcel will not arrive.
Action tell_order_of_loss(const Family& family, int place, Timestamp now);

/// What was lost is sent again from the place that the order names, once for each loss; where places are found by rules, look_for_other_places() does it.
Action send_again(const Family& family, int place, Timestamp now);
/// Returns why units did not arrive, as a code; empty: none were lost.
std::string why_lost(const Family& family);
/// Returns whether all goods that have no place were sent once and lost.
bool were_lost(const Family& family);

} // namespace entrepot::workflow
