// What every registry of webhook endpoints does, in memory and in PostgreSQL.
#include <gtest/gtest.h>

#include "persistence/consequences/checkpoint.hpp"
#include "persistence/webhooks/memory_registry.hpp"
#include "persistence/webhooks/postgres_registry.hpp"
#include "tests/support/test_database.hpp"

namespace entrepot::webhook {
namespace {

using namespace std::chrono_literals;

const Timestamp nine = *from_rfc3339("2026-03-10T09:00:00.123Z");

Endpoint erp(std::string id = "whe_1") {
  Endpoint endpoint;
  endpoint.id = std::move(id);
  endpoint.url = "https://erp.example/hooks?a=1";
  endpoint.types = {"order.confirmed.v1", "order.cancelled.v1"};
  endpoint.channels = {"web"};
  endpoint.secret = {0, 1, 255, 39, 92};
  endpoint.request = "d1";
  endpoint.created_by = endpoint.changed_by = "admin/ann";
  endpoint.created_at = endpoint.changed_at = nine;
  return endpoint;
}

Delivery event(std::int64_t pos, Fate fate = Fate::waiting, int shard = 3) {
  return {.place = {shard, pos}, .id = "evt_1_" + std::to_string(shard) + "_" + std::to_string(pos) + "_0", .family = {4711}, .type = "order.confirmed.v1", .at = nine + Duration{pos},
          .fate = fate, .tries = 1, .first_try = nine, .due = nine + 5s, .last_status = 500, .body = R"({"quote":"\" \\ ä"})"};
}

class WebhookRegistry : public testing::TestWithParam<std::string> {
protected:
  WebhookRegistry() {
    if (GetParam() == "memory") {
      registry = std::make_unique<MemoryRegistry>([] {
        consequences::Positions heads{};
        heads[3] = 7;
        return heads;
      });
    } else {
      database = std::make_unique<test::TestDatabase>();
      for (int pos = 1; pos <= 7; ++pos)
        database->execute("insert into event (shard, version, seq, pos, stream, at, command, type, data) values (3, 1, " + std::to_string(pos) + ", " + std::to_string(pos) +
                          ", 1, now(), gen_random_uuid(), 'T', '{}')");
      registry = open_postgres_registry(database->conninfo());
    }
  }
  consequences::Positions begins_at(const std::string& id) {
    if (auto* memory = dynamic_cast<MemoryRegistry*>(registry.get()))
      return memory->checkpoint(id)->read().positions;
    return consequences::open_postgres_checkpoint(database->conninfo(), checkpoint_name(id))->read().positions;
  }
  std::vector<std::int64_t> positions(const std::vector<Delivery>& deliveries) {
    std::vector<std::int64_t> all;
    for (const auto& one : deliveries)
      all.push_back(one.place.pos);
    return all;
  }

