// How an order's events are stored.
#pragma once

#include <span>

#include "persistence/codecs/event_type.hpp"

namespace entrepot::codec {

/// Returns the types in the order of order::Event.
std::span<const EventType> types_of(const order::Event&);

} // namespace entrepot::codec
