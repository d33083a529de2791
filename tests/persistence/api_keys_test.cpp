#include "persistence/api_keys.hpp"

#include <gtest/gtest.h>
#include <openssl/sha.h>

#include "persistence/journal.hpp"
#include "tests/support/test_database.hpp"

namespace entrepot {
namespace {

using namespace std::chrono_literals;

void counting(std::uint8_t* to, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i)
    to[i] = static_cast<std::uint8_t>(i);
}

void backwards(std::uint8_t* to, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i)
    to[i] = static_cast<std::uint8_t>(255 - i);
}

ApiKeys::Digest hash(std::string_view secret) {
  ApiKeys::Digest digest{};
  SHA256(reinterpret_cast<const unsigned char*>(secret.data()), secret.size(), digest.data());
  return digest;
}

const ApiKey web{.id = "gw-web", .role = "gateway", .channels = {"web", "app"}, .stores = {}, .entities = {"uk"}, .person = {}};
const ApiKey till{.id = "staff-leeds", .role = "staff", .channels = {}, .stores = {"S-1"}, .entities = {}, .person = "till 2, \"ground\" floor"};

TEST(ApiKeys, open_the_door_for_whom_they_were_made) {
  test::TestDatabase database;
  auto secret = create_api_key(database.conninfo(), web, counting);
  ASSERT_TRUE(secret);
  EXPECT_EQ(*secret, "ek_gw-web_0123456789abcdefghjkmnpqrstvwxyz");
  auto other = create_api_key(database.conninfo(), till, backwards);
  ApiKeys keys(database.conninfo(), 1h);
  auto found = keys.find(hash(*secret));
  ASSERT_TRUE(found);
  EXPECT_EQ(*found, web);
  EXPECT_EQ(*keys.find(hash(*other)), till);
  EXPECT_FALSE(keys.find(hash("ek_gw-web_0123456789abcdefghjkmnpqrstvwxy0")));
  EXPECT_FALSE(keys.find(hash("")));
}

TEST(ApiKeys, are_kept_as_hashes_only) {
  test::TestDatabase database;
  auto secret = create_api_key(database.conninfo(), web, counting);
  EXPECT_EQ(database.ask("select count(*) from api_key k where k::text like '%0123456789abcdefghjk%'"), "0");
  EXPECT_EQ(database.ask("select sha256 = sha256('" + *secret + "'::bytea) from api_key"), "true");
}

TEST(ApiKeys, close_the_door_when_they_are_revoked) {
  test::TestDatabase database;
  auto secret = create_api_key(database.conninfo(), web, counting);
  ApiKeys keys(database.conninfo(), 1h);
  EXPECT_TRUE(revoke_api_key(database.conninfo(), "gw-web"));
  EXPECT_TRUE(keys.refresh_now());
  EXPECT_FALSE(keys.find(hash(*secret)));
  EXPECT_FALSE(revoke_api_key(database.conninfo(), "gw-web"));
  EXPECT_FALSE(revoke_api_key(database.conninfo(), "nobody"));
}

TEST(ApiKeys, are_seen_by_a_running_server_without_a_restart) {
  test::TestDatabase database;
  ApiKeys keys(database.conninfo(), 1ms);
  auto secret = create_api_key(database.conninfo(), web, counting);
  auto deadline = std::chrono::steady_clock::now() + 10s;
  while (!keys.find(hash(*secret)) && std::chrono::steady_clock::now() < deadline)
    std::this_thread::yield();
  EXPECT_TRUE(keys.find(hash(*secret)));
}

TEST(ApiKeys, hold_while_the_database_is_away) {
  test::TestDatabase database;
  auto secret = create_api_key(database.conninfo(), web, counting);
  ApiKeys keys(database.conninfo(), 1h);
  database.ask("select bool_or(pg_terminate_backend(pid)) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()");
  EXPECT_FALSE(keys.refresh_now());
  EXPECT_TRUE(keys.find(hash(*secret)));
  EXPECT_TRUE(keys.refresh_now());
  EXPECT_TRUE(keys.find(hash(*secret)));
}

TEST(ApiKeys, are_not_made_with_an_unknown_role_or_a_crooked_name) {
  test::TestDatabase database;
  auto code_of = [&](ApiKey key) { return create_api_key(database.conninfo(), key, counting).error().code; };
  auto key = web;
  key.role = "root";
  EXPECT_EQ(code_of(key), "role-unknown");
  for (auto id : {"", "a b", "a_b", "a'b"}) {
    key = web;
    key.id = id;
    EXPECT_EQ(code_of(key), "id-invalid") << id;
  }
  key = web;
  key.channels = {"web,app"};
  EXPECT_EQ(code_of(key), "scope-invalid");
  EXPECT_TRUE(create_api_key(database.conninfo(), web, counting));
  EXPECT_EQ(code_of(web), "id-taken");
}

TEST(ApiKeys, are_listed_with_their_end) {
  test::TestDatabase database;
  EXPECT_TRUE(create_api_key(database.conninfo(), web, counting));
  EXPECT_TRUE(create_api_key(database.conninfo(), till, backwards));
  revoke_api_key(database.conninfo(), "gw-web");
  auto listed = list_api_keys(database.conninfo());
  ASSERT_EQ(listed.size(), 2u);
  EXPECT_EQ(listed[0].key, web);
  EXPECT_EQ(listed[1].key, till);
  EXPECT_NE(listed[0].revoked_at, "");
  EXPECT_EQ(listed[1].revoked_at, "");
  EXPECT_TRUE(from_rfc3339(listed[1].created_at)) << listed[1].created_at;
}

TEST(ApiKeys, cannot_be_read_without_a_database) {
  EXPECT_THROW(ApiKeys("host=/nowhere"), journal::Unavailable);
  EXPECT_THROW((void)create_api_key("host=/nowhere", web, counting), journal::Unavailable);
}

} // namespace
} // namespace entrepot