  std::unique_ptr<test::TestDatabase> database;
  std::unique_ptr<Registry> registry;
};
INSTANTIATE_TEST_SUITE_P(In, WebhookRegistry, testing::Values("memory", "postgres"), [](const auto& one) { return one.param; });

TEST_P(WebhookRegistry, keeps_an_endpoint_as_it_was_made) {
  ASSERT_TRUE(registry->create(erp(), From::now));
  EXPECT_EQ(registry->find("whe_1"), erp());
  EXPECT_EQ(registry->list(), (std::vector<Endpoint>{erp()}));
  EXPECT_EQ(registry->find("whe_2"), std::nullopt);
}

TEST_P(WebhookRegistry, begins_with_what_happens_from_now_on_or_with_everything) {
  ASSERT_TRUE(registry->create(erp("whe_now"), From::now));
  ASSERT_TRUE(registry->create(erp("whe_all"), From::beginning));
  EXPECT_EQ(begins_at("whe_now")[3], 7);
  EXPECT_EQ(begins_at("whe_now")[4], 0);
  EXPECT_EQ(begins_at("whe_all")[3], 0);
}

TEST_P(WebhookRegistry, makes_one_endpoint_of_a_request_that_is_repeated) {
  ASSERT_TRUE(registry->create(erp(), From::now));
  auto again = erp();
  again.secret = {9};
  EXPECT_EQ(registry->create(again, From::now)->secret, erp().secret);
  again.request = "another body";
  EXPECT_EQ(registry->create(again, From::now).error().code, "idempotency-key-reused");
  EXPECT_EQ(registry->list().size(), 1u);
}

TEST_P(WebhookRegistry, has_room_for_so_many) {
  for (std::size_t i = 0; i < max_endpoints; ++i)
    ASSERT_TRUE(registry->create(erp("whe_" + std::to_string(i)), From::now));
  EXPECT_EQ(registry->create(erp("whe_more"), From::now).error().code, "webhook-endpoints-exhausted");
  EXPECT_TRUE(registry->create(erp("whe_0"), From::now)) << "which is there";
}

TEST_P(WebhookRegistry, changes_an_endpoint_whole_or_not_at_all) {
  ASSERT_TRUE(registry->create(erp(), From::now));
  auto changed = registry->change("whe_1", [](Endpoint& endpoint) -> std::optional<Rejection> {
    rotate(endpoint, {5, 6}, nine);
    endpoint.status = Status::paused;
    endpoint.url = "http://other/";
    endpoint.types.clear();
    endpoint.channels = {"web", "till"};
    endpoint.rotation = "r1";
    endpoint.changed_by = "admin";
    endpoint.changed_at = nine + 1h;
    return {};
  });
  ASSERT_TRUE(changed);
  EXPECT_EQ(changed->version, 2);
  EXPECT_EQ(registry->find("whe_1"), *changed);
  EXPECT_EQ(changed->former_secret, erp().secret);
  auto refused = registry->change("whe_1", [](Endpoint& endpoint) -> std::optional<Rejection> {
    endpoint.url = "http://never/";
    return reject("no", "no");
  });
  EXPECT_EQ(refused.error().code, "no");
  EXPECT_EQ(registry->find("whe_1"), *changed);
  EXPECT_EQ(registry->change("whe_9", [](Endpoint&) { return std::nullopt; }).error().code, "webhook-endpoint-unknown");
}

TEST_P(WebhookRegistry, tells_what_has_changed) {
  ASSERT_TRUE(registry->create(erp(), From::now));
  EXPECT_EQ(registry->versions(), (std::vector<Version>{{"whe_1", 1}}));
  ASSERT_TRUE(registry->change("whe_1", [](Endpoint&) { return std::nullopt; }));
  EXPECT_EQ(registry->versions(), (std::vector<Version>{{"whe_1", 1}})) << "nothing was";
  registry->keep("whe_1", std::vector{event(1, Fate::dead)});
  EXPECT_EQ(*registry->replay("whe_1", "", nine), 1);
  EXPECT_EQ(registry->versions(), (std::vector<Version>{{"whe_1", 2}}));
}

TEST_P(WebhookRegistry, forgets_an_endpoint_with_all_that_waits_for_it) {
  ASSERT_TRUE(registry->create(erp(), From::now));
  registry->keep("whe_1", std::vector{event(1)});
  EXPECT_TRUE(registry->remove("whe_1"));
  EXPECT_FALSE(registry->remove("whe_1"));
  registry->keep("whe_1", std::vector{event(2)}); // too late
  EXPECT_TRUE(registry->versions().empty());
  ASSERT_TRUE(registry->create(erp(), From::beginning));
  EXPECT_TRUE(registry->waiting("whe_1", 10).empty());
  EXPECT_EQ(begins_at("whe_1")[3], 0);
}

TEST_P(WebhookRegistry, keeps_what_was_not_taken_and_writes_its_tries_anew) {
  ASSERT_TRUE(registry->create(erp(), From::now));
  registry->keep("whe_1", std::vector{event(2), event(1)});
  auto waiting = registry->waiting("whe_1", 10);
  EXPECT_EQ(positions(waiting), (std::vector<std::int64_t>{1, 2}));
  auto expected = event(1);
  expected.body.clear();
  EXPECT_EQ(waiting[0], expected);
  EXPECT_EQ(registry->body("whe_1", {3, 1}), event(1).body);
  auto again = expected;
  again.tries = 2;
  again.due = nine + 1h;
  again.last_status = 0;
  registry->keep("whe_1", std::vector{again});
  EXPECT_EQ(registry->waiting("whe_1", 1)[0], again);
  EXPECT_EQ(registry->body("whe_1", {3, 1}), event(1).body) << "though it was not said again";
  registry->forget("whe_1", std::vector<Place>{{3, 1}});
  EXPECT_EQ(positions(registry->waiting("whe_1", 10)), (std::vector<std::int64_t>{2}));
  EXPECT_EQ(registry->body("whe_1", {3, 1}), "");
}

TEST_P(WebhookRegistry, shows_dead_letters_by_pages_the_oldest_first) {
  ASSERT_TRUE(registry->create(erp(), From::now));
  registry->keep("whe_1", std::vector{event(5, Fate::dead), event(2, Fate::dead, 9), event(4, Fate::dead), event(3)});
  auto first = registry->page("whe_1", Fate::dead, "", 2);
  ASSERT_TRUE(first);
  EXPECT_EQ(positions(first->deliveries), (std::vector<std::int64_t>{2, 4}));
  ASSERT_FALSE(first->next.empty());
  auto second = registry->page("whe_1", Fate::dead, first->next, 2);
  EXPECT_EQ(positions(second->deliveries), (std::vector<std::int64_t>{5}));
  EXPECT_EQ(second->next, "");
  EXPECT_EQ(positions(registry->page("whe_1", Fate::waiting, "", 2)->deliveries), (std::vector<std::int64_t>{3}));
  for (const auto* cursor : {"x", "1", "1-2", "1-2-3-4", "-1-2-3", "1-64-1", "99999999999999999-1-1"})
    EXPECT_EQ(registry->page("whe_1", Fate::dead, cursor, 2).error().code, "parameter-invalid") << cursor;
  EXPECT_EQ(registry->page("whe_9", Fate::dead, "", 2).error().code, "webhook-endpoint-unknown");
}

TEST_P(WebhookRegistry, sends_dead_letters_again_as_if_they_were_new) {
  ASSERT_TRUE(registry->create(erp(), From::now));
  registry->keep("whe_1", std::vector{event(1, Fate::dead), event(2, Fate::dead), event(3)});
  EXPECT_EQ(registry->replay("whe_1", "evt_1_3_3_0", nine).error().code, "webhook-delivery-unknown") << "it waits";
  EXPECT_EQ(*registry->replay("whe_1", "evt_1_3_2_0", nine + 2h), 1);
  auto waiting = registry->waiting("whe_1", 10);
  ASSERT_EQ(positions(waiting), (std::vector<std::int64_t>{2, 3}));
  EXPECT_EQ(waiting[0].tries, 0);
  EXPECT_EQ(waiting[0].first_try, std::nullopt);
  EXPECT_EQ(waiting[0].due, nine + 2h);
  EXPECT_EQ(*registry->replay("whe_1", "", nine), 1);
  EXPECT_EQ(*registry->replay("whe_1", "", nine), 0) << "once";
  EXPECT_EQ(registry->replay("whe_9", "", nine).error().code, "webhook-endpoint-unknown");
}

} // namespace
} // namespace entrepot::webhook
