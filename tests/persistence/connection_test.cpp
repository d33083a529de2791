#include "persistence/postgres/connection.hpp"

#include <gtest/gtest.h>

#include "tests/support/test_database.hpp"

namespace entrepot::test {
namespace {

using journal::postgres::with_database;

TEST(Connection, address_names_another_database_whether_it_is_words_or_a_url) {
  EXPECT_EQ(with_database("host=/run/pg port=5433 user=shop dbname=shop", "bench"), "user='shop' host='/run/pg' port='5433' dbname='bench'");
  EXPECT_EQ(with_database("postgresql://shop:it's%20me@db.example:5433/shop?sslmode=require", "bench"),
            "user='shop' password='it\\'s me' host='db.example' port='5433' sslmode='require' dbname='bench'");
}

TEST(Connection, address_that_is_none_is_refused_without_its_password) {
  try {
    with_database("postgresql://shop:secret@/shop?host=a&port=1 dbname=bench&x=y", "bench");
    FAIL() << "it is accepted";
  } catch (const std::invalid_argument& refused) {
    EXPECT_EQ(std::string(refused.what()).find("secret"), std::string::npos) << refused.what();
  }
}

TEST(Connection, what_is_named_so_is_where_it_connects) {
  TestDatabase database, other;
  auto connection = connect_to(with_database(database.conninfo(), other.name()));
  EXPECT_EQ(connection.run("select current_database()::text").bytes(0, 0), other.name());
}

} // namespace
} // namespace entrepot::test
