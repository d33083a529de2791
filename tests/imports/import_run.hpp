// An import of lines of a file to a server, with a clock that moves by its pauses only.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "gateways/imports/orders_import.hpp"
#include "tests/imports/book.hpp"
#include "tests/imports/fake_imports.hpp"

namespace entrepot::imports {

/// A courier to the server whose pauses take no time.
struct PatientCourier {
  explicit PatientCourier(const FakeImports& server, std::chrono::milliseconds patience = limits::patience)
      : courier({.post = post_to(server.url(), "secret"), .now = [this] { return clock; },
                 .pause = [this](std::chrono::milliseconds pause) { pauses.push_back(pause); clock += pause; },
                 .waiting = [this](const std::string& why) { reasons.push_back(why); }}, patience) {}

  std::chrono::steady_clock::time_point clock = {};
  std::vector<std::chrono::milliseconds> pauses;
  std::vector<std::string> reasons;
  Courier courier;
};

struct ImportRun : PatientCourier {
  explicit ImportRun(const FakeImports& server, const std::string& lines, OrdersImport::Options options = {}, std::chrono::milliseconds patience = limits::patience)
      : PatientCourier(server, patience), book(book_of(lines)), importing(book, courier, options, {}) {}

  /// What became of a row, from 0.
  std::string code(std::uint32_t row) const {
    auto& found = book.row(row);
    return found.state == SalesBook::State::refused ? book.refusal(found).code : found.state == SalesBook::State::accepted ? "accepted" : "open";
  }

  SalesBook book;
  OrdersImport importing;
};

/// Everything that was sent of a kind, in order.
inline std::vector<nlohmann::json> sent(const FakeImports& server, const std::string& kind) {
  std::vector<nlohmann::json> found;
  for (const auto& request : server.requests())
    for (const auto& item : request)
      if (item.contains(kind))
        found.push_back(item[kind]);
  return found;
}

} // namespace entrepot::imports
