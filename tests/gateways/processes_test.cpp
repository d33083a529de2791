// What waits for a person, over HTTP.
#include "tests/gateways/shop.hpp"

namespace entrepot {
namespace {

using test::Json;
using test::problem_of;
using test::Shop;

const OrderId order{family_number(77, test::now, 1)};

gateway::ParkedProcess a_parked_one() { return {order, test::now, {"release", "hold-unknown", "there is no such hold at this location"}}; }

TEST(Processes, that_wait_for_a_person_are_listed_with_the_reason) {
  Shop shop;
  EXPECT_EQ(Json::parse(shop.client("operator").get("/v1/processes").body), (Json{{"items", Json::array()}}));
  shop.ports.waiting_for_people = {a_parked_one()};
  auto answer = shop.client("auditor").get("/v1/processes");
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(Json::parse(answer.body)["items"], Json::array({{{"id", to_text(order)},
                                                             {"since", "2026-03-10T09:00:00.000Z"},
                                                             {"step", "release"},
                                                             {"code", "hold-unknown"},
                                                             {"text", "there is no such hold at this location"}}}));
}

TEST(Processes, one_says_what_it_waits_for_and_why_it_is_parked) {
  Shop shop;
  shop.ports.looked_at =
      gateway::ProcessView{.order = order, .status = order::Status::confirmed, .awaited = "a person's decision", .next_look = test::now, .parked = a_parked_one()};
  auto answer = shop.client("operator").get("/v1/processes/" + to_text(order));
  ASSERT_EQ(answer.status, 200) << answer.body;
  auto body = Json::parse(answer.body);
  EXPECT_EQ(body["status"], "confirmed");
  EXPECT_EQ(body["awaited"], "a person's decision");
  EXPECT_EQ(body["next_look"], "2026-03-10T09:00:00.000Z");
  EXPECT_EQ(body["parked"]["code"], "hold-unknown");
  shop.ports.looked_at = gateway::ProcessView{.order = order, .status = order::Status::completed, .awaited = {}, .next_look = {}, .parked = {}};
  body = Json::parse(shop.client("operator").get("/v1/processes/" + to_text(order)).body);
  EXPECT_TRUE(body["awaited"].is_null() && body["next_look"].is_null() && body["parked"].is_null());
}

TEST(Processes, of_an_order_that_is_not_there_are_404) {
  Shop shop;
  auto client = shop.client("operator");
  problem_of(client.get("/v1/processes/" + to_text(order)), 404, "order-unknown");
  problem_of(client.get("/v1/processes/ord_nonsense"), 404, "order-unknown");
  problem_of(client.post("/v1/processes/ord_nonsense/retry", "", test::fresh_key()), 404, "order-unknown");
  problem_of(client.post("/v1/processes/" + to_text(order) + "/retry", "", test::fresh_key()), 404, "order-unknown");
  EXPECT_TRUE(shop.ports.saw_nothing());
}

TEST(Processes, that_are_not_parked_are_not_let_go_on) {
  Shop shop;
  auto made = shop.client().post("/v1/orders", test::good_order().dump(), test::fresh_key());
  ASSERT_EQ(made.status, 201) << made.body;
  auto path = "/v1/processes/" + Json::parse(made.body)["id"].get<std::string>() + "/retry";
  problem_of(shop.client("operator").post(path, "", test::fresh_key()), 409, "process-not-parked");
}

TEST(Processes, are_for_operators_and_those_who_look_over_their_shoulders) {
  Shop shop;
  const auto retry = "/v1/processes/" + to_text(order) + "/retry";
  for (const auto* who : {"gw-web", "staff-leeds", "finance"}) {
    problem_of(shop.client(who).get("/v1/processes"), 403, "role-not-allowed");
    problem_of(shop.client(who).get("/v1/processes/" + to_text(order)), 403, "role-not-allowed");
    problem_of(shop.client(who).post(retry, "", test::fresh_key()), 403, "role-not-allowed");
  }
  problem_of(shop.client("auditor").post(retry, "", test::fresh_key()), 403, "role-not-allowed");
  problem_of(shop.client("operator").post(retry, ""), 400, "idempotency-key-missing");
  EXPECT_TRUE(shop.ports.saw_nothing());
}

} // namespace
} // namespace entrepot
