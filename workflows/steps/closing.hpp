// Steps behind the promise that concern the order as a whole: units without a place, money, cancellation, the end.
#pragma once

#include "workflows/engine/step.hpp"

namespace entrepot::workflow {

inline constexpr auto sourcing_patience = std::chrono::days{7}; ///< for a line that is delivered at home and that no place can send; then it is cancelled
using order::choice_patience;
inline constexpr int max_refunds = 5;                           ///< tried for one instalment; then a person pays it back

/// Units that no place can send wait for better times or the customer's word, then they are cancelled.
Action cancel_units_without_place(const Family& family, int place, Timestamp now);
/// What the plan asks for or holds beyond the value of the order is taken off, credited or given back; the last instalment first.
Action fit_plan_to_value(const Family& family, int place, Timestamp now);
/// When every unit has arrived or is cancelled: accounts are billed, cards are charged.
Action settle_instalments(const Family& family, int place, Timestamp now);
/// The cancellation is over when every place has answered.
Action settle_cancellation(const Family& family, int place, Timestamp now);
/// Returns whether a promised order has units that have not left and that somebody may still keep back, or of which nothing has left at all.
bool anything_can_be_stopped(const Family& family);
Action complete_order(const Family& family, int place, Timestamp now);

/// Money that is due when goods leave, before they do: a card is charged when the parcel is packed, or at the counter.
Action take_money_due_on_issue(const Family& family, int place, Timestamp now);
/// Returns the instalment that must be paid before goods leave and is not; nullptr if there is none.
const payment::Tender* due_on_issue(const Family& family);

} // namespace entrepot::workflow
