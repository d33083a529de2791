// Sales at the till: facts, which take what nobody is promised first.
#include <gtest/gtest.h>

#include "domain/stock/selling.hpp"
#include "tests/support/orders.hpp"

namespace entrepot::stock {
namespace {

using namespace std::chrono_literals;
using test::a_hold;
using test::now;
using test::order_id;
using test::sku;

const Item mugs{test::entity("SHOP"), sku("MUG-1")};

void carry_out(State& place, const Command& command, Timestamp when = now) { test::apply(place, decide(place, command, when), when); }
std::string code_of(const State& place, const Command& command, Timestamp when = now) {
  auto decision = decide(place, command, when);
  return decision ? "" : decision.error().code;
}
Sell a_receipt(const std::string& number, std::int32_t units, Timestamp when = now) { return {"T-1", number, when, {{{{}, sku("MUG-1")}, Quantity{units}, test::money(1250)}}, false}; }
Sell offline(Sell sale) {
  sale.offline = true;
  return sale;
}

TEST(Selling, takes_the_units_from_the_shelf_at_once) {
  auto store = test::a_stocked_warehouse({{"MUG-1", 10}});
  carry_out(store, a_receipt("R-1", 3));
  EXPECT_EQ(row_of(store, mugs).on_hand, 7);
}

TEST(Selling, books_a_receipt_once_for_its_till) {
  auto store = test::a_stocked_warehouse({{"MUG-1", 10}});
  carry_out(store, a_receipt("R-1", 3));
  EXPECT_EQ(decide(store, a_receipt("R-1", 3), now + 1h)->size(), 0U);
  EXPECT_EQ(decide(store, offline(a_receipt("R-1", 3)), now + 1h)->size(), 0U);
  EXPECT_EQ(code_of(store, a_receipt("R-1", 4)), "receipt-reused");
  auto dearer = a_receipt("R-1", 3);
  dearer.lines.front().price = test::money(1300);
  EXPECT_EQ(code_of(store, dearer), "receipt-reused");
  auto other_till = a_receipt("R-1", 3);
  other_till.till = "T-2";
  EXPECT_EQ(decide(store, other_till, now)->size(), 1U);
}

TEST(Selling, may_go_below_the_safety_stock) {
  auto store = test::a_stocked_warehouse({{"MUG-1", 10}});
  auto place = store.profile;
  place.safety = {{{}, {}, 10}};
  carry_out(store, Define{place});
  EXPECT_EQ(code_of(store, a_hold(1, "MUG-1", 1)), "stock-short");
  EXPECT_EQ(code_of(store, a_receipt("R-1", 10)), "");
}

TEST(Selling, takes_promised_units_last_and_the_newest_promises_first) {
  auto store = test::a_stocked_warehouse({{"MUG-1", 5}});
  carry_out(store, a_hold(1, "MUG-1", 2), now);
  carry_out(store, a_hold(2, "MUG-1", 2), now + 1s);
  auto decision = decide(store, a_receipt("R-1", 2), now + 1min);
  ASSERT_EQ(decision->size(), 2U);
  EXPECT_EQ(std::get<ClaimsCut>(decision->front()), (ClaimsCut{CutCause::sale, "T-1/R-1", {{order_id(2), 0, 1, mugs, Quantity{1}, Quantity{1}}}}));
  test::apply(store, decision, now + 1min);
  EXPECT_EQ(row_of(store, mugs), (Row{3, 3, 0, 0, 0}));
  check_counters(store);
}

TEST(Selling, is_refused_when_all_is_promised_or_nothing_lies_there_unless_the_till_was_offline) {
  auto store = test::a_stocked_warehouse({{"MUG-1", 2}});
  carry_out(store, a_hold(1, "MUG-1", 2));
  EXPECT_EQ(code_of(store, a_receipt("R-1", 1)), "stock-reserved");
  EXPECT_EQ(decide(store, a_receipt("R-1", 1), now).error().details.front().pointer, "/lines/0/quantity");
  EXPECT_EQ(code_of(store, offline(a_receipt("R-1", 1))), "");
  auto empty = test::a_stocked_warehouse({});
  EXPECT_EQ(code_of(empty, a_receipt("R-1", 1)), "stock-short");
  EXPECT_EQ(code_of(empty, offline(a_receipt("R-1", 1))), "");
}

TEST(Selling, takes_units_that_were_said_not_to_be_there_before_promised_ones) {
  auto store = test::a_stocked_warehouse({{"MUG-1", 5}});
  carry_out(store, a_hold(1, "MUG-1", 2));
  carry_out(store, a_hold(2, "MUG-1", 1));
  carry_out(store, Shrink{order_id(2), 0, {}, Effect::suspend_all});
  EXPECT_EQ(row_of(store, mugs), (Row{5, 2, 0, 3, 0}));
  carry_out(store, a_receipt("R-1", 2));
  EXPECT_EQ(row_of(store, mugs), (Row{3, 2, 0, 1, 0}));
}

TEST(Selling, takes_damaged_units_after_those_that_were_said_not_to_be_there) {
  auto store = test::a_stocked_warehouse({{"MUG-1", 5}});
  for (auto [order, effect] : {std::pair{1, Effect::damage}, {2, Effect::suspend}}) {
    carry_out(store, a_hold(order, "MUG-1", 2));
    carry_out(store, Shrink{order_id(order), 0, {}, effect});
  }
  EXPECT_EQ(row_of(store, mugs), (Row{5, 0, 0, 2, 2}));
  carry_out(store, a_receipt("R-1", 2));
  EXPECT_EQ(row_of(store, mugs), (Row{3, 0, 0, 1, 2}));
  carry_out(store, a_receipt("R-2", 2));
  EXPECT_EQ(row_of(store, mugs), (Row{1, 0, 0, 0, 1}));
}

TEST(Selling, more_than_lay_there_is_recorded_with_an_alarm_and_no_counter_goes_below_zero) {
  auto store = test::a_stocked_warehouse({{"MUG-1", 3}});
  carry_out(store, a_hold(1, "MUG-1", 1));
  auto sale = offline(a_receipt("R-1", 2));
  sale.lines.push_back(sale.lines.front());
  auto decision = decide(store, sale, now);
  const auto& sold = std::get<Sold>(decision->back());
  EXPECT_EQ(sold.lines[0].oversold, 0);
  EXPECT_EQ(sold.lines[1].oversold, 1) << "lines of one SKU count together";
  test::apply(store, decision);
  EXPECT_EQ(row_of(store, mugs), Row{});
  check_counters(store);
}

TEST(Selling, a_late_receipt_of_before_the_last_count_changes_nothing_since_the_count_has_seen_it) {
  auto store = test::a_stocked_warehouse({{"MUG-1", 10}});
  carry_out(store, Count{"CNT-1", now, {{mugs, 8}}}, now + 1min);
  auto late = offline(a_receipt("R-1", 2, now - 10min));
  auto decision = decide(store, late, now + 2min);
  EXPECT_TRUE(std::get<Sold>(decision->front()).lines.front().in_count);
  test::apply(store, decision, now + 2min);
  EXPECT_EQ(row_of(store, mugs).on_hand, 8);
  carry_out(store, offline(a_receipt("R-2", 2, now + 30s)), now + 3min);
  EXPECT_EQ(row_of(store, mugs).on_hand, 6);
  EXPECT_EQ(decide(store, late, now + 4min)->size(), 0U);
}

TEST(Selling, receipts_in_any_order_are_known_to_a_late_count_by_the_time_of_the_sale) {
  auto store = test::a_stocked_warehouse({{"MUG-1", 10}});
  carry_out(store, a_receipt("R-2", 1, now + 10min), now + 10min);
  carry_out(store, offline(a_receipt("R-1", 2, now + 1min)), now + 11min);
  carry_out(store, Count{"CNT-1", now + 5min, {{mugs, 8}}}, now + 12min);
  EXPECT_EQ(row_of(store, mugs).on_hand, 7);
}

TEST(Selling, needs_units) {
  auto store = test::a_stocked_warehouse({{"MUG-1", 10}});
  EXPECT_EQ(code_of(store, Sell{"T-1", "R-1", now, {}, false}), "quantity-invalid");
  EXPECT_EQ(code_of(store, a_receipt("R-1", 0)), "quantity-invalid");
}

} // namespace
} // namespace entrepot::stock
