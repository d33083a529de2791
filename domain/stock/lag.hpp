// How far what is visible here may lag behind what has happened elsewhere, by kind of data.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "domain/time.hpp"

namespace entrepot::stock {

/// Up to `ok` all is well, up to `warn` somebody should look; beyond is a breach. Whole seconds count.
struct LagBudget { Duration ok, warn; };
inline constexpr LagBudget stock_lag{std::chrono::seconds{60}, std::chrono::seconds{180}}, price_lag{std::chrono::seconds{240}, std::chrono::seconds{300}},
    status_lag{std::chrono::seconds{45}, std::chrono::seconds{60}}, bonus_lag{std::chrono::seconds{60}, std::chrono::seconds{120}};

enum class LagGrade : std::uint8_t { ok, warn, breach };

/// `skewed`: the source's clock goes ahead of ours; its lag counts as none.
struct Lag { Duration behind{}; LagGrade grade = LagGrade::ok; bool skewed = false; bool operator==(const Lag&) const = default; };

/// Returns how far a source lags that has told of everything up to `as_of`, when looked at `now`. A source that says nothing lags more with every second.
Lag lag_of(LagBudget budget, Timestamp as_of, Timestamp now);

enum class LagChange : std::uint8_t { breached, recovered };

/// Follows one source. A source that was never heard lags since it was `expected_since`.
class LagWatch {
public:
  LagWatch(LagBudget budget, Timestamp expected_since) : budget_(budget), as_of_(expected_since) {}
  /// The source has told of everything up to `as_of`: an event's time, or a heartbeat's.
  void hear(Timestamp as_of);
  /// Returns what has changed since the last look: each breach is told once, and each recovery.
  std::optional<LagChange> look(Timestamp now);
  Lag lag(Timestamp now) const { return lag_of(budget_, as_of_, now); }

private:
  LagBudget budget_;
  Timestamp as_of_;
  bool breached_ = false;
};

} // namespace entrepot::stock
