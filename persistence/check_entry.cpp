#include "persistence/check_entry.hpp"

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

} // namespace entrepot::journal
