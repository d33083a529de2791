// The doors through which orders come, over HTTP, one row of the list of workflows after the other: W6 to W11.
#include "tests/gateways/shop.hpp"

namespace entrepot::test {
namespace {

/// A door of the shop: a copy of the web shop on its own terms.
void open_door(Shop& shop, const std::string& code, channel::Terms terms, std::vector<payment::Method> methods) {
  auto door = std::make_shared<order::Definitions::Channel>(*shop.ports.known->channels.at(*ChannelCode::from("web")));
  door->definition.code = *ChannelCode::from(code);
  door->definition.workflows = {"bodah", "bopis"};
  door->definition.pickup_stores = {*LocationCode::from("LEEDS")};
  door->definition.payment.clear();
  for (auto method : methods)
    door->definition.payment.push_back({.level = {}, .category = {}, .from = {}, .to = {}, .shares = {{payment::Moment::on_order, method, 100, 0}}});
  door->definition.terms = terms;
  shop.ports.known->channels[door->definition.code] = door;
}

Json order_in(const std::string& channel, const Json& payment) {
  auto body = good_order();
  body["channel"] = channel;
  body["payment"] = payment;
  return body;
}

Json pickup_in(const std::string& channel, const Json& payment) {
  auto body = order_in(channel, payment);
  body.erase("delivery");
  body["workflow"] = "bopis";
  body["pickup"] = {{"store", "LEEDS"}};
  return body;
}

http::Answer place(Shop& shop, const Json& body) { return shop.client("gw-all").post("/v1/orders", body.dump(), fresh_key()); }

Json paid_at_till() { return {{"method", "till"}, {"taken_by", "till-2"}, {"reference", "R-101"}, {"amount", {{"amount", 2500}, {"currency", "GBP"}}}}; }

OrderId id_of(const Json& order) { return *order_id_from(order["id"].get<std::string>()); }

TEST(Doors, w6_endless_aisle_a_sale_of_what_the_store_does_not_have_names_who_sold_it_where_and_what_was_taken_now) {
  Shop shop;
  open_door(shop, "mobile-till", {}, {payment::Method::till, payment::Method::card});
  auto body = order_in("mobile-till", paid_at_till());
  body["assisted_by"] = "E-17";
  body["origin"] = "LEEDS";
  body["taken_now"] = {{"location", "LEEDS"}, {"till", "till-2"}, {"receipt", "R-100"}};
  auto answer = place(shop, body);
  ASSERT_EQ(answer.status, 201) << answer.body;
  auto order = Json::parse(answer.body);
  EXPECT_EQ(order["assisted_by"], "E-17");
  EXPECT_EQ(order["origin"], "LEEDS");
  EXPECT_EQ(order["taken_now"]["receipt"], "R-100");
  EXPECT_EQ(order["instalments"][0]["status"], "captured");
  EXPECT_EQ(order["instalments"][0]["taken_by"], "till-2");
  EXPECT_EQ(order["instalments"][0]["reference"], "R-101");
}

TEST(Doors, w6_endless_aisle_an_order_refused_after_the_till_was_paid_says_so_and_says_it_again) {
  Shop shop;
  open_door(shop, "mobile-till", {}, {payment::Method::till});
  auto key = fresh_key();
  auto body = order_in("mobile-till", paid_at_till()).dump();
  shop.ports.fate = FakePorts::Fate::refused;
  for (int i = 0; i < 2; ++i) {
    auto problem = problem_of(shop.client("gw-all").post("/v1/orders", body, key), 409, "stock-short");
    EXPECT_EQ(problem["pay_back"], (Json{{"method", "till"}, {"taken_by", "till-2"}, {"reference", "R-101"}, {"amount", {{"amount", 2500}, {"currency", "GBP"}}}}));
  }
  auto dearer = order_in("mobile-till", paid_at_till());
  dearer["lines"][0]["unit_price"]["amount"] = 1000;
  EXPECT_EQ(problem_of(place(shop, dearer), 409, "price-changed")["pay_back"]["reference"], "R-101") << "also if no order was made";
}

TEST(Doors, a_refused_order_that_nobody_has_paid_is_paid_back_by_nobody) {
  Shop shop;
  shop.ports.fate = FakePorts::Fate::refused;
  EXPECT_FALSE(problem_of(place(shop, good_order()), 409, "stock-short").contains("pay_back"));
}

TEST(Doors, w7_assisted_selling_a_lower_price_needs_a_reason_and_keeps_to_the_limit) {
  Shop shop;
  open_door(shop, "mobile-till", {.price_exception_percent = 10}, {payment::Method::till});
  auto body = order_in("mobile-till", {{"method", "till"}, {"reference", "R-101"}});
  body["lines"][0]["unit_price"]["amount"] = 1200;
  problem_of(place(shop, body), 409, "price-changed");
  body["lines"][0]["price_reason"] = "display-model";
  auto order = Json::parse(place(shop, body).body);
  EXPECT_EQ(order["lines"][0]["unit_price"]["amount"], 1200);
  EXPECT_EQ(order["lines"][0]["list_price"]["amount"], 1250);
  EXPECT_EQ(order["lines"][0]["price_reason"], "display-model");
  body["lines"][0]["unit_price"]["amount"] = 1000;
  problem_of(place(shop, body), 422, "price-exception-too-large");
}

TEST(Doors, w7_assisted_selling_a_customer_pays_by_link) {
  Shop shop;
  open_door(shop, "mobile-till", {.pay_later = true}, {payment::Method::card});
  shop.ports.fate = FakePorts::Fate::never_settles;
  auto order = Json::parse(place(shop, order_in("mobile-till", {{"method", "card"}, {"later", true}})).body);
  shop.ports.happens(id_of(order), child::payment, AnyEvent{payment::Event{payment::PaymentAwaited{1, now + std::chrono::minutes{30}}}});
  auto path = "/v1/orders/" + order["id"].get<std::string>();
  auto waiting = Json::parse(shop.client("gw-all").get(path).body)["instalments"][0];
  EXPECT_EQ(waiting["status"], "awaited");
  EXPECT_EQ(waiting["pay_by"], "2026-03-10T09:30:00.000Z");
  auto paid = shop.client("gw-all").post(path + "/payments", R"({"token":"tok_visa"})", fresh_key());
  EXPECT_EQ(paid.status, 200) << paid.body;
  ASSERT_EQ(shop.ports.payments.size(), 1U);
  EXPECT_EQ(shop.ports.payments[0].token, "tok_visa");
}

TEST(Doors, w8_call_centre_and_pickup_wants_to_know_who_calls_and_when_the_bag_is_wanted) {
  Shop shop;
  open_door(shop, "call-centre", {.customer_required = true, .pickup_days_ahead = 14, .pickup_time_required = true}, {payment::Method::card});
  auto body = pickup_in("call-centre", {{"method", "card"}, {"token", "tok_visa"}});
  auto problem = problem_of(place(shop, body), 422, "customer-required");
  EXPECT_EQ(problem["errors"][1]["pointer"], "/pickup/wanted_at");
  EXPECT_EQ(problem["errors"][1]["code"], "pickup-time-required");
  shop.ports.customers["C-1"] = {customer::Profile{true, *CustomerNumber::from("C-1"), {}, {}, {}}, PersonKey{1}};
  body["customer"] = "C-1";
  body["pickup"]["wanted_at"] = "2026-03-14T15:30:00Z";
  auto answer = place(shop, body);
  ASSERT_EQ(answer.status, 201) << answer.body;
  auto pickup = Json::parse(answer.body)["pickup"];
  EXPECT_EQ(pickup["wanted_at"], "2026-03-14T15:30:00.000Z");
  EXPECT_EQ(pickup["ready_by"], "2026-03-14T15:30:00.000Z");
}

TEST(Doors, w9_kiosk_a_slip_is_paid_at_a_till_of_that_store_and_no_other) {
  Shop shop;
  open_door(shop, "kiosk", {.pay_later = true, .pay_within = std::chrono::minutes{5}}, {payment::Method::till, payment::Method::card});
  shop.ports.fate = FakePorts::Fate::never_settles;
  auto order = Json::parse(place(shop, pickup_in("kiosk", {{"method", "till"}, {"later", true}})).body);
  shop.ports.happens(id_of(order), child::payment, AnyEvent{payment::Event{payment::PaymentAwaited{1, now + std::chrono::hours{9}}}});
  auto path = "/v1/orders/" + order["id"].get<std::string>() + "/payments";
  auto paid = Json{{"taken_by", "till-2"}, {"reference", "R-101"}, {"amount", {{"amount", 2500}, {"currency", "GBP"}}}};
  auto less = paid;
  less["amount"]["amount"] = 2400;
  auto refused = problem_of(shop.client("staff-leeds").post(path, less.dump(), fresh_key()), 409, "payment-not-awaited");
  EXPECT_EQ(refused["pay_back"]["amount"]["amount"], 2400) << "the till gives it back under the same receipt";
  problem_of(shop.client("staff-leeds").post(path, R"({"token":"tok_visa"})", fresh_key()), 403, "role-not-allowed");
  auto answer = shop.client("staff-leeds").post(path, paid.dump(), fresh_key());
  ASSERT_EQ(answer.status, 200) << answer.body;
  auto instalment = Json::parse(answer.body)["instalments"][0];
  EXPECT_EQ(instalment["status"], "captured");
  EXPECT_EQ(instalment["reference"], "R-101");
}

TEST(Doors, w10_call_centre_and_delivery_an_agent_holds_an_order_and_hears_that_the_customer_has_just_ordered_the_same) {
  Shop shop;
  open_door(shop, "call-centre", {.customer_required = true, .warns_of_repeats = true}, {payment::Method::card});
  shop.ports.customers["C-1"] = {customer::Profile{true, *CustomerNumber::from("C-1"), {}, {}, {}}, PersonKey{1}};
  auto web = good_order();
  web["customer"] = "C-1";
  auto first = Json::parse(place(shop, web).body);
  EXPECT_FALSE(first.contains("warnings"));
  auto body = order_in("call-centre", {{"method", "card"}, {"token", "tok_visa"}});
  body["customer"] = "C-1";
  body["hold"] = {{"code", "bad_address"}, {"text", "no such street"}};
  auto key = fresh_key();
  for (int i = 0; i < 2; ++i) {
    auto answer = shop.client("gw-all").post("/v1/orders", body.dump(), key);
    EXPECT_EQ(answer.status, i == 0 ? 201 : 200) << answer.body;
    auto order = Json::parse(answer.body);
    ASSERT_EQ(order["warnings"].size(), 1U) << "never a refusal, and said again to who repeats it";
    EXPECT_EQ(order["warnings"][0]["code"], "same-order-before");
    EXPECT_EQ(order["warnings"][0]["order"], first["id"]);
  }
  ASSERT_EQ(shop.ports.creations.back().draft->holds.size(), 1U);
  EXPECT_EQ(shop.ports.creations.back().draft->holds[0].code, "bad_address");
  body["lines"][0]["quantity"] = 3;
  EXPECT_FALSE(Json::parse(place(shop, body).body).contains("warnings")) << "other goods";
}

TEST(Doors, w11_marketplace_has_its_number_and_its_money_and_its_aliases_lead_to_nobody) {
  Shop shop;
  open_door(shop, "marketplace", {.external_number_required = true, .masked_emails = true}, {payment::Method::collected});
  auto body = order_in("marketplace", {{"method", "collected"}});
  body["contact"]["email"] = "x7f3@alias.example";
  problem_of(place(shop, body), 422, "external-number-required");
  body["external_number"] = "M-1001";
  auto answer = place(shop, body);
  ASSERT_EQ(answer.status, 201) << answer.body;
  auto order = Json::parse(answer.body);
  EXPECT_TRUE(order["customer"].is_null()) << "an alias makes no customer";
  EXPECT_TRUE(shop.ports.identities.empty());
  EXPECT_EQ(order["instalments"][0]["reference"], "M-1001");
  EXPECT_EQ(place(shop, body).status, 200) << "the number is the order, whatever the key";
}

TEST(Doors, w11_marketplace_cancels_and_tells_when_it_has_paid_back) {
  Shop shop;
  open_door(shop, "marketplace", {.external_number_required = true}, {payment::Method::collected});
  auto body = order_in("marketplace", {{"method", "collected"}});
  body["external_number"] = "M-1001";
  auto order = Json::parse(place(shop, body).body);
  auto path = "/v1/orders/" + order["id"].get<std::string>();
  EXPECT_EQ(shop.client("gw-all").post(path + "/cancellations", R"({"by":"marketplace","reason":"buyer left"})", fresh_key()).status, 202);
  EXPECT_EQ(std::get<order::Cancel>(std::get<order::Command>(shop.ports.acts.back().command)).code, "marketplace");
  auto told = Json{{"reference", "M-B-1"}, {"amount", {{"amount", 2500}, {"currency", "GBP"}}}};
  problem_of(shop.client("gw-all").post(path + "/refunds", told.dump(), fresh_key()), 409, "refund-not-delegated");
  shop.ports.happens(id_of(order), child::payment, AnyEvent{payment::Event{payment::RefundDelegated{1, "k/r1", {2500, *Currency::from("GBP")}}}});
  EXPECT_EQ(Json::parse(shop.client("gw-all").get(path).body)["instalments"][0]["refund_delegated"]["amount"], 2500);
  auto answer = shop.client("gw-all").post(path + "/refunds", told.dump(), fresh_key());
  EXPECT_LT(answer.status, 300) << answer.body;
  EXPECT_EQ(Json::parse(answer.body)["instalments"][0]["status"], "refunded");
}

} // namespace
} // namespace entrepot::test
