// One value for every event there is, for tests of what is stored.
#pragma once

#include <string>
#include <vector>

#include "domain/events.hpp"

namespace entrepot::tests {

/// An event that a sample file in released_events/ holds as it was stored.
struct Sample {
  std::string file; ///< "<type>.v<version>[.<variant>].json"
  AnyEvent event;   ///< what today's program must read from it
};

/// Returns every released type in every version.
std::vector<Sample> samples();

/// Returns an order's agreement with two goods lines and transport, every field in use.
order::Agreement full_agreement();

} // namespace entrepot::tests
