// The journal in memory: the same contract, for tests, simulation and a first look. Driven by hand it is deterministic and has no thread.
#pragma once

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "persistence/activations.hpp"
#include "persistence/journal.hpp"

namespace entrepot::journal {

/// What outlives a journal, as a database outlives a process. Give the same one to the next journal to play a restart.
struct MemoryStore {
  std::array<std::vector<Record>, shard_count> shards;       ///< position p is at index p - 1
  std::map<std::pair<StreamId, std::int32_t>, std::int64_t> positions; ///< of (stream, seq)
  std::map<StreamId, Timestamp> wake_ups;
  std::map<std::pair<int, Digest>, Submission> submissions;  ///< by (shard, pair)
  std::map<std::pair<int, Digest>, Timestamp> submitted_at;  ///< of the same
  std::map<StreamId, PersonKey> person_keys;
  std::map<StreamId, std::map<std::int32_t, Page>> snapshots; ///< by stream and number
};

enum class Drive : std::uint8_t {
  by_hand,   ///< nothing is stored or released until step(); everything happens on the caller's thread
  by_thread, ///< a thread stores and releases, as PostgreSQL's lanes do
};

struct MemoryOptions {
  Drive drive = Drive::by_hand;
  std::shared_ptr<MemoryStore> store = {}; ///< none: a new one
  std::size_t batch_events = max_batch_events;
  std::size_t queued_events = max_queued_events;
};

class MemoryJournal : public Journal {
public:
  explicit MemoryJournal(MemoryOptions options = {});
  /// What is still queued is neither stored nor released, as in a crash; close() first to end in order.
  ~MemoryJournal() override;

  void append(Entry entry) override;
  void load(StreamRange streams, std::function<void(std::optional<History>)> done, Portion portion = {}) override;
  void save(SnapshotChange change) override;
  void find(int shard, const Digest& pair, std::function<void(std::optional<std::optional<Submission>>)> done) override;
  std::vector<ShardHead> claimed() override;
  void on_commit(std::function<void(int shard, std::span<const Record>)> listener) override;
  std::vector<Record> read(int shard, std::int64_t after, std::size_t limit) override;
  SweptPage forget_submissions(int shard, Timestamp before, const Digest& after, std::size_t most) override;
  bool may_answer() const override;
  bool is_reachable() const override { return may_answer(); }
  void close() override;

  /// Stores the next batch and releases it; a snapshot if no batch is queued. Returns false if nothing was.
  bool step();
  /// Steps until nothing is queued. Returns the number of batches.
  int run();
  std::size_t queued() const;

  // Faults, for tests.
  /// The next entry of this actor that reaches the store is not stored: it is dropped and its activation closed.
  void drop_next(StreamId actor);
  /// While true, appends are refused as if the queue were full.
  void refuse_appends(bool refuse);
  /// While true, loads and look-ups are answered with nothing, and read() throws Unavailable.
  void refuse_reads(bool refuse);
  /// While true, snapshots are not stored.
  void refuse_saves(bool refuse);
  /// While true, may_answer() is false, as if the node had lost its lease.
  void lose_lease(bool lost);

  const MemoryStore& store() const { return *store_; }

private:
  struct Item {
    Entry entry;
    std::function<void()> then; ///< instead of an entry: what waits behind those queued before it
    Verdict verdict = Verdict::dropped;
  };
  History read(StreamRange streams, const Portion& portion) const;
  std::vector<Item> gather();
  void store(Item& item);
  bool can_store(const Entry& entry) const;
  bool save_next();
  bool replace(const SnapshotChange& change);
  void publish(const std::vector<std::pair<int, std::int64_t>>& before);
  void work();

  const MemoryOptions options_;
  std::shared_ptr<MemoryStore> store_;
  std::function<void(int, std::span<const Record>)> listener_;
  Activations activations_;

  mutable std::mutex mutex_; ///< guards what follows and the store
  std::condition_variable changed_;
  std::deque<Item> queue_;
  std::deque<SnapshotChange> saves_;
  std::size_t queued_events_ = 0;
  bool in_flight_ = false, closing_ = false, crashed_ = false;
  bool refuse_appends_ = false, refuse_reads_ = false, refuse_saves_ = false, lease_lost_ = false;
  Activations refused_;
  std::multiset<StreamId> drop_next_;
  std::thread thread_;
};

} // namespace entrepot::journal
