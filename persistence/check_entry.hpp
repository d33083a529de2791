// What every journal demands of what it is given, whoever stores it.
#pragma once

#include "persistence/journal.hpp"

namespace entrepot::journal {

/// Throws BrokenInvariant if the entry could not be stored in one piece: another shard's streams in it, a creation or a person's key without an event.
void check_entry(const Entry& entry);

/// Throws BrokenInvariant unless the range lies in one shard and the portion fits it.
void check_load(StreamRange streams, const Portion& portion);
/// Throws BrokenInvariant unless the change has a cover and says whom to tell.
void check_save(const SnapshotChange& change);
/// Returns the bytes of its pages.
std::size_t weight(const SnapshotChange& change);

/// Returns how much of a batch or queue the entry takes: its events, at least 1.
inline std::size_t weight(const Entry& entry) { return entry.records.empty() ? 1 : entry.records.size(); }

/// Returns whether the entry writes anything. One that does not only waits its turn.
inline bool writes(const Entry& entry) { return !entry.records.empty() || entry.wake_up || entry.submission || !entry.person_keys.empty(); }

} // namespace entrepot::journal
