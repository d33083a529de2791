// Corrections, counts, sales and feeds over the wire, to a place that decides.
#include "tests/gateways/shop.hpp"

namespace entrepot::test {
namespace {

constexpr auto midnight = Timestamp{std::chrono::sys_days{std::chrono::year{2026} / 3 / 10}}; // when the fake inside decides

const LocationCode leeds = *LocationCode::from("LEEDS");
const stock::Item mugs{*EntityCode::from("ACME"), *Sku::from("MUG-1")};

/// A shop whose store in Leeds has ten mugs, four of them held for an order.
class AStore : public testing::Test {
protected:
  AStore() {
    stock::State store;
    stock::evolve(store, stock::Defined{*shop.ports.known->locations.at(leeds)}, midnight);
    stock::evolve(store, stock::Received{"ASN-1", {{mugs, 10}}}, midnight - std::chrono::hours{1});
    stock::evolve(store, stock::Held{order, 0, mugs.owner, {{1, mugs.sku, Quantity{4}}}}, midnight - std::chrono::hours{1});
    shop.ports.places[stream_of(leeds)] = store;
  }
  http::Answer post(const std::string& what, const Json& body, const std::string& key = "staff-leeds") { return shop.client(key).post("/v1/locations/LEEDS/" + what, body.dump(), fresh_key()); }
  stock::Row row() const { return stock::row_of(shop.ports.places.at(stream_of(leeds)), mugs); }

