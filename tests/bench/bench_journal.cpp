#include "tests/bench/bench_journal.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <fstream>
#include <iostream>
#include <mutex>
#include <sstream>
#include <thread>

#include <nlohmann/json.hpp>

#include "persistence/migrate.hpp"
#include "persistence/postgres/connection.hpp"
#include "persistence/postgres_journal.hpp"

namespace entrepot::bench {
namespace {

using Clock = std::chrono::steady_clock;
using namespace journal;

/// A database that lives as long as the run.
class OwnDatabase {
public:
  explicit OwnDatabase(const std::string& server) : server_(server), name_("entrepot_bench_" + std::to_string(::getpid())) {
    run("create database " + name_ + " template template0 encoding 'UTF8'");
    migrate(conninfo());
  }
  ~OwnDatabase() { run("drop database " + name_ + " with (force)"); }
  OwnDatabase(const OwnDatabase&) = delete;
  std::string conninfo() const { return postgres::with_database(server_, name_); }

private:
  void run(const std::string& sql) { postgres::Connection({.conninfo = server_, .application_name = "entrepot bench"}).run(sql); }
  std::string server_, name_;
};

postgres::Connection connect(const std::string& conninfo) {
  return postgres::Connection({.conninfo = conninfo, .application_name = "entrepot bench"});
}

double own_cpu_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) { return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6; };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// Returns the CPU time of the server's processes, 0 if it is not on this machine.
double server_cpu_seconds(postgres::Connection& connection) {
  double ticks = 0;
  const auto rows = connection.run("select pid from pg_stat_activity");
  for (int row = 0; row < rows.count(); ++row) {
    std::ifstream file("/proc/" + std::to_string(rows.int32(row, 0)) + "/stat");
    std::string line, word;
    if (!std::getline(file, line) || line.find("(postgres)") == std::string::npos)
      continue;
    std::istringstream words(line.substr(line.rfind(')') + 2));
    for (int skipped = 0; skipped < 11; ++skipped)
      words >> word;
    double user = 0, system = 0;
    words >> user >> system;
    ticks += user + system;
  }
  return ticks / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

constexpr const char* types[] = {"OrderSubmitted", "FulfilmentPlanned", "StockHeld", "OrderConfirmed", "FulfilmentReleased"};
const std::string metadata = R"({"by":"key:web","occurred_at":"2026-03-10T09:00:00.000Z"})";

/// A list of events of some 350 bytes each.
Entry order(int writer, int count, int rows) {
  const int slice = (writer * 61) % slice_count;
  const Timestamp at{std::chrono::seconds{1'770'000'000 + count / families_per_second}};
  const auto family = family_number(slice, at, count % families_per_second);
  Entry entry;
  entry.actor = family;
  entry.activation = 1;
  for (int row = 0; row < rows; ++row) {
    std::string data = R"({"number":")" + to_text("ord_", family) + R"(","lines":[{"number":1,"sku":"MUG-)" + std::to_string(count % 100) +
                       R"(","quantity":2,"unit_price":{"amount":1250,"currency":"GBP"},"total":{"amount":2500,"currency":"GBP"}},{"number":2,"sku":"POT-)" +
                       std::to_string(writer % 100) +
                       R"(","quantity":1,"unit_price":{"amount":4800,"currency":"GBP"},"total":{"amount":4800,"currency":"GBP"}}],"location":"dc-1","workflow":"bodah","total":{"amount":7300,"currency":"GBP"}})";
    entry.records.push_back({.stream = family,
                             .seq = row + 1,
                             .pos = 0,
                             .type = types[row % 5],
                             .version = 1,
                             .at = at,
                             .command = {std::uint64_t{1} << 56 | static_cast<std::uint64_t>(writer), static_cast<std::uint64_t>(count)},
                             .causation = {},
                             .metadata = metadata,
                             .data = std::move(data),
                             .event = {}});
  }
  entry.wake_up = WakeUp{family, at + std::chrono::hours{24}};
  Submission submission{{}, {}, family, true};
  for (std::size_t byte = 0; byte < 8; ++byte) {
    submission.pair[byte] = static_cast<std::uint8_t>(stable_hash(to_text("p", family)) >> (8 * byte));
    submission.body[byte] = static_cast<std::uint8_t>(stable_hash(to_text("b", family)) >> (8 * byte));
    submission.pair[8 + byte] = static_cast<std::uint8_t>(family.value >> (8 * byte));
  }
  entry.submission = submission;
  return entry;
}

/// What the writers have done, counted between start() and stop().
class Tally {
public:
  explicit Tally(int clients) : sent_(static_cast<std::size_t>(clients)), counts_(static_cast<std::size_t>(clients)) {
    for (int writer = 0; writer < clients; ++writer)
      free_.push_back(writer);
  }

