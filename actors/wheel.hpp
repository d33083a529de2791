// The deadlines of one shard, in memory: a mirror of its wake-up rows.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include "domain/ids.hpp"

namespace entrepot::actors {

/// Thread-safe: actors set it, their shard empties it.
class Wheel {
public:
  /// Replaces the stream's deadline; nothing: it has none any more.
  void set(StreamId stream, std::optional<Timestamp> due);
  /// Takes out up to `limit` deadlines that are not after `now`, earliest first.
  std::vector<StreamId> take_due(Timestamp now, std::size_t limit);
  std::size_t size() const;
  /// Returns the earliest deadline; nothing: there is none.
  std::optional<Timestamp> next() const;

private:
  mutable std::mutex mutex_;
  std::set<std::pair<Timestamp, StreamId>> by_time_;
  std::unordered_map<StreamId, Timestamp> by_stream_;
};

} // namespace entrepot::actors
