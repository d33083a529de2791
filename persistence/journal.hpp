// The journal: what has happened, for ever, in order. The port; PostgreSQL and memory stand behind it and pass one contract suite.
//
// A shard's events have dense positions, given by the lane that owns the shard when it sends them. What an actor hands over is an Entry: the events of
// one decision with everything that must be stored with them, and what is to be released when, and only when, they are stored.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "domain/events.hpp"
#include "domain/ids.hpp"
#include "domain/time.hpp"

namespace entrepot::journal {

/// An event as it is stored.
struct Record {
  StreamId stream;
  std::int32_t seq = 0;           ///< from 1, dense in its stream
  std::int64_t pos = 0;           ///< from 1, dense in its shard; given by the lane
  std::string type;               ///< e.g. "OrderSubmitted"; released names never change
  std::int16_t version = 1;       ///< of the type's data
  Timestamp at;
  CommandId command;              ///< what caused it, so that it is done once
  std::string causation;          ///< "<stream>/<seq>" of the event before it in the story; empty: a person's or partner's command
  std::string metadata;           ///< JSON: who, occurred_at, trace; never personal data
  std::string data;               ///< JSON
  std::shared_ptr<const AnyEvent> event; ///< decoded, where it has just been decided; not stored
};

/// A stream's one wake-up: its earliest deadline. No `due`: none any more.
struct WakeUp {
  StreamId stream;
  std::optional<Timestamp> due;
};

using Digest = std::array<std::uint8_t, 16>;

/// The identity of a creation: (channel, external number) or (client, key), and what it asked for.
struct Submission {
  Digest pair{};
  Digest body{};
  StreamId family;
  bool for_ever = false; ///< external numbers stay, others go after submission_memory
};

/// How long a creation without external number is remembered. Whoever repeats it later makes a new order.
inline constexpr std::chrono::days submission_memory{30};

/// A page of a shard's creations, gone through for old ones.
struct SweptPage {
  std::size_t looked_at = 0, forgotten = 0;
  std::optional<Digest> last; ///< where the next page begins; none: the shard has no more
};

/// The key that seals a person's data.
struct PersonKey {
  StreamId person; ///< the customer's stream, or a guest order's family
  std::array<std::uint8_t, 32> key{};
};

enum class Verdict : std::uint8_t {
  committed,
  dropped,     ///< not stored, never will be: this activation is closed, the actor must end and replay
  unavailable, ///< not stored: the queue is full, the journal ends, or the shard is not this node's; if the entry wrote anything, its activation is closed
};

/// The outcome of one decision. `records` may be empty: then it only waits its turn, as a read that must not see what might not last.
struct Entry {
  StreamId actor;               ///< the stream the actor is addressed by; its shard orders the entry
  std::uint64_t activation = 0; ///< grows with every activation of the actor
  std::vector<Record> records;
  std::optional<WakeUp> wake_up;
  std::optional<Submission> submission;
  std::vector<PersonKey> person_keys;
  /// Called once, on the lane's thread, in the order of the shard's entries. Must not block and not throw. What is refused at once, because the queue is
  /// full or its activation was refused before, is answered on the caller's thread, before append() returns. If the journal ends before the outcome of a
  /// statement could be told, it is not called.
  std::function<void(Verdict)> done;
};

/// Where a shard stands when it is claimed.
struct ShardHead {
  int shard = 0;
  std::int64_t pos = 0;                      ///< of its last event
  std::vector<WakeUp> wake_ups;
  std::vector<StreamId> newest_families;     ///< newest family of each slice that has any, so that a number is never minted twice
};

/// A part of a stream's folded state. What is on it is its writer's affair; `type` and `version` tell how to read it.
struct Page {
  std::int32_t number = 0; ///< the cover is page 0: its seq is the snapshot's
  std::int16_t version = 1;
  std::int32_t seq = 0;    ///< the event after which it was written
  std::string type;
  std::string data;        ///< at most max_page_bytes, unless one item alone has more
  bool operator==(const Page&) const = default;
};

/// A stream's state as of an event: only a cache, which may be deleted at any time. Pages by number, the cover first.
struct Snapshot {
  std::vector<Page> pages;
  std::int32_t seq() const { return pages.front().seq; }
};

/// What turns one snapshot into the next: stored whole or not at all.
struct SnapshotChange {
  StreamId stream;
  /// Data of the cover on which the unchanged pages rest: if another stands there, nothing is stored. None: `pages` are all, and whatever stands there goes.
  std::optional<std::string> base;
  std::vector<Page> pages;        ///< the changed ones, the cover among them
  std::vector<std::int32_t> gone; ///< numbers of pages that are no more
  std::function<void(bool stored)> done; ///< called at most once, on a thread of the journal or the caller's; must not block and not throw
};

/// The history of one actor, in (stream, seq) order.
struct History {
  std::vector<Record> records;
  std::optional<Snapshot> snapshot = {}; ///< if it was asked for and stands there, as it stands there: the reader judges it. The records begin behind it
  bool more = false;                     ///< there may be further events
};

/// How much of a history is wanted. For a range of one stream only: a snapshot and numbers are a stream's.
struct Portion {
  bool from_snapshot = false;    ///< begin with the snapshot, if there is one
  std::int32_t after = 0;        ///< else behind this number
  std::size_t most = SIZE_MAX;   ///< events, roughly: then `more` is set
};

/// Streams from `first` to `last`, both included; one shard.
struct StreamRange {
  StreamId first, last;
};

class Journal {
public:
  virtual ~Journal() = default;

