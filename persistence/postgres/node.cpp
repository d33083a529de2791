#include "persistence/postgres/node.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <map>

#include <spdlog/spdlog.h>

#include "domain/check.hpp"
#include "persistence/postgres/lane.hpp"
#include "persistence/postgres_journal.hpp"

namespace entrepot::journal::postgres {
namespace {

constexpr const char* register_sql = R"(
with made as (insert into node (incarnation, name) values ($1, $2) returning incarnation)
insert into lane (incarnation, lane) select incarnation, n from made cross join generate_series(0, $3 - 1) as n)";

// Which of two is older is told by the number of their rows, so two that start at once do not kill each other.
constexpr const char* fence_sql = R"(
with older as (
  select incarnation from node
  where name = $2 and number < (select number from node where incarnation = $1)
), dead as (
  update node set state = 'dead' from older where node.incarnation = older.incarnation and node.state <> 'dead'
)
update lane set fenced = true from older where lane.incarnation = older.incarnation and not lane.fenced)";

constexpr const char* predecessors_sql = R"(
select l.incarnation, l.lane from lane l join node n using (incarnation)
where n.name = $2 and n.number < (select number from node where incarnation = $1) and not l.fenced)";

constexpr const char* leave_sql = R"(
with gone as (update node set state = 'dead' where incarnation = $1)
update lane set fenced = true where incarnation = $1 and not fenced)";

// The claimer's own row is locked, so whoever declares it dead waits; a dead owner stays dead, so an old picture of it is still true.
constexpr const char* claim_sql = R"(
with me as materialized (select incarnation from node where incarnation = $1 and state = 'live' for share)
update shard set owner = me.incarnation, epoch = epoch + 1
from me
where shard.owner is null or exists (select from node where node.incarnation = shard.owner and node.state = 'dead'))";

constexpr const char* heads_sql = R"(
select s.shard, greatest(s.floor, coalesce((select e.pos from event e where e.shard = s.shard order by e.shard desc, e.pos desc limit 1), 0))
from shard s where s.shard = any($1) order by s.shard)";

// One step down the unique index for each slice: the last number before those of named things is the newest family's.
constexpr const char* families_sql = R"(
select s.shard, newest.stream
from unnest($1, $2) as s (shard, slice)
cross join lateral (
  select stream from event
  where shard = s.shard and stream >= (s.slice << 51) and stream < ((s.slice << 51) | (1::bigint << 50))
  order by shard desc, stream desc, seq desc limit 1
) as newest)";

constexpr const char* beat_sql = "update node set heartbeat = heartbeat + 1, seen_at = clock_timestamp() where incarnation = $1 and state = 'live'";

constexpr int slices_per_shard = slice_count / shard_count;
constexpr const char* lock_not_available = "55P03";

Array shard_array(const std::vector<int>& shards) {
  Array array(oid::int2);
  for (int shard : shards)
    array.add(static_cast<std::int16_t>(shard));
  return array;
}

void terminate_predecessors(Connection& connection, const Uuid& incarnation, const std::string& name) {
  const auto lanes = connection.run(predecessors_sql, Parameters().add(incarnation).add(name));
  for (int row = 0; row < lanes.count(); ++row) {
    // By name and not by number alone: a number may have gone to another's backend since.
    const auto ended = connection.run(
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = $1",
        Parameters().add(lane_application_name(lanes.uuid(row, 0), lanes.int16(row, 1))));
    if (ended.count() > 0)
      spdlog::warn("terminated a statement of an older incarnation of {} that did not end", name);
  }
}

} // namespace

FolderLock::FolderLock(const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  const auto path = folder / "node.lock";
  file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file_ < 0)
    throw NodeRunning("cannot open " + path.string());
  if (::flock(file_, LOCK_EX | LOCK_NB) != 0) {
    ::close(file_);
    throw NodeRunning("another process runs as this node: it holds " + path.string());
  }
}

FolderLock::~FolderLock() { ::close(file_); }

void register_node(Connection& connection, const Uuid& incarnation, const std::string& name, int lanes) {
  connection.run(register_sql, Parameters().add(incarnation).add(name).add(static_cast<std::int32_t>(lanes)));
}

void fence_predecessors(Connection& connection, const Uuid& incarnation, const std::string& name) {
  const auto deadline = std::chrono::steady_clock::now() + take_over_patience;
  connection.script("set lock_timeout = " + std::to_string(std::chrono::milliseconds(fence_lock_wait).count()));
  for (;;) {
    try {
      connection.run(fence_sql, Parameters().add(incarnation).add(name));
      break;
    } catch (const StatementFailed& failure) {
      if (failure.sqlstate != lock_not_available || std::chrono::steady_clock::now() > deadline)
        throw;
    }
    terminate_predecessors(connection, incarnation, name);
  }
  connection.script("set lock_timeout = 0");
}

void leave(Connection& connection, const Uuid& incarnation) { connection.run(leave_sql, Parameters().add(incarnation)); }

