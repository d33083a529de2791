// Channels, products, locations, movements and stock over the wire.
#include "gateways/api/people.hpp"
#include "tests/gateways/shop.hpp"

namespace entrepot::test {
namespace {

template <class Group, class Command>
const Command& sent(const Shop& shop, std::size_t at = 0) {
  return std::get<Command>(std::get<Group>(shop.ports.commands.at(at).command));
}

Json good_channel() {
  return Json::parse(R"({"name":"Web shop","organisation":"ACME","currency":"GBP","price_list":"retail","workflows":["bodah"],
    "delivery":[{"code":"24h","name":"Transport 24h","charge":{"amount":700,"currency":"GBP"},"promise_seconds":86400,"lead_seconds":3600,"terms":"DDP","carrier":"post","ship_from":"DC-1"},
                {"code":"std","name":"Standard","charge":{"amount":0,"currency":"GBP"},"promise_seconds":null,"lead_seconds":0,"terms":"DDP","carrier":"post","ship_from":"DC-1"}],
    "payment":[{"level":"gold","category":"","from":"2026-01-01T00:00:00Z","shares":[{"moment":"on_order","method":"card","percent":20,"round_up_to":1000},{"moment":"on_invoice","method":"account","percent":100}]}],
    "pickup_stores":["LEEDS"],"tax_class_of_services":"standard","country":"DE"})");
}

TEST(PuttingAChannel, sends_its_definition_and_answers_the_version) {
  Shop shop;
  auto answer = shop.client("admin").put("/v1/channels/web", good_channel().dump());
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(Json::parse(answer.body), (Json{{"code", "web"}, {"version", 1}}));
  EXPECT_EQ(shop.ports.commands.at(0).to, stream_of(*ChannelCode::from("web")));
  const auto& channel = sent<channel::Command, channel::Activate>(shop).definition;
  EXPECT_EQ(channel.code.text(), "web");
  ASSERT_EQ(channel.delivery.size(), 2U);
  EXPECT_EQ(channel.delivery[0].promise, Duration{std::chrono::hours{24}});
  EXPECT_EQ(channel.delivery[0].lead, Duration{std::chrono::hours{1}});
  EXPECT_FALSE(channel.delivery[1].promise);
  ASSERT_EQ(channel.payment.size(), 1U);
  EXPECT_EQ(channel.payment[0].shares[0].round_up_to, 1000);
  EXPECT_EQ(channel.payment[0].shares[1].moment, payment::Moment::on_invoice);
  EXPECT_TRUE(channel.payment[0].from);
  EXPECT_EQ(channel.pickup_stores.at(0).text(), "LEEDS");
  EXPECT_EQ(channel.country, "DE");
}

TEST(PuttingAChannel, says_on_which_terms_its_door_is_open) {
  Shop shop;
  auto body = good_channel();
  body["terms"] = {{"customer_required", true}, {"external_number_required", true}, {"masked_emails", true}, {"pay_later", true}, {"pay_within_seconds", 1200}, {"price_exception_percent", 10},
                   {"larger_exceptions_wait", true}, {"pickup_days_ahead", 14}, {"pickup_time_required", true}, {"warns_of_repeats", true}};
  body["payment"][0]["shares"][1]["method"] = "till";
  ASSERT_EQ(shop.client("admin").put("/v1/channels/web", body.dump()).status, 200);
  const auto& channel = sent<channel::Command, channel::Activate>(shop).definition;
  EXPECT_EQ(channel.terms, (channel::Terms{.customer_required = true, .external_number_required = true, .masked_emails = true, .pay_later = true, .pay_within = std::chrono::minutes{20},
                                           .price_exception_percent = 10, .larger_exceptions_wait = true, .pickup_days_ahead = 14, .pickup_time_required = true, .warns_of_repeats = true}));
  EXPECT_EQ(channel.payment[0].shares[1].method, payment::Method::till);
}

TEST(PuttingAChannel, that_ships_from_nowhere_is_refused) {
  Shop shop;
  auto body = good_channel();
  body["delivery"][1]["ship_from"] = "ATLANTIS";
  auto problem = problem_of(shop.client("admin").put("/v1/channels/web", body.dump()), 422, "location-unknown");
  EXPECT_EQ(problem["errors"][0]["pointer"], "/delivery/1/ship_from");
  EXPECT_TRUE(shop.ports.saw_nothing());
}

TEST(PuttingAChannel, with_wrong_fields_is_refused) {
  Shop shop;
  struct Case {
    Json::json_pointer at;
    Json value;
    int status;
    std::string code;
  };
  for (const auto& [at, value, status, code] :
       {Case{Json::json_pointer("/currency"), "Pfund", 422, "currency-invalid"},
        Case{Json::json_pointer("/payment/0/shares/0/percent"), 101, 422, "value-out-of-range"},
        Case{Json::json_pointer("/payment/0/shares"), Json::array(), 422, "value-out-of-range"},
        Case{Json::json_pointer("/payment/0/shares/0/moment"), "never", 422, "value-unknown"},
        Case{Json::json_pointer("/delivery/0/promise_seconds"), -1, 422, "value-out-of-range"},
        Case{Json::json_pointer("/delivery/0/charge"), 7, 400, "type-wrong"}, Case{Json::json_pointer("/workflows/0"), 7, 400, "type-wrong"}}) {
    auto body = good_channel();
    body[at] = value;
    auto problem = problem_of(shop.client("admin").put("/v1/channels/web", body.dump()), status, code);
    EXPECT_EQ(problem["errors"][0]["pointer"], at.to_string());
  }
  EXPECT_TRUE(shop.ports.saw_nothing());
}

TEST(PuttingAChannel, refused_inside_says_why) {
  Shop shop;
  shop.ports.refuses_commands =
      reject("channel-invalid", "a delivery option stands in the table once", {{"/delivery/1/code", "channel-invalid", "twice"}});
  auto problem = problem_of(shop.client("admin").put("/v1/channels/web", good_channel().dump()), 422, "channel-invalid");
  EXPECT_EQ(problem["errors"][0]["pointer"], "/delivery/1/code");
}

TEST(PuttingAProduct, sends_its_definition) {
  Shop shop;
  auto answer = shop.client("admin").put(
      "/v1/products/CUP-3",
      R"({"name":"A cup","category":"home","tax_class":"standard","weight_grams":250,"prices":{"retail":{"amount":900,"currency":"GBP"}}})");
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(Json::parse(answer.body), (Json{{"sku", "CUP-3"}, {"version", 1}}));
  const auto& product = sent<product::Command, product::Define>(shop).definition;
  EXPECT_EQ(product.sku.text(), "CUP-3");
  EXPECT_EQ(product.weight_grams, 250);
  EXPECT_EQ(product.prices.at("retail").amount, 900);
}

TEST(PuttingAProduct, with_a_wrong_price_names_it) {
  Shop shop;
  auto problem = problem_of(
      shop.client("admin").put("/v1/products/CUP-3", R"({"name":"A cup","tax_class":"standard","prices":{"retail":{"amount":-1,"currency":"GBP"}}})"),
      422, "value-out-of-range");
  EXPECT_EQ(problem["errors"][0]["pointer"], "/prices/retail/amount");
  problem_of(shop.client("admin").put("/v1/products/CUP%203", "{}"), 422, "code-invalid");
  EXPECT_TRUE(shop.ports.saw_nothing());
}

TEST(PuttingALocation, sends_its_profile_in_millionths_of_a_degree) {
  Shop shop;
  auto answer =
      shop.client("admin").put("/v1/locations/DC-2", R"({"name":"Depot","type":"warehouse","owner":"ACME","latitude":53.8008,"longitude":-1.5491})");
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(Json::parse(answer.body), (Json{{"code", "DC-2"}, {"version", 1}}));
  const auto& profile = sent<stock::Command, stock::Define>(shop).profile;
  EXPECT_EQ(profile.latitude, 53'800'800);
  EXPECT_EQ(profile.longitude, -1'549'100);
  problem_of(shop.client("admin").put("/v1/locations/DC-2", R"({"name":"Depot","type":"warehouse","owner":"ACME","latitude":91,"longitude":0})"), 422,
             "value-out-of-range");
}

TEST(PuttingALocation, sends_its_limit_and_what_it_keeps_back) {
  Shop shop;
  auto answer = shop.client("admin").put(
      "/v1/locations/LEEDS", R"({"name":"Leeds","type":"store","owner":"ACME","latitude":53.8,"longitude":-1.5,"orders_a_day":50,
        "safety_stock":[{"units":1},{"category":"home","units":2},{"category":"home","sku":"MUG-1","units":5}],"fed_by":"wms"})");
  ASSERT_EQ(answer.status, 200) << answer.body;
  const auto& profile = sent<stock::Command, stock::Define>(shop).profile;
  EXPECT_EQ(profile.orders_a_day, 50);
  EXPECT_EQ(profile.fed_by, "wms");
  EXPECT_EQ(profile.safety, (std::vector<stock::SafetyRule>{{{}, {}, 1}, {"home", {}, 2}, {"home", *Sku::from("MUG-1"), 5}}));
  auto problem = problem_of(shop.client("admin").put("/v1/locations/LEEDS", R"({"name":"Leeds","type":"store","owner":"ACME","latitude":53.8,"longitude":-1.5,
    "safety_stock":[{"units":-1}]})"), 422, "value-out-of-range");
  EXPECT_EQ(problem["errors"][0]["pointer"], "/safety_stock/0/units");
}

