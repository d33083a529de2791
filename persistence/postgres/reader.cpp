#include "persistence/postgres/reader.hpp"

#include <algorithm>

#include <spdlog/spdlog.h>

namespace entrepot::journal::postgres {
namespace {

using Clock = std::chrono::steady_clock;

const std::string settings = std::string(pinned_plans) + "set default_transaction_isolation = 'read committed'; set client_min_messages = warning;";
constexpr std::size_t max_idle_connections = 4;       // of readers of shards
constexpr auto statement_patience = std::chrono::seconds{4};
constexpr auto expiry_step = std::chrono::milliseconds{100};

// Each range goes on behind the last key read of it. The row comparison and the order follow the unique index, so a page costs what it returns.
constexpr const char* load_sql = R"(
select r.n, e.stream, e.seq, e.pos, e.type, e.version, e.at, e.command, e.causation, e.metadata, e.data
from unnest($1, $2, $3, $4, $5) as r (n, shard, after_stream, after_seq, last)
cross join lateral (
  select * from event
  where shard = r.shard and (stream, seq) > (r.after_stream, r.after_seq) and stream <= r.last
  order by shard, stream, seq limit $6
) as e)";

// Who of many has a snapshot at all: most have none.
constexpr const char* covers_sql = R"(
select r.n from unnest($1, $2, $3) as r (n, shard, stream) cross join lateral (select from snapshot where shard = r.shard and stream = r.stream and page = 0) as s)";

// A snapshot is read in one statement, so that it is one and not the parts of two.
constexpr const char* pages_sql = "select page, version, seq, type, data from snapshot where shard = $1 and stream = $2 order by shard, stream, page";

constexpr const char* find_sql = R"(
select p.n, s.body, s.family, s.for_ever
from unnest($1, $2, $3) as p (n, shard, pair)
cross join lateral (select * from submission where shard = p.shard and pair = p.pair) as s)";

constexpr const char* read_sql = R"(
select 0, stream, seq, pos, type, version, at, command, causation, metadata, data
from event where shard = $1 and pos > $2 order by shard, pos limit $3)";

Record record(const Rows& rows, int row) {
  return {.stream = {rows.int64(row, 1)},
          .seq = rows.int32(row, 2),
          .pos = rows.int64(row, 3),
          .type = std::string(rows.bytes(row, 4)),
          .version = rows.int16(row, 5),
          .at = from_postgres(rows.int64(row, 6)),
          .command = to_command(rows.uuid(row, 7)),
          .causation = std::string(rows.bytes(row, 8)),
          .metadata = std::string(rows.bytes(row, 9)),
          .data = std::string(rows.bytes(row, 10)),
          .event = {}};
}

} // namespace

struct Reader::Load {
  StreamRange streams;
  Portion portion;
  Loaded done;
  Clock::time_point deadline;
  bool answered = false; ///< guarded by the reader's mutex
  History history;
  bool snapshot_sought = false;
  StreamId after_stream; ///< the last key read
  std::int32_t after_seq = 0;
};

/// A reading thread with its connection.
class Reader::Worker {
public:
  explicit Worker(Reader& reader) : reader_(reader), backoff_(reader.options_.random) {}

  void run() {
    Loads loads;
    std::vector<Probe> probes;
    while (reader_.take(loads, probes)) {
      try {
        if (!connection_)
          connect();
        if (!probes.empty())
          find(probes);
        if (!loads.empty())
          load(loads);
      } catch (const ConnectionLost& lost) {
        again_later(lost.what(), loads, probes);
      } catch (const StatementFailed& failure) {
        again_later(failure.what(), loads, probes);
      }
    }
  }

private:
  void connect() {
    connection_ = std::make_unique<Connection>(ConnectionOptions{.conninfo = reader_.options_.conninfo,
                                                                 .application_name = "entrepot reader",
                                                                 .settings = settings,
                                                                 .patience = statement_patience});
    Array n(oid::int4), shard(oid::int2), stream(oid::int8), seq(oid::int4), last(oid::int8), pair(oid::uuid);
    connection_->prepare("load", load_sql, Parameters().add(n).add(shard).add(stream).add(seq).add(last).add(std::int64_t{1}));
    connection_->prepare("covers", covers_sql, Parameters().add(n).add(shard).add(stream));
    connection_->prepare("pages", pages_sql, Parameters().add(std::int16_t{0}).add(std::int64_t{0}));
    connection_->prepare("find", find_sql, Parameters().add(n).add(shard).add(pair));
    backoff_.reset();
  }

  void again_later(const std::string& why, Loads& loads, std::vector<Probe>& probes) {
    spdlog::warn("a reader waits: {}", why);
    connection_.reset();
    reader_.give_back(loads, probes);
    std::unique_lock lock(reader_.mutex_);
    reader_.changed_.wait_for(lock, backoff_.next(), [this] { return reader_.stopped_; });
  }

