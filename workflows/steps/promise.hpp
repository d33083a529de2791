// Steps until the promise, and how they are taken back.
#pragma once

#include "workflows/engine/step.hpp"

namespace entrepot::workflow {

inline constexpr auto capture_patience = std::chrono::minutes{2};     ///< a card asked for later than that is not charged any more
inline constexpr auto another_card_within = std::chrono::minutes{15}; ///< after a decline; the units stay held so long

Action hold_units(const Family& family, int place, Timestamp now);
Action free_units(const Family& family, Timestamp now);
Action take_money_due_on_order(const Family& family, int place, Timestamp now);
Action give_money_back(const Family& family, Timestamp now);
Action promise(const Family& family, int place, Timestamp now);
bool promised(const Family& family, int place);

/// Returns the question that takes a scheduled instalment from the customer's card.
Tell capture(const Family& family, const payment::Tender& tender, Timestamp now);

} // namespace entrepot::workflow
