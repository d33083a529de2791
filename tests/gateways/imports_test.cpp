// POST /v1/imports as a client meets it: which requests it takes, and what it says of each row. What rows do inside is told in tests/actors/imports_test.cpp.
#include <sstream>

#include "tests/gateways/shop.hpp"

namespace entrepot::test {
namespace {

const http::Client::Headers ndjson = {{"Content-Type", "application/x-ndjson"}};
const std::string a_mug = R"({"sku":"MUG-9","name":"Mug, white","tax_class":"standard","prices":{}})";

const Sku mug = Sku::from("MUG-1").value();
const LocationCode warehouse = LocationCode::from("DC").value();

/// A channel that sends mugs from the warehouse, at the price that is told.
std::shared_ptr<order::Definitions> a_shop() {
  auto shop = std::make_shared<order::Definitions>();
  order::Definitions::Channel web{.version = 1, .definition = {}};
  web.definition.code = ChannelCode::from("web").value();
  web.definition.currency = Currency::from("GBP").value();
  web.definition.workflows = {"bodah"};
  web.definition.prices_as_told = true;
  web.definition.delivery = {{"std", "Standard", Money{0, web.definition.currency}, std::nullopt, {}, "", "", warehouse}};
  web.definition.payment = {{.level = {}, .category = {}, .from = {}, .to = {}, .shares = {{payment::Moment::on_invoice, payment::Method::account, 100, 0}}}};
  shop->channels[web.definition.code] = std::make_shared<const order::Definitions::Channel>(web);
  product::Definition product{.sku = mug, .name = "Mug", .category = "home", .tax_class = "standard", .weight_grams = 350, .prices = {}};
  shop->products[mug] = std::make_shared<const product::Definition>(product);
  shop->locations[warehouse] = std::make_shared<const stock::Profile>(stock::Profile{.code = warehouse, .name = "DC", .owner = EntityCode::from("SHOP").value()});
  return shop;
}

std::string row(int position, const std::string& what, const std::string& content) { return R"({"position":)" + std::to_string(position) + ",\"" + what + "\":" + content + "}\n"; }

/// The lines of an answer.
std::vector<Json> lines_of(const http::Answer& answer) {
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.header("content-type"), "application/x-ndjson");
  std::vector<Json> lines;
  std::istringstream text(answer.body);
  for (std::string line; std::getline(text, line);)
    lines.push_back(Json::parse(line));
  return lines;
}

TEST(Imports, are_answered_line_by_line_in_the_order_of_the_rows) {
  Shop shop;
  auto answer = shop.client("admin").post("/v1/imports", row(3, "product", a_mug) + row(7, "product", R"({"sku":"MUG-10","name":"Mug","tax_class":"standard","prices":{}})"), ndjson);
  EXPECT_EQ(lines_of(answer), (std::vector<Json>{{{"position", 3}, {"status", "done"}}, {{"position", 7}, {"status", "done"}}}));
  EXPECT_EQ(shop.ports.commands.size(), 2U);
}

TEST(Imports, a_row_that_cannot_be_read_is_refused_with_its_field_and_the_others_go_in) {
  Shop shop;
  auto body = row(1, "product", R"({"sku":"MUG-9","name":"Mug","tax_class":"standard","prices":{},"colour":"red"})") + "nonsense\n" + R"({"position":2})" + "\n" + row(3, "product", a_mug) +
              row(4, "product", R"({"sku":"no code","name":"Mug","tax_class":"standard","prices":{}})");
  auto lines = lines_of(shop.client("admin").post("/v1/imports", body, ndjson));
  ASSERT_EQ(lines.size(), 5U);
  EXPECT_EQ(lines[0]["code"], "field-unknown");
  EXPECT_EQ(lines[0]["errors"][0]["pointer"], "/product/colour");
  EXPECT_EQ(lines[1]["code"], "json-malformed");
  EXPECT_TRUE(lines[1]["position"].is_null());
  EXPECT_EQ(lines[2]["code"], "field-missing");
  EXPECT_EQ(lines[3]["status"], "done");
  EXPECT_EQ(lines[4]["code"], "code-invalid");
  EXPECT_EQ(shop.ports.commands.size(), 1U);
}

TEST(Imports, a_receipt_is_booked_at_the_place_that_the_channel_ships_from) {
  Shop shop;
  shop.ports.known = a_shop();
  auto answer = shop.client("admin").post("/v1/imports", row(1, "receipt", R"({"reference":"opening/1","channel":"web","movements":[{"sku":"MUG-1","units":12}]})"), ndjson);
  EXPECT_EQ(lines_of(answer)[0]["status"], "done");
  ASSERT_EQ(shop.ports.commands.size(), 1U);
  EXPECT_EQ(shop.ports.commands[0].to, stream_of(warehouse));
  const auto& receipt = std::get<stock::Receive>(std::get<stock::Command>(shop.ports.commands[0].command));
  EXPECT_EQ(receipt.reference, "opening/1");
  EXPECT_EQ(receipt.movements, (std::vector<stock::Movement>{{{{}, mug}, 12}}));
}

TEST(Imports, a_receipt_of_something_unknown_or_at_no_place_is_refused) {
  Shop shop;
  shop.ports.known = a_shop();
  auto lines = lines_of(shop.client("admin").post("/v1/imports",
                                                  row(1, "receipt", R"({"reference":"r","channel":"web","movements":[{"sku":"NO-SUCH","units":12}]})") +
                                                      row(2, "receipt", R"({"reference":"r","location":"MOON","movements":[{"sku":"MUG-1","units":12}]})") +
                                                      row(3, "receipt", R"({"reference":"r","channel":"moon","movements":[{"sku":"MUG-1","units":0}]})"),
                                                  ndjson));
  EXPECT_EQ(lines[0]["code"], "product-unknown");
  EXPECT_EQ(lines[1]["code"], "location-unknown");
  EXPECT_EQ(lines[1]["errors"][0]["pointer"], "/receipt/location");
  EXPECT_EQ(lines[2]["code"], "location-unknown");
  EXPECT_EQ(lines[2]["errors"][1]["pointer"], "/receipt/movements/0/units");
  EXPECT_TRUE(shop.ports.saw_nothing());
}

TEST(Imports, the_same_row_is_the_same_command_wherever_in_the_file_it_stands) {
  Shop shop;
  shop.ports.known = a_shop();
  auto client = shop.client("admin");
  const std::string receipt = R"({"reference":"opening/1","channel":"web","movements":[{"sku":"MUG-1","units":12}]})";
  client.post("/v1/imports", row(1, "receipt", receipt), ndjson);
  client.post("/v1/imports", row(900, "receipt", receipt), ndjson);
  ASSERT_EQ(shop.ports.commands.size(), 2U);
  EXPECT_EQ(shop.ports.commands[0].id, shop.ports.commands[1].id);
  EXPECT_EQ(source_of(shop.ports.commands[0].id), CommandSource::import);
}

TEST(Imports, products_come_before_what_is_received_of_them_wherever_they_stand_in_the_request) {
  Shop shop;
  shop.ports.known = a_shop();
  auto body = row(1, "receipt", R"({"reference":"opening/1","channel":"web","movements":[{"sku":"MUG-1","units":12}]})") + row(2, "product", a_mug);
  auto lines = lines_of(shop.client("admin").post("/v1/imports", body, ndjson));
  EXPECT_EQ(lines[0]["position"], 1) << "the answers stand as the rows do";
  ASSERT_EQ(shop.ports.commands.size(), 2U);
  EXPECT_EQ(shop.ports.commands[0].to, stream_of(Sku::from("MUG-9").value()));
  EXPECT_EQ(shop.ports.commands[1].to, stream_of(warehouse));
}

TEST(Imports, a_receipt_at_another_place_is_another_one_though_its_reference_be_the_same) {
  Shop shop;
  auto places = a_shop();
  const auto leeds = LocationCode::from("LEEDS").value();
  places->locations[leeds] = std::make_shared<const stock::Profile>(stock::Profile{.code = leeds, .name = "Leeds", .owner = EntityCode::from("SHOP").value()});
  shop.ports.known = places;
  auto receipt = [](const std::string& place) { return R"({"reference":"opening/1","location":")" + place + R"(","movements":[{"sku":"MUG-1","units":12}]})"; };
  lines_of(shop.client("admin").post("/v1/imports", row(1, "receipt", receipt("DC")) + row(2, "receipt", receipt("LEEDS")), ndjson));
  ASSERT_EQ(shop.ports.commands.size(), 2U);
  EXPECT_NE(shop.ports.commands[0].id, shop.ports.commands[1].id);
}

TEST(Imports, a_receipt_is_booked_as_of_when_it_happened) {
  Shop shop;
  shop.ports.known = a_shop();
  auto receipt = R"({"reference":"opening/1","channel":"web","occurred_at":"2010-12-01T08:26:00Z","movements":[{"sku":"MUG-1","units":12}]})";
  lines_of(shop.client("admin").post("/v1/imports", row(1, "receipt", receipt), ndjson));
  ASSERT_EQ(shop.ports.commands.size(), 1U);
  EXPECT_EQ(shop.ports.commands[0].origin.occurred_at, from_rfc3339("2010-12-01T08:26:00Z"));
}

TEST(Imports, what_the_inside_cannot_do_now_may_be_sent_again) {
  Shop shop;
  shop.ports.known = a_shop();
  shop.ports.fate = FakePorts::Fate::faulty;
  auto order = R"({"channel":"web","external_number":"1","occurred_at":"2026-01-01T00:00:00Z","lines":[{"sku":"MUG-1","quantity":1,"total":{"amount":1250,"currency":"GBP"}}]})";
  auto lines = lines_of(shop.client("admin").post("/v1/imports", row(1, "order", order), ndjson));
  EXPECT_EQ(lines[0]["status"], "again");
  EXPECT_EQ(lines[0]["code"], "unavailable");
}

TEST(Imports, an_order_that_has_not_happened_yet_is_refused) {
  Shop shop;
  auto order = R"({"channel":"web","external_number":"1","occurred_at":"2030-01-01T00:00:00Z","lines":[{"sku":"MUG-1","quantity":1,"total":{"amount":1250,"currency":"GBP"}}]})";
  auto lines = lines_of(shop.client("admin").post("/v1/imports", row(1, "order", order), ndjson));
  EXPECT_EQ(lines[0]["code"], "time-invalid");
}

TEST(Imports, a_request_is_refused_whole_if_its_rows_cannot_be_told_apart) {
  Shop shop;
  auto client = shop.client("admin");
  problem_of(client.post("/v1/imports", row(2, "product", a_mug) + row(2, "product", a_mug), ndjson), 400, "import-malformed");
  problem_of(client.post("/v1/imports", "\n\n", ndjson), 400, "import-malformed");
  std::string many;
  for (int i = 1; i <= 1'001; ++i)
    many += row(i, "product", a_mug);
  problem_of(client.post("/v1/imports", many, ndjson), 400, "import-malformed");
  problem_of(client.post("/v1/imports", row(1, "product", a_mug), {{"Content-Type", "application/json"}}), 415, "media-type-unsupported");
  problem_of(shop.client("gw-all").post("/v1/imports", row(1, "product", a_mug), ndjson), 403, "role-not-allowed");
  EXPECT_TRUE(shop.ports.saw_nothing());
}

} // namespace
} // namespace entrepot::test