  /// Queues an entry. Never blocks. Entries of one shard are stored and released in the order of their append.
  virtual void append(Entry entry) = 0;

  /// Loads a history, with everything that was appended to its shard before the call; `done` is called on a thread of the journal, with nothing if the journal cannot be read now. Requests that wait together are read together.
  virtual void load(StreamRange streams, std::function<void(std::optional<History>)> done, Portion portion = {}) = 0;

  /// Stores a snapshot of state whose events are stored; never blocks, never delays an append. Whoever is refused, because another snapshot stands there, too
  /// much is waiting or the database does not answer, has lost nothing but time: `done(false)`.
  virtual void save(SnapshotChange change) = 0;

  /// Looks up a creation; `done` gets the row, or nothing in it; the outer nothing: the journal cannot be read now.
  virtual void find(int shard, const Digest& pair, std::function<void(std::optional<std::optional<Submission>>)> done) = 0;

  /// The shards this node owns, as of its start. Called once, before the first append.
  virtual std::vector<ShardHead> claimed() = 0;

  /// Called with every committed batch, per shard in order, on the lane's thread before the entries are released. Set before the first append.
  virtual void on_commit(std::function<void(int shard, std::span<const Record>)> listener) = 0;

  /// Reads up to `limit` events of a shard behind `after`, in order of position. Blocks; for projectors and tools on their own threads. Throws Unavailable.
  virtual std::vector<Record> read(int shard, std::int64_t after, std::size_t limit) = 0;

  /// Forgets creations of a shard that are not for ever and were stored before `before`, of the `most` that follow `after` in the order of their pairs. A shard of
  /// another node's is left alone. Blocks; for a thread of its own. Throws Unavailable.
  virtual SweptPage forget_submissions(int shard, Timestamp before, const Digest& after, std::size_t most) = 0;

  /// Returns whether this node may still answer from memory: its lease is alive (checked after the state was read).
  virtual bool may_answer() const = 0;

  /// Returns whether the database answered when it was last asked, so that what is appended now is likely stored. Hears of a broken connection at once.
  virtual bool is_reachable() const = 0;

  /// Stores what is queued, then stops. Further appends are `unavailable`.
  virtual void close() = 0;
};

/// The journal cannot be reached now.
struct Unavailable : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Limits, named.
inline constexpr std::size_t max_batch_events = 256;   ///< events in one statement
inline constexpr std::size_t max_queued_events = 20'000; ///< in one lane; beyond it appends are `unavailable`
inline constexpr std::size_t max_page_bytes = 64 * 1024; ///< of a snapshot's page, unless one item alone has more
inline constexpr std::size_t max_waiting_saves = 256;                     ///< snapshots on their way; beyond it they are refused
inline constexpr std::size_t max_waiting_save_bytes = 256 * 1024 * 1024;  ///< of their pages, unless nothing else is on its way

} // namespace entrepot::journal
