#include "persistence/postgres_journal.hpp"

#include <algorithm>
#include <ctime>

#include <mutex>
#include <random>

#include <spdlog/spdlog.h>

#include "domain/check.hpp"
#include "persistence/check_entry.hpp"
#include "persistence/migrate.hpp"
#include "persistence/postgres/lane.hpp"
#include "persistence/postgres/node.hpp"
#include "persistence/postgres/reader.hpp"
#include "persistence/postgres/snapshot_writer.hpp"
#include "persistence/postgres/submission_sweep.hpp"

namespace entrepot::journal {
namespace {

using namespace postgres;

std::chrono::nanoseconds boot_clock() {
  timespec now{};
  ::clock_gettime(CLOCK_BOOTTIME, &now);
  return std::chrono::seconds{now.tv_sec} + std::chrono::nanoseconds{now.tv_nsec};
}

/// Several threads draw from one source.
std::function<std::uint64_t()> shared_random(std::function<std::uint64_t()> given) {
  if (!given) {
    std::random_device device;
    given = [engine = std::mt19937_64((std::uint64_t{device()} << 32) ^ device())]() mutable { return engine(); };
  }
  return [mutex = std::make_shared<std::mutex>(), source = std::make_shared<std::function<std::uint64_t()>>(std::move(given))] {
    std::lock_guard lock(*mutex);
    return (*source)();
  };
}

Uuid random_incarnation(const std::function<std::uint64_t()>& random) {
  auto uuid = to_uuid({random(), random()});
  uuid[6] = static_cast<std::uint8_t>((uuid[6] & 0x0f) | 0x40); // version 4
  uuid[8] = static_cast<std::uint8_t>((uuid[8] & 0x3f) | 0x80);
  return uuid;
}

PostgresOptions completed(PostgresOptions options) {
  check(options.lanes >= 1 && options.lanes <= 16 && options.readers >= 1 && options.readers <= 16, "a journal has 1 to 16 lanes and readers");
  if (!options.monotonic)
    options.monotonic = boot_clock;
  options.random = shared_random(std::move(options.random));
  return options;
}

class PostgresJournal : public Journal {
public:
  explicit PostgresJournal(PostgresOptions options)
      : options_(completed(std::move(options))), folder_(options_.state_folder), incarnation_(random_incarnation(options_.random)),
        feed_(options_.conninfo), sweep_(options_.conninfo), snapshots_(options_.conninfo), lease_({options_.conninfo, incarnation_, options_.monotonic, [this](const std::string& reason) { stop(reason); }}) {
    require_migrated(options_.conninfo);
    take_over();
    reader_ = std::make_unique<Reader>(ReaderOptions{options_.conninfo, options_.readers, options_.random});
    Heads positions{};
    for (const auto& head : heads_) {
      positions[static_cast<std::size_t>(head.shard)] = head.pos;
      owned_[static_cast<std::size_t>(head.shard)] = true;
    }
    for (auto& lane : lanes_)
      lane->start(positions);
  }

  ~PostgresJournal() override { close(); }

  void append(Entry entry) override {
    const auto shard = shard_of(entry.actor);
    if (!owned_[static_cast<std::size_t>(shard)])
      return entry.done(Verdict::unavailable);
    lane_of(shard).append(std::move(entry));
  }

  void load(StreamRange streams, std::function<void(std::optional<History>)> done, Portion portion) override {
    check_load(streams, portion);
    const auto load = reader_->announce(streams, portion, std::move(done));
    if (load) // complete only when what was appended before is settled
      lane_of(shard_of(streams.first)).after_queued([this, load] { reader_->admit(load); });
  }

  void save(SnapshotChange change) override { snapshots_.save(std::move(change)); }

  void find(int shard, const Digest& pair, std::function<void(std::optional<std::optional<Submission>>)> done) override {
    reader_->find(shard, pair, std::move(done));
  }

  std::vector<ShardHead> claimed() override { return std::move(heads_); }

  void on_commit(std::function<void(int, std::span<const Record>)> listener) override { listener_ = std::move(listener); }

  std::vector<Record> read(int shard, std::int64_t after, std::size_t limit) override { return feed_.read(shard, after, limit); }

