// Deletes creations that need not be remembered any longer, a page of a shard at a time.
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "persistence/journal.hpp"
#include "persistence/postgres/connection.hpp"

namespace entrepot::journal::postgres {

class SubmissionSweep {
public:
  explicit SubmissionSweep(std::string conninfo) : conninfo_(std::move(conninfo)) {}
  /// See Journal::forget_submissions. Blocks; any thread. Throws Unavailable.
  SweptPage sweep(int shard, Timestamp before, const Digest& after, std::size_t most);

private:
  const std::string conninfo_;
  std::mutex mutex_; // guards connection_
  std::unique_ptr<Connection> connection_;
};

} // namespace entrepot::journal::postgres
