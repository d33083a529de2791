#include "persistence/postgres/snapshot_writer.hpp"

#include <spdlog/spdlog.h>

#include "persistence/check_entry.hpp"

namespace entrepot::journal::postgres {
namespace {

// Without waiting for the disk: a snapshot that is lost is lost whole, and the events it stands for are on the disk before it is written.
const std::string settings = std::string(pinned_plans) + "set default_transaction_isolation = 'read committed'; set synchronous_commit = off; set client_min_messages = warning;";

// One statement, so that pages of two snapshots never stand side by side. The cover is locked and compared: a change that comes late, from a node that has lost
// the stream, rests on another cover and writes nothing. $3: these pages are all.
constexpr const char* save_sql = R"(
with base as materialized (
  select from snapshot where shard = $1 and stream = $2 and page = 0 and data = $4[1] for update
), allowed as materialized (
  select $3 or exists (select from base) as yes
), gone as (
  delete from snapshot where shard = $1 and stream = $2 and (select yes from allowed) and (page = any ($5) or ($3 and page <> all ($6)))
)
insert into snapshot (shard, stream, seq, page, version, type, data)
select $1, $2, $10, p.page, p.version, p.type, p.data
from unnest($6, $7, $8, $9) as p (page, version, type, data) where (select yes from allowed)
on conflict (shard, stream, page) do update set seq = excluded.seq, version = excluded.version, type = excluded.type, data = excluded.data)";

/// The parameters of a change, with what they refer to.
struct Statement {
  explicit Statement(const SnapshotChange& change) {
    if (change.base)
      base.add_bytes(*change.base);
    for (auto number : change.gone)
      gone.add(number);
    for (const auto& one : change.pages) {
      page.add(one.number);
      version.add(one.version);
      type.add_bytes(one.type);
      data.add_bytes(one.data);
      if (one.number == 0)
        seq = one.seq;
    }
    parameters.add(static_cast<std::int16_t>(shard_of(change.stream))).add(change.stream.value).add(!change.base);
    parameters.add(base).add(gone).add(page).add(version).add(type).add(data).add(seq);
  }
  Array base{oid::bytea}, gone{oid::int4}, page{oid::int4}, version{oid::int2}, type{oid::text}, data{oid::bytea};
  std::int32_t seq = 0;
  Parameters parameters;
};

} // namespace

SnapshotWriter::SnapshotWriter(std::string conninfo) : conninfo_(std::move(conninfo)), thread_([this] { work(); }) {}

SnapshotWriter::~SnapshotWriter() { close(); }

void SnapshotWriter::save(SnapshotChange change) {
  check_save(change);
  const auto bytes = weight(change);
  {
    std::lock_guard lock(mutex_);
    if (!closing_ && queue_.size() < max_waiting_saves && (queue_.empty() || queued_bytes_ + bytes <= max_waiting_save_bytes)) {
      queued_bytes_ += bytes;
      queue_.push_back(std::move(change));
      changed_.notify_one();
      return;
    }
  }
  change.done(false);
}

void SnapshotWriter::close() {
  {
    std::lock_guard lock(mutex_);
    closing_ = true;
  }
  changed_.notify_one();
  if (thread_.joinable())
    thread_.join();
}

void SnapshotWriter::work() {
  bool given_up = false;
  for (;;) {
    SnapshotChange change;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return closing_ || !queue_.empty(); });
      if (queue_.empty())
        return;
      change = std::move(queue_.front());
      queue_.pop_front();
      queued_bytes_ -= weight(change);
      given_up = given_up && closing_;
    }
    bool stored = false;
    try {
      stored = !given_up && store(change);
    } catch (const std::exception& failure) { // nothing is lost: the next snapshot begins anew
      spdlog::warn("a snapshot of stream {} was not stored: {}", change.stream.value, failure.what());
      connection_.reset();
      given_up = true; // as far as a closing journal is concerned
    }
    change.done(stored);
  }
}

bool SnapshotWriter::store(const SnapshotChange& change) {
  Statement statement(change);
  if (!connection_) {
    auto connection = std::make_unique<Connection>(
        ConnectionOptions{.conninfo = conninfo_, .application_name = "entrepot snapshots", .settings = settings, .patience = save_patience});
    connection->prepare("save", save_sql, statement.parameters);
    connection_ = std::move(connection);
  }
  return connection_->run_prepared("save", statement.parameters).affected() == static_cast<std::int64_t>(change.pages.size());
}

} // namespace entrepot::journal::postgres
