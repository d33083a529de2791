// Rows of comma-separated values (RFC 4180: quoted fields may hold commas, quotes and line ends), piece by piece as the text comes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "gateways/imports/text_source.hpp"

namespace entrepot::imports {

inline constexpr std::size_t csv_field_bytes = 64 * 1024; ///< longest field; a longer one means that a quote is never closed

class CsvRows {
public:
  /// Is given the fields of a row and the line of the text on which it begins, from 1. The fields live until it returns. Blank lines are no rows.
  using OnRow = std::function<void(std::span<const std::string_view> fields, std::uint32_t line)>;
  explicit CsvRows(OnRow on_row);
  ~CsvRows();

  /// Takes the next piece, cut wherever. Throws SourceError if a field is longer than csv_field_bytes.
  void take(std::string_view piece);
  /// The text is over: hands out a last row that no line end follows.
  void end();

private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Reads a source to its end. Throws SourceError.
void read_csv(TextSource& source, const CsvRows::OnRow& on_row);

/// Returns the field as it stands in a row, quoted if it must be.
std::string csv_field(std::string_view text);

} // namespace entrepot::imports
