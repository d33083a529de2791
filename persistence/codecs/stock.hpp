// How a stock location's events are stored.
#pragma once

#include <span>

#include "persistence/codecs/event_type.hpp"

namespace entrepot::codec {

/// Returns the types in the order of stock::Event.
std::span<const EventType> types_of(const stock::Event&);

} // namespace entrepot::codec
