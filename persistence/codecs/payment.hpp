// How a payment plan's events are stored.
#pragma once

#include <span>

#include "persistence/codecs/event_type.hpp"

namespace entrepot::codec {

/// Returns the types in the order of payment::Event.
std::span<const EventType> types_of(const payment::Event&);

} // namespace entrepot::codec
