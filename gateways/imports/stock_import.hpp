// Takes a file of stock, `location,sku,units`, to the server as receipts.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gateways/imports/requests.hpp"

namespace entrepot::imports {

class StockImport {
public:
  struct Row {
    std::uint32_t line = 0;
    std::string location, sku;
    std::int64_t units = 0;
    enum class State : std::uint8_t { open, accepted, refused } state = State::open;
    Refusal why = {};
  };

  /// Whether these are the names of the columns.
  static bool is_header(std::span<const std::string_view> fields);
  /// Reads a row; one that cannot be read is refused.
  void add(std::span<const std::string_view> fields, std::uint32_t line);

  /// Sends all of it, a location's rows in receipts that are named by what is in them: a receipt sent before changes nothing. Every row is accepted or refused
  /// when it returns. `progress` is called after each request; may be empty. Throws ImportStopped.
  void send(Courier& courier, std::function<void()> progress);

  const std::vector<Row>& rows() const { return rows_; }
  std::uint64_t open() const;

private:
  using Lines = std::vector<std::size_t>;
  void receive(Requests& requests, const std::string& location, const Lines& lines);
  void answered(Requests& requests, const std::string& location, const std::vector<Lines>& movements, const RowAnswer& answer);

  std::vector<Row> rows_;
};

} // namespace entrepot::imports
