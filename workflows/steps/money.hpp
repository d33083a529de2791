// Steps that take the customer's money, bill it and give it back. What is agreed on order is taken before the promise; what is due when goods leave, before they
// do; what is due by invoice, when they have arrived. Of goods that go in several parcels each parcel costs what is in it, and what was paid before counts first.
#pragma once

#include "workflows/engine/step.hpp"

namespace entrepot::workflow {

inline constexpr auto capture_patience = std::chrono::minutes{2};     ///< a card asked for later than that is not charged any more
inline constexpr auto another_card_within = std::chrono::minutes{15}; ///< after a decline; the units stay held so long
inline constexpr auto link_patience = std::chrono::minutes{30};       ///< for a customer to pay by link, where the channel says nothing else; the units stay held so long
inline constexpr auto parcel_waits_for_card = std::chrono::hours{24}; ///< packed, and its card declined; then the order is cancelled
inline constexpr int max_refunds = 5;                                 ///< tried for one instalment; then a person pays it back

inline constexpr std::string_view charged_back_hold = "charge_back"; ///< reason for which an order is put on hold

/// Until the promise.
Action take_money_due_on_order(const Family& family, int place, Timestamp now);
Action give_money_back(const Family& family, Timestamp now);

/// Before goods leave: a card is charged when the parcel is packed, or at the counter.
Action take_money_due_on_issue(const Family& family, int place, Timestamp now);
/// Returns the instalment that must be paid, at least in part, before these units leave `place` and is not; nullptr if there is none.
const payment::Tender* due_on_issue(const Family& family, int place, const std::vector<order::LineUnits>& leaving);

/// What the plan asks for or holds beyond the value of the order is taken off, credited or given back: what is not paid yet first, and the last instalment first.
Action fit_plan_to_value(const Family& family, int place, Timestamp now);
/// What has arrived is billed, or taken from the card, as far as it is not paid; with the last units all that is still due.
Action settle_instalments(const Family& family, int place, Timestamp now);
/// Money that the customer's bank has taken back: nothing of the order leaves before a person has decided.
Action freeze_if_charged_back(const Family& family, int place, Timestamp now);
/// Returns whether nothing of the plan is due, under way or to be given back any more.
bool is_settled(const payment::State& plan);

} // namespace entrepot::workflow
