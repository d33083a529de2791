// The OpenAPI 3.1 document, as it stands in openapi.json.
#pragma once

#include <string_view>

namespace entrepot::api {

/// Returns the whole document; it is part of the program (CMake makes openapi_text.cpp of the file).
std::string_view openapi_text();

} // namespace entrepot::api