  void find(std::vector<Probe>& probes) {
    Array n(oid::int4), shard(oid::int2), pair(oid::uuid);
    for (std::size_t at = 0; at < probes.size(); ++at) {
      n.add(static_cast<std::int32_t>(at));
      shard.add(probes[at].shard);
      pair.add(probes[at].pair);
    }
    const auto rows = connection_->run_prepared("find", Parameters().add(n).add(shard).add(pair));
    std::vector<std::optional<Submission>> answers(probes.size());
    for (int row = 0; row < rows.count(); ++row) {
      const auto at = static_cast<std::size_t>(rows.int32(row, 0));
      answers[at] = Submission{probes[at].pair, rows.uuid(row, 1), {rows.int64(row, 2)}, rows.boolean(row, 3)};
    }
    for (std::size_t at = 0; at < probes.size(); ++at)
      probes[at].done(answers[at]);
    probes.clear();
  }

  void seek_snapshots(const Loads& loads) {
    Array n(oid::int4), shard(oid::int2), stream(oid::int8);
    for (std::size_t at = 0; at < loads.size(); ++at)
      if (loads[at]->portion.from_snapshot && !loads[at]->snapshot_sought) {
        n.add(static_cast<std::int32_t>(at));
        shard.add(static_cast<std::int16_t>(shard_of(loads[at]->streams.first)));
        stream.add(loads[at]->streams.first.value);
      }
    if (n.size() == 0)
      return;
    const auto covered = connection_->run_prepared("covers", Parameters().add(n).add(shard).add(stream));
    for (int row = 0; row < covered.count(); ++row)
      read_snapshot(*loads[static_cast<std::size_t>(covered.int32(row, 0))]);
    for (const auto& load : loads)
      load->snapshot_sought = true;
  }

  void read_snapshot(Load& load) {
    const auto shard = static_cast<std::int16_t>(shard_of(load.streams.first));
    const auto rows = connection_->run_prepared("pages", Parameters().add(shard).add(load.streams.first.value));
    if (rows.count() == 0 || rows.int32(0, 0) != 0)
      return; // deleted since
    load.history.snapshot.emplace();
    for (int row = 0; row < rows.count(); ++row)
      load.history.snapshot->pages.push_back({.number = rows.int32(row, 0), .version = rows.int16(row, 1), .seq = rows.int32(row, 2),
                                              .type = std::string(rows.bytes(row, 3)), .data = std::string(rows.bytes(row, 4))});
    load.after_seq = load.history.snapshot->seq();
  }

  void load(Loads& loads) {
    seek_snapshots(loads);
    while (!loads.empty()) {
      const auto page = static_cast<std::int64_t>(std::max<std::size_t>(1, max_rows_per_statement / loads.size()));
      Array n(oid::int4), shard(oid::int2), stream(oid::int8), seq(oid::int4), last(oid::int8);
      for (std::size_t at = 0; at < loads.size(); ++at) {
        n.add(static_cast<std::int32_t>(at));
        shard.add(static_cast<std::int16_t>(shard_of(loads[at]->streams.first)));
        stream.add(loads[at]->after_stream.value);
        seq.add(loads[at]->after_seq);
        last.add(loads[at]->streams.last.value);
      }
      const auto rows = connection_->run_prepared("load", Parameters().add(n).add(shard).add(stream).add(seq).add(last).add(page));
      std::vector<std::int64_t> got(loads.size());
      for (int row = 0; row < rows.count(); ++row) {
        const auto at = static_cast<std::size_t>(rows.int32(row, 0));
        ++got[at];
        loads[at]->history.records.push_back(record(rows, row));
      }
      Loads unfinished;
      for (std::size_t at = 0; at < loads.size(); ++at) {
        auto& records = loads[at]->history.records;
        const auto first = records.end() - got[at]; // a nested loop keeps the index's order; nothing promises it
        const auto key = [](const Record& one) { return std::pair(one.stream, one.seq); };
        if (!std::ranges::is_sorted(first, records.end(), {}, key))
          std::ranges::sort(first, records.end(), {}, key);
        const bool enough = records.size() >= loads[at]->portion.most;
        loads[at]->history.more = got[at] == page;
        if (got[at] == page && !enough) {
          loads[at]->after_stream = records.back().stream;
          loads[at]->after_seq = records.back().seq;
          unfinished.push_back(std::move(loads[at]));
        } else
          loads[at]->done(std::move(loads[at]->history));
      }
      loads = std::move(unfinished);
    }
  }

  Reader& reader_;
  std::unique_ptr<Connection> connection_;
  Backoff backoff_;
};

Reader::Reader(ReaderOptions options) : options_(std::move(options)) {
  for (int thread = 0; thread < options_.connections; ++thread)
    threads_.emplace_back([this] { Worker(*this).run(); });
}

Reader::~Reader() { stop(); }

std::shared_ptr<Reader::Load> Reader::announce(StreamRange streams, const Portion& portion, Loaded done) {
  {
    std::lock_guard lock(mutex_);
    if (!stopped_ && barred_.size() + loads_.size() + probes_.size() < max_waiting_reads) {
      auto load = std::make_shared<Load>();
      load->streams = streams;
      load->portion = portion;
      load->done = std::move(done);
      load->deadline = Clock::now() + read_patience;
      load->after_stream = streams.first;
      load->after_seq = portion.after;
      barred_.push_back(load);
      changed_.notify_one(); // someone must watch its deadline
      return load;
    }
  }
  done({});
  return {};
}

