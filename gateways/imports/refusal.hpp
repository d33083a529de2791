// Why a row of a file is not taken: for the report.
#pragma once

#include <string>

namespace entrepot::imports {

struct Refusal {
  std::string code; ///< kebab-case, ours or the server's
  std::string text; ///< a sentence for people
  auto operator<=>(const Refusal&) const = default;
};

} // namespace entrepot::imports
