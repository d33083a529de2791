// How a channel's events are stored.
#pragma once

#include <span>

#include "persistence/codecs/event_type.hpp"

namespace entrepot::codec {

/// Returns the types in the order of channel::Event.
std::span<const EventType> types_of(const channel::Event&);

} // namespace entrepot::codec
