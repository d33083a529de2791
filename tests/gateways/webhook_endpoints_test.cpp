// Who outside is told, managed over HTTP.
#include "tests/gateways/shop.hpp"

namespace entrepot::test {
namespace {

constexpr auto path = "/v1/webhook-endpoints";

Json erp() { return {{"url", "https://erp.example/hooks"}}; }

Json made_by(http::Client& admin, const Json& body = erp()) {
  auto answer = admin.post(path, body.dump(), fresh_key());
  EXPECT_EQ(answer.status, 201) << answer.body;
  return Json::parse(answer.body);
}

webhook::Delivery dead(std::int64_t pos) {
  return {.place = {3, pos}, .id = "evt_1_3_" + std::to_string(pos) + "_0", .family = family_number(7, now, 1), .type = "order.confirmed.v1", .at = now, .fate = webhook::Fate::dead, .tries = 9,
          .first_try = now, .due = now, .last_status = 500, .body = "{}"};
}

TEST(WebhookEndpoints, are_made_with_a_secret_that_is_seen_once) {
  Shop shop;
  auto admin = shop.client("admin");
  auto answer = admin.post(path, erp().dump(), fresh_key());
  ASSERT_EQ(answer.status, 201) << answer.body;
  auto made = Json::parse(answer.body);
  EXPECT_TRUE(made["secret"].get<std::string>().starts_with("whsec_"));
  EXPECT_EQ(answer.header("cache-control"), "no-store");
  EXPECT_EQ(answer.header("location"), std::string(path) + "/" + made["id"].get<std::string>());
  EXPECT_EQ(made["status"], "active");
  EXPECT_TRUE(made["types"].is_null() && made["channels"].is_null());
  EXPECT_EQ(made["created_by"], "admin");
  for (const auto& where : {std::string(path), std::string(path) + "/" + made["id"].get<std::string>()}) {
    auto seen = shop.client("operator").get(where);
    EXPECT_EQ(seen.status, 200);
    EXPECT_EQ(seen.body.find("whsec_"), std::string::npos) << where;
    EXPECT_EQ(seen.body.find("\"secret\""), std::string::npos) << where;
    EXPECT_NE(seen.body.find("erp.example"), std::string::npos) << where;
  }
}

TEST(WebhookEndpoints, are_made_once_however_often_the_request_is_sent) {
  Shop shop;
  auto admin = shop.client("admin");
  auto key = fresh_key();
  auto first = Json::parse(admin.post(path, erp().dump(), key).body);
  auto again = admin.post(path, erp().dump(), key);
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.header("idempotent-replayed"), "true");
  EXPECT_EQ(Json::parse(again.body)["id"], first["id"]);
  EXPECT_FALSE(Json::parse(again.body).contains("secret"));
  problem_of(admin.post(path, Json{{"url", "https://other.example/"}}.dump(), key), 422, "idempotency-key-reused");
  problem_of(admin.post(path, erp().dump()), 400, "idempotency-key-missing");
  EXPECT_EQ(shop.registry.list().size(), 1u);
}

TEST(WebhookEndpoints, refuse_what_cannot_be) {
  Shop shop;
  auto admin = shop.client("admin");
  auto post = [&](const Json& body) { return admin.post(path, body.dump(), fresh_key()); };
  problem_of(post({{"url", "https://user:word@erp.example/"}}), 422, "url-invalid");
  problem_of(post({{"url", "ftp://erp.example/"}}), 422, "url-invalid");
  problem_of(post(Json::object()), 400, "field-missing");
  problem_of(post({{"url", "https://a/"}, {"types", {"order.exploded.v1"}}}), 422, "value-unknown");
  problem_of(post({{"url", "https://a/"}, {"types", Json::array()}}), 422, "value-out-of-range");
  problem_of(post({{"url", "https://a/"}, {"channels", {"moon"}}}), 422, "channel-unknown");
  problem_of(post({{"url", "https://a/"}, {"channels", Json::array()}}), 422, "value-out-of-range");
  problem_of(post({{"url", "https://a/"}, {"from", "yesterday"}}), 422, "value-unknown");
  problem_of(post({{"url", "https://a/"}, {"secret", "mine"}}), 400, "field-unknown");
  EXPECT_TRUE(shop.registry.list().empty());
}

TEST(WebhookEndpoints, are_so_many_at_most) {
  Shop shop;
  auto admin = shop.client("admin");
  for (std::size_t i = 0; i < webhook::max_endpoints; ++i)
    made_by(admin);
  problem_of(admin.post(path, erp().dump(), fresh_key()), 409, "webhook-endpoints-exhausted");
}

TEST(WebhookEndpoints, can_be_changed_paused_and_removed) {
  Shop shop;
  auto admin = shop.client("admin");
  auto one = std::string(path) + "/" + made_by(admin, {{"url", "https://a/"}, {"types", {"order.confirmed.v1"}}, {"channels", {"web"}}})["id"].get<std::string>();
  auto patched = [&](const Json& body) {
    auto answer = admin.send(http::Method::patch, one, body.dump());
    EXPECT_EQ(answer.status, 200) << answer.body;
    return Json::parse(answer.body);
  };
  EXPECT_EQ(patched({{"status", "paused"}})["status"], "paused");
  auto changed = patched({{"url", "http://b:81/"}, {"types", nullptr}});
  EXPECT_EQ(changed["url"], "http://b:81/");
  EXPECT_TRUE(changed["types"].is_null());
  EXPECT_EQ(changed["channels"], Json::array({"web"}));
  EXPECT_EQ(changed["status"], "paused") << "what is left out stays";
  EXPECT_EQ(changed["version"], 3);
  problem_of(admin.send(http::Method::patch, one, R"({"status":"gone"})"), 422, "value-unknown");
  problem_of(admin.send(http::Method::patch, one, R"({"url":"b"})"), 422, "url-invalid");
  EXPECT_EQ(admin.send(http::Method::del, one).status, 204);
  problem_of(admin.send(http::Method::del, one), 404, "webhook-endpoint-unknown");
  problem_of(admin.get(one), 404, "webhook-endpoint-unknown");
  problem_of(admin.send(http::Method::patch, one, "{}"), 404, "webhook-endpoint-unknown");
  problem_of(admin.get(one + "/deliveries"), 404, "webhook-endpoint-unknown");
}

TEST(WebhookEndpoints, get_a_new_secret_beside_the_old_one) {
  Shop shop;
  auto admin = shop.client("admin");
  auto made = made_by(admin);
  auto rotate = std::string(path) + "/" + made["id"].get<std::string>() + "/rotate-secret";
  auto key = fresh_key();
  auto rotated = Json::parse(admin.post(rotate, "", key).body);
  EXPECT_TRUE(rotated["secret"].get<std::string>().starts_with("whsec_"));
  EXPECT_NE(rotated["secret"], made["secret"]);
  EXPECT_EQ(rotated["former_secret_until"], "2026-03-11T09:00:00.000Z");
  EXPECT_EQ(webhook::signing_secrets(shop.registry.list()[0], now).size(), 2u);
  auto again = Json::parse(admin.post(rotate, "", key).body);
  EXPECT_FALSE(again.contains("secret")) << "a repeat changes nothing, and shows nothing";
  EXPECT_EQ(again["version"], rotated["version"]);
  problem_of(admin.post(rotate, ""), 400, "idempotency-key-missing");
}

TEST(WebhookDeliveries, that_died_are_listed_and_sent_again) {
  Shop shop;
  auto admin = shop.client("admin");
  auto id = made_by(admin)["id"].get<std::string>();
  auto one = std::string(path) + "/" + id;
  shop.registry.keep(id, std::vector{dead(1), dead(2), dead(3)});
  auto first = Json::parse(shop.client("auditor").get(one + "/deliveries?status=dead&limit=2").body);
  ASSERT_EQ(first["items"].size(), 2u);
  EXPECT_EQ(first["items"][0],
            (Json{{"id", "evt_1_3_1_0"}, {"type", "order.confirmed.v1"}, {"order", to_text(OrderId{family_number(7, now, 1)})}, {"recorded_at", "2026-03-10T09:00:00.000Z"}, {"status", "dead"},
                  {"tries", 9}, {"first_try", "2026-03-10T09:00:00.000Z"}, {"next_try", nullptr}, {"last_answer", 500}}));
  auto second = Json::parse(admin.get(one + "/deliveries?status=dead&after=" + first["next"].get<std::string>()).body);
  EXPECT_EQ(second["items"].size(), 1u);
  EXPECT_TRUE(second["next"].is_null());
  auto operator_ = shop.client("operator");
  EXPECT_EQ(Json::parse(operator_.post(one + "/replay", R"({"delivery":"evt_1_3_2_0"})", fresh_key()).body)["replayed"], 1);
  problem_of(operator_.post(one + "/replay", R"({"delivery":"evt_1_3_2_0"})", fresh_key()), 422, "webhook-delivery-unknown");
  EXPECT_EQ(Json::parse(operator_.post(one + "/replay", "", fresh_key()).body)["replayed"], 2);
  EXPECT_EQ(Json::parse(admin.get(one + "/deliveries?status=waiting").body)["items"].size(), 3u);
  problem_of(admin.get(one + "/deliveries?status=lost"), 400, "parameter-invalid");
  problem_of(admin.get(one + "/deliveries?limit=0"), 400, "parameter-invalid");
  problem_of(admin.get(one + "/deliveries?after=x"), 400, "parameter-invalid");
  problem_of(operator_.post(one + "/replay", ""), 400, "idempotency-key-missing");
}

TEST(WebhookEndpoints, are_for_administrators_of_the_whole_and_operators_look) {
  Shop shop;
  auto admin = shop.client("admin");
  auto one = std::string(path) + "/" + made_by(admin)["id"].get<std::string>();
  for (const auto* who : {"gw-web", "staff-leeds", "finance"}) {
    problem_of(shop.client(who).get(path), 403, "role-not-allowed");
    problem_of(shop.client(who).get(one + "/deliveries"), 403, "role-not-allowed");
  }
  for (const auto* who : {"operator", "auditor"}) {
    problem_of(shop.client(who).post(path, erp().dump(), fresh_key()), 403, "role-not-allowed");
    problem_of(shop.client(who).send(http::Method::del, one), 403, "role-not-allowed");
    problem_of(shop.client(who).post(one + "/rotate-secret", "", fresh_key()), 403, "role-not-allowed");
    problem_of(shop.client(who).send(http::Method::patch, one, "{}"), 403, "role-not-allowed");
  }
  problem_of(shop.client("auditor").post(one + "/replay", "", fresh_key()), 403, "role-not-allowed");
  auto confined = shop.client("admin-acme");
  problem_of(confined.post(path, erp().dump(), fresh_key()), 403, "out-of-scope");
  problem_of(confined.get(path), 403, "out-of-scope");
  problem_of(confined.get(one), 403, "out-of-scope");
  problem_of(confined.send(http::Method::del, one), 403, "out-of-scope");
  EXPECT_EQ(shop.registry.list().size(), 1u);
}

} // namespace
} // namespace entrepot::test
