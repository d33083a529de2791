#include "domain/stock/lag.hpp"

#include <algorithm>

namespace entrepot::stock {

Lag lag_of(LagBudget budget, Timestamp as_of, Timestamp now) {
  if (now < as_of)
    return {.behind = {}, .grade = LagGrade::ok, .skewed = true};
  const Duration behind = std::chrono::floor<std::chrono::seconds>(now - as_of);
  return {.behind = behind, .grade = behind <= budget.ok ? LagGrade::ok : behind <= budget.warn ? LagGrade::warn : LagGrade::breach};
}

void LagWatch::hear(Timestamp as_of) { as_of_ = std::max(as_of_, as_of); }

std::optional<LagChange> LagWatch::look(Timestamp now) {
  const bool is_breached = lag(now).grade == LagGrade::breach;
  if (is_breached == breached_)
    return {};
  breached_ = is_breached;
  return is_breached ? LagChange::breached : LagChange::recovered;
}

} // namespace entrepot::stock
