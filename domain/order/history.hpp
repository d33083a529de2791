// What belongs to the past: orders that another system took and that were brought in later.
#pragma once

#include <chrono>

#include "domain/time.hpp"

namespace entrepot::order {

/// An order goes through its day here within minutes, a carrier's late word comes within hours; what is older when it is recorded has been history elsewhere.
inline constexpr auto history_after = std::chrono::days{1};

/// Whether what happened then was history when it was recorded: nobody is told of it any more, and no carrier is asked.
constexpr bool is_history(Timestamp happened, Timestamp recorded) { return happened < recorded - history_after; }

} // namespace entrepot::order
