#include "gateways/api/people.hpp"
#include "tests/gateways/shop.hpp"

namespace entrepot::test {
namespace {

using Headers = http::Client::Headers;

Headers with(Headers headers, const std::string& name, const std::string& value) {
  headers.emplace_back(name, value);
  return headers;
}

TEST(PlacingAnOrder, answers_201_with_the_order_its_place_and_its_version) {
  Shop shop;
  auto answer = shop.client().post("/v1/orders", good_order().dump(), fresh_key());
  ASSERT_EQ(answer.status, 201) << answer.body;
  auto order = Json::parse(answer.body);
  EXPECT_EQ(answer.header("location"), "/v1/orders/" + order["id"].get<std::string>());
  EXPECT_EQ(answer.header("etag"), "\"2\"");
  EXPECT_EQ(order["status"], "confirmed");
  EXPECT_EQ(order["channel"], "web");
  EXPECT_EQ(order["channel_version"], 4);
  EXPECT_TRUE(order["external_number"].is_null());
  EXPECT_TRUE(order["customer"].is_null());
  EXPECT_EQ(order["workflow"], "bodah");
  EXPECT_EQ(order["total"], (Json{{"amount", 2500}, {"currency", "GBP"}}));
  ASSERT_EQ(order["lines"].size(), 1U);
  EXPECT_EQ(order["lines"][0]["sku"], "MUG-1");
  EXPECT_EQ(order["lines"][0]["units"]["ordered"], 2);
  EXPECT_EQ(order["instalments"][0]["method"], "account");
  EXPECT_EQ(order["delivery"]["address"]["street"], "17 Cherry Tree Lane");
  EXPECT_TRUE(order["rejection"].is_null());
}

TEST(PlacingAnOrder, can_be_read_back_with_the_address_by_who_delivers_it) {
  Shop shop;
  auto client = shop.client();
  auto placed = client.post("/v1/orders", good_order().dump(), fresh_key());
  auto read = client.get(placed.header("location"));
  EXPECT_EQ(read.status, 200);
  EXPECT_EQ(read.header("etag"), "\"2\"");
  EXPECT_EQ(Json::parse(read.body), Json::parse(placed.body));
}

TEST(PlacingAnOrder, shows_no_address_to_who_has_no_use_for_it) {
  Shop shop;
  auto placed = shop.client().post("/v1/orders", good_order().dump(), fresh_key());
  for (auto role : {"finance", "operator", "auditor"}) {
    auto read = shop.client(role).get(placed.header("location"));
    EXPECT_EQ(read.status, 200);
    EXPECT_FALSE(Json::parse(read.body)["delivery"].contains("address")) << role;
  }
}

TEST(PlacingAnOrder, shows_an_erased_address_as_null) {
  Shop shop;
  auto client = shop.client();
  auto placed = client.post("/v1/orders", good_order().dump(), fresh_key());
  shop.ports.keys.clear();
  EXPECT_TRUE(Json::parse(client.get(placed.header("location")).body)["delivery"]["address"].is_null());
}

TEST(PlacingAnOrder, is_answered_as_unchanged_to_who_knows_the_version) {
  Shop shop;
  auto client = shop.client();
  auto placed = client.post("/v1/orders", good_order().dump(), fresh_key());
  auto read = client.get(placed.header("location"), {{"If-None-Match", "\"2\""}});
  EXPECT_EQ(read.status, 304);
  EXPECT_EQ(read.body, "");
  EXPECT_EQ(client.get(placed.header("location"), {{"If-None-Match", "\"1\""}}).status, 200);
}

TEST(PlacingAnOrder, seals_contact_and_address_under_a_key_of_the_orders_own) {
  Shop shop;
  shop.client().post("/v1/orders", good_order().dump(), fresh_key());
  ASSERT_EQ(shop.ports.creations.size(), 1U);
  const auto& creation = shop.ports.creations[0];
  ASSERT_TRUE(creation.guest_key);
  const auto& agreed = *creation.draft;
  EXPECT_EQ(api::open(agreed.contact.name, *creation.guest_key), "Mary Poppins");
  EXPECT_EQ(Json::parse(*api::open(agreed.delivery.address, *creation.guest_key))["city"], "London");
  for (const auto& sealed : {agreed.contact.name, agreed.contact.email, agreed.contact.phone, agreed.delivery.address})
    EXPECT_EQ(sealed.text.find("Mary"), std::string::npos);
}

TEST(PlacingAnOrder, gives_two_guests_two_keys) {
  Shop shop;
  auto client = shop.client();
  client.post("/v1/orders", good_order().dump(), fresh_key());
  client.post("/v1/orders", good_order().dump(), fresh_key());
  ASSERT_EQ(shop.ports.creations.size(), 2U);
  EXPECT_NE(shop.ports.creations[0].guest_key, shop.ports.creations[1].guest_key);
}

TEST(PlacingAnOrder, says_who_asked_when_it_happened_and_in_which_trace) {
  Shop shop;
  auto body = good_order();
  body["occurred_at"] = "2026-03-10T08:00:00Z";
  auto trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  shop.client().post("/v1/orders", body.dump(), with(fresh_key(), "traceparent", trace));
  shop.client().post("/v1/orders", good_order().dump(), with(fresh_key(), "traceparent", "not a trace"));
  ASSERT_EQ(shop.ports.origins.size(), 2U);
  EXPECT_EQ(shop.ports.origins[0].by, "gw-web");
  EXPECT_EQ(shop.ports.origins[0].traceparent, trace);
  EXPECT_EQ(shop.ports.origins[0].occurred_at, now - std::chrono::hours{1});
  EXPECT_EQ(shop.ports.origins[1].traceparent, "");
}

TEST(PlacingAnOrder, for_a_customer_uses_the_customers_level_and_key) {
  Shop shop;
  PersonKey key{1, 2, 3};
  shop.ports.customers["C-1"] = {customer::Profile{true, *CustomerNumber::from("C-1"), {}, "gold", {}}, key};
  auto body = good_order();
  body["customer"] = "C-1";
  auto answer = shop.client().post("/v1/orders", body.dump(), fresh_key());
  ASSERT_EQ(answer.status, 201) << answer.body;
  const auto& creation = shop.ports.creations.at(0);
  EXPECT_FALSE(creation.guest_key);
  EXPECT_EQ(creation.draft->customer_level, "gold");
  EXPECT_TRUE(api::open(creation.draft->delivery.address, key));
  EXPECT_EQ(Json::parse(shop.client().get(answer.header("location")).body)["delivery"]["address"]["city"], "London");
}

TEST(PlacingAnOrder, for_a_customer_nobody_knows_makes_none) {
  Shop shop;
  auto body = good_order();
  body["customer"] = "C-404";
  auto problem = problem_of(shop.client().post("/v1/orders", body.dump(), fresh_key()), 422, "customer-unknown");
  EXPECT_EQ(problem["errors"][0]["pointer"], "/customer");
  EXPECT_EQ(shop.ports.orders(), 0U);
}

TEST(PlacingAnOrder, refused_by_the_business_is_409_and_names_the_order) {
  Shop shop;
  shop.ports.fate = FakePorts::Fate::refused;
  auto answer = shop.client().post("/v1/orders", good_order().dump(), with(fresh_key(), "Prefer", "wait=5"));
  auto problem = problem_of(answer, 409, "stock-short");
  EXPECT_TRUE(problem["order"].get<std::string>().starts_with("ord_"));
  EXPECT_EQ(problem["errors"][0]["pointer"], "/lines/0/quantity");
  EXPECT_EQ(problem["instance"], "/v1/orders");
}

TEST(PlacingAnOrder, twice_with_one_key_makes_one_and_says_so) {
  Shop shop;
  auto client = shop.client();
  auto key = fresh_key();
  auto first = client.post("/v1/orders", good_order().dump(), key);
  auto second = client.post("/v1/orders", good_order().dump(2), key); // other blanks, same meaning
  EXPECT_EQ(second.status, 200);
  EXPECT_EQ(second.header("idempotent-replayed"), "true");
  EXPECT_EQ(first.header("idempotent-replayed"), "");
  EXPECT_EQ(Json::parse(second.body), Json::parse(first.body));
  EXPECT_EQ(shop.ports.orders(), 1U);
}

TEST(PlacingAnOrder, refused_once_is_refused_the_same_way_again) {
  Shop shop;
  shop.ports.fate = FakePorts::Fate::refused;
  auto client = shop.client();
  auto key = fresh_key();
  auto first = client.post("/v1/orders", good_order().dump(), key);
  auto second = client.post("/v1/orders", good_order().dump(), key);
  problem_of(second, 409, "stock-short");
  EXPECT_EQ(second.header("idempotent-replayed"), "true");
  EXPECT_EQ(first.body, second.body);
}

TEST(PlacingAnOrder, with_a_used_key_and_another_body_is_422) {
  Shop shop;
  auto client = shop.client();
  auto key = fresh_key();
  client.post("/v1/orders", good_order().dump(), key);
  auto other = good_order();
  other["lines"][0]["quantity"] = 3;
  problem_of(client.post("/v1/orders", other.dump(), key), 422, "idempotency-key-reused");
}

TEST(PlacingAnOrder, that_cannot_be_agreed_is_still_found_if_it_was_made_before) {
  Shop shop;
  auto client = shop.client();
  auto body = good_order();
  body["external_number"] = "W-1";
  auto first = client.post("/v1/orders", body.dump(), fresh_key());
  shop.ports.known->products.clear(); // not sold any more
  auto second = client.post("/v1/orders", body.dump(), fresh_key());
  EXPECT_EQ(second.status, 200);
  EXPECT_EQ(Json::parse(second.body)["id"], Json::parse(first.body)["id"]);
}

TEST(PlacingAnOrder, that_does_not_settle_within_the_wait_is_202_with_the_order) {
  Shop shop;
  shop.ports.fate = FakePorts::Fate::never_settles;
  auto answer = shop.client().post("/v1/orders", good_order().dump(), with(fresh_key(), "Prefer", "wait=1"));
  EXPECT_EQ(answer.status, 202) << answer.body;
  EXPECT_EQ(Json::parse(answer.body)["status"], "submitted");
  EXPECT_EQ(answer.header("location"), "/v1/orders/" + Json::parse(answer.body)["id"].get<std::string>());
  EXPECT_EQ(shop.ports.orders(), 1U);
}

TEST(PlacingAnOrder, that_nobody_has_made_when_the_wait_is_over_is_503) {
  Shop shop;
  shop.ports.fate = FakePorts::Fate::silent;
  auto answer = shop.client().post("/v1/orders", good_order().dump(), with(fresh_key(), "Prefer", "wait=1"));
  problem_of(answer, 503, "timed-out");
}

TEST(PlacingAnOrder, without_a_wait_is_answered_as_submitted) {
  Shop shop;
  shop.ports.fate = FakePorts::Fate::never_settles;
  auto answer = shop.client().post("/v1/orders", good_order().dump(), fresh_key());
  EXPECT_EQ(answer.status, 201);
  EXPECT_EQ(Json::parse(answer.body)["status"], "submitted");
}

TEST(PlacingAnOrder, while_the_inside_is_away_is_503_and_tells_nothing_of_the_inside) {
  Shop shop;
  shop.ports.fate = FakePorts::Fate::faulty;
  auto answer = shop.client().post("/v1/orders", good_order().dump(), fresh_key());
  problem_of(answer, 503, "unavailable");
  EXPECT_EQ(answer.body.find("10.0.0.7"), std::string::npos);
}

TEST(PlacingAnOrder, that_nobody_answers_is_503_at_the_deadline) {
  Shop shop;
  shop.ports.fate = FakePorts::Fate::silent;
  problem_of(shop.client().post("/v1/orders", good_order().dump(), fresh_key()), 503, "timed-out");
}

TEST(PlacingAnOrder, that_is_forgotten_inside_is_503_at_once) {
  auto options = quick();
  options.answer_time = std::chrono::hours{1};
  Shop shop(options);
  shop.ports.fate = FakePorts::Fate::forgotten;
  problem_of(shop.client().post("/v1/orders", good_order().dump(), fresh_key()), 503, "unavailable");
}

TEST(ReadingOrders, of_another_channel_is_out_of_scope) {
  Shop shop;
  auto placed = shop.client().post("/v1/orders", good_order().dump(), fresh_key());
  problem_of(shop.client("gw-tills").get(placed.header("location")), 403, "out-of-scope");
}

TEST(ReadingOrders, that_are_not_there_is_404) {
  Shop shop;
  for (auto path : {"/v1/orders/ord_0000000000000", "/v1/orders/ord_1", "/v1/orders/nonsense"})
    problem_of(shop.client().get(path), 404, "order-unknown");
}

TEST(ListingOrders, gives_a_page_and_the_way_to_the_next) {
  Shop shop;
  auto answer = shop.client("gw-all").get("/v1/orders?status=confirmed&limit=2&after=cursor-1");
  ASSERT_EQ(answer.status, 200) << answer.body;
  auto page = Json::parse(answer.body);
  EXPECT_EQ(page["items"].size(), 2U);
  EXPECT_EQ(page["next"], "cursor-2");
  EXPECT_EQ(shop.ports.list_calls.at(0), "confirmed||cursor-1|2");
}

TEST(ListingOrders, shows_a_gateway_its_own_channels_only) {
  Shop shop;
  shop.client("gw-web").get("/v1/orders");
  EXPECT_EQ(shop.ports.list_calls.at(0), "|web,||50");
}

TEST(ListingOrders, refuses_parameters_it_does_not_understand) {
  Shop shop;
  auto client = shop.client();
  for (auto query : {"limit=0", "limit=201", "limit=x", "limit=", "limit=-1", "status=lost", "after=%zz", "after=%ff"})
    problem_of(client.get(std::string("/v1/orders?") + query), 400, "parameter-invalid");
  problem_of(client.get("/v1/orders?colour=red"), 400, "parameter-unknown");
  EXPECT_TRUE(shop.ports.list_calls.empty());
}

} // namespace
} // namespace entrepot::test
