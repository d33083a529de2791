#include <gtest/gtest.h>

#include <algorithm>

#include "domain/order/choosing.hpp"
#include "tests/support/orders.hpp"

// The worked delivery and payment tables: all numbers were reckoned by hand.

namespace entrepot::order {
namespace {

using namespace std::chrono_literals;
using test::at;
using test::money;
using test::now;
using test::sku;

order::Definitions a_shop_with_pickup() {
  auto channel = test::a_channel();
  channel.pickup_stores = {test::location("LEEDS")};
  return test::a_shop(channel, {});
}

TEST(AChoice, of_another_store_is_ready_after_two_hours_of_its_opening_and_answered_in_half_an_hour) {
  auto choice = choose_store(test::channel_code("web"), test::location("LEEDS"), a_shop_with_pickup(), now);
  ASSERT_TRUE(choice);
  const auto place = test::a_store();
  EXPECT_EQ(choice->collection.ready_by, stock::done_in_opening_hours(place, now, pickup_preparation));
  EXPECT_EQ(choice->answer_by, stock::done_in_opening_hours(place, now, offer_patience));
  EXPECT_EQ(choose_store(test::channel_code("web"), test::location("DC"), a_shop_with_pickup(), now).error().code, "pickup-store-unavailable");
  EXPECT_EQ(choose_store(test::channel_code("moon"), test::location("LEEDS"), a_shop_with_pickup(), now).error().code, "channel-unknown");
}

TEST(AChoice, of_a_delivery_takes_an_option_of_the_channel_and_keeps_about_where_the_door_is) {
  auto choice = choose_delivery(test::channel_code("web"), "std", {"sealed"}, stock::Point{53'799'700, -1'549'200}, a_shop_with_pickup(), now);
  ASSERT_TRUE(choice);
  EXPECT_EQ(choice->delivery.option, "std");
  EXPECT_EQ(choice->delivery.address.text, "sealed");
  EXPECT_EQ(choice->delivery.near, (stock::Point{53'800'000, -1'500'000}));
  EXPECT_FALSE(choose_delivery(test::channel_code("web"), {}, {"sealed"}, {}, a_shop_with_pickup(), now)->delivery.option.empty()) << "the first that can be kept";
  EXPECT_EQ(choose_delivery(test::channel_code("web"), "by-drone", {"sealed"}, {}, a_shop_with_pickup(), now).error().code, "delivery-option-unavailable");
}

/// The shop of the worked delivery table: prices in USD, lamps at 59.90.
Definitions dollar_shop(channel::Definition channel) { return test::a_shop(std::move(channel), {test::a_product("LAMP-1", money(5990, "USD"))}); }
channel::Definition web_dom() { return test::a_channel("WEB-DOM", "USD"); }

Basket three_lamps(std::string option) {
  auto basket = test::a_basket();
  basket.channel = test::channel_code("WEB-DOM");
  basket.lines = {{sku("LAMP-1"), Quantity{3}, std::nullopt}};
  basket.delivery_option = std::move(option);
  return basket;
}

Agreement agreed(const Basket& basket, const Definitions& definitions, Timestamp when = now) {
  auto agreement = draft(basket, definitions, when);
  EXPECT_TRUE(agreement) << (agreement ? "" : agreement.error().text);
  return agreement ? *agreement : Agreement{};
}
Agreement agreed(std::string option) { return agreed(three_lamps(std::move(option)), dollar_shop(web_dom())); }

/// The codes and fields of a refusal, in order: "stock-short /lines/0".
std::vector<std::string> refused(const Basket& basket, const Definitions& definitions, Timestamp when = now) {
  auto agreement = draft(basket, definitions, when);
  EXPECT_FALSE(agreement);
  std::vector<std::string> faults;
  if (!agreement) {
    for (const auto& detail : agreement.error().details)
      faults.push_back(detail.code + " " + detail.pointer);
    EXPECT_EQ(agreement.error().code, agreement.error().details.front().code);
    EXPECT_EQ(agreement.error().text, agreement.error().details.front().text);
  }
  return faults;
}
std::vector<std::string> refused(const Basket& basket) { return refused(basket, test::a_shop()); }
using Faults = std::vector<std::string>;

TEST(Draft, delivery_d1_24h_costs_24_and_leaves_at_15_oclock) {
  auto agreement = agreed("24h");
  ASSERT_EQ(agreement.lines.size(), 2U);
  EXPECT_EQ(agreement.lines[1], (Line{.number = 2,
                                      .sku = sku("24h"),
                                      .name = "Transport 24h",
                                      .quantity = Quantity{1},
                                      .unit_price = money(2400, "USD"),
                                      .total = money(2400, "USD"),
                                      .category = "",
                                      .tax_class = "standard",
                                      .service = true}));
  EXPECT_EQ(agreement.delivery.issue_at, at("2026-03-10T15:00:00Z"));
  EXPECT_EQ(agreement.delivery.promise, at("2026-03-11T09:00:00Z"));
  EXPECT_EQ(agreement.delivery.terms, "DDP");
  EXPECT_EQ(agreement.delivery.carrier, "Fedex");
}

TEST(Draft, delivery_d2_72h_costs_8_and_leaves_tomorrow) {
  auto agreement = agreed("72h");
  ASSERT_EQ(agreement.lines.size(), 2U);
  EXPECT_EQ(agreement.lines[1].name, "Transport 72h");
  EXPECT_EQ(agreement.lines[1].total, money(800, "USD"));
  EXPECT_EQ(agreement.delivery.issue_at, at("2026-03-11T13:00:00Z"));
  EXPECT_EQ(agreement.delivery.promise, at("2026-03-13T09:00:00Z"));
  EXPECT_EQ(agreement.delivery.carrier, "Fedex");
}

TEST(Draft, delivery_d3_standard_is_free_and_promises_nothing) {
  auto agreement = agreed("std");
  EXPECT_EQ(agreement.lines.size(), 1U);
  EXPECT_EQ(agreement.delivery.issue_at, at("2026-03-10T09:00:00Z"));
  EXPECT_FALSE(agreement.delivery.promise);
  EXPECT_EQ(agreement.delivery.terms, "DDP");
  EXPECT_EQ(agreement.delivery.carrier, "Mailorder");
}

TEST(Draft, delivery_d4_may_leave_this_very_moment) {
  auto channel = web_dom();
  channel.delivery[0].lead = 24h;
  auto agreement = agreed(three_lamps("24h"), dollar_shop(channel));
  EXPECT_EQ(agreement.delivery.issue_at, now);
  EXPECT_EQ(agreement.delivery.promise, at("2026-03-11T09:00:00Z"));
  EXPECT_EQ(agreement.lines.at(1).total, money(2400, "USD"));
}

TEST(Draft, delivery_d5_is_refused_if_it_had_to_leave_before_now) {
  auto channel = web_dom();
  channel.delivery[0].lead = 30h;
  EXPECT_EQ(refused(three_lamps("24h"), dollar_shop(channel)), (Faults{"delivery-option-unavailable /delivery/option"}));
  channel.delivery[0].lead = 24h + 1ms;
  EXPECT_EQ(refused(three_lamps("24h"), dollar_shop(channel)), (Faults{"delivery-option-unavailable /delivery/option"}));
}

TEST(Draft, delivery_d6_adds_transport_to_the_total) {
  EXPECT_EQ(agreed("24h").total, money(20370, "USD"));
  EXPECT_EQ(agreed("72h").total, money(18770, "USD"));
  EXPECT_EQ(agreed("std").total, money(17970, "USD"));
}

TEST(Draft, delivery_d7_cannot_be_given_another_transport_price) {
  auto basket = three_lamps("24h");
  basket.lines.push_back({sku("24h"), Quantity{1}, money(0, "USD")});
  EXPECT_EQ(refused(basket, dollar_shop(web_dom())), (Faults{"product-unknown /lines/1/sku"}));
  EXPECT_EQ(agreed("24h").lines.at(1).unit_price, money(2400, "USD"));
}

TEST(Draft, delivery_d8_leaves_from_where_the_channel_says) {
  auto channel = web_dom();
  channel.delivery[1].ship_from = test::location("LEEDS");
  EXPECT_EQ(agreed(three_lamps("24h"), dollar_shop(channel)).delivery.ship_from, test::location("DC"));
  EXPECT_EQ(agreed(three_lamps("72h"), dollar_shop(channel)).delivery.ship_from, test::location("LEEDS"));
}

TEST(Draft, delivery_d11_a_day_has_86400_seconds_when_the_clocks_change) {
  auto before = at("2026-03-28T12:00:00+00:00"); // the clocks of Europe go forward in the night after
  auto agreement = agreed(three_lamps("24h"), dollar_shop(web_dom()), before);
  EXPECT_EQ(*agreement.delivery.promise - before, 86'400s);
  EXPECT_EQ(agreement.delivery.promise, at("2026-03-29T13:00:00+01:00"));
}

TEST(Draft, delivery_d12_has_one_transport_line_however_often_it_is_drafted_and_replayed) {
  auto first = agreed("24h");
  EXPECT_EQ(first, agreed("24h"));
  auto once = test::an_order().after(Submitted{first}).state();
  auto replayed = test::an_order().after(Submitted{first}).state();
  EXPECT_EQ(once, replayed);
  EXPECT_EQ(std::ranges::count(replayed.agreement.lines, true, &Line::service), 1);
}

/// The instalments of a basket of one lamp at this price, in words: "on_order card 5000".
std::vector<std::string> plan(std::string level, std::int64_t total, const channel::Definition& channel = test::a_channel(), Timestamp when = now) {
  auto basket = test::a_basket();
  basket.customer_level = std::move(level);
  basket.lines = {{sku("LAMP-1"), Quantity{1}, std::nullopt}};
  std::vector<std::string> plan;
  for (const auto& instalment : agreed(basket, test::a_shop(channel, {test::a_product("LAMP-1", money(total))}), when).instalments) {
    EXPECT_EQ(instalment.number, static_cast<std::int32_t>(plan.size()) + 1);
    plan.push_back(std::string(name_of(instalment.moment)) + " " + std::string(name_of(instalment.method)) + " " +
                   std::to_string(instalment.amount.amount));
  }
  return plan;
}
using Plan = std::vector<std::string>;

TEST(Draft, payment_p1_gold_owes_everything_on_invoice) { EXPECT_EQ(plan("gold", 24700), (Plan{"on_invoice account 24700"})); }

TEST(Draft, payment_p2_everybody_else_pays_everything_on_order) {
  EXPECT_EQ(plan("", 24700), (Plan{"on_order card 24700"}));
  EXPECT_EQ(plan("bronze", 24700), (Plan{"on_order card 24700"}));
}

TEST(Draft, payment_silver_pays_a_fifth_up_to_the_next_ten) {
  EXPECT_EQ(plan("silver", 24700), (Plan{"on_order card 5000", "on_invoice card 19700"}));
  EXPECT_EQ(plan("silver", 750), (Plan{"on_order card 750"}));
}

TEST(Draft, payment_p5_a_promotion_does_not_change_the_plan_of_a_placed_order) {
  auto basket = test::a_basket();
  basket.customer_level = "silver";
  auto order = test::an_order().after(Submitted{agreed(basket, test::a_shop())}).state();
  customer::State customer;
  customer = evolve(customer, customer::Event{customer::Registered{test::customer_number("C-1"), {}, "silver", test::channel_code("web")}});
  customer = evolve(customer, customer::Event{customer::LevelSet{"gold"}});
  EXPECT_EQ(order.agreement.customer_level, "silver");
  EXPECT_EQ(order.agreement.instalments, payment::instalments(money(4500), test::a_payment_table()[1].shares));
}

TEST(Draft, payment_rule_of_the_level_comes_before_that_of_the_category_and_that_before_dates) {
  auto share = [](std::int32_t percent) {
    return std::vector<payment::Share>{{payment::Moment::on_order, payment::Method::card, percent, 0},
                                       {payment::Moment::on_issue, payment::Method::card, 100, 0}};
  };
  auto channel = test::a_channel();
  auto none = std::optional<Timestamp>{};
  channel.payment = {{"", "", none, none, share(10)},         {"", "", now, now + 1h, share(20)},     {"", "home", none, none, share(30)},
                     {"", "home", now, none, share(40)},      {"gold", "", none, none, share(50)},    {"gold", "", none, now + 1h, share(60)},
                     {"gold", "home", none, none, share(70)}, {"gold", "home", none, none, share(80)}};
  auto first = [&](std::string level, Timestamp when) { return plan(std::move(level), 100, channel, when).at(0); };
  EXPECT_EQ(first("gold", now), "on_order card 70"); // two fit equally: the first in the table
  channel.payment.resize(6);
  EXPECT_EQ(first("gold", now), "on_order card 60");
  EXPECT_EQ(first("gold", now + 1h), "on_order card 50"); // the end of a date range is not in it
  EXPECT_EQ(first("", now), "on_order card 40");
  EXPECT_EQ(first("", now - 1ms), "on_order card 30");
  channel.payment[2].category = channel.payment[3].category = "garden";
  EXPECT_EQ(first("", now), "on_order card 20");
  EXPECT_EQ(first("", now + 1h), "on_order card 10");
}

TEST(Draft, payment_rule_of_a_category_needs_all_goods_to_be_of_it) {
  auto channel = test::a_channel();
  channel.payment.push_back({"", "home", {}, {}, {{payment::Moment::on_issue, payment::Method::account, 100, 0}}});
  auto spade = test::a_product("SPADE-1", money(100));
  spade.category = "garden";
  auto shop = test::a_shop(channel, {test::a_product(), spade});
  auto basket = test::a_basket();
  basket.delivery_option = "24h"; // transport is no goods line
  basket.lines = {{sku("MUG-1"), Quantity{1}, std::nullopt}};
  EXPECT_EQ(agreed(basket, shop).instalments.at(0).moment, payment::Moment::on_issue);
  basket.lines.push_back({sku("SPADE-1"), Quantity{1}, std::nullopt});
  EXPECT_EQ(agreed(basket, shop).instalments.at(0).moment, payment::Moment::on_order);
}

TEST(Draft, payment_needs_a_rule_that_fits) {
  auto channel = test::a_channel();
  channel.payment.resize(1); // gold only
  EXPECT_EQ(refused(test::a_basket(), test::a_shop(channel, {test::a_product(), test::a_product("BOWL-1")})),
            (Faults{"payment-rule-missing /payment"}));
}

TEST(Draft, payment_method_chosen_must_be_the_one_due_first) {
  auto basket = test::a_basket();
  basket.payment_method = payment::Method::card;
  EXPECT_EQ(agreed(basket, test::a_shop()).instalments.at(0).method, payment::Method::card);
  basket.payment_method = payment::Method::account;
  EXPECT_EQ(refused(basket), (Faults{"payment-method-unavailable /payment/method"}));
  basket.customer_level = "gold"; // nothing on order, account on invoice
  EXPECT_EQ(agreed(basket, test::a_shop()).instalments.at(0).method, payment::Method::account);
  basket.payment_method = payment::Method::card;
  EXPECT_EQ(refused(basket), (Faults{"payment-method-unavailable /payment/method"}));
}

TEST(Draft, freezes_what_was_decided) {
  auto basket = test::a_basket();
  basket.external_number = "W-1";
  basket.customer = test::customer_number("C-1");
  auto agreement =
      agreed(basket, test::a_shop(test::a_channel(), {test::a_product("MUG-1", money(1250)), test::a_product("BOWL-1", money(2000))}, 7));
  EXPECT_EQ(agreement.channel_version, 7);
  EXPECT_EQ(agreement.organisation, test::entity("SHOP"));
  EXPECT_EQ(agreement.workflow, "bodah");
  EXPECT_EQ(agreement.workflow_version, 1);
  EXPECT_EQ(agreement.external_number, "W-1");
  EXPECT_EQ(agreement.customer, test::customer_number("C-1"));
  EXPECT_EQ(agreement.contact, basket.contact);
  EXPECT_EQ(agreement.delivery.address, basket.address);
  EXPECT_EQ(agreement.payment_token, "tok_visa");
  EXPECT_EQ(agreement.total, money(4500));
  EXPECT_EQ(agreement.lines.at(0), (Line{.number = 1,
                                         .sku = sku("MUG-1"),
                                         .name = "Mug",
                                         .quantity = Quantity{2},
                                         .unit_price = money(1250),
                                         .total = money(2500),
                                         .category = "home",
                                         .tax_class = "standard",
                                         .service = false}));
}

TEST(Draft, honours_the_price_that_was_shown) {
  auto basket = test::a_basket();
  basket.lines[0].shown_price = money(1250);
  EXPECT_EQ(agreed(basket, test::a_shop()).total, money(4500));
}

TEST(Draft, asks_again_if_the_price_has_changed) {
  auto basket = test::a_basket();
  basket.lines[1].shown_price = money(1999);
  auto agreement = draft(basket, test::a_shop(), now);
  ASSERT_FALSE(agreement);
  EXPECT_EQ(agreement.error().details, (std::vector<RejectionDetail>{{"/lines/1/unit_price", "price-changed", "BOWL-1 now costs 20.00 GBP"}}));
}

TEST(Draft, sells_in_one_currency) {
  auto basket = test::a_basket();
  basket.lines[0].shown_price = money(1250, "EUR");
  auto shop = test::a_shop(test::a_channel(), {test::a_product(), test::a_product("BOWL-1", money(2000, "EUR"))});
  EXPECT_EQ(refused(basket, shop), (Faults{"currency-mismatch /lines/0/unit_price", "currency-mismatch /lines/1/sku"}));
}

TEST(Draft, sells_what_is_in_the_channels_price_list) {
  auto bowl = test::a_product("BOWL-1");
  bowl.prices = {{"wholesale", money(900)}};
  EXPECT_EQ(refused(test::a_basket(), test::a_shop(test::a_channel(), {test::a_product(), bowl})),
            (Faults{"product-not-in-assortment /lines/1/sku"}));
}

TEST(Draft, knows_its_channels) {
  auto basket = test::a_basket();
  basket.channel = test::channel_code("fax");
  EXPECT_EQ(refused(basket), (Faults{"channel-unknown /channel"}));
}

TEST(Draft, delivers_where_the_channel_does) {
  auto channel = test::a_channel();
  channel.workflows = {"bopis"};
  EXPECT_EQ(refused(test::a_basket(), test::a_shop(channel, {test::a_product(), test::a_product("BOWL-1")})),
            (Faults{"workflow-not-offered /workflow"}));
}

TEST(Draft, counts_lines_and_units) {
  auto basket = test::a_basket();
  basket.lines[1].quantity = Quantity{0};
  EXPECT_EQ(refused(basket), (Faults{"quantity-invalid /lines/1/quantity"}));
  basket.lines[1].quantity = Quantity{max_line_quantity + 1};
  EXPECT_EQ(refused(basket), (Faults{"quantity-invalid /lines/1/quantity"}));
  basket.lines[1].quantity = Quantity{max_line_quantity};
  EXPECT_EQ(agreed(basket, test::a_shop()).lines.size(), 2U);
  basket.lines.assign(max_lines, {sku("MUG-1"), Quantity{1}, std::nullopt});
  EXPECT_EQ(agreed(basket, test::a_shop()).lines.size(), max_lines);
  basket.lines.push_back(basket.lines.front());
  EXPECT_EQ(refused(basket), (Faults{"lines-invalid /lines"}));
  basket.lines.clear();
  EXPECT_EQ(refused(basket), (Faults{"lines-invalid /lines"}));
}

TEST(Draft, refuses_a_total_that_json_cannot_hold) {
  auto basket = test::a_basket();
  basket.lines.assign(91,
                      {sku("MUG-1"), Quantity{max_line_quantity}, std::nullopt}); // 91 x 99,999,999,999 x 1,000,000 would nearly not fit into 64 bits
  EXPECT_EQ(refused(basket, test::a_shop(test::a_channel(), {test::a_product("MUG-1", money(price_limit - 1))})), (Faults{"total-too-large /lines"}));
}

TEST(Draft, reports_all_faults_together) {
  auto basket = test::a_basket();
  basket.lines[0].sku = sku("NO-SUCH");
  basket.lines[1].shown_price = money(1);
  basket.delivery_option = "drone";
  auto channel = test::a_channel();
  channel.workflows.clear();
  EXPECT_EQ(refused(basket, test::a_shop(channel, {test::a_product("BOWL-1", money(2000))})),
            (Faults{"workflow-not-offered /workflow", "product-unknown /lines/0/sku", "price-changed /lines/1/unit_price",
                    "delivery-option-unavailable /delivery/option"}));
}

// ---- orders of the past --------------------------------------------------------------------------------------------------------------------

channel::Definition told_channel() {
  auto channel = test::a_channel("web");
  channel.prices_as_told = true;
  return channel;
}
Definitions told_shop(channel::Definition channel = told_channel()) { return test::a_shop(std::move(channel), {test::a_product("MUG-1", money(1250))}); }

/// Two mugs that cost 1.33 together, and the free delivery.
Basket told_basket() {
  auto basket = test::a_basket();
  basket.lines = {{.sku = sku("MUG-1"), .quantity = Quantity{2}, .shown_price = {}, .told_total = money(133)}};
  basket.delivery_option = "std";
  return basket;
}

TEST(Draft, where_prices_are_told_the_total_of_a_line_stands_whatever_the_list_says) {
  auto agreement = agreed(told_basket(), told_shop());
  EXPECT_EQ(agreement.lines.at(0).total, money(133));
  EXPECT_EQ(agreement.lines.at(0).unit_price, money(67)) << "half-up, for show";
  EXPECT_EQ(agreement.total, money(133));
}

TEST(Draft, where_prices_are_told_a_price_of_a_unit_will_do) {
  auto basket = told_basket();
  basket.lines = {{.sku = sku("MUG-1"), .quantity = Quantity{3}, .shown_price = money(50)}};
  EXPECT_EQ(agreed(basket, told_shop()).total, money(150));
  basket.lines[0].shown_price.reset();
  EXPECT_EQ(refused(basket, told_shop()), (Faults{"price-missing /lines/0/unit_price"}));
  basket.lines[0].told_total = money(150, "USD");
  EXPECT_EQ(refused(basket, told_shop()), (Faults{"currency-mismatch /lines/0/total"}));
}

TEST(Draft, a_channel_with_a_price_list_takes_no_price_that_is_told) {
  auto basket = told_basket();
  EXPECT_EQ(agreed(basket, told_shop(test::a_channel("web"))).total, money(2500));
  basket.lines.push_back({.sku = sku("POST"), .quantity = Quantity{1}, .shown_price = {}, .told_total = money(100), .service = true});
  EXPECT_EQ(refused(basket, told_shop(test::a_channel("web"))), (Faults{"service-not-offered /lines/1/service"}));
}

TEST(Draft, a_service_that_is_told_needs_no_product_but_goods_beside_it) {
  auto basket = told_basket();
  basket.lines.push_back({.sku = sku("POST"), .quantity = Quantity{1}, .shown_price = {}, .told_total = money(1800), .service = true, .name = "Postage"});
  auto agreement = agreed(basket, told_shop());
  EXPECT_TRUE(agreement.lines.at(1).service);
  EXPECT_EQ(agreement.lines.at(1).name, "Postage");
  EXPECT_EQ(agreement.total, money(1933));
  basket.lines.erase(basket.lines.begin());
  EXPECT_EQ(refused(basket, told_shop()), (Faults{"lines-invalid /lines"}));
}

TEST(Draft, an_order_of_the_past_follows_the_rules_of_its_day) {
  auto channel = told_channel();
  channel.payment = {{.level = {}, .category = {}, .from = {}, .to = at("2025-01-01T00:00:00Z"), .shares = {{payment::Moment::on_invoice, payment::Method::account, 100, 0}}},
                     {.level = {}, .category = {}, .from = at("2025-01-01T00:00:00Z"), .to = {}, .shares = {{payment::Moment::on_order, payment::Method::card, 100, 0}}}};
  auto basket = told_basket();
  basket.occurred_at = at("2010-12-24T11:30:00Z");
  basket.delivery_option = "72h";
  auto agreement = agreed(basket, told_shop(channel));
  EXPECT_EQ(agreement.occurred_at, basket.occurred_at);
  EXPECT_EQ(agreement.instalments.at(0).method, payment::Method::account);
  EXPECT_EQ(agreement.delivery.promise, at("2010-12-27T11:30:00Z"));
  basket.occurred_at.reset();
  EXPECT_EQ(agreed(basket, told_shop(channel)).instalments.at(0).method, payment::Method::card);
}

TEST(Draft, an_order_of_the_past_at_a_store_sets_no_deadline_in_the_past) {
  auto channel = told_channel();
  for (auto& option : channel.delivery)
    option.ship_from = test::location("LEEDS");
  auto basket = told_basket();
  basket.occurred_at = at("2010-12-24T11:30:00Z");
  EXPECT_GT(agreed(basket, told_shop(channel)).answer_by.value(), now);
}

// ---- pickups -------------------------------------------------------------------------------------------------------

/// A shop whose orders can be fetched in Leeds, which is open as given.
Definitions shop_with_pickup(std::int32_t opens = 0, std::int32_t closes = 0) {
  auto channel = test::a_channel();
  channel.workflows.push_back("bopis");
  channel.pickup_stores = {test::location("LEEDS"), test::location("GHOST")};
  auto shop = test::a_shop(channel, {test::a_product("MUG-1", money(1250, "GBP")), test::a_product("BOWL-1", money(2000, "GBP"))});
  auto leeds = test::a_store();
  leeds.opens = opens;
  leeds.closes = closes;
  shop.locations[leeds.code] = std::make_shared<const stock::Profile>(leeds);
  return shop;
}

Basket fetched_in(std::string_view store) {
  auto basket = test::a_basket();
  basket.workflow = pick_up_in_store;
  basket.delivery_option.clear();
  basket.pickup_store = test::location(store);
  return basket;
}

TEST(Draft, a_pickup_is_ready_after_two_opening_hours_and_answered_after_half_of_one) {
  auto agreement = agreed(fetched_in("LEEDS"), shop_with_pickup(10 * 60, 20 * 60), at("2026-03-10T09:00:00Z"));
  EXPECT_EQ(agreement.collection.store, test::location("LEEDS"));
  EXPECT_EQ(agreement.collection.ready_by, at("2026-03-10T12:00:00Z"));
  EXPECT_EQ(agreement.answer_by, at("2026-03-10T10:30:00Z"));
  EXPECT_EQ(agreement.lines.size(), 2U) << "nothing is charged for transport";
}

TEST(Draft, a_pickup_ordered_before_the_doors_close_is_answered_today_and_ready_tomorrow) {
  auto agreement = agreed(fetched_in("LEEDS"), shop_with_pickup(10 * 60, 20 * 60), at("2026-03-10T19:30:00Z"));
  EXPECT_EQ(agreement.collection.ready_by, at("2026-03-11T12:00:00Z"));
  EXPECT_EQ(agreement.answer_by, at("2026-03-10T20:00:00Z"));
}

TEST(Draft, a_pickup_in_a_store_that_never_closes_is_ready_in_two_hours) {
  auto agreement = agreed(fetched_in("LEEDS"), shop_with_pickup(), at("2026-03-10T23:00:00Z"));
  EXPECT_EQ(agreement.collection.ready_by, at("2026-03-11T01:00:00Z"));
}

TEST(Draft, a_pickup_in_a_store_that_the_channel_does_not_have_is_refused) {
  EXPECT_EQ(refused(fetched_in("YORK"), shop_with_pickup()), (Faults{"pickup-store-unavailable /pickup/store"}));
  EXPECT_EQ(refused(fetched_in("DC"), shop_with_pickup()), (Faults{"pickup-store-unavailable /pickup/store"}));
}

TEST(Draft, a_pickup_in_a_store_that_nobody_has_defined_is_refused) {
  EXPECT_EQ(refused(fetched_in("GHOST"), shop_with_pickup()), (Faults{"pickup-store-unavailable /pickup/store"}));
}

TEST(Draft, a_pickup_that_the_channel_does_not_offer_is_refused) {
  EXPECT_EQ(refused(fetched_in("LEEDS")), (Faults{"workflow-not-offered /workflow", "pickup-store-unavailable /pickup/store"}));
}

} // namespace
} // namespace entrepot::order
