// What the journal holds of a run: how many rows an order costs, and how many commits stand one behind the other before it is confirmed.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "domain/ids.hpp"

namespace entrepot::bench {

/// Where every shard ended at some moment.
struct Mark {
  std::vector<std::int64_t> heads; ///< by shard
  bool operator==(const Mark&) const = default;
};

struct Rows {
  std::int64_t orders = 0, of_families = 0, of_locations = 0; ///< orders submitted; events of order families; events of the bench's warehouse
  double per_order() const { return orders == 0 ? 0 : static_cast<double>(of_families + of_locations) / static_cast<double>(orders); }
};

/// One order's way to its confirmation.
struct Way {
  int rows_to_answer = 0;               ///< of its family and the location, up to OrderConfirmed
  int commits_deep = 0;                 ///< distinct transactions among them
  std::vector<std::string> event_types; ///< all that there are by now: its family's in order, then its location's
};

/// Reads the journal's tables. Every function throws std::runtime_error if the database cannot be read.
class Stored {
public:
  explicit Stored(const std::string& database);
  ~Stored();

  Mark mark();
  /// Waits until the journal stands still (what follows a confirmation has been written), at most 3 s if somebody else keeps writing, and returns
  /// where.
  Mark settled();
  /// Counts what was stored behind `from` up to `to`.
  Rows rows(const Mark& from, const Mark& to, LocationCode location);
  /// Follows an order that was made behind `from`; nothing if it is not confirmed.
  std::optional<Way> way_of(OrderId order, const Mark& from, LocationCode location);

private:
  struct Connection;
  std::unique_ptr<Connection> connection_;
};

} // namespace entrepot::bench
