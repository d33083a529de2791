#include "domain/stock/moves.hpp"

#include <algorithm>

namespace entrepot::stock {

void Moves::note(Move move, Timestamp now) {
  move.at = std::min(move.at, now); // a clock that goes ahead
  if (move.at > known_since)
    moves.insert(std::ranges::upper_bound(moves, move.at, {}, &Move::at), move);
  auto first_kept = std::ranges::upper_bound(moves, now - count_horizon, {}, &Move::at);
  if (moves.end() - first_kept > static_cast<std::ptrdiff_t>(remembered_moves))
    first_kept = moves.end() - static_cast<std::ptrdiff_t>(remembered_moves);
  if (first_kept != moves.begin())
    known_since = std::max(known_since, std::prev(first_kept)->at);
  moves.erase(moves.begin(), first_kept);
  std::erase_if(moves, [this](const Move& one) { return one.at <= known_since; }); // of one moment, of which some were forgotten
}

void Moves::count_taken(Timestamp at) {
  counted_at = std::max(counted_at, at);
  known_since = std::max(known_since, at);
  std::erase_if(moves, [at](const Move& one) { return one.at <= at; });
}

std::int64_t Moves::since(Timestamp at) const {
  std::int64_t sum = 0;
  for (auto move = std::ranges::upper_bound(moves, at, {}, &Move::at); move != moves.end(); ++move)
    sum += move->units;
  return sum;
}

} // namespace entrepot::stock
