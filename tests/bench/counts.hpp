// What became of the orders, in the bench's terms.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tests/bench/load.hpp"
#include "tests/bench/told.hpp"

namespace entrepot::bench {

enum class Outcome { confirmed, short_of_stock, failed };

struct Counts {
  std::uint64_t confirmed = 0, short_of_stock = 0;  ///< while measuring
  std::uint64_t confirmed_ever = 0, short_ever = 0; ///< warm-up and the last answers included
  std::uint64_t errors = 0;                         ///< ever: every answer that is neither, and every order without an answer
  std::vector<std::string> error_samples;           ///< the first three

  /// Judges an answer to an order: 201, or 200 for a repeated one, says confirmed; 409 stock-short is a proper "no"; anything else is an error, a 202
  /// too, since the client was ready to wait.
  Outcome take(const Answer& answer, const Told& said);
  void miss(std::string_view why);
};

} // namespace entrepot::bench
