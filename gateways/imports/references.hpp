// Names for what is received, the same at each run: a receipt whose name is known changes nothing at the server.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "gateways/imports/import_rows.hpp"

namespace entrepot::imports {

/// Returns 16 hex digits of the SHA-256 of all movements, in their order.
std::string fingerprint(std::span<const Movement> movements, std::string_view location = {});

} // namespace entrepot::imports
