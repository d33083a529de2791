// Binds pages into a snapshot. The cover says how many there are and gives a checksum over all of them, so that pages that do not belong together are never
// taken for a state, however they came to lie side by side.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "persistence/snapshots/pages.hpp"

namespace entrepot::snapshot {

/// What is kept beside state and requests.
struct Cover {
  std::int32_t seq = 0; ///< the event after which the state was so
  Timestamp last_at{};  ///< of the events up to it, the latest
};

/// The pages of a snapshot that was loaded. They are valid as long as it.
struct Opened {
  Cover cover;
  std::span<const journal::Page> state, remembered;
};

/// Knows what the last snapshot of one stream consists of. For one thread.
class Binder {
public:
  /// Returns the pages; nothing if the cover cannot be read or the pages are not those it was bound with. The next snapshot rests on this one.
  std::optional<Opened> open(const journal::Snapshot& snapshot);

  /// Whether a snapshot is on its way to the journal: it must be heard of before the next one is bound.
  bool busy() const { return *state_ == State::under_way; }
  /// Whether the next snapshot can rest on nothing: all pages must be written.
  bool needs_all() const { return *state_ == State::nothing; }

  /// Returns what turns the last snapshot into this one. Check: not busy.
  journal::SnapshotChange bind(StreamId stream, const Cover& cover, Changes changes);

private:
  enum class State { nothing, under_way, stored };
  void take(const journal::Page& page);
  void drop(std::int32_t number);

  std::shared_ptr<std::atomic<State>> state_ = std::make_shared<std::atomic<State>>(State::nothing); ///< shared with the journal's answer
  std::map<std::int32_t, std::uint64_t> digests_; ///< of all pages but the cover, by number
  std::uint64_t checksum_ = 0;                    ///< all of them together
  std::string cover_;                             ///< data of the last cover
};

} // namespace entrepot::snapshot
