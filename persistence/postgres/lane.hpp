// A lane: one thread, one connection, its own shards. Whatever is queued while a statement is under way becomes the next one.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <set>
#include <thread>

#include "persistence/activations.hpp"
#include "persistence/journal.hpp"
#include "persistence/postgres/append.hpp"
#include "persistence/postgres/connection.hpp"

namespace entrepot::journal::postgres {

inline constexpr std::size_t max_batch_entries = 1024;            ///< those without events take no room among the events
inline constexpr std::size_t max_batch_bytes = 4 * 1024 * 1024;   ///< of events in one statement, unless one entry alone has more
inline constexpr std::size_t max_entry_bytes = 64 * 1024 * 1024;  ///< an entry with more is dropped

struct LaneOptions {
  std::string conninfo;
  Uuid incarnation{};
  std::int16_t lane = 0;
  std::function<std::uint64_t()> random;
  std::chrono::nanoseconds close_patience{};               ///< for a database that does not answer, once the lane is closing
  std::function<bool()> may_answer;                        ///< the node's lease, by its clock
  std::function<void(int, std::span<const Record>)> publish; ///< committed records of a shard
  std::function<void(const std::string&)> fenced;          ///< this node has lost its right to write
};

/// Returns the name under which a lane's connection is known to PostgreSQL, by which a take-over finds it.
std::string lane_application_name(const Uuid& incarnation, int lane);

class Lane {
public:
  /// Connects and takes the lane's row. Throws ConnectionLost, StatementFailed, or Fenced. Call start() when the heads are known.
  explicit Lane(LaneOptions options);
  ~Lane();

  void start(const Heads& heads);
  void append(Entry entry);
  /// Calls `then` when everything appended before is settled; at once, on this thread, if nothing is.
  void after_queued(std::function<void()> then);
  /// No more appends; what is queued is stored.
  void close();
  /// Returns whether the lane ended before it had stored all it took. After join().
  bool ended_early() const { return ended_early_; }
  /// No more appends; what is queued is unavailable. Does not wait.
  void stop();
  void join();

  /// The lane's row does not say what it must: another has taken over.
  struct Fenced : std::runtime_error {
    using std::runtime_error::runtime_error;
  };

private:
  struct GaveUp {};

  void work();
  std::vector<Item> gather();
  void admit(std::span<Item> items);
  void settle(std::span<Item> items);
  void strike_out(std::span<Item> items);
  void drop(Item& item);
  bool survive(const StatementFailed& failure, std::span<Item> items);
  void halve(std::span<Item> items);
  bool settle_unknown(std::span<Item> items);
  void connect();
  void take_row();
  void ensure_connected();
  void pause();
  bool impatient() const;
  void be_patient_from_now();
  void commit(std::span<Item> items);
  void release(std::vector<Item>& batch);
  void end_all(std::span<Item> items, bool sent_unsettled);

  const LaneOptions options_;
  std::unique_ptr<Connection> connection_;
  LaneKey key_;
  Heads heads_{};
  AppendStatement statement_;
  Activations activations_;
  std::set<std::pair<StreamId, std::uint64_t>> closed_in_batch_;
  Backoff backoff_;
  bool unsettled_ = false; ///< a batch was sent and its outcome is not known
  std::array<std::vector<Record>, shard_count> committed_;

  std::mutex mutex_; ///< guards what follows
  std::condition_variable changed_;
  std::deque<Item> queue_;
  std::size_t queued_events_ = 0;
  bool in_flight_ = false, waiting_ = false, closing_ = false;
  Activations refused_;
  std::atomic<bool> stopped_{false}, ended_early_{false};
  std::atomic<std::int64_t> give_up_at_{0}; ///< of the steady clock, in nanoseconds; 0: never
  std::thread thread_;
};

} // namespace entrepot::journal::postgres