void Reader::admit(const std::shared_ptr<Load>& load) {
  std::lock_guard lock(mutex_);
  if (!load || load->answered)
    return;
  load->answered = true; // as far as the barred are concerned
  loads_.push_back(load);
  changed_.notify_one();
}

void Reader::find(int shard, const Digest& pair, Found done) {
  {
    std::lock_guard lock(mutex_);
    if (!stopped_ && barred_.size() + loads_.size() + probes_.size() < max_waiting_reads) {
      probes_.push_back({static_cast<std::int16_t>(shard), pair, std::move(done), Clock::now() + read_patience});
      changed_.notify_one();
      return;
    }
  }
  done({});
}

void Reader::stop() {
  {
    std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  changed_.notify_all();
  for (auto& thread : threads_)
    if (thread.joinable())
      thread.join();
  expire();
}

/// Answers with nothing what has waited too long; at the end, everything.
void Reader::expire() {
  Loads late;
  std::vector<Probe> late_probes;
  {
    std::lock_guard lock(mutex_);
    const auto now = Clock::now();
    const auto is_late = [&](const auto& deadline) { return stopped_ || deadline <= now; };
    while (!barred_.empty() && (barred_.front()->answered || is_late(barred_.front()->deadline))) {
      if (!barred_.front()->answered) {
        barred_.front()->answered = true;
        late.push_back(std::move(barred_.front()));
      }
      barred_.pop_front();
    }
    while (!loads_.empty() && is_late(loads_.front()->deadline)) {
      late.push_back(std::move(loads_.front()));
      loads_.pop_front();
    }
    while (!probes_.empty() && is_late(probes_.front().deadline)) {
      late_probes.push_back(std::move(probes_.front()));
      probes_.pop_front();
    }
  }
  for (auto& load : late)
    load->done({});
  for (auto& probe : late_probes)
    probe.done({});
}

bool Reader::take(Loads& loads, std::vector<Probe>& probes) {
  for (;;) {
    expire();
    std::unique_lock lock(mutex_);
    const auto something = [this] { return stopped_ || !loads_.empty() || !probes_.empty(); };
    if (barred_.empty())
      changed_.wait(lock, [&] { return something() || !barred_.empty(); });
    else
      changed_.wait_for(lock, expiry_step, something);
    if (stopped_)
      return false;
    for (; !loads_.empty() && loads.size() < max_ranges_per_statement; loads_.pop_front())
      loads.push_back(std::move(loads_.front()));
    for (; !probes_.empty() && probes.size() < max_probes_per_statement; probes_.pop_front())
      probes.push_back(std::move(probes_.front()));
    if (!loads.empty() || !probes.empty())
      return true;
  }
}

void Reader::give_back(Loads& loads, std::vector<Probe>& probes) {
  std::lock_guard lock(mutex_);
  loads_.insert(loads_.begin(), loads.begin(), loads.end());
  probes_.insert(probes_.begin(), std::make_move_iterator(probes.begin()), std::make_move_iterator(probes.end()));
  loads.clear();
  probes.clear();
}

std::vector<Record> ShardReader::read(int shard, std::int64_t after, std::size_t limit) {
  const auto rows_wanted = static_cast<std::int64_t>(std::min(limit, max_rows_per_statement));
  for (;;) {
    bool was_idle = false;
    try {
      auto connection = borrow(was_idle);
      const auto rows = connection->run_prepared("read", Parameters().add(static_cast<std::int16_t>(shard)).add(after).add(rows_wanted));
      std::vector<Record> records;
      records.reserve(static_cast<std::size_t>(rows.count()));
      for (int row = 0; row < rows.count(); ++row)
        records.push_back(record(rows, row));
      std::lock_guard lock(mutex_);
      if (idle_.size() < max_idle_connections)
        idle_.push_back(std::move(connection));
      return records;
    } catch (const ConnectionLost& lost) {
      std::lock_guard lock(mutex_);
      idle_.clear(); // the others are likely to be as dead
      if (!was_idle)
        throw Unavailable(lost.what());
    } catch (const StatementFailed& failure) {
      throw Unavailable(failure.what());
    }
  }
}

std::unique_ptr<Connection> ShardReader::borrow(bool& was_idle) {
  {
    std::lock_guard lock(mutex_);
    was_idle = !idle_.empty();
    if (was_idle) {
      auto connection = std::move(idle_.back());
      idle_.pop_back();
      return connection;
    }
  }
  auto connection = std::make_unique<Connection>(
      ConnectionOptions{.conninfo = conninfo_, .application_name = "entrepot feed", .settings = settings, .patience = statement_patience});
  connection->prepare("read", read_sql, Parameters().add(std::int16_t{0}).add(std::int64_t{0}).add(std::int64_t{1}));
  return connection;
}

} // namespace entrepot::journal::postgres
