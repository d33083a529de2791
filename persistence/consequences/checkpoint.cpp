#include "persistence/consequences/checkpoint.hpp"

#include <utility>

#include "persistence/array_text.hpp"
#include "persistence/journal.hpp"
#include "persistence/pqxx_compat.hpp"

namespace entrepot::consequences {
namespace {

std::size_t at(int shard) { return static_cast<std::size_t>(shard); }

} // namespace

class CheckpointTable {
public:
  explicit CheckpointTable(std::string conninfo) : conninfo_(std::move(conninfo)) {}

  template <class Act>
  auto reaching(Act act) {
    try {
      if (!connection_) {
        connection_ = std::make_unique<pqxx::connection>(conninfo_);
        connection_->prepare("move", "update checkpoint as c set pos = n.pos, updated_at = clock_timestamp() from unnest($2::smallint[], $3::bigint[], $4::bigint[]) "
                                     "as n (shard, old, pos) where c.name = $1 and c.shard = n.shard and c.pos = n.old");
        pqxx::nontransaction work(*connection_);
        sql::script(work, "set synchronous_commit = off");
      }
      return act(*connection_);
    } catch (const pqxx::failure& why) {
      connection_.reset();
      throw journal::Unavailable(why.what());
    }
  }

private:
  const std::string conninfo_;
  std::unique_ptr<pqxx::connection> connection_;
};

namespace {

class PostgresCheckpoint : public Checkpoint {
public:
  PostgresCheckpoint(std::shared_ptr<CheckpointTable> table, std::string name) : table_(std::move(table)), name_(std::move(name)) {}

  Standing read() override {
    return table_->reaching([&](pqxx::connection& connection) {
      pqxx::work work(connection);
      sql::run(work, "insert into checkpoint (name, shard, pos, generation) select $1, shard, 0, generation from shard on conflict do nothing", name_);
      sql::run(work, "update checkpoint c set generation = s.generation from shard s where s.shard = c.shard and c.name = $1 and c.generation <> s.generation", name_);
      Standing standing;
      for (const auto& row : sql::run(work, "select shard, pos, generation from checkpoint where name = $1", name_)) {
        auto shard = row[0].as<int>();
        standing.positions[at(shard)] = row[1].as<std::int64_t>();
        standing.generations[at(shard)] = row[2].as<std::int32_t>();
      }
      work.commit();
      return standing;
    });
  }

  void move(const Positions& from, const Positions& to) override {
    sql::ArrayText shards, old, next;
    pqxx::result::size_type moved = 0;
    for (int shard = 0; shard < shard_count; ++shard)
      if (from[at(shard)] != to[at(shard)]) {
        ++moved;
        shards.add(shard);
        old.add(from[at(shard)]);
        next.add(to[at(shard)]);
      }
    if (moved == 0)
      return;
    table_->reaching([&](pqxx::connection& connection) {
      pqxx::work work(connection);
      auto rows = sql::run_prepared(work, "move", name_, shards.text(), old.text(), next.text()).affected_rows();
      if (rows != moved)
        throw Overtaken("another reader moves the checkpoint " + name_);
      work.commit();
    });
  }

private:
  const std::shared_ptr<CheckpointTable> table_;
  const std::string name_;
};

} // namespace

std::unique_ptr<Checkpoint> open_postgres_checkpoint(std::string conninfo, std::string name) {
  return open_postgres_checkpoint(open_checkpoint_table(std::move(conninfo)), std::move(name));
}

std::shared_ptr<CheckpointTable> open_checkpoint_table(std::string conninfo) { return std::make_shared<CheckpointTable>(std::move(conninfo)); }

std::unique_ptr<Checkpoint> open_postgres_checkpoint(std::shared_ptr<CheckpointTable> table, std::string name) {
  return std::make_unique<PostgresCheckpoint>(std::move(table), std::move(name));
}

Standing MemoryCheckpoint::read() { return standing; }

void MemoryCheckpoint::move(const Positions& from, const Positions& to) {
  for (int shard = 0; shard < shard_count; ++shard)
    if (from[at(shard)] != to[at(shard)] && standing.positions[at(shard)] != from[at(shard)])
      throw Overtaken("another reader moves the checkpoint");
  for (int shard = 0; shard < shard_count; ++shard)
    if (from[at(shard)] != to[at(shard)])
      standing.positions[at(shard)] = to[at(shard)];
}

} // namespace entrepot::consequences
