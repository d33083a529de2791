// Steps until the promise, and how they are taken back.
#pragma once

#include "workflows/engine/step.hpp"

namespace entrepot::workflow {

inline constexpr auto hold_review = std::chrono::hours{72};            ///< for a person to decide about an order on hold; then it is given up
inline constexpr auto credit_asked_again = std::chrono::minutes{15};   ///< at the latest, while an order waits for the customer's credit
inline constexpr std::string_view credit_hold = "credit_limit";        ///< reason for which an order is put on hold

Action hold_units(const Family& family, int place, Timestamp now);
Action free_units(const Family& family, Timestamp now);
/// Whoever pays later does so within the customer's credit; what does not fit puts the order on hold until it does, or somebody lets it pass.
Action reserve_credit(const Family& family, int place, Timestamp now);
Action free_credit(const Family& family, Timestamp now);
std::optional<Action> credit_is_short(const Family& family, int round, const Rejection& why, Timestamp now);
/// Of a cancelled order nothing will be billed.
Action free_credit_of_cancelled(const Family& family, int place, Timestamp now);
/// The credit is there now: what kept the order back is gone.
Action end_credit_hold(const Family& family, int place, Timestamp now);
/// Nothing goes on while a person is to decide; after `hold_review` the order is given up.
Action await_release(const Family& family, int place, Timestamp now);

/// A price that staff may not give by themselves is approved before any money moves.
Action await_price_approval(const Family& family, Timestamp now);

Action promise(const Family& family, int place, Timestamp now);
bool promised(const Family& family, int place);

} // namespace entrepot::workflow
