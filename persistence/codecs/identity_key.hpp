// How the claim of an identity key is stored.
#pragma once

#include <span>

#include "persistence/codecs/event_type.hpp"

namespace entrepot::codec {

/// Returns the types in the order of identity::Event.
std::span<const EventType> types_of(const identity::Event&);

} // namespace entrepot::codec
