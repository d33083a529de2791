// Goods that are brought to a store, as its people and those of their source send and receive them over HTTP.
#include "tests/gateways/shop.hpp"

namespace entrepot::test {
namespace {

constexpr auto bag = child::first_fulfilment + 1, parcel = child::transfer_of(bag);
const auto leeds = *LocationCode::from("LEEDS"), dc = *LocationCode::from("DC-1");
const std::vector<fulfilment::Line> goods{{1, *Sku::from("MUG-1"), Quantity{2}}};

/// A pickup in Leeds that waits for its goods; returns the transfer's stream.
StreamId a_transfer(Shop& shop) {
  auto order = *order_id_from(Json::parse(shop.client().post("/v1/orders", good_order().dump(), fresh_key()).body)["id"].get<std::string>());
  shop.ports.happens(order, bag, AnyEvent{pickup::Event{pickup::TransferAwaited{leeds, goods, now + std::chrono::hours{28}}}});
  shop.ports.happens(order, parcel, AnyEvent{transfer::Event{transfer::Planned{dc, leeds, *EntityCode::from("ACME"), goods, now + std::chrono::hours{2}, now + std::chrono::hours{26}}}});
  return member(order.family, parcel);
}
std::string path_of(StreamId transfer) { return "/v1/transfers/" + to_text("trf_", transfer); }

TEST(ATransfer, tells_what_is_sent_whither_and_what_is_on_its_way) {
  Shop shop;
  const auto transfer = a_transfer(shop);
  auto answer = shop.client("staff-leeds").get(path_of(transfer));
  ASSERT_EQ(answer.status, 200) << answer.body;
  auto shown = Json::parse(answer.body);
  EXPECT_EQ(shown["status"], "ready_to_ship");
  EXPECT_EQ(shown["from"], "DC-1");
  EXPECT_EQ(shown["to"], "LEEDS");
  EXPECT_EQ(shown["lines"][0]["quantity"], 2);
  EXPECT_EQ(shown["lines"][0]["in_transit"], 0);
  auto pickup = Json::parse(shop.client("staff-leeds").get("/v1/pickups/" + shown["pickup"].get<std::string>()).body);
  EXPECT_EQ(pickup["status"], "awaiting_transfer");
  EXPECT_EQ(pickup["transfer"], shown["id"]);
}

TEST(ATransfer, is_shipped_by_its_source_and_received_by_the_store_once) {
  Shop shop;
  const auto transfer = a_transfer(shop);
  auto answer = shop.client("admin").post(path_of(transfer) + "/ship", R"({"lines":[{"line":1,"found":1}]})", fresh_key());
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(Json::parse(answer.body)["lines"][0]["in_transit"], 1);
  auto received = shop.client("staff-leeds").post(path_of(transfer) + "/receive", R"({"lines":[{"line":1,"received":1}],"rest":"missing"})", fresh_key());
  ASSERT_EQ(received.status, 200) << received.body;
  EXPECT_EQ(Json::parse(received.body)["status"], "received");
  problem_of(shop.client("staff-leeds").post(path_of(transfer) + "/receive", "{}", fresh_key()), 409, "transfer-received");
}

TEST(ATransfer, that_cannot_be_so_is_refused_with_its_reason) {
  Shop shop;
  const auto path = path_of(a_transfer(shop));
  auto staff = shop.client("staff-leeds"), admin = shop.client("admin");
  problem_of(staff.post(path + "/ship", "{}", fresh_key()), 403, "out-of-scope");
  problem_of(staff.post(path + "/receive", "{}", fresh_key()), 409, "transfer-not-shipped");
  problem_of(staff.post(path + "/lost", "{}", fresh_key()), 409, "transfer-not-shipped");
  problem_of(admin.post(path + "/ship", R"({"lines":[{"line":1,"found":3}]})", fresh_key()), 422, "quantity-invalid");
  problem_of(admin.post(path + "/cancel", "{}", fresh_key()), 400, "field-missing");
  problem_of(staff.get("/v1/transfers/trf_nonsense"), 404, "transfer-unknown");
  problem_of(shop.client().get(path), 403, "role-not-allowed");
}

TEST(ATransfer, stands_on_the_board_of_either_place) {
  Shop shop;
  const auto stream = a_transfer(shop);
  transfer::State state;
  transfer::evolve(state, transfer::Planned{dc, leeds, *EntityCode::from("ACME"), goods, now, now}, now);
  shop.ports.under_way = {{stream, state, now}};
  auto board = Json::parse(shop.client("staff-leeds").get("/v1/locations/LEEDS/transfers").body);
  EXPECT_EQ(board["to_receive"].size(), 1U);
  EXPECT_EQ(board["to_receive"][0]["id"], to_text("trf_", stream));
  EXPECT_EQ(board["to_send"].size(), 0U);
  EXPECT_EQ(Json::parse(shop.client("admin").get("/v1/locations/DC-1/transfers").body)["to_send"].size(), 1U);
  problem_of(shop.client("staff-leeds").get("/v1/locations/DC-1/transfers"), 403, "out-of-scope");
}

TEST(ATransfer, is_promised_before_somebody_orders) {
  Shop shop;
  auto& known = *shop.ports.known;
  auto store = std::make_shared<stock::Profile>(*known.locations.at(leeds));
  store->type = stock::Type::store;
  known.locations[leeds] = store;
  auto web = std::make_shared<order::Definitions::Channel>(*known.channels.at(*ChannelCode::from("web")));
  web->definition.pickup_stores = {leeds};
  web->definition.transfer_from = {{.location = dc, .group = {}, .transit = std::chrono::hours{24}}};
  known.channels[web->definition.code] = web;
  auto stores = Json::parse(shop.client().get("/v1/availability?channel=web&lines=MUG-1:1").body)["stores"];
  ASSERT_EQ(stores.size(), 1U) << stores.dump();
  EXPECT_TRUE(stores[0].contains("ready_by_transfer"));
  EXPECT_EQ(stores[0]["by_transfer"].get<bool>(), !stores[0]["ready_by_transfer"].is_null());
}

} // namespace
} // namespace entrepot::test
