// How a process's diary is stored.
#pragma once

#include <span>

#include "persistence/codecs/event_type.hpp"

namespace entrepot::codec {

/// Returns the types in the order of process::Event.
std::span<const EventType> types_of(const process::Event&);

} // namespace entrepot::codec
