// What PostgreSQL takes as text.
#pragma once

#include <string_view>

namespace entrepot::journal {

/// Returns whether the text is UTF-8 (no surrogates, no overlong forms, up to U+10FFFF) without NUL.
bool is_storable(std::string_view text);

} // namespace entrepot::journal
