// Gathers rows to requests of a good size and hands each row's answer to whoever put it in.
#pragma once

#include <functional>
#include <vector>

#include "gateways/imports/courier.hpp"

namespace entrepot::imports {

class Requests {
public:
  using Answered = std::function<void(const RowAnswer&)>;

  /// `sent` is called after each request, when all its answers were handed out.
  Requests(Courier& courier, std::function<void()> sent) : courier_(courier), sent_(std::move(sent)) {}

  /// Whether the request under way is too large for one more row.
  bool is_full_for(const std::string& row) const {
    return rows_.size() >= limits::request_rows || (!rows_.empty() && bytes_ + row.size() + position_bytes > limits::request_bytes);
  }
  /// Puts a row (without its position) into the request under way, which is not full for it.
  void put(const std::string& row, Answered then);
  /// Sends what is there, if there is anything; rows that are put meanwhile belong to the next request. Throws ImportStopped.
  void send();
  bool empty() const { return rows_.empty(); }

private:
  static constexpr std::size_t position_bytes = 40; ///< what a row's position and line end take at most
  Courier& courier_;
  std::function<void()> sent_;
  std::int64_t position_ = 0;
  std::vector<ImportRow> rows_;
  std::vector<Answered> then_;
  std::size_t bytes_ = 0;
};

} // namespace entrepot::imports
