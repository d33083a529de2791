#include "persistence/people.hpp"

#include <gtest/gtest.h>

#include "tests/support/test_database.hpp"

namespace entrepot {
namespace {

using namespace std::chrono_literals;

const auto customer = named_stream(Kind::customer, "C-1");
const StreamId guest = family_number(7, *from_rfc3339("2026-03-10T09:00:00Z"), 1);

class PeopleTest : public testing::Test {
protected:
  PeopleTest() {
    store(customer, "aa");
    store(guest, "bb");
  }
  void store(StreamId person, const std::string& byte) {
    database.connect().run("insert into person_key (shard, person, key) values (" + std::to_string(shard_of(person)) + ", " + std::to_string(person.value) +
                 ", decode(repeat('" + byte + "', 32), 'hex'))");
  }
  void delete_all() { database.connect().run("delete from person_key"); }

  test::TestDatabase database;
  std::chrono::steady_clock::time_point now{};
  People people{database.conninfo(), [this] { return now; }};
};

People::Key filled(std::uint8_t byte) {
  People::Key key{};
  key.fill(byte);
  return key;
}

TEST_F(PeopleTest, have_the_key_that_was_stored_with_them) {
  std::vector<StreamId> asked{guest, named_stream(Kind::customer, "nobody"), customer, guest};
  auto keys = people.keys(asked);
  ASSERT_EQ(keys.size(), 4u);
  EXPECT_EQ(keys[0], filled(0xbb));
  EXPECT_EQ(keys[1], std::nullopt);
  EXPECT_EQ(keys[2], filled(0xaa));
  EXPECT_EQ(keys[3], filled(0xbb));
}

TEST_F(PeopleTest, are_unreadable_for_ever_once_erased) {
  EXPECT_EQ(people.key(customer), filled(0xaa));
  EXPECT_TRUE(people.erase(customer));
  EXPECT_EQ(people.key(customer), std::nullopt);
  EXPECT_FALSE(people.erase(customer));
  EXPECT_EQ(people.key(guest), filled(0xbb));
}

TEST_F(PeopleTest, are_remembered_for_a_minute_after_which_another_nodes_erasure_is_seen) {
  EXPECT_EQ(people.key(customer), filled(0xaa));
  delete_all();
  now += 59s;
  EXPECT_EQ(people.key(customer), filled(0xaa));
  now += 1s;
  EXPECT_EQ(people.key(customer), std::nullopt);
}

TEST_F(PeopleTest, who_were_unknown_are_found_as_soon_as_they_are_stored) {
  auto late = named_stream(Kind::customer, "C-2");
  EXPECT_EQ(people.key(late), std::nullopt);
  store(late, "cc");
  EXPECT_EQ(people.key(late), filled(0xcc));
}

TEST_F(PeopleTest, are_found_again_after_a_lost_connection) {
  EXPECT_EQ(people.key(customer), filled(0xaa));
  database.ask("select bool_or(pg_terminate_backend(pid)) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()");
  EXPECT_THROW(people.key(guest), journal::Unavailable);
  EXPECT_EQ(people.key(guest), filled(0xbb));
}

} // namespace
} // namespace entrepot
