// Feeds: another system (a warehouse's, a till's) tells what lies at a place, in numbered messages.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "domain/stock/counts.hpp"

namespace entrepot::stock {

inline constexpr std::size_t max_feed_sources = 32; ///< of one location

/// A message of `source`. A delta tells by how much units changed, a reset how many there are; both as of `taken_at`. A delta of no lines is a sign of life. What
/// this place does by itself (issues, sales, receipts it was told of) is known here and is not told again. A reset speaks of the items it names, of no others.
struct Feed {
  std::string source;
  std::int64_t sequence = 0; ///< from 1, one more each time; a reset may skip numbers
  bool reset = false;
  Timestamp taken_at;
  std::vector<Movement> lines;
};

struct FeedMoved { std::string source; std::int64_t sequence = 0; Timestamp taken_at; std::vector<Movement> lines; bool operator==(const FeedMoved&) const = default; };
struct FeedReset { std::string source; std::int64_t sequence = 0; Timestamp taken_at; std::vector<Recount> lines; bool operator==(const FeedReset&) const = default; };

/// How far a source has come.
struct Source {
  std::int64_t sequence = 0;
  Timestamp taken_at; ///< as of when it has told
  bool operator==(const Source&) const = default;
};
using Sources = std::map<std::string, Source>;

} // namespace entrepot::stock
