#include "tests/bench/stored.hpp"

#include <charconv>
#include <chrono>
#include <libpq-fe.h>
#include <set>
#include <stdexcept>
#include <thread>

namespace entrepot::bench {

using namespace std::chrono_literals;

struct Stored::Connection {
  PGconn* connection = nullptr;
  ~Connection() { PQfinish(connection); }

  using Table = std::vector<std::vector<std::string>>;

  Table ask(const char* statement, const std::vector<std::string>& values) const {
    std::vector<const char*> pointers;
    for (const auto& value : values)
      pointers.push_back(value.c_str());
    std::unique_ptr<PGresult, void (*)(PGresult*)> result(
        PQexecParams(connection, statement, static_cast<int>(values.size()), nullptr, pointers.data(), nullptr, nullptr, 0), PQclear);
    if (PQresultStatus(result.get()) != PGRES_TUPLES_OK)
      throw std::runtime_error(std::string("reading the journal: ") + PQerrorMessage(connection));
    Table table(static_cast<std::size_t>(PQntuples(result.get())));
    for (std::size_t row = 0; row < table.size(); ++row)
      for (int column = 0; column < PQnfields(result.get()); ++column)
        table[row].emplace_back(PQgetvalue(result.get(), static_cast<int>(row), column));
    return table;
  }
};

namespace {

std::int64_t number(const std::string& text) {
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

} // namespace

Stored::Stored(const std::string& database) : connection_(std::make_unique<Connection>()) {
  connection_->connection = PQconnectdb(database.c_str());
  if (PQstatus(connection_->connection) != CONNECTION_OK)
    throw std::runtime_error(std::string("cannot reach the database: ") + PQerrorMessage(connection_->connection));
}

Stored::~Stored() = default;

Mark Stored::mark() {
  // One probe of the primary key's end for each shard; a `group by` would read the whole table.
  auto table = connection_->ask(
      "select coalesce((select pos from event where shard = s order by pos desc limit 1), 0) from generate_series(0, $1::int) s order by s",
      {std::to_string(shard_count - 1)});
  Mark mark;
  for (const auto& row : table)
    mark.heads.push_back(number(row[0]));
  return mark;
}

Mark Stored::settled() {
  auto patience_ends = std::chrono::steady_clock::now() + 3s;
  Mark before = mark();
  for (;;) {
    std::this_thread::sleep_for(200ms);
    Mark now = mark();
    if (now == before || std::chrono::steady_clock::now() >= patience_ends)
      return now;
    before = std::move(now);
  }
}

Rows Stored::rows(const Mark& from, const Mark& to, LocationCode location) {
  std::string stream = std::to_string(stream_of(location).value);
  Rows rows;
  // Bit 50 of a stream's number tells named things from families. Shard by shard, so that the primary key is used however large the table is.
  for (std::size_t shard = 0; shard < from.heads.size(); ++shard) {
    if (from.heads[shard] == to.heads[shard])
      continue;
    auto table =
        connection_->ask("select count(*) filter (where type = 'OrderSubmitted'), count(*) filter (where (stream >> 50) & 1 = 0), "
                         "count(*) filter (where stream = $4::bigint) from event where shard = $1::int and pos > $2::bigint and pos <= $3::bigint",
                         {std::to_string(shard), std::to_string(from.heads[shard]), std::to_string(to.heads[shard]), stream});
    rows.orders += number(table[0][0]);
    rows.of_families += number(table[0][1]);
    rows.of_locations += number(table[0][2]);
  }
  return rows;
}

std::optional<Way> Stored::way_of(OrderId order, const Mark& from, LocationCode location) {
  auto family =
      connection_->ask("select type, xmin::text from event where shard = $1::int and stream between $2::bigint and $3::bigint order by pos",
                       {std::to_string(shard_of(order.family)), std::to_string(order.family.value), std::to_string(order.family.value | 0xff)});
  // The location's events name the order as people see it, or by its number.
  auto stream = stream_of(location);
  auto shard = static_cast<std::size_t>(shard_of(stream));
  auto held = connection_->ask("select type, xmin::text from event where shard = $1::int and pos > $2::bigint and stream = $3::bigint "
                               "and (position($4 in data::text) > 0 or position($5 in data::text) > 0) order by pos",
                               {std::to_string(shard), std::to_string(from.heads.at(shard)), std::to_string(stream.value), to_text(order),
                                std::to_string(order.family.value)});
  Way way;
  std::set<std::string> transactions;
  auto take = [&](const std::vector<std::string>& row) {
    transactions.insert(row[1]);
    ++way.rows_to_answer;
  };
  bool confirmed = false;
  for (const auto& row : family) {
    way.event_types.push_back(row[0]);
    if (!confirmed)
      take(row);
    confirmed = confirmed || row[0] == "OrderConfirmed";
  }
  if (!confirmed)
    return {};
  for (const auto& row : held) {
    way.event_types.push_back(row[0]);
    if (row[0] == "StockHeld") // the allocation follows the confirmation
      take(row);
  }
  way.commits_deep = static_cast<int>(transactions.size());
  return way;
}

} // namespace entrepot::bench
