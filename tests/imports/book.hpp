// A book of sales from lines of a file.
#pragma once

#include <string>

#include "gateways/imports/csv_rows.hpp"
#include "gateways/imports/sales_book.hpp"

namespace entrepot::imports {

/// A book of these lines, which stand behind the header.
inline SalesBook book_of(const std::string& lines) {
  SalesBook book;
  CsvRows csv([&](std::span<const std::string_view> fields, std::uint32_t line) { book.add(fields, line + 1); });
  csv.take(lines);
  csv.end();
  book.close();
  return book;
}

} // namespace entrepot::imports
