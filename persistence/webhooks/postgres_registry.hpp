// Endpoints and their deliveries in PostgreSQL.
#pragma once

#include <memory>
#include <string>

#include "domain/webhook/registry.hpp"

namespace entrepot::webhook {

/// How far an endpoint has been told stands in `checkpoint` under this name.
std::string checkpoint_name(const std::string& endpoint);

/// Over a connection of its own, opened with the first call. Throws journal::Unavailable where the port says so.
std::unique_ptr<Registry> open_postgres_registry(std::string conninfo);

} // namespace entrepot::webhook
