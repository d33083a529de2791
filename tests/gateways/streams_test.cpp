// /v1/streams and /v1/me: what pages live on.
#include "tests/gateways/shop.hpp"
#include "tests/gateways/wire.hpp"

namespace entrepot::test {
namespace {

std::string ask(const std::string& target, const std::string& key, const std::string& more = "") {
  return "GET " + target + " HTTP/1.1\r\nHost: here\r\nAuthorization: Bearer secret-of-" + key + "\r\n" + more + "\r\n";
}

constexpr auto item = R"({"id":"pck_1","status":"offered","change":8})";

TEST(StoreStream, brings_work_as_it_changes) {
  Shop shop;
  Wire wire(shop.port());
  wire.send(ask("/v1/streams?location=LEEDS", "staff-leeds"));
  auto listener = shop.ports.wait_for_listener(1);
  EXPECT_EQ(std::get<LocationCode>(listener.what).text(), "LEEDS");
  EXPECT_EQ(listener.after, 0);
  EXPECT_NE(wire.read_until("retry:").find("text/event-stream"), std::string::npos);
  EXPECT_TRUE(listener.watcher.changed(8, item));
  EXPECT_NE(wire.read_until(item).find("id: 8\nevent: work\ndata: " + std::string(item) + "\n\n"), std::string::npos);
}

TEST(StoreStream, resumes_behind_the_last_event_that_was_seen) {
  Shop shop;
  Wire by_header(shop.port()), by_address(shop.port());
  by_header.send(ask("/v1/streams?location=LEEDS&after=3", "operator", "Last-Event-ID: 41\r\n"));
  EXPECT_EQ(shop.ports.wait_for_listener(1).after, 41);
  by_address.send(ask("/v1/streams?location=LEEDS&after=3", "admin"));
  EXPECT_EQ(shop.ports.wait_for_listener(2).after, 3);
}

TEST(StoreStream, tells_nothing_twice_and_nothing_backwards) {
  Shop shop;
  Wire wire(shop.port());
  wire.send(ask("/v1/streams?location=LEEDS&after=5", "staff-leeds"));
  auto listener = shop.ports.wait_for_listener(1);
  for (auto change : {5, 7, 6, 7, 8})
    EXPECT_TRUE(listener.watcher.changed(change, "{\"change\":" + std::to_string(change) + "}"));
  auto all = wire.read_until("{\"change\":8}");
  EXPECT_EQ(all.find("\"change\":5"), std::string::npos);
  EXPECT_EQ(all.find("\"change\":6"), std::string::npos);
  EXPECT_EQ(all.find("\"change\":7"), all.rfind("\"change\":7"));
}

TEST(StoreStream, sends_a_client_that_missed_too_much_back_to_its_list) {
  Shop shop;
  Wire wire(shop.port());
  wire.send(ask("/v1/streams?location=LEEDS", "staff-leeds"));
  auto listener = shop.ports.wait_for_listener(1);
  listener.watcher.lost();
  listener.watcher.changed(900, item);
  auto all = wire.read_until(item);
  EXPECT_LT(all.find("event: reset"), all.find("id: 900"));
}

TEST(StoreStream, ends_its_watch_when_the_client_leaves) {
  Shop shop;
  {
    Wire wire(shop.port());
    wire.send(ask("/v1/streams?location=LEEDS", "staff-leeds"));
    shop.ports.wait_for_listener(1);
    wire.read_until("retry:");
  }
  shop.ports.wait_for_silence();
  EXPECT_FALSE(shop.ports.listeners[0].watcher.changed(8, item));
}

TEST(StoreStream, is_for_those_who_may_see_the_store) {
  Shop shop;
  problem_of(shop.client("").get("/v1/streams?location=LEEDS"), 401, "key-missing");
  problem_of(shop.client("staff-leeds").get("/v1/streams?location=DC-1"), 403, "out-of-scope");
  problem_of(shop.client("gw-web").get("/v1/streams?location=LEEDS"), 403, "role-not-allowed");
  problem_of(shop.client("finance").get("/v1/streams?location=LEEDS"), 403, "role-not-allowed");
  problem_of(shop.client("admin").get("/v1/streams?location=NOWHERE"), 404, "location-unknown");
  EXPECT_TRUE(shop.ports.listeners.empty());
}

TEST(StoreStream, says_what_is_wrong_with_its_address) {
  Shop shop;
  for (auto target : {"/v1/streams", "/v1/streams?location=LEEDS&order=ord_1", "/v1/streams?location=LEEDS&after=x", "/v1/streams?location=LEEDS&after=-1"})
    EXPECT_GE(shop.client("admin").get(target).status, 400) << target;
  problem_of(shop.client("admin").get("/v1/streams?place=LEEDS"), 400, "parameter-unknown");
  problem_of(shop.client("admin").get("/v1/streams?location=LEEDS", {{"Last-Event-ID", "soon"}}), 400, "parameter-invalid");
}

TEST(StoreStream, does_not_take_the_place_of_the_clients_requests) {
  Shop shop(quick(), 1);
  Wire wire(shop.port());
  wire.send(ask("/v1/streams?location=LEEDS", "staff-leeds"));
  shop.ports.wait_for_listener(1);
  wire.read_until("retry:");
  EXPECT_EQ(shop.client("staff-leeds").get("/v1/me").status, 200);
}

TEST(OrderStream, begins_with_the_order_as_it_is_and_goes_on) {
  Shop shop;
  auto order = Json::parse(shop.client().post("/v1/orders", good_order().dump(), fresh_key()).body)["id"].get<std::string>();
  Wire wire(shop.port());
  wire.send(ask("/v1/streams?order=" + order, "gw-web"));
  auto all = wire.read_until("\"version\":2}");
  EXPECT_NE(all.find("id: 2\nevent: order\ndata: {\"id\":\"" + order + "\",\"status\":\"confirmed\",\"version\":2}\n\n"), std::string::npos) << all;
  auto listener = shop.ports.wait_for_listener(1);
  listener.watcher.changed(3, R"({"status":"completed"})");
  EXPECT_NE(wire.read_until("completed").find("id: 3\n"), std::string::npos);
}

TEST(OrderStream, is_for_the_channel_of_the_order) {
  Shop shop;
  auto order = Json::parse(shop.client().post("/v1/orders", good_order().dump(), fresh_key()).body)["id"].get<std::string>();
  problem_of(shop.client("gw-tills").get("/v1/streams?order=" + order), 403, "out-of-scope");
  problem_of(shop.client("gw-web").get("/v1/streams?order=ord_no"), 404, "order-unknown");
  EXPECT_TRUE(shop.ports.listeners.empty());
}

TEST(Me, tells_whose_key_it_is_and_what_it_may_see) {
  Shop shop;
  auto answer = shop.client("staff-leeds").get("/v1/me");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("cache-control"), "no-store");
  EXPECT_EQ(Json::parse(answer.body), Json::parse(R"({"role":"staff","stores":["LEEDS"],"channels":[],"person":"till-2",
    "locations":[{"code":"LEEDS","name":"LEEDS","type":"warehouse"}]})"));
  auto gateway = Json::parse(shop.client("gw-web").get("/v1/me").body);
  EXPECT_EQ(gateway["channels"], Json::parse(R"(["web"])"));
  EXPECT_EQ(gateway["person"], nullptr);
  EXPECT_EQ(gateway["locations"].size(), 2U);
}

} // namespace
} // namespace entrepot::test
