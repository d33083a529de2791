// Steps behind the promise that concern the order as a whole: units without a place, cancellation, the end.
#pragma once

#include "workflows/engine/step.hpp"

namespace entrepot::workflow {

inline constexpr auto sourcing_patience = std::chrono::days{7}; ///< for a line that is delivered at home and that no place can send; then it is cancelled
using order::choice_patience;

/// Units that no place can send wait for better times or the customer's word, then they are cancelled.
Action cancel_units_without_place(const Family& family, int place, Timestamp now);
/// The cancellation is over when every place has answered.
Action settle_cancellation(const Family& family, int place, Timestamp now);
/// Returns whether a promised order has units that have not left and that somebody may still keep back, or of which nothing has left at all.
bool anything_can_be_stopped(const Family& family);
Action complete_order(const Family& family, int place, Timestamp now);

/// Goods without a place are cancelled at once: whoever takes the rest does not wait for them.
Action cancel_missing_units(const Family& family);

} // namespace entrepot::workflow