std::vector<int> claim_shards(Connection& connection, const Uuid& incarnation) {
  connection.run(claim_sql, Parameters().add(incarnation));
  const auto rows = connection.run("select shard from shard where owner = $1 order by shard", Parameters().add(incarnation));
  std::vector<int> shards;
  for (int row = 0; row < rows.count(); ++row)
    shards.push_back(rows.int16(row, 0));
  return shards;
}

std::vector<ShardHead> read_heads(Connection& connection, const std::vector<int>& shards) {
  std::map<int, ShardHead> heads;
  auto shard_list = shard_array(shards);
  const auto positions = connection.run(heads_sql, Parameters().add(shard_list));
  for (int row = 0; row < positions.count(); ++row) {
    auto& head = heads[positions.int16(row, 0)];
    head.shard = positions.int16(row, 0);
    head.pos = positions.int64(row, 1);
  }
  Array slice_shard(oid::int2), slice(oid::int8);
  for (int shard : shards)
    for (int number = 0; number < slices_per_shard; ++number) {
      slice_shard.add(static_cast<std::int16_t>(shard));
      slice.add(std::int64_t{shard} * slices_per_shard + number);
    }
  const auto families = connection.run(families_sql, Parameters().add(slice_shard).add(slice));
  for (int row = 0; row < families.count(); ++row)
    heads[families.int16(row, 0)].newest_families.push_back(family_of({families.int64(row, 1)}));
  for (int shard : shards) { // a shard at a time: a million wake-ups are not held twice
    const auto wake_ups = connection.run("select stream, due from wakeup where shard = $1", Parameters().add(static_cast<std::int16_t>(shard)));
    auto& head = heads[shard];
    head.wake_ups.reserve(static_cast<std::size_t>(wake_ups.count()));
    for (int row = 0; row < wake_ups.count(); ++row)
      head.wake_ups.push_back({{wake_ups.int64(row, 0)}, from_postgres(wake_ups.int64(row, 1))});
  }
  std::vector<ShardHead> all;
  for (auto& [shard, head] : heads)
    all.push_back(std::move(head));
  return all;
}

Lease::Lease(LeaseOptions options) : options_(std::move(options)), stop_(::eventfd(0, EFD_CLOEXEC)) {
  check(stop_ >= 0, "the system gives an eventfd");
}

Lease::~Lease() {
  stop();
  ::close(stop_);
}

void Lease::start() {
  if (!beat())
    throw ConnectionLost("this node was declared dead while it started");
  thread_ = std::thread([this] { work(); });
}

void Lease::stop() {
  const std::uint64_t one = 1;
  check(::write(stop_, &one, sizeof one) == sizeof one, "an eventfd can be written to");
  if (thread_.joinable() && thread_.get_id() != std::this_thread::get_id())
    thread_.join();
}

bool Lease::alive() const { return !revoked_ && options_.monotonic().count() < valid_until_; }

bool Lease::is_answered() const {
  const std::int64_t asked = asked_at_;
  return alive() && !cut_off_ && (asked == 0 || options_.monotonic().count() - asked < std::chrono::nanoseconds(answer_patience).count());
}

/// Returns false if this node is dead. Throws if nobody knows.
bool Lease::beat() {
  if (!connection_)
    connection_ = std::make_unique<Connection>(ConnectionOptions{.conninfo = options_.conninfo,
                                                                 .application_name = "entrepot heartbeat",
                                                                 .settings = "set statement_timeout = '3s'; set jit = off",
                                                                 .patience = std::chrono::seconds{4}});
  const auto sent = options_.monotonic(); // the lease runs from the sending, not from the answer
  if (connection_->run(beat_sql, Parameters().add(options_.incarnation)).affected() != 1)
    return false;
  valid_until_ = (sent + lease_ttl - lease_margin).count();
  return true;
}

/// Waits for the next heartbeat's time, or until the server hangs up. Returns false when this is to end.
bool Lease::rest() {
  pollfd both[] = {{stop_, POLLIN, 0}, {connection_ ? connection_->socket() : -1, POLLIN, 0}};
  ::poll(both, 2, static_cast<int>(std::chrono::milliseconds(heartbeat_interval).count()));
  return (both[0].revents & POLLIN) == 0;
}

/// Beats; on a new connection if the first attempt fails, since a session may be ended and the server still be there. Returns false if this node is dead.
bool Lease::beat_twice() {
  asked_at_ = options_.monotonic().count();
  for (int attempt = 1; attempt <= 2; ++attempt) {
    try {
      const bool is_live = beat();
      cut_off_ = false;
      asked_at_ = 0;
      return is_live;
    } catch (const ConnectionLost& lost) {
      spdlog::warn("no heartbeat: {}", lost.what());
    } catch (const StatementFailed& failure) {
      spdlog::warn("no heartbeat: {}", failure.what());
    }
    connection_.reset();
    if (cut_off_)
      break; // known already
  }
  cut_off_ = true;
  asked_at_ = 0;
  return true;
}

void Lease::work() {
  while (rest())
    if (!beat_twice()) {
      options_.fenced("this node was declared dead");
      return;
    }
}

} // namespace entrepot::journal::postgres