  Shop shop;
  OrderId order{family_number(7, midnight, 1)};
};

Json a_sale(int units) {
  return Json::parse(R"({"till":"T-1","receipt":"R-1","occurred_at":"2026-03-10T00:00:00Z","lines":[{"sku":"MUG-1","quantity":)" + std::to_string(units) +
                     R"(,"price":{"amount":1250,"currency":"GBP"}}]})");
}
Json a_count(int counted) {
  return Json::parse(R"({"reference":"CNT-1","taken_at":"2026-03-09T23:55:00Z","lines":[{"sku":"MUG-1","counted":)" + std::to_string(counted) + "}]}");
}
Json a_feed(int sequence, const std::string& kind, int units) {
  return Json::parse(R"({"source":"wms","sequence":)" + std::to_string(sequence) + R"(,"kind":")" + kind + R"(","taken_at":"2026-03-10T00:00:00Z","lines":[{"sku":"MUG-1","quantity":)" +
                     std::to_string(units) + "}]}");
}
Json a_correction(const std::string& reason, int units) {
  return Json::parse(R"({"kind":"adjustment","reference":"ADJ-1","reason":")" + reason + R"(","lines":[{"sku":"MUG-1","quantity":)" + std::to_string(units) + "}]}");
}

TEST_F(AStore, corrects_what_lies_there_and_takes_no_promised_unit) {
  auto answer = post("movements", a_correction("stolen", -2));
  ASSERT_EQ(answer.status, 201) << answer.body;
  EXPECT_EQ(row().on_hand, 8);
  auto problem = problem_of(post("movements", Json(a_correction("lost", -5)).patch(Json::parse(R"([{"op":"replace","path":"/reference","value":"ADJ-2"}])"))), 409, "units-claimed");
  EXPECT_EQ(problem["errors"][0]["pointer"], "/lines/0/quantity");
  problem_of(post("movements", a_correction("boredom", -1)), 422, "value-unknown");
  problem_of(post("movements", a_correction("stolen", -3)), 409, "reference-reused");
}

TEST_F(AStore, takes_a_count_at_once_that_differs_little) {
  auto answer = post("counts", a_count(9));
  ASSERT_EQ(answer.status, 201) << answer.body;
  EXPECT_EQ(Json::parse(answer.body), (Json{{"location", "LEEDS"}, {"reference", "CNT-1"}, {"waiting", false}, {"version", 1}}));
  EXPECT_EQ(row().on_hand, 9);
  auto again = post("counts", a_count(9));
  EXPECT_EQ(again.status, 201);
  EXPECT_EQ(Json::parse(again.body)["waiting"], false);
}

TEST_F(AStore, shows_a_count_to_a_person_that_differs_much) {
  EXPECT_EQ(Json::parse(post("counts", a_count(50)).body)["waiting"], true);
  EXPECT_EQ(row().on_hand, 10);
  auto waiting = shop.client("staff-leeds").get("/v1/locations/LEEDS/counts");
  ASSERT_EQ(waiting.status, 200) << waiting.body;
  EXPECT_EQ(Json::parse(waiting.body)["items"],
            Json::parse(R"([{"reference":"CNT-1","taken_at":"2026-03-09T23:55:00.000Z","lines":[{"owner":"ACME","sku":"MUG-1","counted":50}]}])"));
  auto approved = shop.client("staff-leeds").post("/v1/locations/LEEDS/counts/CNT-1/approve", "", fresh_key());
  ASSERT_EQ(approved.status, 200) << approved.body;
  EXPECT_EQ(row().on_hand, 50);
  problem_of(shop.client("staff-leeds").post("/v1/locations/LEEDS/counts/CNT-1/reject", "", fresh_key()), 409, "count-not-waiting");
}

TEST_F(AStore, forgets_a_count_that_is_not_believed) {
  post("counts", a_count(50));
  EXPECT_EQ(shop.client("admin").post("/v1/locations/LEEDS/counts/CNT-1/reject", "", fresh_key()).status, 200);
  EXPECT_EQ(row().on_hand, 10);
  EXPECT_EQ(Json::parse(shop.client("auditor").get("/v1/locations/LEEDS/counts").body)["items"], Json::array());
}

TEST_F(AStore, refuses_a_count_that_says_too_little) {
  auto body = a_count(9);
  body.erase("taken_at");
  EXPECT_EQ(problem_of(post("counts", body), 400, "field-missing")["errors"][0]["pointer"], "/taken_at");
  body = a_count(9);
  body["lines"][0]["sku"] = "NOPE";
  EXPECT_EQ(problem_of(post("counts", body), 422, "product-unknown")["errors"][0]["pointer"], "/lines/0/sku");
  body = a_count(9);
  body["taken_at"] = "2026-03-08T00:00:00Z";
  EXPECT_EQ(problem_of(post("counts", body), 409, "count-too-old")["errors"][0]["pointer"], "/lines/0/sku");
  body["taken_at"] = "2026-03-11T00:00:00Z";
  problem_of(post("counts", body), 422, "count-in-future");
}

TEST_F(AStore, books_a_receipt_once) {
  auto answer = post("sales", a_sale(3));
  ASSERT_EQ(answer.status, 201) << answer.body;
  EXPECT_EQ(post("sales", a_sale(3)).status, 201);
  EXPECT_EQ(row().on_hand, 7);
  problem_of(post("sales", a_sale(4)), 409, "receipt-reused");
  const auto& sale = std::get<stock::Sell>(std::get<stock::Command>(shop.ports.commands.front().command));
  EXPECT_EQ(sale.lines.front().price.amount, 1250);
  EXPECT_EQ(sale.occurred_at, midnight);
}

TEST_F(AStore, tells_a_till_that_asks_which_promises_a_sale_would_break_and_books_nothing) {
  auto answer = post("sales?check=true", a_sale(8));
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(Json::parse(answer.body),
            (Json{{"location", "LEEDS"}, {"booked", false}, {"oversold", 0}, {"cuts", Json::array({{{"order", to_text(order)}, {"round", 0}, {"line", 1}, {"sku", "MUG-1"}, {"quantity", 2}}})}}));
  EXPECT_EQ(row().on_hand, 10);
  EXPECT_TRUE(shop.ports.saw_nothing());
  post("sales", a_sale(8));
  EXPECT_EQ(row(), (stock::Row{2, 2, 0}));
  EXPECT_EQ(Json::parse(post("sales?check=true", a_sale(8)).body)["booked"], true);
  problem_of(post("sales?check=maybe", a_sale(8)), 400, "parameter-invalid");
}

TEST_F(AStore, refuses_a_sale_of_what_is_promised_unless_the_till_was_offline) {
  post("sales", a_sale(6));
  auto body = a_sale(1);
  body["receipt"] = "R-2";
  EXPECT_EQ(problem_of(post("sales", body), 409, "stock-reserved")["errors"][0]["pointer"], "/lines/0/quantity");
  problem_of(post("sales?check=true", body), 409, "stock-reserved");
  body["offline"] = true;
  EXPECT_EQ(post("sales", body).status, 201);
  EXPECT_EQ(row(), (stock::Row{3, 3, 0}));
}

TEST_F(AStore, takes_each_number_of_a_feed_once_and_asks_for_a_reset_after_a_gap) {
  ASSERT_EQ(post("feeds", a_feed(1, "delta", 5)).status, 200);
  EXPECT_EQ(post("feeds", a_feed(1, "delta", 5)).status, 200);
  EXPECT_EQ(row().on_hand, 15);
  auto problem = problem_of(post("feeds", a_feed(3, "delta", 1)), 409, "feed-gap");
  EXPECT_EQ(problem["errors"][0]["pointer"], "/sequence");
  EXPECT_EQ(problem["detail"], "2 is expected; send a reset");
  EXPECT_EQ(post("feeds", a_feed(4, "reset", 3)).status, 200);
  EXPECT_EQ(row(), (stock::Row{3, 3, 0})) << "one unit could not be kept";
  problem_of(post("feeds", a_feed(5, "reset", -1)), 422, "value-out-of-range");
  auto heartbeat = a_feed(5, "delta", 0);
  heartbeat["lines"] = Json::array();
  EXPECT_EQ(post("feeds", heartbeat).status, 200);
}

TEST_F(AStore, listens_to_its_own_staff_only) {
  for (const auto& [what, body] : {std::pair{"counts", a_count(9)}, {"sales", a_sale(1)}, {"feeds", a_feed(1, "delta", 1)}, {"movements", a_correction("lost", -1)}}) {
    problem_of(shop.client("staff-leeds").post("/v1/locations/DC-1/" + std::string(what), body.dump(), fresh_key()), 403, "out-of-scope");
    problem_of(post(what, body, "gw-all"), 403, "role-not-allowed");
    problem_of(shop.client("admin").post("/v1/locations/ATLANTIS/" + std::string(what), body.dump(), fresh_key()), 404, "location-unknown");
    problem_of(shop.client("staff-leeds").post("/v1/locations/LEEDS/" + std::string(what), body.dump()), 400, "idempotency-key-missing");
  }
  problem_of(shop.client("staff-leeds").post("/v1/locations/DC-1/counts/CNT-1/approve", "", fresh_key()), 403, "out-of-scope");
  problem_of(shop.client("staff-leeds").get("/v1/locations/DC-1/counts"), 403, "out-of-scope");
  EXPECT_TRUE(shop.ports.saw_nothing());
}

} // namespace
} // namespace entrepot::test
