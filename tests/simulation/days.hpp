// Random days: a seed plays customers, staff, carriers and thieves; then everybody goes home, and whatever is left must come to its end.
#pragma once

#include <string>

#include "tests/simulation/plan.hpp"

namespace entrepot::simulation {

struct Outcome {
  bool sound = false;
  std::string trouble;    ///< what was found: the seed, the day, and the story of the order
  std::string told;       ///< figures for people
  std::uint64_t digest = 0; ///< of the whole journal: the same for the same plan
};

/// Plays the days of `plan` and judges them.
Outcome play(const Plan& plan);

} // namespace entrepot::simulation
