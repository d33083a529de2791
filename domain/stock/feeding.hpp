// Feeds: what a message leads to, and how it is applied.
#pragma once

#include "domain/stock/counting.hpp"
#include "domain/stock/lag.hpp"

namespace entrepot::stock {

/// A number that was seen before changes nothing. What a feed tells is a fact: claims that can no longer be kept are cut, no live hold is dropped otherwise. Refuses
/// `feed-gap` (a delta that is not the next one; the text names the one expected: the source sends a reset), `quantity-invalid`, `lines-invalid` (an item twice),
/// `feed-in-future`, `count-too-old` (a reset, as a count), `too-many-feeds`.
Decision<Event> feed(const State& location, const Feed& command, Timestamp now);
void apply(State& location, const FeedMoved& event, Timestamp at);
void apply(State& location, const FeedReset& event, Timestamp at);

} // namespace entrepot::stock