  /// Appends for whoever is free until told to end; then waits for those under way.
  void drive(Journal& journal, int rows) {
    const auto clients = sent_.size();
    for (;;) {
      std::deque<int> ready;
      {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return !free_.empty() && (!ended_ || free_.size() == clients); });
        if (ended_)
          return;
        ready.swap(free_);
      }
      for (int writer : ready) {
        auto entry = order(writer, counts_[static_cast<std::size_t>(writer)]++, rows);
        sent_[static_cast<std::size_t>(writer)] = Clock::now();
        entry.done = [this, writer](Verdict verdict) { done(writer, verdict); };
        journal.append(std::move(entry));
      }
    }
  }

  void start() {
    std::lock_guard lock(mutex_);
    latencies_.clear();
    errors_ = 0;
  }
  std::vector<double> stop(std::int64_t& errors) {
    std::lock_guard lock(mutex_);
    errors = errors_;
    return std::move(latencies_);
  }
  void end() {
    std::lock_guard lock(mutex_);
    ended_ = true;
    changed_.notify_all();
  }

private:
  void done(int writer, Verdict verdict) {
    const std::chrono::duration<double, std::milli> took = Clock::now() - sent_[static_cast<std::size_t>(writer)];
    std::lock_guard lock(mutex_);
    verdict == Verdict::committed ? latencies_.push_back(took.count()) : static_cast<void>(++errors_);
    free_.push_back(writer);
    changed_.notify_one();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<int> free_;
  std::vector<Clock::time_point> sent_;
  std::vector<int> counts_;
  std::vector<double> latencies_;
  std::int64_t errors_ = 0;
  bool ended_ = false;
};

void fill(const std::string& conninfo, std::int64_t events) {
  auto connection = connect(conninfo);
  connection.run(R"(
insert into event (shard, version, seq, pos, stream, at, command, type, metadata, data)
select (n / 5) % 64, 1, n % 5 + 1, (n / 320) * 5 + n % 5 + 1, (((n / 5) % 4096 * 64 % 4096 + (n / 5) % 4096 / 64) << 51) | ((100000000 + n / 20480) << 19),
       '2023-01-01'::timestamptz + n * interval '1 millisecond', '01000000-0000-0000-0000-000000000001', 'OrderSubmitted', $2::json, $3::json
from generate_series(0, $1 - 1) as n)",
                 postgres::Parameters().add(events).add(metadata).add(order(1, 1, 1).records.front().data));
  connection.run("vacuum analyze event");
}

/// Lets runs begin alike, if this role may; the role of an installation may not.
void begin_after_a_checkpoint(postgres::Connection& connection) {
  try {
    connection.run("checkpoint");
  } catch (const postgres::StatementFailed& refused) {
    if (refused.sqlstate != "42501") // insufficient_privilege
      throw;
  }
}

} // namespace

int bench_journal(const BenchJournalOptions& options) {
  OwnDatabase database(options.conninfo);
  if (options.filled > 0)
    fill(database.conninfo(), options.filled);
  auto watcher = connect(database.conninfo());
  begin_after_a_checkpoint(watcher);
  const auto opening = Clock::now();
  auto journal = open_postgres_journal({.conninfo = database.conninfo(), .node_name = "bench", .state_folder = options.state_folder, .lanes = options.lanes});
  const std::chrono::duration<double, std::milli> opened = Clock::now() - opening;
  Tally tally(options.clients);
  std::thread driver([&] { tally.drive(*journal, options.rows_per_order); });
  std::this_thread::sleep_for(std::chrono::seconds{1});
  const double own_before = own_cpu_seconds(), server_before = server_cpu_seconds(watcher);
  tally.start();
  const auto since = Clock::now();
  std::this_thread::sleep_for(std::chrono::seconds{options.seconds});
  std::int64_t errors = 0;
  auto latencies = tally.stop(errors);
  const std::chrono::duration<double> took = Clock::now() - since;
  const double own = own_cpu_seconds() - own_before, server = server_cpu_seconds(watcher) - server_before;
  tally.end();
  driver.join();
  journal->close();

  std::sort(latencies.begin(), latencies.end());
  const auto percentile = [&](double part) { return latencies.empty() ? 0.0 : latencies[static_cast<std::size_t>(part * static_cast<double>(latencies.size() - 1))]; };
  const auto orders = static_cast<double>(latencies.size());
  const auto per_order = [&](double seconds) { return orders > 0 ? seconds * 1000 / orders : 0.0; };
  std::cout << nlohmann::ordered_json{{"bench", "journal"},
                                      {"clients", options.clients},
                                      {"lanes", options.lanes},
                                      {"rows_per_order", options.rows_per_order},
                                      {"filled_events", options.filled},
                                      {"seconds", took.count()},
                                      {"orders_per_s", orders / took.count()},
                                      {"events_per_s", orders * options.rows_per_order / took.count()},
                                      {"p50_ms", percentile(0.5)},
                                      {"p99_ms", percentile(0.99)},
                                      {"errors", errors},
                                      {"cpu_ms_per_order", per_order(own + server)},
                                      {"cpu_ms_per_order_here", per_order(own)},
                                      {"cpu_ms_per_order_postgres", per_order(server)},
                                      {"cpu_ms_per_event", per_order(own + server) / options.rows_per_order},
                                      {"open_ms", opened.count()}}
                   .dump()
            << std::endl;
  return errors == 0 ? 0 : 1;
}

} // namespace entrepot::bench
