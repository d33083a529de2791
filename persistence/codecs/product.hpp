// How a product's events are stored.
#pragma once

#include <span>

#include "persistence/codecs/event_type.hpp"

namespace entrepot::codec {

/// Returns the types in the order of product::Event.
std::span<const EventType> types_of(const product::Event&);

} // namespace entrepot::codec
