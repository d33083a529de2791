// How a fulfilment's events are stored.
#pragma once

#include <span>

#include "persistence/codecs/event_type.hpp"

namespace entrepot::codec {

/// Returns the types in the order of fulfilment::Event.
std::span<const EventType> types_of(const fulfilment::Event&);

} // namespace entrepot::codec
