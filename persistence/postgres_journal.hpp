// The journal in PostgreSQL. See persistence/README.md, "The journal", for its rules.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "persistence/journal.hpp"

namespace entrepot::journal {

struct PostgresOptions {
  std::string conninfo;
  std::string node_name = "node";
  std::filesystem::path state_folder = {}; ///< of this node alone; a lock on it tells that no other process runs as this node
  int lanes = 2;                      ///< connections that write, 1 to 16
  int readers = 1;                    ///< connections that load histories, 1 to 16
  std::chrono::milliseconds close_patience = std::chrono::seconds{10}; ///< of close(), with a database that does not answer
  /// Called at most once, on a thread of the journal: this node has lost its right to write, and the process must exit. Must not close the journal itself.
  std::function<void(const std::string& reason)> on_fenced = {};
  /// A clock that never goes back and does not stop while the machine sleeps; none: the system's.
  std::function<std::chrono::nanoseconds()> monotonic = {};
  /// Random bits for the incarnation and for jitter; none: the system's.
  std::function<std::uint64_t()> random = {};
};

/// Another process runs as this node.
struct NodeRunning : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Registers the node, fences those before it, claims shards and starts the lanes. The database must be migrated. Blocks up to some seconds.
/// Throws NodeRunning, NewerDatabase, MigrationFailed or Unavailable.
std::unique_ptr<Journal> open_postgres_journal(PostgresOptions options);

} // namespace entrepot::journal
