// How what becomes of transfers is stored.
#pragma once

#include <span>

#include "persistence/codecs/event_type.hpp"

namespace entrepot::codec {

/// Returns the types in the order of transfer::Event.
std::span<const EventType> types_of(const transfer::Event&);

} // namespace entrepot::codec
