#include "tests/gateways/shop.hpp"
#include "tests/gateways/wire.hpp"

namespace entrepot::test {
namespace {

TEST(Access, needs_a_key) {
  Shop shop;
  auto answer = shop.client("").post("/v1/orders", good_order().dump(), fresh_key());
  problem_of(answer, 401, "key-missing");
  EXPECT_EQ(answer.header("www-authenticate"), "Bearer");
  for (auto header : {"Basic abc", "Bearer", "Bearer ", "secret-of-gw-web"})
    problem_of(shop.client("").get("/v1/orders", {{"Authorization", header}}), 401, "key-missing");
  EXPECT_TRUE(shop.ports.saw_nothing());
}

TEST(Access, needs_a_key_that_is_known) {
  Shop shop;
  problem_of(shop.client("").get("/v1/orders", {{"Authorization", "Bearer guess"}}), 401, "key-unknown");
}

TEST(Access, takes_bearer_in_small_letters_too) {
  Shop shop;
  EXPECT_EQ(shop.client("").get("/v1/orders", {{"Authorization", "bearer secret-of-gw-web"}}).status, 200);
}

TEST(Access, is_refused_to_a_role_without_the_right) {
  Shop shop;
  for (auto role : {"staff-leeds", "finance", "operator", "auditor"}) {
    problem_of(shop.client(role).post("/v1/orders", good_order().dump(), fresh_key()), 403, "role-not-allowed");
    problem_of(shop.client(role).get("/v1/customers/C-1"), 403, "role-not-allowed");
    problem_of(shop.client(role).put("/v1/customers/C-1", "{}"), 403, "role-not-allowed");
  }
  for (auto role : {"gw-web", "staff-leeds", "finance", "operator", "auditor"})
    for (auto path : {"/v1/channels/web", "/v1/products/MUG-1", "/v1/locations/DC-1"})
      problem_of(shop.client(role).put(path, "{}"), 403, "role-not-allowed");
  for (auto role : {"gw-web", "finance", "operator", "auditor"})
    problem_of(shop.client(role).post("/v1/locations/DC-1/movements", "{}", fresh_key()), 403, "role-not-allowed");
  EXPECT_TRUE(shop.ports.saw_nothing());
}

TEST(Access, is_refused_outside_the_scope_of_the_key) {
  Shop shop;
  auto body = good_order();
  auto problem = problem_of(shop.client("gw-tills").post("/v1/orders", body.dump(), fresh_key()), 403, "out-of-scope");
  EXPECT_EQ(problem["errors"][0]["pointer"], "/channel");
  auto receipt = R"({"kind":"receipt","reference":"ASN-1","lines":[{"sku":"MUG-1","quantity":1}]})";
  problem_of(shop.client("staff-leeds").post("/v1/locations/DC-1/movements", receipt, fresh_key()), 403, "out-of-scope");
  problem_of(shop.client("staff-leeds").get("/v1/locations/DC-1/stock"), 403, "out-of-scope");
  auto foreign = R"({"kind":"receipt","reference":"ASN-1","lines":[{"sku":"MUG-1","quantity":1,"owner":"OTHER"}]})";
  problem = problem_of(shop.client("admin-acme").post("/v1/locations/DC-1/movements", foreign, fresh_key()), 403, "out-of-scope");
  EXPECT_EQ(problem["errors"][0]["pointer"], "/lines/0/owner");
  auto location = R"({"name":"Depot","type":"warehouse","owner":"OTHER","latitude":0,"longitude":0})";
  problem = problem_of(shop.client("admin-acme").put("/v1/locations/D-9", location), 403, "out-of-scope");
  EXPECT_EQ(problem["errors"][0]["pointer"], "/owner");
  auto customer = R"({"source":"tills"})";
  problem_of(shop.client("gw-web").put("/v1/customers/C-1", customer), 403, "out-of-scope");
  EXPECT_TRUE(shop.ports.saw_nothing());
}

TEST(Access, records_the_key_and_the_device) {
  Shop shop;
  auto receipt = R"({"kind":"receipt","reference":"ASN-1","lines":[{"sku":"MUG-1","quantity":1}]})";
  EXPECT_EQ(shop.client("staff-leeds").post("/v1/locations/LEEDS/movements", receipt, fresh_key()).status, 201);
  EXPECT_EQ(shop.ports.commands.at(0).origin.by, "staff-leeds/till-2");
}

TEST(Access, gives_one_client_its_share_and_leaves_the_rest_to_others) {
  auto options = quick();
  options.answer_time = std::chrono::hours{1};
  Shop shop(options, 1);
  shop.ports.fate = FakePorts::Fate::silent;
  Wire first(shop.port());
  auto body = good_order().dump();
  first.send("POST /v1/orders HTTP/1.1\r\nHost: here\r\nAuthorization: Bearer secret-of-gw-web\r\nIdempotency-Key: a\r\nContent-Length: " +
             std::to_string(body.size()) + "\r\n\r\n" + body);
  shop.ports.wait_for_silent(1);
  problem_of(shop.client("gw-web").get("/v1/orders"), 429, "too-many-requests");
  EXPECT_EQ(shop.client("gw-all").get("/v1/orders").status, 200);
  shop.ports.end_silence(true);
  first.read_answers(1);
  EXPECT_EQ(shop.client("gw-web").get("/v1/orders").status, 200);
}

TEST(Access, keeps_peoples_data_out_of_what_the_operator_is_told) {
  Shop shop;
  shop.ports.fate = FakePorts::Fate::broken;
  auto answer = shop.client().post("/v1/orders", good_order().dump(), fresh_key());
  problem_of(answer, 500, "internal");
  ASSERT_EQ(shop.defects.size(), 1U);
  EXPECT_EQ(shop.defects.front(), "an order has a sum");
  for (const auto& text : {answer.body, shop.defects.front()})
    for (auto secret : {"Mary", "mary@example.com", "Cherry Tree", "secret-of-gw-web"})
      EXPECT_EQ(text.find(secret), std::string::npos);
}

} // namespace
} // namespace entrepot::test
