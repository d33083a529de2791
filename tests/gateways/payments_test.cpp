// A declined card, and another one.
#include "tests/gateways/shop.hpp"

namespace entrepot::test {
namespace {

std::string declined_order(Shop& shop) {
  shop.ports.fate = FakePorts::Fate::declined;
  auto problem = problem_of(shop.client().post("/v1/orders", good_order().dump(), fresh_key()), 402, "payment-declined");
  return problem["order"].get<std::string>();
}

TEST(PayingAnOrder, a_declined_card_is_told_with_the_order_that_waits_for_another) {
  Shop shop;
  auto order = declined_order(shop);
  auto read = Json::parse(shop.client().get("/v1/orders/" + order).body);
  EXPECT_EQ(read["status"], "submitted");
  EXPECT_EQ(read["instalments"][0]["status"], "declined");
  EXPECT_EQ(read["instalments"][0]["decline_code"], "insufficient-funds");
}

TEST(PayingAnOrder, another_card_confirms_it) {
  Shop shop;
  auto order = declined_order(shop);
  auto paid = shop.client().post("/v1/orders/" + order + "/payments", R"({"token":"tok_other"})", fresh_key());
  EXPECT_EQ(paid.status, 200) << paid.body;
  EXPECT_EQ(Json::parse(paid.body)["status"], "confirmed");
  ASSERT_EQ(shop.ports.payments.size(), 1U);
  EXPECT_EQ(shop.ports.payments[0].token, "tok_other");
  EXPECT_EQ(shop.ports.payments[0].instalment, 1);
}

TEST(PayingAnOrder, what_was_not_declined_needs_no_other_card) {
  Shop shop;
  auto placed = Json::parse(shop.client().post("/v1/orders", good_order().dump(), fresh_key()).body);
  auto answer = shop.client().post("/v1/orders/" + placed["id"].get<std::string>() + "/payments", R"({"token":"tok_other"})", fresh_key());
  problem_of(answer, 409, "payment-not-declined");
}

TEST(PayingAnOrder, bad_payments_change_nothing) {
  Shop shop;
  auto path = "/v1/orders/" + declined_order(shop) + "/payments";
  problem_of(shop.client().post(path, R"({"token":"t","amount":1})", fresh_key()), 400, "field-unknown");
  problem_of(shop.client().post(path, R"({})", fresh_key()), 400, "field-missing");
  problem_of(shop.client().post(path, R"({"token":"t","instalment":0})", fresh_key()), 422, "value-out-of-range");
  problem_of(shop.client().post(path, R"({"token":"t"})"), 400, "idempotency-key-missing");
  problem_of(shop.client("finance").post(path, R"({"token":"t"})", fresh_key()), 403, "role-not-allowed");
  problem_of(shop.client().post("/v1/orders/ord_0000000000000/payments", R"({"token":"t"})", fresh_key()), 404, "order-unknown");
  EXPECT_TRUE(shop.ports.payments.empty());
}

} // namespace
} // namespace entrepot::test
