// Stores snapshots, one after the other, on a thread and a connection of its own: no append ever waits for one.
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "persistence/journal.hpp"
#include "persistence/postgres/connection.hpp"

namespace entrepot::journal::postgres {

inline constexpr std::chrono::seconds save_patience{30}; ///< for one snapshot's statement; then it is given up

class SnapshotWriter {
public:
  /// The thread starts at once; it connects when it has something to store.
  explicit SnapshotWriter(std::string conninfo);
  ~SnapshotWriter();

  /// Queues a change. Never blocks; beyond the limits it is refused at once, on the caller's thread.
  void save(SnapshotChange change);

  /// Stores what is queued, up to the first failure, then ends.
  void close();

private:
  void work();
  bool store(const SnapshotChange& change);

  const std::string conninfo_;
  std::unique_ptr<Connection> connection_; ///< of the thread
  std::mutex mutex_;                       ///< guards what follows
  std::condition_variable changed_;
  std::deque<SnapshotChange> queue_;
  std::size_t queued_bytes_ = 0;
  bool closing_ = false;
  std::thread thread_;
};

} // namespace entrepot::journal::postgres
