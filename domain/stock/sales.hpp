// Sales at the till: units that leave the shelf in the customer's hands.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "domain/money.hpp"
#include "domain/stock/item.hpp"
#include "domain/time.hpp"

namespace entrepot::stock {

struct SaleLine { Item item; Quantity quantity; Money price; bool operator==(const SaleLine&) const = default; };

/// A receipt. What was sold while the till was `offline` is a fact and is never refused for lack of stock. An empty owner is the location's own.
struct Sell { std::string till, receipt; Timestamp occurred_at; std::vector<SaleLine> lines; bool offline = false; };

/// A line that was sold. `oversold`: so many of the units did not lie there by our figures, which is an alarm: somebody should count. `in_count`: a count taken later
/// has seen the shelf without them, so they change nothing.
struct SoldLine {
  Item item;
  Quantity quantity;
  Money price;
  std::int32_t oversold = 0;
  bool in_count = false;
  bool operator==(const SoldLine&) const = default;
};
struct Sold { std::string till, receipt; Timestamp occurred_at; std::vector<SoldLine> lines; bool offline = false; bool operator==(const Sold&) const = default; };

} // namespace entrepot::stock
