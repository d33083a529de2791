// SHA-256, for what must be recognised again without being kept.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string_view>

namespace entrepot::api {

using Digest = std::array<std::uint8_t, 32>;

/// Returns the SHA-256 of the parts, a NUL between them if there are several.
Digest sha256(std::initializer_list<std::string_view> parts);

} // namespace entrepot::api
