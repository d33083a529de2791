// Which activations of actors may still write. An actor decides ahead of the disk: when one of its entries fails, all it decided after rests on something
// that never happened, and must not be stored.
#pragma once

#include <cstdint>
#include <vector>

#include "persistence/journal.hpp"
#include "persistence/recent.hpp"

namespace entrepot::journal {

inline constexpr std::size_t remembered_closures = 100'000; ///< closed activations; forgotten at the actor's next, or when twice as many are newer
inline constexpr std::size_t remembered_actors = 50'000;    ///< whose next numbers are known; behind them only the database tells a second writer

class Activations {
public:
  /// Returns whether the entry may be stored, called in the order of the entries: its activation is open, none newer was seen, and its records follow the
  /// last accepted ones of their streams in this activation. If they do not, the activation is closed.
  bool admit(const Entry& entry);

  /// Returns whether the entry's activation, or one after it, was closed.
  bool closed(const Entry& entry);

  /// Whatever this activation still sends is refused.
  void close(const Entry& entry);

private:
  struct Seen {
    std::uint64_t activation = 0;
    std::vector<std::pair<StreamId, std::int32_t>> last; // a handful: the streams of one family
  };
  static bool follows(Seen& seen, const Record& record);

  Recent<StreamId, std::uint64_t> closed_{remembered_closures};
  Recent<StreamId, Seen> seen_{remembered_actors};
};

} // namespace entrepot::journal
