// What the routes of webhook endpoints share: who may ask, whom they ask, and how.
#pragma once

#include <functional>

#include "gateways/api/desk.hpp"

namespace entrepot::api {

/// Refuses `out-of-scope`: endpoints are told of the whole installation, so a key confined to a part of it may not manage or see them.
std::optional<Rejection> scope_fault(const Principal& principal);

/// Answers the call with what `act` makes of the registry, on the registry's thread; 503 if that cannot be reached, or too much waits.
void ask_registry(const Shared& inside, const Call& call, std::function<http::Response(webhook::Registry&)> act);

} // namespace entrepot::api