TEST(AMovement, sends_what_came_in_with_its_owner) {
  Shop shop;
  auto body = R"({"kind":"receipt","reference":"ASN-1","lines":[{"sku":"MUG-1","quantity":10},{"sku":"LAMP-2","quantity":5,"owner":"OTHER"}]})";
  auto answer = shop.client("admin").post("/v1/locations/DC-1/movements", body, fresh_key());
  ASSERT_EQ(answer.status, 201) << answer.body;
  EXPECT_EQ(Json::parse(answer.body), (Json{{"location", "DC-1"}, {"version", 1}}));
  const auto& receipt = sent<stock::Command, stock::Receive>(shop);
  EXPECT_EQ(receipt.reference, "ASN-1");
  EXPECT_EQ(receipt.movements.at(0).item.owner.text(), "ACME");
  EXPECT_EQ(receipt.movements.at(1).item.owner.text(), "OTHER");
  EXPECT_EQ(receipt.movements.at(1).units, 5);
}

TEST(AMovement, repeated_is_the_same_command_and_another_key_is_another) {
  Shop shop;
  auto client = shop.client("admin");
  auto body = R"({"kind":"receipt","reference":"ASN-1","lines":[{"sku":"MUG-1","quantity":10}]})";
  auto key = fresh_key();
  client.post("/v1/locations/DC-1/movements", body, key);
  client.post("/v1/locations/DC-1/movements", body, key);
  client.post("/v1/locations/DC-1/movements", body, fresh_key());
  client.post("/v1/locations/LEEDS/movements", body, key);
  shop.client("staff-leeds").post("/v1/locations/LEEDS/movements", body, key);
  const auto& all = shop.ports.commands;
  ASSERT_EQ(all.size(), 5U);
  EXPECT_EQ(all[0].id, all[1].id);
  EXPECT_NE(all[0].id, all[2].id);
  EXPECT_NE(all[0].id, all[3].id);
  EXPECT_NE(all[3].id, all[4].id);
  for (const auto& command : all)
    EXPECT_EQ(source_of(command.id), CommandSource::request);
}

