// What the door through which an order comes asks for, allows and refuses.
#include <gtest/gtest.h>

#include "tests/support/orders.hpp"

namespace entrepot::order {
namespace {

using namespace std::chrono_literals;
using payment::Method;
using payment::Moment;
using test::at;
using test::location;
using test::money;
using test::now;

using Faults = std::vector<std::string>;

channel::PaymentRule all_by(Method method) { return {.level = {}, .category = {}, .from = {}, .to = {}, .shares = {{Moment::on_order, method, 100, 0}}}; }

channel::Definition a_door(channel::Terms terms, std::vector<channel::PaymentRule> payment) {
  auto door = test::a_channel();
  door.workflows = {"bodah", "bopis"};
  door.pickup_stores = {location("LEEDS")};
  door.payment = std::move(payment);
  door.terms = terms;
  return door;
}

/// Behind the door: mugs at 12.50 and bowls at 20.00; the store in Leeds opens at 10 and closes at 20.
Definitions behind(const channel::Definition& door) {
  auto shop = test::a_shop(door, {test::a_product("MUG-1", money(1250)), test::a_product("BOWL-1", money(2000))});
  auto store = test::a_store();
  store.opens = 10 * 60;
  store.closes = 20 * 60;
  shop.locations[store.code] = std::make_shared<const stock::Profile>(store);
  return shop;
}

Faults refused(const Basket& basket, const channel::Definition& door) {
  Faults faults;
  if (auto agreement = draft(basket, behind(door), now); !agreement)
    for (const auto& detail : agreement.error().details)
      faults.push_back(detail.code + " " + detail.pointer);
  return faults;
}

Agreement agreed(const Basket& basket, const channel::Definition& door) {
  auto agreement = draft(basket, behind(door), now);
  EXPECT_TRUE(agreement) << (agreement ? "" : agreement.error().text);
  return agreement ? *agreement : Agreement{};
}

Basket without_card() {
  auto basket = test::a_basket();
  basket.payment_token.clear();
  return basket;
}

Basket a_pickup() {
  auto basket = without_card();
  basket.workflow = pick_up_in_store;
  basket.delivery_option.clear();
  basket.pickup_store = location("LEEDS");
  return basket;
}

TEST(Door, w11_a_marketplace_takes_the_money_under_its_own_number) {
  auto door = a_door({.external_number_required = true}, {all_by(Method::collected)});
  auto basket = without_card();
  basket.external_number = "M-1001";
  EXPECT_EQ(agreed(basket, door).instalments.at(0).reference, "M-1001");
  basket.taken = {{}, "PAY-7", money(4500)};
  EXPECT_EQ(agreed(basket, door).instalments.at(0).reference, "PAY-7");
  basket.taken.amount = money(4499);
  EXPECT_EQ(refused(basket, door), (Faults{"paid-amount-differs /payment/amount"}));
}

TEST(Door, w11_a_marketplace_order_without_its_number_is_refused) {
  auto door = a_door({.external_number_required = true}, {all_by(Method::collected)});
  EXPECT_EQ(refused(without_card(), door), (Faults{"external-number-required /external_number"}));
  EXPECT_EQ(refused(test::a_basket(), a_door({.external_number_required = true}, {all_by(Method::card)})), (Faults{"external-number-required /external_number"})) << "whoever takes the money";
}

TEST(Door, w6_a_till_says_under_which_receipt_it_took_which_sum) {
  auto door = a_door({}, {all_by(Method::till), all_by(Method::card)});
  auto basket = without_card();
  basket.payment_method = Method::till;
  EXPECT_EQ(refused(basket, door), (Faults{"receipt-missing /payment/reference"}));
  basket.taken = {"till-2", "R-101", money(4500)};
  basket.assisted_by = *EmployeeNumber::from("E-17");
  basket.origin = location("LEEDS");
  basket.taken_now = {location("LEEDS"), "till-2", "R-100"};
  auto agreement = agreed(basket, door);
  EXPECT_EQ(agreement.instalments.at(0).taken_by, "till-2");
  EXPECT_EQ(agreement.instalments.at(0).reference, "R-101");
  EXPECT_EQ(agreement.assisted_by.text(), "E-17");
  EXPECT_EQ(agreement.taken_now.receipt, "R-100");
}

TEST(Door, w6_of_equal_payment_rules_the_one_that_the_customer_chose_holds) {
  auto door = a_door({}, {all_by(Method::till), all_by(Method::card)});
  auto basket = test::a_basket();
  basket.payment_method = Method::card;
  EXPECT_EQ(agreed(basket, door).instalments.at(0).method, Method::card);
  basket.payment_method = Method::account;
  EXPECT_EQ(refused(basket, door), (Faults{"payment-method-unavailable /payment/method"}));
}

TEST(Door, a_receipt_is_for_what_others_take) {
  auto basket = test::a_basket();
  basket.taken.reference = "R-101";
  EXPECT_EQ(refused(basket, a_door({}, {all_by(Method::card)})), (Faults{"payment-method-unavailable /payment/reference"}));
}

TEST(Door, w6_a_store_that_nobody_knows_sold_nothing) {
  auto basket = test::a_basket();
  basket.origin = location("MOON");
  basket.taken_now = {location("MARS"), "till-2", "R-100"};
  EXPECT_EQ(refused(basket, a_door({}, {all_by(Method::card)})), (Faults{"location-unknown /origin", "location-unknown /taken_now/location"}));
}

TEST(Door, w7_staff_may_go_below_the_list_price_with_a_reason_and_to_a_limit) {
  auto basket = test::a_basket();
  auto door = a_door({.price_exception_percent = 10}, {all_by(Method::card)});
  basket.lines[0].shown_price = money(1125);
  EXPECT_EQ(refused(basket, door), (Faults{"price-changed /lines/0/unit_price"})) << "without a reason it is a stale price";
  basket.lines[0].price_reason = *ReasonCode::from("display-model");
  auto agreement = agreed(basket, door);
  ASSERT_EQ(agreement.lines.size(), 2u);
  EXPECT_EQ(agreement.lines[0].unit_price, money(1125));
  EXPECT_EQ(agreement.lines[0].list_price, money(1250));
  EXPECT_EQ(agreement.lines[0].price_reason.text(), "display-model");
  EXPECT_EQ(agreement.total, money(2 * 1125 + 2000));
  EXPECT_TRUE(agreement.holds.empty());
  EXPECT_FALSE(agreement.lines[1].list_price) << "the bowl costs what it costs";
  basket.lines[0].shown_price = money(1124);
  EXPECT_EQ(refused(basket, door), (Faults{"price-exception-too-large /lines/0/unit_price"}));
  basket.lines[0].shown_price = money(1251);
  EXPECT_EQ(refused(basket, door), (Faults{"price-exception-unavailable /lines/0/price_reason"})) << "dearer is no exception";
  door.terms = {};
  basket.lines[0].shown_price = money(1125);
  EXPECT_EQ(refused(basket, door), (Faults{"price-exception-unavailable /lines/0/price_reason"}));
}

TEST(Door, w7_a_larger_exception_waits_for_who_may_give_it) {
  auto basket = test::a_basket();
  basket.lines[0].shown_price = money(1);
  basket.lines[0].price_reason = *ReasonCode::from("damaged-box");
  auto agreement = agreed(basket, a_door({.price_exception_percent = 10, .larger_exceptions_wait = true}, {all_by(Method::card)}));
  ASSERT_EQ(agreement.holds.size(), 1u);
  EXPECT_EQ(agreement.holds[0].code, price_exception_hold);
}

TEST(Door, w8_nobody_orders_anonymously_where_somebody_has_the_customer_on_the_line) {
  auto door = a_door({.customer_required = true}, {all_by(Method::card)});
  auto basket = test::a_basket();
  EXPECT_EQ(refused(basket, door), (Faults{"customer-required /customer"}));
  basket.customer = test::customer_number("C-1");
  EXPECT_EQ(refused(basket, door), Faults{});
}

TEST(Door, w8_a_pickup_is_ready_when_the_customer_wants_to_come_and_the_store_is_open) {
  auto door = a_door({.pickup_days_ahead = 14, .pickup_time_required = true}, {all_by(Method::card)});
  auto basket = a_pickup();
  basket.payment_token = "tok_visa";
  EXPECT_EQ(refused(basket, door), (Faults{"pickup-time-required /pickup/wanted_at"}));
  auto ready_for = [&](const char* wanted) {
    basket.wanted_at = at(wanted);
    return agreed(basket, door).collection.ready_by;
  };
  EXPECT_EQ(ready_for("2026-03-14T15:30:00Z"), at("2026-03-14T15:30:00Z"));
  EXPECT_EQ(ready_for("2026-03-14T08:00:00Z"), at("2026-03-14T10:00:00Z")) << "before it opens";
  EXPECT_EQ(ready_for("2026-03-14T21:00:00Z"), at("2026-03-15T10:00:00Z")) << "after it closed";
  EXPECT_EQ(ready_for("2026-03-10T10:30:00Z"), at("2026-03-10T12:00:00Z")) << "no sooner than it can be";
  for (auto wanted : {"2026-03-10T08:59:00Z", "2026-03-24T09:01:00Z"}) {
    basket.wanted_at = at(wanted);
    EXPECT_EQ(refused(basket, door), (Faults{"pickup-time-unavailable /pickup/wanted_at"})) << wanted;
  }
  basket.wanted_at = at("2026-03-14T15:30:00Z");
  EXPECT_EQ(refused(basket, a_door({}, {all_by(Method::card)})), (Faults{"pickup-time-unavailable /pickup/wanted_at"})) << "a web shop's pickups are ready at once";
}

TEST(Door, w9_a_slip_is_paid_before_the_store_closes) {
  auto door = a_door({.pay_later = true, .pay_within = 5min}, {all_by(Method::till)});
  auto basket = a_pickup();
  basket.pay_later = true;
  auto agreement = agreed(basket, door);
  EXPECT_TRUE(agreement.pay_later);
  EXPECT_EQ(agreement.pay_by, at("2026-03-10T20:00:00Z"));
  EXPECT_EQ(agreement.pay_within, 5min);
  auto delivered = without_card();
  delivered.pay_later = true;
  EXPECT_EQ(refused(delivered, door), (Faults{"origin-missing /origin"})) << "of which store?";
  delivered.origin = location("LEEDS");
  EXPECT_EQ(agreed(delivered, door).pay_by, at("2026-03-10T20:00:00Z"));
}

TEST(Door, w7_only_where_the_channel_says_so_is_an_order_paid_later) {
  auto basket = without_card();
  basket.pay_later = true;
  EXPECT_EQ(refused(basket, a_door({}, {all_by(Method::card)})), (Faults{"pay-later-unavailable /payment/later"}));
  EXPECT_EQ(refused(basket, a_door({.pay_later = true}, {all_by(Method::account)})), (Faults{"pay-later-unavailable /payment/later"})) << "an account is billed anyway";
  auto agreement = agreed(basket, a_door({.pay_later = true}, {all_by(Method::card)}));
  EXPECT_TRUE(agreement.pay_later);
  EXPECT_FALSE(agreement.pay_by) << "a link is counted from when the units are held";
}

TEST(Door, w10_what_an_agent_suspects_holds_the_order_from_the_start) {
  auto basket = test::a_basket();
  basket.holds = {{"bad_address", "no such street"}};
  State order;
  auto events = *decide(order, Submit{agreed(basket, a_door({}, {all_by(Method::card)}))}, now);
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(std::get<PlacedOnHold>(events[1]).code, "bad_address");
}

TEST(Door, terms_that_contradict_themselves_are_refused_when_they_are_set) {
  auto door = a_door({.pay_within = std::chrono::hours{73}, .price_exception_percent = 101, .pickup_time_required = true}, {all_by(Method::card)});
  door.payment.push_back({.level = {}, .category = {}, .from = {}, .to = {}, .shares = {{Moment::on_issue, Method::till, 100, 0}}});
  auto decision = channel::decide({}, channel::Activate{door}, now);
  ASSERT_FALSE(decision);
  Faults at;
  for (const auto& detail : decision.error().details)
    at.push_back(detail.pointer);
  EXPECT_EQ(at, (Faults{"/payment/1/shares/0/moment", "/terms/pay_within_seconds", "/terms/price_exception_percent", "/terms/pickup_days_ahead"}));
}

} // namespace
} // namespace entrepot::order
