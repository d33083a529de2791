// Channel reserves (C1 to C7): 40 % for the site, 30 % for ozon, 20 % for wb, 10 % for nobody.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "domain/stock/pool.hpp"
#include "tests/domain/arbitrary.hpp"

namespace entrepot::pool {
namespace {

using test::channel_code;
using test::order_id;

const auto site = channel_code("site"), ozon = channel_code("ozon"), wb = channel_code("wb");

Rule a_rule(Fence fence = Fence::hard) { return {{{site, 40}, {ozon, 30}, {wb, 20}}, 10, fence}; }

void carry_out(State& pool, const Command& command) {
  auto decision = decide(pool, command);
  for (const auto& event : *decision)
    pool = evolve(std::move(pool), event);
}
State a_pool(std::int64_t units, Fence fence = Fence::hard) {
  State pool;
  carry_out(pool, Configure{a_rule(fence)});
  carry_out(pool, Restock{units});
  return pool;
}
Take a_take(int order, const ChannelCode& channel, int units = 1) { return {order_id(order), 0, channel, Quantity{units}}; }
std::string code_of(const State& pool, const Command& command) {
  auto decision = decide(pool, command);
  return decision ? "" : decision.error().code;
}

TEST(Pool, shares_are_rounded_down_and_what_is_left_over_joins_the_buffer) {
  struct Row { std::int64_t units, site, ozon, wb, buffer, residue; };
  for (const auto& [units, of_site, of_ozon, of_wb, buffer, residue] :
       {Row{0, 0, 0, 0, 0, 0}, Row{1, 0, 0, 0, 0, 1}, Row{3, 1, 0, 0, 0, 2}, Row{9, 3, 2, 1, 0, 3}, Row{10, 4, 3, 2, 1, 0}, Row{11, 4, 3, 2, 1, 1}, Row{25, 10, 7, 5, 2, 1},
        Row{99, 39, 29, 19, 9, 3}, Row{100, 40, 30, 20, 10, 0}, Row{137, 54, 41, 27, 13, 2}, Row{1000, 400, 300, 200, 100, 0}, Row{-4, 0, 0, 0, 0, 0}})
    EXPECT_EQ(share_out(a_rule(), units), (Buckets{{of_site, of_ozon, of_wb}, buffer, residue})) << units;
}

TEST(Pool, reserve_c1_two_warehouses_are_summed_before_rounding) {
  EXPECT_EQ(share_out(a_rule(), 95 + 42).channels[1], 41);
  EXPECT_EQ(share_out(a_rule(), 95).channels[1] + share_out(a_rule(), 42).channels[1], 40) << "not so";
}

TEST(Pool, reserve_c2_behind_a_hard_fence_the_55th_unit_is_refused_although_83_exist) {
  auto pool = a_pool(137);
  carry_out(pool, a_take(1, site, 53));
  carry_out(pool, a_take(2, site));
  EXPECT_EQ(code_of(pool, a_take(3, site)), "channel-exhausted");
  EXPECT_EQ(decide(pool, a_take(3, site)).error().text, "0 are left for site");
  EXPECT_EQ(code_of(pool, a_take(3, ozon)), "");
}

TEST(Pool, reserve_c3_behind_a_soft_fence_the_55th_unit_is_borrowed_from_who_has_sold_least_and_never_from_the_buffer) {
  auto pool = a_pool(137, Fence::soft);
  carry_out(pool, a_take(1, site, 54));
  carry_out(pool, a_take(2, ozon, 1));
  auto borrowed = decide(pool, a_take(3, site));
  EXPECT_EQ(borrowed->front(), (Event{ChannelBorrowed{order_id(3), 0, site, Quantity{1}, {{wb, Quantity{1}}}}}));
  carry_out(pool, a_take(3, site));
  EXPECT_EQ(left_of(pool, wb), 26);
  EXPECT_EQ(code_of(pool, a_take(4, site, 67)), "channel-exhausted") << "26 of wb and 40 of ozon; 15 in the buffer stay";
  EXPECT_EQ(decide(pool, a_take(4, site, 66))->front(), (Event{ChannelBorrowed{order_id(4), 0, site, Quantity{66}, {{wb, Quantity{26}}, {ozon, Quantity{40}}}}}));
}

TEST(Pool, reserve_c4_percentages_above_100_are_refused) {
  auto rule = a_rule();
  rule.buffer_percent = 11;
  EXPECT_EQ(code_of(State{}, Configure{rule}), "reserve-invalid");
  rule = a_rule();
  rule.shares.push_back({site, 0});
  EXPECT_EQ(code_of(State{}, Configure{rule}), "reserve-invalid") << "twice";
  rule = a_rule();
  rule.shares[0].percent = -1;
  EXPECT_EQ(code_of(State{}, Configure{rule}), "reserve-invalid");
  EXPECT_EQ(code_of(State{}, Configure{a_rule()}), "");
}

TEST(Pool, reserve_c6_of_200_orders_at_once_exactly_four_get_one_of_ten_units) {
  auto pool = a_pool(10);
  int confirmed = 0, refused = 0;
  for (int order = 1; order <= 200; ++order) {
    const bool gets = code_of(pool, a_take(order, site)).empty();
    ++(gets ? confirmed : refused);
    if (gets)
      carry_out(pool, a_take(order, site));
  }
  EXPECT_EQ(std::pair(confirmed, refused), std::pair(4, 196));
  EXPECT_EQ(pool.open.size(), 4U);
  for (const auto& channel : {site, ozon, wb})
    EXPECT_GE(left_of(pool, channel), 0);
}

TEST(Pool, reserve_c7_one_order_asks_for_the_sum_of_its_lines_and_gets_all_or_nothing) {
  auto pool = a_pool(10);
  EXPECT_EQ(code_of(pool, a_take(1, site, 5)), "channel-exhausted");
  EXPECT_EQ(left_of(pool, site), 4);
}

TEST(Pool, what_is_given_back_may_be_taken_again_also_what_was_borrowed) {
  auto pool = a_pool(10, Fence::soft);
  carry_out(pool, a_take(1, site, 5));
  EXPECT_EQ(left_of(pool, wb), 2);
  EXPECT_EQ(left_of(pool, ozon), 2) << "of equals the first in the rule";
  carry_out(pool, GiveBack{order_id(1), 0});
  EXPECT_EQ(std::tuple(left_of(pool, site), left_of(pool, ozon), left_of(pool, wb)), std::tuple(4, 3, 2));
  EXPECT_TRUE(decide(pool, GiveBack{order_id(1), 0})->empty());
}

TEST(Pool, an_order_that_asks_again_takes_nothing_more) {
  auto pool = a_pool(10);
  carry_out(pool, a_take(1, site, 4));
  EXPECT_TRUE(decide(pool, a_take(1, site, 4))->empty());
}

TEST(Pool, a_channel_without_a_share_gets_nothing_behind_a_hard_fence) {
  EXPECT_EQ(code_of(a_pool(100), a_take(1, channel_code("till"))), "channel-exhausted");
}

TEST(Pool, a_new_sum_counts_what_is_still_open_and_forgets_what_has_left) {
  auto pool = a_pool(100);
  carry_out(pool, a_take(1, site, 30));
  carry_out(pool, a_take(2, site, 10));
  carry_out(pool, Settle{order_id(1), 0});
  EXPECT_EQ(left_of(pool, site), 0) << "sold is sold until the sum is told anew";
  carry_out(pool, Restock{70});
  EXPECT_EQ(left_of(pool, site), 28 - 10);
  carry_out(pool, Restock{10});
  EXPECT_EQ(left_of(pool, site), 0) << "fewer than are taken";
  EXPECT_TRUE(pool.open.contains({order_id(2), 0})) << "no promise is dropped";
}

RC_GTEST_PROP(Pool, promises_no_unit_twice_and_leaves_the_buffer_alone, ()) {
  const auto units = test::any_int(0, 60);
  auto pool = a_pool(units, *rc::gen::element(Fence::hard, Fence::soft));
  for (int step = 0, steps = test::any_int(0, 60); step < steps; ++step) {
    const auto channel = *rc::gen::element(site, ozon, wb);
    const auto order = test::any_int(1, 20);
    const auto command = test::any_int(0, 4) == 0 ? Command{GiveBack{order_id(order), 0}} : Command{a_take(order, channel, test::any_int(1, 9))};
    if (auto decision = decide(pool, command)) {
      for (const auto& event : *decision)
        pool = evolve(std::move(pool), event);
      RC_ASSERT(decide(pool, command)->empty()); // asked again, it is already so
    }
    std::int64_t promised = 0;
    for (const auto& [key, taking] : pool.open)
      promised += taking.quantity.units();
    const auto buckets = share_out(pool.rule, units);
    RC_ASSERT(promised + buckets.buffer + buckets.residue <= units);
  }
}

} // namespace
} // namespace entrepot::pool
