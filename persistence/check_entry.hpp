// What every journal demands of an entry, whoever stores it.
#pragma once

#include "persistence/journal.hpp"

namespace entrepot::journal {

/// Throws BrokenInvariant if the entry could not be stored in one piece: another shard's streams in it, a creation or a person's key without an event.
void check_entry(const Entry& entry);

/// Returns how much of a batch or queue the entry takes: its events, at least 1.
inline std::size_t weight(const Entry& entry) { return entry.records.empty() ? 1 : entry.records.size(); }

/// Returns whether the entry writes anything. One that does not only waits its turn.
inline bool writes(const Entry& entry) { return !entry.records.empty() || entry.wake_up || entry.submission || !entry.person_keys.empty(); }

} // namespace entrepot::journal
