// Whence goods are brought to a store where a customer wants to fetch them and it has none: a pure decision, like that of which places ship.
#pragma once

#include <span>

#include "domain/sourcing/decision.hpp"

namespace entrepot::sourcing {

inline constexpr auto transfer_preparation = std::chrono::hours{2}; ///< of the source's opening hours, until the goods have left
inline constexpr auto taking_in = std::chrono::hours{2};            ///< of the store's opening hours, until they are ready for the customer
inline constexpr std::string_view ship_to_store = "ship to store";  ///< how the rule is called in a choice

/// When goods that are asked for at a moment leave the source, are at the store, and are ready there.
struct TransferTimes { Timestamp leave_by, there_by, ready_by; };
TransferTimes transfer_times(const stock::Profile& source, const stock::Profile& store, Duration transit, Timestamp now);

/// Returns the place that brings everything to `demand.to_store`: by the first of `sources` with a place that has it all; of several the nearest to the store, then the one whose
/// code comes first. Never the store itself, nor who is barred, full for the day or not heard of. No parts: nobody. Check: the demand has lines and a store.
Choice choose_transfer(const Demand& demand, std::span<const TransferSource> sources, std::span<const Place> places, Timestamp now);

} // namespace entrepot::sourcing