TEST(AMovement, of_what_is_not_there_is_refused) {
  Shop shop;
  auto client = shop.client("admin");
  auto good = R"({"kind":"receipt","reference":"ASN-1","lines":[{"sku":"MUG-1","quantity":10}]})";
  problem_of(client.post("/v1/locations/ATLANTIS/movements", good, fresh_key()), 404, "location-unknown");
  auto problem = problem_of(
      client.post("/v1/locations/DC-1/movements", R"({"kind":"receipt","reference":"A","lines":[{"sku":"NOPE","quantity":1}]})", fresh_key()), 422,
      "product-unknown");
  EXPECT_EQ(problem["errors"][0]["pointer"], "/lines/0/sku");
  problem_of(client.post("/v1/locations/DC-1/movements", R"({"kind":"theft","reference":"A","lines":[{"sku":"MUG-1","quantity":1}]})", fresh_key()),
             422, "value-unknown");
  problem_of(
      client.post("/v1/locations/DC-1/movements", R"({"kind":"receipt","reference":"A","lines":[{"sku":"MUG-1","quantity":-1}]})", fresh_key()), 422,
      "value-out-of-range");
  EXPECT_TRUE(shop.ports.saw_nothing());
}

TEST(Stock, shows_the_rows_asked_for) {
  Shop shop;
  auto answer = shop.client("staff-leeds").get("/v1/locations/LEEDS/stock?sku=MUG-1&sku=LAMP-2");
  ASSERT_EQ(answer.status, 200) << answer.body;
  auto stock = Json::parse(answer.body);
  EXPECT_EQ(stock["location"], "LEEDS");
  EXPECT_EQ(stock["version"], 9);
  ASSERT_EQ(stock["items"].size(), 2U);
  EXPECT_EQ(stock["items"][1], (Json{{"owner", "ACME"}, {"sku", "LAMP-2"}, {"on_hand", 10}, {"held", 3}, {"allocated", 2}, {"suspended", 0}, {"damaged", 0}, {"available", 5}, {"to_sell", 5}}));
  EXPECT_TRUE(stock["capacity_left"].is_null()) << "any number";
  EXPECT_EQ(stock["stale"], false);
}

TEST(Stock, of_a_place_that_is_not_there_is_404) {
  Shop shop;
  problem_of(shop.client("gw-all").get("/v1/locations/ATLANTIS/stock"), 404, "location-unknown");
  problem_of(shop.client("gw-all").get("/v1/locations/DC-1/stock?sku=no%20sku"), 400, "parameter-invalid");
  problem_of(shop.client("gw-all").get("/v1/locations/DC-1/stock?SKU=MUG-1"), 400, "parameter-unknown");
}

} // namespace
} // namespace entrepot::test
