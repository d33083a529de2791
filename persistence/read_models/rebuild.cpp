#include <array>
#include <stdexcept>

#include "persistence/read_models/projector.hpp"
#include "persistence/read_models/tables.hpp"

namespace entrepot::read_models {
namespace {

using Positions = std::array<std::int64_t, shard_count>;
constexpr auto suffix = "_next";

Model model_named(std::string_view name) {
  if (name == "order_list")
    return Model::order_list;
  if (name == "definitions")
    return Model::definitions;
  if (name == "work")
    return Model::work;
  throw std::invalid_argument("there is no read model " + std::string(name));
}

void make_tables(pqxx::connection& connection, Model model) {
  pqxx::work work(connection);
  sql::script(work, "set client_min_messages = warning");
  for (const auto& table : tables_of(model))
    sql::script(work, "drop table if exists " + table + suffix + "; create table " + table + suffix + " (like " + table + " including all)");
  work.commit();
}

/// Reads one page of a shard, but nothing behind `until`, into `facts`; returns how many events it had.
std::size_t read_page(journal::Journal& journal, int shard, std::int64_t& pos, std::int64_t until, std::vector<Fact>& facts) {
  auto page = journal.read(shard, pos, read_back_page);
  std::size_t events = 0;
  for (const auto& record : page) {
    if (record.pos > until)
      break;
    ++events;
    pos = record.pos;
    if (auto fact = fact_of(record))
      facts.push_back(std::move(*fact));
  }
  return events;
}

/// Swaps the tables; indexes and constraints keep the names of their making, which nothing refers to.
void swap_tables(pqxx::transaction_base& work, Model model) {
  for (const auto& table : tables_of(model))
    sql::script(work, "drop table " + table + "; alter table " + table + suffix + " rename to " + table);
}

/// Returns where the projector stands.
Positions checkpoint_of(pqxx::transaction_base& work, bool locked) {
  Positions shown{};
  for (const auto& row : work.exec(std::string("select shard, pos from checkpoint where name = 'read_models' order by shard") + (locked ? " for update" : "")))
    shown[row[0].as<std::size_t>()] = row[1].as<std::int64_t>();
  return shown;
}

/// Feeds one shard up to `until`; each page is a transaction of its own if `work` is nothing.
std::uint64_t feed(pqxx::connection& connection, pqxx::transaction_base* within, Tables& tables, journal::Journal& journal, int shard, std::int64_t& pos, std::int64_t until) {
  std::uint64_t events = 0;
  std::vector<Fact> facts;
  while (pos < until) {
    facts.clear();
    auto more = read_page(journal, shard, pos, until, facts);
    if (more == 0)
      throw journal::Unavailable("the journal of shard " + std::to_string(shard) + " ends before the checkpoint");
    events += more;
    if (within) {
      tables.write(*within, facts);
    } else {
      pqxx::work work(connection);
      tables.write(work, facts);
      work.commit();
    }
  }
  return events;
}

std::uint64_t feed_all(pqxx::connection& connection, pqxx::transaction_base* within, Tables& tables, journal::Journal& journal, Positions& done, const Positions& until) {
  std::uint64_t events = 0;
  for (std::size_t shard = 0; shard < shard_count; ++shard)
    events += feed(connection, within, tables, journal, static_cast<int>(shard), done[shard], until[shard]);
  return events;
}

Positions checkpoint_now(pqxx::connection& connection) {
  pqxx::nontransaction work(connection);
  return checkpoint_of(work, false);
}

} // namespace

std::uint64_t rebuild(std::string_view name, const std::string& conninfo, journal::Journal& journal) {
  auto model = model_named(name);
  try {
    pqxx::connection connection(conninfo);
    make_tables(connection, model);
    pin_plans(connection);
    Tables tables(connection, {model}, suffix);
    Positions done{};
    auto events = feed_all(connection, nullptr, tables, journal, done, checkpoint_now(connection)); // the long part
    events += feed_all(connection, nullptr, tables, journal, done, checkpoint_now(connection));     // what was committed during it
    pqxx::work work(connection);
    auto shown = checkpoint_of(work, true); // from here on the projector waits
    events += feed_all(connection, &work, tables, journal, done, shown);
    swap_tables(work, model);
    work.commit();
    return events;
  } catch (const pqxx::failure& why) {
    throw journal::Unavailable(why.what());
  }
}

void start_over(const std::string& conninfo) {
  try {
    pqxx::connection connection(conninfo);
    pqxx::work work(connection);
    sql::script(work, "select from checkpoint where name = 'read_models' order by shard for update");
    sql::script(work, "truncate order_list, channel, product, location, work_item, parked_process");
    sql::script(work, "delete from checkpoint where name = 'read_models'");
    work.commit();
  } catch (const pqxx::failure& why) {
    throw journal::Unavailable(why.what());
  }
}

} // namespace entrepot::read_models
