// How a pickup's events are stored.
#pragma once

#include <span>

#include "persistence/codecs/event_type.hpp"

namespace entrepot::codec {

/// Returns the types in the order of pickup::Event.
std::span<const EventType> types_of(const pickup::Event&);

} // namespace entrepot::codec
