// The rules of the format "online-retail": what a single row means. The whole table of codes, with their counts, is in this folder's README.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "domain/time.hpp"
#include "gateways/imports/refusal.hpp"

namespace entrepot::imports::online_retail {

inline constexpr std::array<std::string_view, 8> header = {"InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"};
inline constexpr std::size_t invoice_bytes = 48; ///< what the API takes of a number, less the line that a return adds

/// A row, field by field as the file has it.
struct Row {
  std::string_view invoice, code, description, quantity, time, price, customer, country;
};

enum class Kind : std::uint8_t {
  refused,
  goods,   ///< a line of an order
  service, ///< a line of an order that needs no stock: postage, carriage
  back     ///< what came back, of goods or services: row of a C-invoice
};

/// What a row means by itself.
struct Reading {
  Kind kind = Kind::refused;
  Refusal refusal = {};               ///< if it is refused
  std::optional<Timestamp> at = {};   ///< also of refused rows, if it can be read
  std::string_view sku = {};          ///< trimmed, letters as written
  std::int32_t quantity = 0;          ///< units, positive also of what came back
  std::int64_t total = 0;             ///< of the row, in pence, half-up; positive also of what came back
};

/// Applies the rules to one row. Whether it is accepted also depends on its invoice and on the server.
Reading read(const Row& row);

/// Whether the invoice cancels: its rows came back.
bool is_cancellation(std::string_view invoice);

/// Returns the ISO 3166 code of a country that the format names; empty if it is none ("Unspecified", "European Community") or several ("Channel Islands").
std::string_view country_code(std::string_view name);

std::string_view trimmed(std::string_view text);

// Refusals that need more than the row.
Refusal columns_wrong(std::size_t columns);
Refusal customer_differs();
Refusal no_goods();
Refusal too_many_lines();
Refusal return_unmatched();

} // namespace entrepot::imports::online_retail
