#include "gateways/imports/stock_import.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "domain/ids.hpp"
#include "domain/quantity.hpp"
#include "gateways/imports/online_retail.hpp"
#include "gateways/imports/references.hpp"

namespace entrepot::imports {
namespace {

constexpr std::array<std::string_view, 3> header = {"location", "sku", "units"};

std::optional<std::int64_t> units_of(std::string_view text) {
  std::int64_t units = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), units);
  if (error != std::errc{} || end != text.data() + text.size() || units < 1 || units > max_line_quantity)
    return {};
  return units;
}

} // namespace

bool StockImport::is_header(std::span<const std::string_view> fields) { return std::ranges::equal(fields, header, {}, online_retail::trimmed); }

void StockImport::add(std::span<const std::string_view> fields, std::uint32_t line) {
  auto& row = rows_.emplace_back(Row{.line = line, .location = {}, .sku = {}});
  auto refuse = [&](std::string code, std::string text) {
    row.state = Row::State::refused;
    row.why = {std::move(code), std::move(text)};
  };
  if (fields.size() != header.size())
    return refuse("columns-wrong", "The row has " + std::to_string(fields.size()) + " columns instead of 3.");
  row.location = online_retail::trimmed(fields[0]);
  row.sku = online_retail::trimmed(fields[1]);
  auto units = units_of(online_retail::trimmed(fields[2]));
  if (!LocationCode::from(row.location))
    refuse("location-invalid", "The location is not 1 to 64 letters, digits, '.', '_' or '-'.");
  else if (!Sku::from(row.sku))
    refuse("code-invalid", "The SKU is not 1 to 64 letters, digits, '.', '_' or '-'.");
  else if (!units)
    refuse("units-invalid", "The units are no whole number of 1 to 1,000,000.");
  row.units = units.value_or(0);
}

std::uint64_t StockImport::open() const {
  return static_cast<std::uint64_t>(std::ranges::count(rows_, Row::State::open, &Row::state));
}

void StockImport::send(Courier& courier, std::function<void()> progress) {
  Requests requests(courier, std::move(progress));
  std::map<std::string, Lines> by_location;
  for (std::size_t i = 0; i < rows_.size(); ++i)
    if (rows_[i].state == Row::State::open)
      by_location[rows_[i].location].push_back(i);
  for (const auto& [location, lines] : by_location)
    receive(requests, location, lines);
  while (!requests.empty())
    requests.send();
}

/// Rows of one SKU become one movement; their units are added.
void StockImport::receive(Requests& requests, const std::string& location, const Lines& lines) {
  std::map<std::string, Lines> by_sku;
  for (auto line : lines)
    by_sku[rows_[line].sku].push_back(line);
  for (auto next = by_sku.begin(); next != by_sku.end();) {
    std::vector<Movement> movements;
    std::vector<Lines> of;
    for (; next != by_sku.end() && movements.size() < limits::receipt_lines; ++next) {
      std::int64_t units = 0;
      for (auto line : next->second)
        units += rows_[line].units;
      movements.push_back({next->first, units});
      of.push_back(next->second);
    }
    auto row = receipt_row("stock/" + fingerprint(movements, location), {.location = location, .channel = ""}, movements);
    while (requests.is_full_for(row))
      requests.send();
    requests.put(row, [this, &requests, location, of = std::move(of)](const RowAnswer& answer) { answered(requests, location, of, answer); });
  }
}

/// A receipt is taken whole or not at all. If the server names the movements at fault, they go, and the rest is sent again under the name of what is left.
void StockImport::answered(Requests& requests, const std::string& location, const std::vector<Lines>& movements, const RowAnswer& answer) {
  auto settle = [&](const Lines& lines, Row::State state, const Refusal& why) {
    for (auto line : lines) {
      rows_[line].state = state;
      rows_[line].why = why;
    }
  };
  if (answer.status == RowAnswer::Status::done) {
    for (const auto& lines : movements)
      settle(lines, Row::State::accepted, {});
    return;
  }
  constexpr std::string_view prefix = "/receipt/movements/";
  auto named = false, all_named = true;
  for (const auto& fault : answer.faults)
    if (auto index = index_behind(prefix, fault.pointer); index && *index < movements.size()) {
      named = true;
      settle(movements[*index], Row::State::refused, fault.why);
    } else {
      all_named = false;
    }
  Lines left;
  for (const auto& lines : movements)
    std::ranges::copy_if(lines, std::back_inserter(left), [&](std::size_t line) { return rows_[line].state == Row::State::open; });
  if (named && all_named)
    return receive(requests, location, left);
  settle(left, Row::State::refused, answer.why);
}

} // namespace entrepot::imports
