// The rows of POST /v1/imports, as they are sent: one JSON object a line.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "domain/time.hpp"

namespace entrepot::imports {

/// A row with the sender's own count, which grows from row to row.
struct ImportRow {
  std::int64_t position = 0;
  std::string json; ///< without the line's end
};

struct ProductText {
  std::string_view sku, name;
};
struct Movement {
  std::string sku;
  std::int64_t units = 0;
};
/// Where a receipt goes: to a location, or to the one that a channel ships from.
struct Place {
  std::string_view location, channel; ///< one of them
};
struct OrderLine {
  std::string_view sku;
  std::int32_t quantity = 0;
  std::int64_t total = 0;     ///< pence, of the whole line
  bool service = false;
  std::string_view name = {}; ///< of a service
};
struct OrderText {
  std::string_view channel, number, customer, country; ///< the last two may be empty
  Timestamp at;
  std::vector<OrderLine> lines;
};
struct ReturnLine {
  std::string_view order; ///< "ord_..."
  std::int32_t line = 0;  ///< from 1
  std::int32_t quantity = 0;
  std::int64_t credit = 0; ///< pence
};
struct ReturnText {
  std::string_view reference, channel;
  Timestamp at;
  std::vector<ReturnLine> parts;
};

// Each returns a row without its position.
std::string product_row(const ProductText& product);
std::string receipt_row(std::string_view reference, const Place& place, std::span<const Movement> movements);
std::string order_row(const OrderText& order);
std::string return_row(const ReturnText& text);
/// Returns the row as it is sent.
ImportRow at_position(std::int64_t position, std::string_view row);

/// Returns the text with everything replaced by '?' that is not UTF-8 or a control character, cut at a character after `max_bytes` at most.
std::string readable(std::string_view text, std::size_t max_bytes);

} // namespace entrepot::imports
