// Units that were cut although somebody has them in hand: what that leads to, and how it is applied.
#pragma once

#include "domain/stock/ledger.hpp"

namespace entrepot::stock {

/// The order has them again, and keeps them: from now on nothing of its claim is cut. In their place the next newest claims are cut; where none is left that could give way, whoever
/// counted has not seen them, and they lie there beside what was counted. What has left by now is issued. Nothing: the claim has gone, or nothing of it was cut.
std::vector<Event> reclaim(const State& location, const Reclaim& command);
void apply(State& location, const Reclaimed& event);

} // namespace entrepot::stock
