// Reads histories and creations. What waits together is read together, in one statement; nothing long is read in one piece.
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "persistence/journal.hpp"
#include "persistence/postgres/connection.hpp"

namespace entrepot::journal::postgres {

inline constexpr std::size_t max_waiting_reads = 20'000;         ///< loads and look-ups; beyond it they are answered with nothing
inline constexpr std::size_t max_ranges_per_statement = 256;
inline constexpr std::size_t max_probes_per_statement = 1'024;
inline constexpr std::size_t max_rows_per_statement = 8'192;     ///< of all ranges together; longer histories come in several statements
inline constexpr std::chrono::seconds read_patience{5};          ///< for an unreachable database; then the answer is nothing

struct ReaderOptions {
  std::string conninfo;
  int connections = 1;
  std::function<std::uint64_t()> random;
};

class Reader {
public:
  explicit Reader(ReaderOptions options);
  ~Reader();

  using Loaded = std::function<void(std::optional<History>)>;
  using Found = std::function<void(std::optional<std::optional<Submission>>)>;

  struct Load;
  /// Announces a load that may begin only when admit() is called; its patience runs from now. Null if too many wait: `done` was called with nothing.
  std::shared_ptr<Load> announce(StreamRange streams, const Portion& portion, Loaded done);
  void admit(const std::shared_ptr<Load>& load);
  void find(int shard, const Digest& pair, Found done);

  /// Answers what waits with nothing, then ends.
  void stop();

private:
  struct Probe {
    std::int16_t shard = 0;
    Digest pair{};
    Found done;
    std::chrono::steady_clock::time_point deadline;
  };
  using Loads = std::vector<std::shared_ptr<Load>>;
  class Worker;

  /// Waits for work. Returns false when the reader ends.
  bool take(Loads& loads, std::vector<Probe>& probes);
  void give_back(Loads& loads, std::vector<Probe>& probes);
  void expire();
  void work();

  const ReaderOptions options_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::shared_ptr<Load>> barred_; ///< announced, in order of deadline
  std::deque<std::shared_ptr<Load>> loads_;
  std::deque<Probe> probes_;
  bool stopped_ = false;
  std::vector<std::thread> threads_;
};

/// Reads a shard in order of position on connections borrowed from a few. Blocks; any thread.
class ShardReader {
public:
  explicit ShardReader(std::string conninfo) : conninfo_(std::move(conninfo)) {}
  /// Returns up to `limit` records, at most max_rows_per_statement. Throws Unavailable.
  std::vector<Record> read(int shard, std::int64_t after, std::size_t limit);

private:
  std::unique_ptr<Connection> borrow(bool& was_idle);
  const std::string conninfo_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Connection>> idle_;
};

} // namespace entrepot::journal::postgres
