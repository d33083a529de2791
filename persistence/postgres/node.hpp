// A node's place in the database: its registration, its heartbeat, the shards it owns, and the end of those before it.
#pragma once

#include <atomic>
#include <filesystem>
#include <thread>
#include <vector>

#include "persistence/journal.hpp"
#include "persistence/postgres/connection.hpp"

namespace entrepot::journal::postgres {

inline constexpr std::chrono::seconds heartbeat_interval{1};
inline constexpr std::chrono::seconds lease_ttl{5};
inline constexpr std::chrono::seconds lease_margin{1};      ///< for clocks that run at different rates, and for the way of an answer
inline constexpr std::chrono::milliseconds answer_patience{1500}; ///< a heartbeat unanswered for so long: the database does not answer
inline constexpr std::chrono::seconds fence_lock_wait{1};   ///< for statements in flight; then their backends are terminated
inline constexpr std::chrono::seconds take_over_patience{30}; ///< then opening the journal fails

/// A lock on the folder of a node's state, held by the operating system as long as the process lives: two of them on one machine never share a name.
class FolderLock {
public:
  /// Throws NodeRunning if another process holds it.
  explicit FolderLock(const std::filesystem::path& folder);
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

private:
  int file_;
};

// What a node does to get its shards, each a committed step of its own. All throw ConnectionLost or StatementFailed.

/// Makes the node's row and those of its lanes, in one statement; lane rows are never made later.
void register_node(Connection& connection, const Uuid& incarnation, const std::string& name, int lanes);
/// Declares the older incarnations of `name` dead and fences their lanes. Waits for their statements in flight; a backend that does not end is terminated.
void fence_predecessors(Connection& connection, const Uuid& incarnation, const std::string& name);
/// Declares this node dead of its own will: what it owns can be claimed at once.
void leave(Connection& connection, const Uuid& incarnation);
/// Takes every shard that has no owner or a dead one. Returns the shards this node owns.
std::vector<int> claim_shards(Connection& connection, const Uuid& incarnation);
/// Returns where the shards stand. Only right in a statement that began after the fence was committed.
std::vector<ShardHead> read_heads(Connection& connection, const std::vector<int>& shards);

struct LeaseOptions {
  std::string conninfo;
  Uuid incarnation{};
  std::function<std::chrono::nanoseconds()> monotonic;
  std::function<void(const std::string&)> fenced;
};

/// The heartbeat, on a thread and connection of its own, and what it proves.
class Lease {
public:
  explicit Lease(LeaseOptions options);
  ~Lease();

  /// Beats once on the caller's thread, then goes on by itself. Throws if the first fails.
  void start();
  void stop();
  /// Returns whether the last heartbeat that succeeded was sent less than ttl - margin ago.
  bool alive() const;
  /// Returns whether the database answers: the lease is alive, the last heartbeat came through and none has been waiting too long for its answer. A server
  /// that dies hangs up, which is heard at once; one that only falls silent is found out by the next heartbeat.
  bool is_answered() const;
  void revoke() { valid_until_ = 0; revoked_ = true; }

private:
  bool beat();
  bool beat_twice();
  bool rest();
  void work();

  const LeaseOptions options_;
  std::unique_ptr<Connection> connection_;
  std::atomic<std::int64_t> valid_until_{0}; ///< nanoseconds of the monotonic clock
  std::atomic<bool> revoked_{false};
  std::atomic<bool> cut_off_{false};       ///< the last heartbeat failed
  std::atomic<std::int64_t> asked_at_{0};  ///< when the heartbeat under way was begun; 0: none is
  int stop_;                               ///< an eventfd: readable when this is to end
  std::thread thread_;
};

} // namespace entrepot::journal::postgres
