// A database for a test: made on the server that ENTREPOT_TEST_DATABASE names, migrated, and dropped when the test ends.
#pragma once

#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <stdexcept>
#include <string>

#include "persistence/migrate.hpp"
#include "persistence/postgres/connection.hpp"

namespace entrepot::test {

/// Returns the libpq conninfo of the server on which tests may make databases. Throws, with what to do, if ENTREPOT_TEST_DATABASE is not set: a test that
/// cannot run has failed.
inline std::string test_server() {
  const char* conninfo = std::getenv("ENTREPOT_TEST_DATABASE");
  if (!conninfo || !*conninfo)
    throw std::runtime_error("ENTREPOT_TEST_DATABASE is not set: give it the libpq conninfo of a PostgreSQL server on which these tests may make databases, "
                             "e.g. ENTREPOT_TEST_DATABASE='host=/tmp/pg user=postgres dbname=postgres'. tests/run starts one and sets it.");
  return conninfo;
}

inline journal::postgres::Connection connect_to(const std::string& conninfo) {
  return journal::postgres::Connection({.conninfo = conninfo, .application_name = "entrepot test", .settings = "set client_min_messages = warning"});
}

enum class Made : std::uint8_t { migrated, empty };

class TestDatabase {
public:
  explicit TestDatabase(Made made = Made::migrated, const std::string& server = test_server()) : server_(server) {
    static std::atomic<int> count{0};
    name_ = "entrepot_test_" + std::to_string(::getpid()) + "_" + std::to_string(++count);
    conninfo_ = journal::postgres::with_database(server_, name_);
    connect_to(server_).run("create database " + name_ + " template template0 encoding 'UTF8' locale 'C.UTF-8'");
    if (made == Made::migrated)
      journal::migrate(conninfo_);
  }

  ~TestDatabase() {
    try {
      connect_to(server_).run("drop database if exists " + name_ + " with (force)");
    } catch (const std::exception&) { // the server is gone, and the database with it
    }
  }
  TestDatabase(const TestDatabase&) = delete;
  TestDatabase& operator=(const TestDatabase&) = delete;

  const std::string& conninfo() const { return conninfo_; }
  const std::string& name() const { return name_; }

  journal::postgres::Connection connect() const { return connect_to(conninfo_); }

  /// Returns the first value of a query as text; "" if there is none.
  std::string ask(const std::string& query) const {
    auto connection = connect();
    const auto rows = connection.run("select (" + query + ")::text");
    return rows.count() ? std::string(rows.bytes(0, 0)) : std::string();
  }

  void execute(const std::string& statement) const { connect().run(statement); }

private:
  std::string server_, name_, conninfo_;
};

} // namespace entrepot::test
