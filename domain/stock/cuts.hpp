// Claims that can no longer be kept: the oldest are, the newest give way (F36).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/stock/item.hpp"

namespace entrepot::stock {

/// What has shown that fewer units lie there than are claimed; or an order whose units are in somebody's hand takes those of another.
enum class CutCause : std::uint8_t { count, sale, feed, in_hand };
std::string_view name_of(CutCause cause);
std::optional<CutCause> cut_cause_from(std::string_view name);

/// Units of an order's claim that it does not get. The claim keeps the rest.
struct Cut {
  OrderId order;
  std::int32_t round = 0, line = 0;
  Item item;
  Quantity quantity;
  Quantity left = {}; ///< of the line, all in all: still claimed, or gone to the customer already
  bool operator==(const Cut&) const = default;
};

/// `reference`: the count, the receipt, the feed or the order that has shown it. The newest claims first.
struct ClaimsCut { CutCause cause = CutCause::count; std::string reference; std::vector<Cut> lines; bool operator==(const ClaimsCut&) const = default; };

/// What one order loses by an event.
struct OrderCut { OrderId order; std::int32_t round = 0; std::vector<Cut> lines; bool operator==(const OrderCut&) const = default; };
/// Returns the cuts by order and round, in the order in which they first stand in the event: the n-th is always the same, so (shard, position, n) names it.
std::vector<OrderCut> cuts_by_order(const ClaimsCut& event);

} // namespace entrepot::stock
