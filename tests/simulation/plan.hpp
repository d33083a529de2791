// What is to be simulated.
#pragma once

#include <climits>
#include <cstdint>

namespace entrepot::simulation {

struct Plan {
  std::uint64_t seed = 1;
  int orders = 10'000; ///< customers who come in all
  int days = 30;
  int first = INT_MAX; ///< of them; the others stay at home: up to there the story is the same
};

} // namespace entrepot::simulation
