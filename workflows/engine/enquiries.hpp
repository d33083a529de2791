// How long a partner's answer is awaited, and how often an unknown outcome is enquired about.
#pragma once

#include <algorithm>
#include <array>

#include "domain/time.hpp"

namespace entrepot::workflow {

inline constexpr auto answer_patience = std::chrono::seconds{10}; ///< the adapter has its own, shorter time-out; this is for answers that are lost on the way
inline constexpr auto action_patience = std::chrono::minutes{15}; ///< for the customer to confirm a payment at the bank; the units stay held so long
inline constexpr auto unknown_at_most = std::chrono::hours{24};   ///< then a person is asked

/// Returns the pause before the next enquiry: 5 s, 30 s, 2 min, 10 min, then every hour.
inline Duration enquiry_pause(int enquiries) {
  using namespace std::chrono_literals;
  constexpr std::array<Duration, 5> pauses{5s, 30s, 2min, 10min, std::chrono::hours{1}};
  return pauses[static_cast<std::size_t>(std::clamp(enquiries, 0, 4))];
}

} // namespace entrepot::workflow
