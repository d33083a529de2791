#include "persistence/migrate.hpp"

#include "persistence/journal.hpp"
#include "persistence/postgres/connection.hpp"

namespace entrepot::journal {
namespace {

using postgres::Connection;
using postgres::Parameters;

constexpr std::int64_t advisory_lock = 0x656e747265706f74; // "entrepot"

Connection connect(const std::string& conninfo) { return Connection({.conninfo = conninfo, .application_name = "entrepot migrate", .settings = "set client_min_messages = warning"}); }

/// Throws NewerDatabase if a migration was applied that this program does not have. Returns how many of its own were.
std::size_t applied(Connection& connection) {
  const auto rows = connection.run("select version, name from schema_migration order by version");
  const auto known = migrations();
  for (int row = 0; row < rows.count(); ++row) {
    const auto version = rows.int32(row, 0);
    const std::string name(rows.bytes(row, 1));
    if (version > static_cast<int>(known.size()))
      throw NewerDatabase("the database has migration " + name + ", this program knows " + std::to_string(known.size()) + ": use a newer program");
    if (version != row + 1 || name != known[static_cast<std::size_t>(row)].name)
      throw MigrationFailed("the database has " + name + " where this program has " + std::string(known[static_cast<std::size_t>(row)].name));
  }
  return static_cast<std::size_t>(rows.count());
}

} // namespace

int migrate(const std::string& conninfo) {
  try {
    auto connection = connect(conninfo);
    if (connection.run("select current_setting('server_encoding')").bytes(0, 0) != "UTF8")
      throw MigrationFailed("the database must be encoded in UTF8");
    connection.run("select pg_advisory_lock($1)", Parameters().add(advisory_lock));
    connection.run("create table if not exists schema_migration (version integer primary key, name text not null, applied_at timestamptz not null default clock_timestamp())");
    const auto all = migrations();
    const auto before = applied(connection);
    for (auto next = before; next < all.size(); ++next) {
      const auto number = std::to_string(next + 1);
      const std::string name(all[next].name);
      connection.script("begin;\n" + std::string(all[next].sql) + "\n;insert into schema_migration (version, name) values (" + number + ", '" + name + "');\ncommit");
    }
    return static_cast<int>(all.size() - before);
  } catch (const postgres::StatementFailed& failure) {
    throw MigrationFailed(failure.what());
  } catch (const postgres::ConnectionLost& lost) {
    throw Unavailable(lost.what());
  }
}

void require_migrated(const std::string& conninfo) {
  try {
    auto connection = connect(conninfo);
    if (applied(connection) != migrations().size())
      throw MigrationFailed("the database is older than this program: migrate it first");
  } catch (const postgres::StatementFailed&) {
    throw MigrationFailed("the database has never been migrated");
  } catch (const postgres::ConnectionLost& lost) {
    throw Unavailable(lost.what());
  }
}

} // namespace entrepot::journal
