// Committed events for tests, without actors.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "domain/events.hpp"
#include "persistence/codec.hpp"
#include "persistence/memory_journal.hpp"

namespace entrepot::tests {

inline Timestamp instant(std::string_view text) { return *from_rfc3339(text); }

/// Returns the record of an event, as an actor hands it over; `decoded` false: as it is read back.
inline journal::Record recorded(StreamId stream, std::int32_t seq, const AnyEvent& event, Timestamp at, bool decoded = true) {
  auto encoded = codec::encode(event);
  journal::Record record;
  record.stream = stream;
  record.seq = seq;
  record.type = encoded.type;
  record.version = encoded.version;
  record.at = at;
  record.command = {1, static_cast<std::uint64_t>(seq)};
  record.metadata = "{}";
  record.data = encoded.data;
  if (decoded)
    record.event = std::make_shared<const AnyEvent>(event);
  return record;
}

/// A journal in memory into which tests write events directly.
class Happened {
public:
  explicit Happened(bool decoded = true) : decoded_(decoded) {}

  /// Commits one event of a stream; its seq follows the stream's last.
  void event(StreamId stream, const AnyEvent& event, Timestamp at = instant("2026-03-10T09:00:00Z")) { events({{stream, event}}, at); }

  /// Commits events of one shard together.
  void events(const std::vector<std::pair<StreamId, AnyEvent>>& happened, Timestamp at = instant("2026-03-10T09:00:00Z")) {
    journal::Entry entry;
    entry.actor = happened.front().first;
    entry.activation = 1;
    for (const auto& [stream, event] : happened)
      entry.records.push_back(recorded(stream, ++seq_[stream], event, at, decoded_));
    raw(std::move(entry));
  }

  void raw(journal::Entry entry) {
    entry.done = [](journal::Verdict) {};
    memory.append(std::move(entry));
    memory.run();
  }

  /// Returns the head of the stream's shard.
  std::int64_t head(StreamId stream) const { return static_cast<std::int64_t>(memory.store().shards[static_cast<std::size_t>(shard_of(stream))].size()); }

  journal::MemoryJournal memory;

private:
  bool decoded_;
  std::map<StreamId, std::int32_t> seq_;
};

} // namespace entrepot::tests
