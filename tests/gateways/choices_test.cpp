// The customer of a pickup that a store cannot give decides over HTTP: another store, a delivery, or the money back.
#include "tests/gateways/shop.hpp"

namespace entrepot::test {
namespace {

constexpr auto first = child::first_fulfilment;
const auto leeds = *LocationCode::from("LEEDS"), york = *LocationCode::from("YORK");

void let_stores_hand_over(Shop& shop) {
  auto& known = *shop.ports.known;
  auto store = std::make_shared<stock::Profile>(*known.locations.at(leeds));
  store->code = york;
  store->type = stock::Type::store;
  known.locations[york] = store;
  auto web = std::make_shared<order::Definitions::Channel>(*known.channels.at(*ChannelCode::from("web")));
  web->definition.pickup_stores = {leeds, york};
  known.channels[web->definition.code] = web;
}

order::Agreement a_pickup_in_leeds() {
  const auto price = Money{1250, *Currency::from("GBP")}, total = Money{2500, *Currency::from("GBP")};
  order::Agreement agreement;
  agreement.channel = *ChannelCode::from("web");
  agreement.organisation = *EntityCode::from("ACME");
  agreement.workflow = "bopis";
  agreement.lines = {{.number = 1, .sku = *Sku::from("MUG-1"), .name = "A MUG-1", .quantity = Quantity{2}, .unit_price = price, .total = total, .category = {}, .tax_class = {}}};
  agreement.collection = {leeds, now + std::chrono::hours{2}};
  agreement.instalments = {{.number = 1, .moment = payment::Moment::on_order, .method = payment::Method::account, .amount = total}};
  agreement.total = total;
  return agreement;
}

/// A guest's pickup that Leeds has promised; returns its path.
std::string a_pickup(Shop& shop, OrderId& order) {
  let_stores_hand_over(shop);
  order = *order_id_from(Json::parse(shop.client().post("/v1/orders", good_order().dump(), fresh_key()).body)["id"].get<std::string>());
  for (const auto& event : std::vector<order::Event>{order::Submitted{a_pickup_in_leeds()}, order::Confirmed{}})
    shop.ports.happens(order, child::order, AnyEvent{event});
  return "/v1/orders/" + to_text(order);
}
/// One that Leeds cannot give.
std::string a_failed_pickup(Shop& shop) {
  OrderId order;
  auto path = a_pickup(shop, order);
  shop.ports.happens(order, child::order, AnyEvent{order::Event{order::UnitsStopped{first, {{1, Quantity{2}}}}}});
  return path;
}

const order::Choose& chosen(Shop& shop) { return std::get<order::Choose>(std::get<order::Command>(shop.ports.acts.back().command)); }

TEST(AChoice, is_offered_by_the_order_with_what_is_missing_and_until_when) {
  Shop shop;
  auto order = Json::parse(shop.client().get(a_failed_pickup(shop)).body);
  EXPECT_EQ(order["choice"]["lines"], Json::parse(R"([{"line":1,"quantity":2}])"));
  EXPECT_FALSE(order["choice"]["until"].is_null());
  EXPECT_TRUE(order["choice"]["made"].is_null());
}

TEST(AChoice, of_another_store_keeps_the_price_and_says_when_it_is_ready) {
  Shop shop;
  const auto path = a_failed_pickup(shop);
  auto answer = shop.client().post(path + "/choices", R"({"choice":"store","store":"YORK"})", fresh_key());
  ASSERT_EQ(answer.status, 200) << answer.body;
  auto order = Json::parse(answer.body);
  EXPECT_EQ(order["pickup"]["store"], "YORK");
  EXPECT_EQ(order["total"]["amount"], 2500);
  EXPECT_EQ(order["choice"]["made"], "another_store");
  EXPECT_EQ(chosen(shop).lines, (std::vector<order::LineUnits>{{1, Quantity{2}}}));
  EXPECT_TRUE(chosen(shop).choice.answer_by);
}

TEST(AChoice, of_a_delivery_is_sealed_and_shown_to_who_may_see_addresses) {
  Shop shop;
  const auto path = a_failed_pickup(shop);
  const auto body = R"({"choice":"delivery","address":)" + good_order()["delivery"]["address"].dump() + "}";
  auto answer = shop.client().post(path + "/choices", body, fresh_key());
  ASSERT_EQ(answer.status, 200) << answer.body;
  const auto& delivery = chosen(shop).choice.delivery;
  EXPECT_EQ(delivery.option, "std");
  EXPECT_FALSE(delivery.address.text.empty());
  EXPECT_EQ(delivery.address.text.find("Cherry"), std::string::npos);
  EXPECT_EQ(Json::parse(shop.client().get(path).body)["delivery"]["address"]["street"], "17 Cherry Tree Lane");
  EXPECT_FALSE(Json::parse(shop.client("auditor").get(path).body)["delivery"].contains("address"));
}

TEST(AChoice, to_have_the_money_back_needs_nothing_else) {
  Shop shop;
  auto answer = shop.client().post(a_failed_pickup(shop) + "/choices", R"({"choice":"cancel"})", fresh_key());
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(Json::parse(answer.body)["choice"]["made"], "cancel");
}

TEST(AChoice, that_cannot_be_is_refused_with_its_reason) {
  Shop shop;
  const auto path = a_failed_pickup(shop) + "/choices";
  auto client = shop.client();
  problem_of(client.post(path, R"({"choice":"store","store":"DC-1"})", fresh_key()), 422, "pickup-store-unavailable");
  problem_of(client.post(path, R"({"choice":"dance"})", fresh_key()), 422, "value-unknown");
  const auto body = R"({"choice":"delivery","option":"by-drone","address":)" + good_order()["delivery"]["address"].dump() + "}";
  problem_of(client.post(path, body, fresh_key()), 422, "delivery-option-unavailable");
  problem_of(shop.client("staff-leeds").post(path, R"({"choice":"cancel"})", fresh_key()), 403, "role-not-allowed");
  problem_of(shop.client("gw-tills").post(path, R"({"choice":"cancel"})", fresh_key()), 403, "out-of-scope");
  problem_of(client.post("/v1/orders/ord_nonsense/choices", R"({"choice":"cancel"})", fresh_key()), 404, "order-unknown");
  EXPECT_TRUE(shop.ports.acts.empty());
}

TEST(AChoice, is_refused_where_the_store_has_everything) {
  Shop shop;
  OrderId order;
  const auto path = a_pickup(shop, order);
  EXPECT_TRUE(Json::parse(shop.client().get(path).body)["choice"].is_null());
  problem_of(shop.client().post(path + "/choices", R"({"choice":"cancel"})", fresh_key()), 409, "nothing-to-choose");
}

} // namespace
} // namespace entrepot::test
