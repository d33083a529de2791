// Countries, by the codes of ISO 3166.
#pragma once

#include <string_view>

namespace entrepot {

/// Whether `code` looks like a country's: two capital letters, e.g. "GB".
constexpr bool is_country(std::string_view code) {
  return code.size() == 2 && code[0] >= 'A' && code[0] <= 'Z' && code[1] >= 'A' && code[1] <= 'Z';
}

} // namespace entrepot
