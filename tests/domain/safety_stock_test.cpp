// What a place keeps back, and what a channel offers of the rest.
#include <gtest/gtest.h>

#include "domain/stock/offer.hpp"
#include "tests/support/orders.hpp"

namespace entrepot::stock {
namespace {

using test::a_hold;
using test::now;
using test::sku;

/// A store with so many mugs, a product of category "home".
State a_store_with(std::int32_t mugs, std::vector<SafetyRule> rules) {
  auto store = test::a_stocked_warehouse({{"MUG-1", mugs}});
  auto profile = store.profile;
  profile.safety = std::move(rules);
  test::apply(store, decide(store, Define{profile}, now));
  return store;
}

Hold a_hold_of_mugs(int order, std::int32_t units) {
  auto hold = a_hold(order, "MUG-1", units);
  hold.categories = {{sku("MUG-1"), "home"}};
  return hold;
}

/// Four stores with 50 units between them, and one with 50 alone.
std::vector<Figures> five_stores(std::int32_t safety_stock, bool excluded) {
  return {{20, safety_stock, false}, {10, safety_stock, false}, {10, safety_stock, false}, {10, safety_stock, false}, {50, 0, excluded}};
}

TEST(Offer, reserve_c5_is_what_the_places_have_above_their_safety_stock_less_the_threshold) {
  EXPECT_EQ(offered(10, five_stores(5, true)), 20);
  EXPECT_EQ(offered(5, five_stores(2, false)), 87);
}

TEST(Offer, a_place_below_its_safety_stock_takes_nothing_from_the_others_and_nothing_is_offered_below_zero) {
  EXPECT_EQ(offered(0, std::vector<Figures>{{3, 5, false}, {10, 5, false}}), 5);
  EXPECT_EQ(offered(0, std::vector<Figures>{{-4, 0, false}, {10, 0, false}}), 10);
  EXPECT_EQ(offered(9, std::vector<Figures>{{10, 5, false}}), 0);
  EXPECT_EQ(offered(0, {}), 0);
}

TEST(SafetyStock, the_rule_with_most_conditions_wins) {
  auto place = test::a_store();
  place.safety = {{{}, {}, 1}, {"home", {}, 2}, {{}, sku("MUG-1"), 3}, {"home", sku("MUG-1"), 4}, {"home", {}, 9}};
  EXPECT_EQ(safety_stock(place, sku("BOWL-1"), "garden"), 1);
  EXPECT_EQ(safety_stock(place, sku("BOWL-1"), "home"), 2) << "of equals the first";
  EXPECT_EQ(safety_stock(place, sku("MUG-1"), "garden"), 3);
  EXPECT_EQ(safety_stock(place, sku("MUG-1"), "home"), 4);
  place.safety = {{"home", {}, 2}, {{}, sku("MUG-1"), 3}};
  EXPECT_EQ(safety_stock(place, sku("MUG-1"), "home"), 3) << "the SKU says more than its category";
  EXPECT_EQ(safety_stock(place, sku("BOWL-1"), ""), 0);
}

TEST(SafetyStock, is_not_promised_to_an_order) {
  auto store = a_store_with(10, {{"home", {}, 3}});
  EXPECT_EQ(available_to_sell(store.profile, sku("MUG-1"), "home", row_of(store, {test::entity("SHOP"), sku("MUG-1")})), 7);
  auto refused = decide(store, a_hold_of_mugs(1, 8), now);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error(), (Rejection{"stock-short", "7 of MUG-1 available at DC", {{"/lines/0", "stock-short", "7 of MUG-1 available at DC"}}}));
  test::apply(store, decide(store, a_hold_of_mugs(1, 7), now));
  EXPECT_FALSE(decide(store, a_hold_of_mugs(2, 1), now));
}

TEST(SafetyStock, that_is_raised_later_takes_nothing_from_who_has_a_hold) {
  auto store = a_store_with(10, {});
  test::apply(store, decide(store, a_hold_of_mugs(1, 8), now));
  auto profile = store.profile;
  profile.safety = {{{}, {}, 5}};
  test::apply(store, decide(store, Define{profile}, now));
  EXPECT_EQ(available_to_sell(store.profile, sku("MUG-1"), "home", row_of(store, {test::entity("SHOP"), sku("MUG-1")})), 0);
  EXPECT_TRUE(decide(store, Allocate{test::order_id(1), 0}, now));
  check_counters(store);
}

TEST(SafetyStock, is_a_number_of_units_by_few_rules) {
  auto place = test::a_warehouse();
  place.safety = {{{}, {}, -1}};
  EXPECT_EQ(decide(State{}, Define{place}, now).error().details.front().pointer, "/safety_stock");
  place.safety.assign(max_safety_rules + 1, {});
  EXPECT_EQ(decide(State{}, Define{place}, now).error().code, "location-invalid");
  place.safety.assign(max_safety_rules, {});
  EXPECT_TRUE(decide(State{}, Define{place}, now));
}

} // namespace
} // namespace entrepot::stock
