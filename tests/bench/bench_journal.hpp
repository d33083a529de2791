// How fast the bare journal is: rows shaped like those of an order, over the real lanes, without actors, decisions or HTTP.
#pragma once

#include <filesystem>
#include <string>

namespace entrepot::bench {

struct BenchJournalOptions {
  std::string conninfo;               ///< of a server on which databases may be made; the run has one of its own and drops it
  std::filesystem::path state_folder; ///< of the node that writes
  int clients = 64;                   ///< logical writers, each with one order in flight
  int seconds = 10;                   ///< after one second of warming up
  int lanes = 2;
  int rows_per_order = 5;
  std::int64_t filled = 0;            ///< events in the table before the run begins
};

/// Appends orders for some seconds and prints one JSON object: orders and events a second, latency of an order's append in milliseconds, errors, and CPU
/// of this process and of PostgreSQL together (if it runs on this machine, else of this process alone). Returns 0, or 1 if an append failed.
int bench_journal(const BenchJournalOptions& options);

} // namespace entrepot::bench