  SweptPage forget_submissions(int shard, Timestamp before, const Digest& after, std::size_t most) override {
    return owned_[static_cast<std::size_t>(shard)] ? sweep_.sweep(shard, before, after, most) : SweptPage{};
  }

  bool may_answer() const override { return lease_.alive(); }

  bool is_reachable() const override { return lease_.is_answered(); }

  void close() override {
    if (std::exchange(closed_, true))
      return;
    for (auto& lane : lanes_)
      lane->close();
    for (auto& lane : lanes_)
      lane->join();
    reader_->stop();
    snapshots_.close();
    lease_.stop();
    lease_.revoke();
    try {
      if (!stopped_ && std::none_of(lanes_.begin(), lanes_.end(), [](const auto& lane) { return lane->ended_early(); })) {
        auto connection = connect();
        leave(connection, incarnation_);
      }
    } catch (const std::exception& failure) {
      spdlog::warn("could not leave: {}", failure.what()); // whoever comes next fences this node
    }
  }

private:
  Connection connect() const {
    return Connection({.conninfo = options_.conninfo,
                       .application_name = "entrepot node",
                       .settings = pinned_plans + std::string("set client_min_messages = warning; set synchronous_commit = on; set default_transaction_isolation = 'read committed';"),
                       .patience = take_over_patience});
  }

  /// Each step is committed before the next begins: the heads are only right after the fence.
  void take_over() {
    try {
      auto connection = connect();
      register_node(connection, incarnation_, options_.node_name, options_.lanes);
      fence_predecessors(connection, incarnation_, options_.node_name);
      const auto shards = claim_shards(connection, incarnation_);
      for (int lane = 0; lane < options_.lanes; ++lane)
        lanes_.push_back(std::make_unique<Lane>(LaneOptions{.conninfo = options_.conninfo,
                                                            .incarnation = incarnation_,
                                                            .lane = static_cast<std::int16_t>(lane),
                                                            .random = options_.random,
                                                            .close_patience = options_.close_patience,
                                                            .may_answer = [this] { return lease_.alive(); },
                                                            .publish = [this](int shard, std::span<const Record> records) { publish(shard, records); },
                                                            .fenced = [this](const std::string& reason) { stop(reason); }}));
      lease_.start(); // from here on stop() may be called; the lanes are all there
      heads_ = read_heads(connection, shards);
      spdlog::info("node {} owns {} shards as {}", options_.node_name, shards.size(), to_text(incarnation_));
    } catch (const ConnectionLost& lost) {
      throw Unavailable(lost.what());
    } catch (const StatementFailed& failure) {
      throw Unavailable(failure.what());
    } catch (const Lane::Fenced& fenced) {
      throw Unavailable(fenced.what());
    }
  }

  Lane& lane_of(int shard) { return *lanes_[static_cast<std::size_t>(shard % options_.lanes)]; }

  void publish(int shard, std::span<const Record> records) {
    if (listener_)
      listener_(shard, records);
  }

  /// This node may not write any more, for good.
  void stop(const std::string& reason) {
    if (stopped_.exchange(true))
      return;
    lease_.revoke();
    spdlog::critical("the journal stops: {}", reason);
    for (auto& lane : lanes_)
      lane->stop();
    if (options_.on_fenced)
      options_.on_fenced(reason);
  }

  const PostgresOptions options_;
  const FolderLock folder_;
  const Uuid incarnation_;
  std::function<void(int, std::span<const Record>)> listener_;
  std::vector<ShardHead> heads_;
  std::array<bool, shard_count> owned_{};
  std::atomic<bool> stopped_{false};
  bool closed_ = false;
  // Last the threads: they use what stands above.
  ShardReader feed_;
  SubmissionSweep sweep_;
  SnapshotWriter snapshots_;
  std::unique_ptr<Reader> reader_;
  std::vector<std::unique_ptr<Lane>> lanes_;
  Lease lease_;
};

} // namespace

std::unique_ptr<Journal> open_postgres_journal(PostgresOptions options) { return std::make_unique<PostgresJournal>(std::move(options)); }

} // namespace entrepot::journal
