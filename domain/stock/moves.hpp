// What has changed an item's units on hand of late: a count that comes late is put right by what has moved since it was taken (F35).
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "domain/time.hpp"

namespace entrepot::stock {

inline constexpr Duration count_horizon = std::chrono::hours{24};   ///< how late a count may come
inline constexpr std::size_t remembered_moves = 256;                ///< of one item; a count older than the oldest of them comes too late

/// Units that came (above 0) or went (below) at a moment.
struct Move { Timestamp at; std::int32_t units = 0; bool operator==(const Move&) const = default; };

struct Moves {
  std::vector<Move> moves; ///< the oldest first
  Timestamp known_since;   ///< what moved later is all here
  Timestamp counted_at;    ///< when the newest count was taken: what moved until then is in it
  bool operator==(const Moves&) const = default;

  /// Notes a move. `now`: when it is recorded, which may be later than it happened; moves older than the horizon are forgotten.
  void note(Move move, Timestamp now);
  /// Somebody has counted: what moved until then is in the count, and no older one is taken.
  void count_taken(Timestamp at);

  /// Whether all is known that moved after `at`, and no newer count has been taken.
  bool reaches_back_to(Timestamp at) const { return at >= known_since && at >= counted_at; }
  /// Returns by how much the units on hand changed after `at`.
  std::int64_t since(Timestamp at) const;
};

} // namespace entrepot::stock
