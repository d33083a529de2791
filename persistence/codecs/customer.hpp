// How a customer's events are stored.
#pragma once

#include <span>

#include "persistence/codecs/event_type.hpp"

namespace entrepot::codec {

/// Returns the types in the order of customer::Event.
std::span<const EventType> types_of(const customer::Event&);

} // namespace entrepot::codec
