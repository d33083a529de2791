// Every way of asking wrongly: a problem document with a stable code and the field at fault, and nothing of it gets inside.
#include "tests/gateways/shop.hpp"

namespace entrepot::test {
namespace {

struct Wrong {
  std::string name; ///< what is wrong, in words
  Json change;      ///< a merge patch (RFC 7396) on the good body
  int status;
  std::string code;
  std::string pointer; ///< the field named
};

/// What is refused by its form, before anybody inside is asked.
std::vector<Wrong> wrong_orders() {
  auto line = [](Json change) {
    auto good = good_order()["lines"][0];
    good.merge_patch(change);
    return Json{{"lines", Json::array({good})}};
  };
  auto address = [](Json change) { return Json{{"delivery", {{"address", std::move(change)}}}}; };
  return {
      {"channel missing", {{"channel", nullptr}}, 400, "field-missing", "/channel"},
      {"channel of another type", {{"channel", 7}}, 400, "type-wrong", "/channel"},
      {"channel no code", {{"channel", "web shop"}}, 422, "code-invalid", "/channel"},
      {"channel empty", {{"channel", ""}}, 422, "text-invalid", "/channel"},
      {"unknown field", {{"colour", "red"}}, 400, "field-unknown", "/colour"},
      {"unknown field in a line", line({{"colour", "red"}}), 400, "field-unknown", "/lines/0/colour"},
      {"unknown field in an address", address({{"planet", "Mars"}}), 400, "field-unknown", "/delivery/address/planet"},
      {"field names are case-sensitive", {{"Channel", "web"}}, 400, "field-unknown", "/Channel"},
      {"slash in an unknown field", {{"a/b~c", 1}}, 400, "field-unknown", "/a~1b~0c"},
      {"lines missing", {{"lines", nullptr}}, 400, "field-missing", "/lines"},
      {"lines no list", {{"lines", "MUG-1"}}, 400, "type-wrong", "/lines"},
      {"lines an object", {{"lines", {{"0", {{"sku", "x"}}}}}}, 400, "type-wrong", "/lines"},
      {"no line", {{"lines", Json::array()}}, 422, "value-out-of-range", "/lines"},
      {"a line is no object", {{"lines", Json::array({"MUG-1"})}}, 400, "type-wrong", "/lines/0"},
      {"sku missing", line({{"sku", nullptr}}), 400, "field-missing", "/lines/0/sku"},
      {"sku too long", line({{"sku", std::string(65, 'x')}}), 422, "text-invalid", "/lines/0/sku"},
      {"sku with a blank", line({{"sku", "MUG 1"}}), 422, "code-invalid", "/lines/0/sku"},
      {"quantity missing", line({{"quantity", nullptr}}), 400, "field-missing", "/lines/0/quantity"},
      {"quantity a text", line({{"quantity", "2"}}), 400, "type-wrong", "/lines/0/quantity"},
      {"quantity a fraction", line({{"quantity", 1.5}}), 400, "type-wrong", "/lines/0/quantity"},
      {"quantity true", line({{"quantity", true}}), 400, "type-wrong", "/lines/0/quantity"},
      {"quantity zero", line({{"quantity", 0}}), 422, "value-out-of-range", "/lines/0/quantity"},
      {"quantity negative", line({{"quantity", -1}}), 422, "value-out-of-range", "/lines/0/quantity"},
      {"quantity huge", line({{"quantity", 1'000'001}}), 422, "value-out-of-range", "/lines/0/quantity"},
      {"quantity beyond 32 bits", line({{"quantity", 4'294'967'297}}), 422, "value-out-of-range", "/lines/0/quantity"},
      {"price no object", line({{"unit_price", 12.5}}), 400, "type-wrong", "/lines/0/unit_price"},
      {"price negative", line({{"unit_price", {{"amount", -1}}}}), 422, "value-out-of-range", "/lines/0/unit_price/amount"},
      {"price with a fraction", line({{"unit_price", {{"amount", 12.5}}}}), 400, "type-wrong", "/lines/0/unit_price/amount"},
      {"price huge", line({{"unit_price", {{"amount", 100'000'000'000}}}}), 422, "value-out-of-range", "/lines/0/unit_price/amount"},
      {"price without a currency", line({{"unit_price", {{"currency", nullptr}}}}), 400, "field-missing", "/lines/0/unit_price/currency"},
      {"currency no code", line({{"unit_price", {{"currency", "pounds"}}}}), 422, "currency-invalid", "/lines/0/unit_price/currency"},
      {"currency in small letters", line({{"unit_price", {{"currency", "gbp"}}}}), 422, "currency-invalid", "/lines/0/unit_price/currency"},
      {"delivery missing", {{"delivery", nullptr}}, 400, "field-missing", "/delivery"},
      {"delivery option missing", {{"delivery", {{"option", nullptr}}}}, 400, "field-missing", "/delivery/option"},
      {"address missing", {{"delivery", {{"address", nullptr}}}}, 400, "field-missing", "/delivery/address"},
      {"street missing", address({{"street", nullptr}}), 400, "field-missing", "/delivery/address/street"},
      {"street too long", address({{"street", std::string(301, 'x')}}), 422, "text-invalid", "/delivery/address/street"},
      {"country no code", address({{"country", "gb"}}), 422, "value-unknown", "/delivery/address/country"},
      {"e-mail no text", {{"contact", {{"email", Json::array()}}}}, 400, "type-wrong", "/contact/email"},
      {"contact no object", {{"contact", "Mary"}}, 400, "type-wrong", "/contact"},
      {"customer no code", {{"customer", "Mary Poppins"}}, 422, "code-invalid", "/customer"},
      {"payment method nobody has", {{"payment", {{"method", "shells"}}}}, 422, "value-unknown", "/payment/method"},
      {"external number too long", {{"external_number", std::string(65, '1')}}, 422, "text-invalid", "/external_number"},
      {"occurred_at no time", {{"occurred_at", "yesterday"}}, 422, "time-invalid", "/occurred_at"},
      {"occurred_at a number", {{"occurred_at", 1773133200}}, 400, "type-wrong", "/occurred_at"},
      {"occurred_at has not come yet", {{"occurred_at", "2026-03-10T09:06:00Z"}}, 422, "time-invalid", "/occurred_at"},
  };
}

TEST(BadInput, in_any_field_is_refused_with_the_field_and_gets_nowhere) {
  Shop shop;
  auto client = shop.client();
  for (const auto& wrong : wrong_orders()) {
    SCOPED_TRACE(wrong.name);
    auto body = good_order();
    body.merge_patch(wrong.change);
    auto problem = problem_of(client.post("/v1/orders", body.dump(), fresh_key()), wrong.status, wrong.code);
    EXPECT_EQ(problem["errors"][0]["pointer"], wrong.pointer);
    EXPECT_EQ(problem["errors"][0]["code"], wrong.code);
    EXPECT_EQ(problem["instance"], "/v1/orders");
  }
  EXPECT_TRUE(shop.ports.saw_nothing());
}

TEST(BadInput, is_told_all_at_once) {
  Shop shop;
  auto body = good_order();
  body["channel"] = 1;
  body["lines"][0]["quantity"] = 0;
  body["colour"] = "red";
  auto problem = problem_of(shop.client().post("/v1/orders", body.dump(), fresh_key()), 400, "type-wrong");
  ASSERT_EQ(problem["errors"].size(), 3U);
  EXPECT_EQ(problem["errors"][1]["pointer"], "/lines/0/quantity");
  EXPECT_EQ(problem["errors"][2]["pointer"], "/colour");
}

TEST(BadInput, with_two_thousand_and_one_lines_is_refused) {
  Shop shop;
  auto body = good_order();
  auto line = Json{{"sku", "MUG-1"}, {"quantity", 1}};
  body["lines"] = Json::array();
  for (int i = 0; i < 2001; ++i)
    body["lines"].push_back(line);
  auto problem = problem_of(shop.client().post("/v1/orders", body.dump(), fresh_key()), 422, "value-out-of-range");
  EXPECT_EQ(problem["errors"][0]["pointer"], "/lines");
  EXPECT_TRUE(shop.ports.saw_nothing());
  body["lines"].erase(0);
  EXPECT_EQ(shop.client().post("/v1/orders", body.dump(), fresh_key()).status, 201);
}

TEST(BadInput, that_is_no_json_is_refused) {
  Shop shop;
  auto client = shop.client();
  auto good = good_order().dump();
  auto depth = std::string(17, '[') + std::string(17, ']');
  for (const auto& body :
       {std::string("{"), std::string("{}}"), std::string("nonsense"), good + "x", good.substr(0, good.size() - 1),
        std::string("{\"channel\":\"\xff\xfe\"}"), std::string("{\"channel\":\"\xc0\xaf\"}"), std::string(R"({"channel":"a\u0000b"})"),
        std::string(R"({"channel":"\ud800"})"), std::string(R"({"channel":"web","channel":"app"})"), std::string(R"({"a":1e999})"),
        std::string(R"({"a":18446744073709551615})"), std::string("{'a':1}"), std::string(R"({"a":NaN})"), std::string(R"({"a":01})"),
        std::string("// hello\n{}"), depth, std::string()}) {
    SCOPED_TRACE(body.substr(0, 40));
    problem_of(client.post("/v1/orders", body, fresh_key()), 400, "json-malformed");
  }
  EXPECT_TRUE(shop.ports.saw_nothing());
}

TEST(BadInput, that_is_json_but_no_object_is_refused) {
  Shop shop;
  for (auto body : {"[]", "7", "\"order\"", "null", "true"})
    problem_of(shop.client().post("/v1/orders", body, fresh_key()), 400, "type-wrong");
  EXPECT_TRUE(shop.ports.saw_nothing());
}

TEST(BadInput, larger_than_a_megabyte_is_refused) {
  Shop shop;
  auto body = good_order();
  body["external_number"] = std::string(http::limits::body_bytes, '1');
  auto answer = shop.client().post("/v1/orders", body.dump(), fresh_key());
  problem_of(answer, 413, "body-too-large");
  EXPECT_TRUE(shop.ports.saw_nothing());
}

TEST(BadInput, of_another_media_type_is_refused) {
  Shop shop;
  http::Client client("127.0.0.1", shop.port());
  auto headers = fresh_key();
  headers.emplace_back("Authorization", "Bearer secret-of-gw-web");
  headers.emplace_back("Content-Type", "text/xml");
  problem_of(client.post("/v1/orders", "<order/>", headers), 415, "media-type-unsupported");
  EXPECT_TRUE(shop.ports.saw_nothing());
}

TEST(BadInput, naming_what_is_not_there_makes_no_order) {
  Shop shop;
  auto client = shop.client("gw-all");
  struct Case {
    Json change;
    std::string code, pointer;
  };
  for (const auto& [change, code, pointer] :
       {Case{{{"channel", "moon"}}, "channel-unknown", "/channel"},
        Case{{{"lines", Json::array({{{"sku", "NOPE"}, {"quantity", 1}}})}}, "product-unknown", "/lines/0/sku"},
        Case{{{"delivery", {{"option", "teleport"}}}}, "delivery-option-unavailable", "/delivery/option"},
        Case{{{"payment", {{"method", "card"}}}}, "payment-method-unavailable", "/payment/method"},
        Case{{{"lines", Json::array({{{"sku", "MUG-1"}, {"quantity", 1}, {"unit_price", {{"amount", 1250}, {"currency", "EUR"}}}}})}},
             "currency-mismatch",
             "/lines/0/unit_price"}}) {
    SCOPED_TRACE(code);
    auto body = good_order();
    body.merge_patch(change);
    auto problem = problem_of(client.post("/v1/orders", body.dump(), fresh_key()), 422, code);
    EXPECT_EQ(problem["errors"][0]["pointer"], pointer);
  }
  EXPECT_EQ(shop.ports.orders(), 0U);
}

TEST(BadInput, with_an_old_price_is_a_conflict_that_names_the_new_one) {
  Shop shop;
  auto body = good_order();
  body["lines"][0]["unit_price"]["amount"] = 1200;
  auto problem = problem_of(shop.client().post("/v1/orders", body.dump(), fresh_key()), 409, "price-changed");
  EXPECT_NE(problem["errors"][0]["detail"].get<std::string>().find("12.50 GBP"), std::string::npos);
}

TEST(IdempotencyKey, is_required_for_every_post) {
  Shop shop;
  problem_of(shop.client().post("/v1/orders", good_order().dump()), 400, "idempotency-key-missing");
  problem_of(shop.client("admin").post("/v1/locations/DC-1/movements", "{}"), 400, "idempotency-key-missing");
  EXPECT_TRUE(shop.ports.saw_nothing());
}

TEST(IdempotencyKey, is_one_header_of_1_to_255_plain_characters) {
  Shop shop;
  auto client = shop.client();
  for (const auto& key : {std::string(256, 'k'), std::string("caf\xc3\xa9"), std::string("a\tb")})
    problem_of(client.post("/v1/orders", good_order().dump(), {{"Idempotency-Key", key}}), 400, "idempotency-key-invalid");
  problem_of(client.post("/v1/orders", good_order().dump(), {{"Idempotency-Key", "a"}, {"Idempotency-Key", "b"}}), 400, "idempotency-key-invalid");
  problem_of(client.post("/v1/orders", good_order().dump(), {{"Idempotency-Key", ""}}), 400, "idempotency-key-missing");
  EXPECT_TRUE(shop.ports.saw_nothing());
  EXPECT_EQ(client.post("/v1/orders", good_order().dump(), {{"Idempotency-Key", std::string(255, 'k')}}).status, 201);
}

} // namespace
} // namespace entrepot::test
