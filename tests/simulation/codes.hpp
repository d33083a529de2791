// The codes that open pickups, as the simulated shop sends them.
#pragma once

#include "domain/fulfilment/pickup.hpp"

namespace entrepot::simulation {

/// Returns the right code of each issue.
inline pickup::Codes codes_of(StreamId pickup) {
  pickup::Codes codes;
  for (std::size_t issue = 0; issue < codes.size(); ++issue)
    codes[issue] = std::to_string(stable_hash(std::to_string(pickup.value) + "/" + std::to_string(issue)) % 900'000 + 100'000);
  return codes;
}

} // namespace entrepot::simulation
