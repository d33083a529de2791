// The rows of an import, read and checked for form.
#pragma once

#include <variant>

#include "gateways/api/desk.hpp"
#include "gateways/api/order_request.hpp"

namespace entrepot::api::imports {

struct ProductRow { product::Definition product; };
struct ReceiptRow { LocationCode location; std::string reference; std::vector<stock::Movement> movements; Timestamp occurred_at; };
/// An order of the past, delivered long ago.
struct OrderRow { OrderRequest request; std::string digest; };
struct ReturnPart { OrderId order; std::int32_t line = 0; Quantity quantity; Money credit; };
struct ReturnRow { std::string reference; ChannelCode channel; Timestamp occurred_at; std::vector<ReturnPart> parts; };

struct Row {
  std::optional<std::int64_t> position; ///< nothing: it cannot be read either
  std::variant<Rejection, ProductRow, ReceiptRow, OrderRow, ReturnRow> content;
};

/// Reads one line of the body. What is wrong with it stands in the row.
Row read_row(std::string_view line, const Principal& principal, const order::Definitions& definitions, Timestamp now);

/// Returns the place that a channel's orders are sent from; nothing if there is no such channel, or it delivers nothing.
std::optional<LocationCode> ships_from(const ChannelCode& channel, const order::Definitions& definitions);

} // namespace entrepot::api::imports
