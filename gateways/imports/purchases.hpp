// Which units a customer has bought and not brought back yet: what a return is matched to.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace entrepot::imports {

/// Units of one line of one order.
struct BoughtUnits {
  std::uint32_t order = 0; ///< index of the caller's own
  std::int32_t line = 0;   ///< number of the order's line, from 1
  std::int32_t units = 0;
  bool operator==(const BoughtUnits&) const = default;
};

/// A part of a return: of one order's line.
struct ReturnPart {
  BoughtUnits of;
  std::int64_t credit = 0; ///< minor units
  bool operator==(const ReturnPart&) const = default;
};

class Purchases {
public:
  /// Customer and code, as numbers of the caller's own.
  using Key = std::pair<std::uint32_t, std::uint32_t>;

  /// Notes what was bought; later calls are newer purchases.
  void add(Key key, BoughtUnits bought);

  /// Takes `units` from the newest that have not come back, across orders, and splits `credit` over the parts by units, to the penny. Nothing, and nothing is
  /// taken, if there are not so many.
  std::optional<std::vector<ReturnPart>> take(Key key, std::int32_t units, std::int64_t credit);

  /// Gives back what was taken: the return did not happen. In the reverse order of taking, if there were several of one key.
  void give_back(Key key, const std::vector<ReturnPart>& parts);

private:
  std::map<Key, std::vector<BoughtUnits>> bought_; ///< oldest first
};

} // namespace entrepot::imports
