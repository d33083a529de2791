// Holds, and what becomes of them: what they lead to, and how they are applied. What is refused, and what is done twice, stands at decide() in location.hpp.
#pragma once

#include "domain/stock/ledger.hpp"

namespace entrepot::stock {

Decision<Event> hold(const State& location, const Hold& command, Timestamp now);
Decision<Event> allocate(const State& location, const Allocate& command);
std::vector<Event> release(const State& location, const Release& command, Timestamp now);
std::vector<Event> shrink(const State& location, const Shrink& command);
std::vector<Event> issue(const State& location, const Issue& command);
std::vector<Event> transfer_out(const State& location, const TransferOut& command);
Decision<Event> transfer_in(const State& location, const TransferIn& command);
/// Returns a hash of what came from another place.
std::int64_t contents_of(const TransferredIn& event);

void apply(State& location, const Held& event, Timestamp at);
void apply(State& location, const Allocated& event);
void apply(State& location, const Released& event);
/// Returns the units to the shelf, less what is not to be had there.
void apply(State& location, const Shrunk& event);
void apply(State& location, const Issued& event, Timestamp at);
void apply(State& location, const TransferredOut& event, Timestamp at);
void apply(State& location, const TransferredIn& event, Timestamp at);
/// Sets the bar and forgets those whose time has passed: their holds would come too late anyway.
void apply(State& location, const HoldBarred& event, Timestamp at);

} // namespace entrepot::stock
