// What the bench reads from the journal's tables. Needs the server that ENTREPOT_TEST_DATABASE names (tests/run starts one); uses a schema of its own
// in it.
#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <libpq-fe.h>
#include <stdexcept>
#include <unistd.h>

#include "tests/bench/stored.hpp"

namespace entrepot::bench {
namespace {

/// The journal's events and nothing else. Every event written is a transaction, unless begin() and commit() stand around several.
class SmallJournal {
public:
  SmallJournal() {
    const char* server = std::getenv("ENTREPOT_TEST_DATABASE");
    if (!server || !*server)
      throw std::runtime_error("ENTREPOT_TEST_DATABASE is not set: give it the libpq conninfo of a PostgreSQL server for tests");
    database_ = std::string(server) + " options='-c search_path=" + schema_ + " -c client_min_messages=warning'";
    connection_ = PQconnectdb(database_.c_str());
    run("create schema " + schema_);
    run("create table event (shard smallint, seq integer, pos bigint, stream bigint, type text, data json, primary key (shard, pos), unique (shard, "
        "stream, seq))");
  }
  ~SmallJournal() {
    PQclear(PQexec(connection_, ("drop schema if exists " + schema_ + " cascade").c_str()));
    PQfinish(connection_);
  }
  SmallJournal(const SmallJournal&) = delete;
  SmallJournal& operator=(const SmallJournal&) = delete;

  const std::string& database() const { return database_; }
  void begin() { run("begin"); }
  void commit() { run("commit"); }

  void write(StreamId stream, int seq, const std::string& type, const std::string& data = "{}") {
    auto shard = static_cast<std::size_t>(shard_of(stream));
    run("insert into event (shard, seq, pos, stream, type, data) values (" + std::to_string(shard) + "," + std::to_string(seq) + "," +
        std::to_string(++heads_[shard]) + "," + std::to_string(stream.value) + ",'" + type + "','" + data + "')");
  }

private:
  void run(const std::string& statement) {
    PGresult* result = PQexec(connection_, statement.c_str());
    bool done = PQresultStatus(result) == PGRES_COMMAND_OK;
    PQclear(result);
    if (!done)
      throw std::runtime_error(statement + ": " + PQerrorMessage(connection_));
  }
  std::string schema_ = "bench_test_" + std::to_string(getpid());
  std::string database_;
  PGconn* connection_ = nullptr;
  std::array<std::int64_t, shard_count> heads_{};
};

const LocationCode warehouse = *LocationCode::from("bench-dc");

OrderId order_number(int number) { return {family_number(number * 200, Timestamp(std::chrono::hours(500'000)), number)}; }

/// An order on account as the journal has it at the end of its promise: three rows to the answer, five in all.
void place(SmallJournal& journal, OrderId order, int& location_seq) {
  std::string claim = R"({"order":")" + to_text(order) + R"(","round":0})";
  journal.write(order.family, 1, "OrderSubmitted");
  journal.write(stream_of(warehouse), ++location_seq, "StockHeld", claim);
  journal.write(order.family, 2, "OrderConfirmed");
  journal.write(stream_of(warehouse), ++location_seq, "StockAllocated", claim);
  journal.write(member(order.family, child::first_fulfilment), 1, "FulfilmentAccepted");
}

TEST(Stored, rows_of_a_run_are_those_of_its_orders_and_of_its_warehouse) {
  SmallJournal journal;
  Stored stored(journal.database());
  int location_seq = 0;
  journal.write(stream_of(warehouse), ++location_seq, "StockReceived");
  place(journal, order_number(1), location_seq);
  Mark from = stored.mark();
  for (int i = 2; i < 12; ++i)
    place(journal, order_number(i), location_seq);
  journal.write(stream_of(*Sku::from("MUG-1")), 1, "ProductDefined");
  Rows rows = stored.rows(from, stored.settled(), warehouse);
  EXPECT_EQ(rows.orders, 10);
  EXPECT_EQ(rows.of_families, 30);
  EXPECT_EQ(rows.of_locations, 20);
  EXPECT_DOUBLE_EQ(rows.per_order(), 5);
}

TEST(Stored, order_on_account_is_three_commits_deep_when_each_row_waits_for_the_one_before) {
  SmallJournal journal;
  Stored stored(journal.database());
  Mark from = stored.mark();
  int location_seq = 0;
  place(journal, order_number(1), location_seq);
  place(journal, order_number(2), location_seq);
  auto way = stored.way_of(order_number(2), from, warehouse);
  ASSERT_TRUE(way);
  EXPECT_EQ(way->rows_to_answer, 3);
  EXPECT_EQ(way->commits_deep, 3);
  EXPECT_EQ(way->event_types, (std::vector<std::string>{"OrderSubmitted", "OrderConfirmed", "FulfilmentAccepted", "StockHeld", "StockAllocated"}));
}

TEST(Stored, rows_of_one_commit_are_one_deep) {
  SmallJournal journal;
  Stored stored(journal.database());
  Mark from = stored.mark();
  int location_seq = 0;
  journal.begin();
  place(journal, order_number(1), location_seq);
  journal.commit();
  auto way = stored.way_of(order_number(1), from, warehouse);
  ASSERT_TRUE(way);
  EXPECT_EQ(way->commits_deep, 1);
}

TEST(Stored, order_that_is_not_confirmed_has_no_way) {
  SmallJournal journal;
  Stored stored(journal.database());
  journal.write(order_number(1).family, 1, "OrderSubmitted");
  EXPECT_FALSE(stored.way_of(order_number(1), stored.mark(), warehouse));
}

TEST(Stored, database_that_cannot_be_reached_is_told) { EXPECT_THROW(Stored("host=/nonexistent"), std::runtime_error); }

} // namespace
} // namespace entrepot::bench
