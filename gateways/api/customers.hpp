// What the endpoints about customers share.
#pragma once

#include "gateways/api/resolution.hpp"

namespace entrepot::api {

inline constexpr std::size_t identities_of_a_request = 20;

/// Returns the refusal of a key that belongs to another customer, named if it is known.
Rejection identity_taken(const Owned& taken);

} // namespace entrepot::api
