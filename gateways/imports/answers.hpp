// What POST /v1/imports answers for each row.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateways/imports/refusal.hpp"

namespace entrepot::imports {

/// What became of one row at the server.
struct RowAnswer {
  enum class Status : std::uint8_t { done, refused, again };
  struct RefusedLine {
    std::int64_t line = 0; ///< of the row's lines, from 1
    Refusal why;
  };
  struct Fault {
    std::string pointer; ///< into the row, e.g. "/order/lines/0/quantity"
    Refusal why;
  };
  Status status = Status::again;
  std::optional<std::int64_t> position = {};
  bool replayed = false;
  std::string order = {};                     ///< "ord_...", of an order that is done
  std::optional<std::int64_t> total = {};     ///< of the lines that were taken, minor units
  std::vector<RefusedLine> refused_lines = {};
  Refusal why = {}; ///< of a row that is refused or to be sent again
  std::vector<Fault> faults = {};
};

/// Reads one line of the answer; nothing if it is none.
std::optional<RowAnswer> read_answer(std::string_view line);

/// Returns N of a pointer "PREFIX N" or "PREFIX N/...", e.g. 3 behind "/order/lines/" of "/order/lines/3/sku"; nothing if it is another.
std::optional<std::size_t> index_behind(std::string_view prefix, std::string_view pointer);

/// Returns "code: sentence" of a problem document; the beginning of the body if it is none.
std::string problem_text(std::string_view body);

} // namespace entrepot::imports
