#include "persistence/check_entry.hpp"

#include <algorithm>

#include "domain/check.hpp"

namespace entrepot::journal {

void check_entry(const Entry& entry) {
  const int shard = shard_of(entry.actor);
  check(static_cast<bool>(entry.done), "an entry says whom to tell");
  for (const auto& record : entry.records)
    check(shard_of(record.stream) == shard && record.seq > 0, "an entry's events are numbered from 1 and belong to the shard of its actor");
  check(!entry.wake_up || shard_of(entry.wake_up->stream) == shard, "a wake-up belongs to the shard of its actor");
  check(!entry.submission || shard_of(entry.submission->family) == shard, "a creation belongs to the shard of its actor");
  for (const auto& key : entry.person_keys)
    check(shard_of(key.person) == shard, "a person's key belongs to the shard of its actor");
  check(!entry.records.empty() || (!entry.submission && entry.person_keys.empty()), "a creation and a person's key are stored with an event");
}

void check_load(StreamRange streams, const Portion& portion) {
  check(streams.first <= streams.last && shard_of(streams.first) == shard_of(streams.last), "a history is read from one shard");
  check(streams.first == streams.last || (!portion.from_snapshot && portion.after == 0), "a snapshot and numbers are a stream's");
  check(portion.most > 0, "a history is read to get on");
}

void check_save(const SnapshotChange& change) {
  check(static_cast<bool>(change.done), "a snapshot says whom to tell");
  const bool has_cover = std::ranges::any_of(change.pages, [](const Page& page) { return page.number == 0; });
  check(has_cover, "a snapshot has a cover");
}

std::size_t weight(const SnapshotChange& change) {
  std::size_t bytes = 0;
  for (const auto& page : change.pages)
    bytes += page.data.size();
  return bytes;
}

} // namespace entrepot::journal
