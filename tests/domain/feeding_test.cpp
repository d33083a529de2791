// Feeds: what other systems tell of a place, each message once and in order; and what is done when they fall silent.
#include <gtest/gtest.h>

#include "domain/stock/feeding.hpp"
#include "tests/support/orders.hpp"

namespace entrepot::stock {
namespace {

using namespace std::chrono_literals;
using test::a_hold;
using test::at;
using test::now;
using test::order_id;
using test::sku;

const Item mugs{test::entity("SHOP"), sku("MUG-1")};

void carry_out(State& place, const Command& command, Timestamp when = now) { test::apply(place, decide(place, command, when), when); }
std::string code_of(const State& place, const Command& command, Timestamp when = now) {
  auto decision = decide(place, command, when);
  return decision ? "" : decision.error().code;
}
Feed a_delta(std::int64_t sequence, std::int32_t units, Timestamp taken_at = now) { return {"wms", sequence, false, taken_at, {{{{}, sku("MUG-1")}, units}}}; }
Feed a_reset(std::int64_t sequence, std::int32_t units, Timestamp taken_at = now) { return {"wms", sequence, true, taken_at, {{{{}, sku("MUG-1")}, units}}}; }

TEST(Feeding, adds_what_came_and_takes_away_what_went) {
  auto depot = test::a_stocked_warehouse({{"MUG-1", 10}});
  carry_out(depot, a_delta(1, 5));
  carry_out(depot, a_delta(2, -3));
  EXPECT_EQ(row_of(depot, mugs).on_hand, 12);
}

TEST(Feeding, a_number_seen_before_changes_nothing) {
  auto depot = test::a_stocked_warehouse({{"MUG-1", 10}});
  carry_out(depot, a_delta(1, 5));
  EXPECT_EQ(decide(depot, a_delta(1, 5), now)->size(), 0U);
  carry_out(depot, a_delta(2, 1));
  EXPECT_EQ(decide(depot, a_delta(1, 5), now)->size(), 0U);
  auto other = a_delta(1, 5);
  other.source = "pos-17";
  EXPECT_EQ(decide(depot, other, now)->size(), 1U) << "each source counts for itself";
}

TEST(Feeding, a_gap_is_refused_with_the_number_expected_and_a_reset_closes_it) {
  auto depot = test::a_stocked_warehouse({{"MUG-1", 10}});
  carry_out(depot, a_delta(1, 5));
  auto gap = decide(depot, a_delta(3, 1), now);
  ASSERT_FALSE(gap);
  EXPECT_EQ(gap.error(), (Rejection{"feed-gap", "2 is expected; send a reset", {{"/sequence", "feed-gap", "2 is expected; send a reset"}}}));
  carry_out(depot, a_reset(4, 20));
  EXPECT_EQ(row_of(depot, mugs).on_hand, 20);
  carry_out(depot, a_delta(5, 1));
  EXPECT_EQ(row_of(depot, mugs).on_hand, 21);
}

TEST(Feeding, worked_s8_a_reset_to_three_with_four_live_allocations_cuts_the_newest) {
  auto depot = test::a_stocked_warehouse({{"MUG-1", 10}});
  for (int order = 1; order <= 4; ++order) {
    carry_out(depot, a_hold(order, "MUG-1", 1), now + order * 1s);
    carry_out(depot, Allocate{order_id(order), 0}, now + order * 1s);
  }
  auto decision = decide(depot, a_reset(1, 3, now + 10s), now + 1min);
  ASSERT_EQ(decision->size(), 2U);
  EXPECT_EQ(std::get<ClaimsCut>(decision->front()), (ClaimsCut{CutCause::feed, "wms/1", {{order_id(4), 0, 1, mugs, Quantity{1}, {}}}}));
  test::apply(depot, decision, now + 1min);
  EXPECT_EQ(row_of(depot, mugs), (Row{3, 0, 3, 0, 0})) << "what was promised before stays promised";
  check_counters(depot);
}

TEST(Feeding, a_reset_counts_as_of_its_time) {
  auto depot = test::a_stocked_warehouse({{"MUG-1", 10}});
  carry_out(depot, a_hold(1, "MUG-1", 3));
  carry_out(depot, Issue{order_id(1), 0}, now + 5min);
  carry_out(depot, a_reset(1, 10, now + 1min), now + 10min);
  EXPECT_EQ(row_of(depot, mugs).on_hand, 7);
  EXPECT_EQ(code_of(depot, a_reset(2, 10, now), now + 11min), "count-too-old");
}

TEST(Feeding, a_delta_of_before_the_last_count_is_in_the_count) {
  auto depot = test::a_stocked_warehouse({{"MUG-1", 10}});
  carry_out(depot, Count{"CNT-1", now, {{mugs, 12}}}, now + 1min);
  carry_out(depot, a_delta(1, 2, now - 1min), now + 2min);
  EXPECT_EQ(row_of(depot, mugs).on_hand, 12);
  carry_out(depot, a_delta(2, 2, now + 1min), now + 2min);
  EXPECT_EQ(row_of(depot, mugs).on_hand, 14);
}

TEST(Feeding, a_delta_below_what_is_promised_cuts_and_never_goes_below_zero) {
  auto depot = test::a_stocked_warehouse({{"MUG-1", 5}});
  carry_out(depot, a_hold(1, "MUG-1", 3));
  carry_out(depot, a_delta(1, -4));
  EXPECT_EQ(row_of(depot, mugs), (Row{1, 1, 0, 0, 0}));
  carry_out(depot, a_delta(2, -9));
  EXPECT_EQ(row_of(depot, mugs), Row{});
  check_counters(depot);
}

TEST(Feeding, a_message_is_refused_that_cannot_be) {
  auto depot = test::a_stocked_warehouse({{"MUG-1", 5}});
  EXPECT_EQ(code_of(depot, a_reset(1, -1)), "quantity-invalid");
  EXPECT_EQ(code_of(depot, a_delta(1, 1, now + clock_tolerance + 1ms)), "feed-in-future");
  auto twice = a_delta(1, 1);
  twice.lines.push_back(twice.lines.front());
  EXPECT_EQ(code_of(depot, twice), "lines-invalid");
  for (std::size_t n = 0; n < max_feed_sources; ++n)
    carry_out(depot, Feed{"s-" + std::to_string(n), 1, false, now, {}});
  EXPECT_EQ(code_of(depot, a_delta(1, 1)), "too-many-feeds");
}

// ---- a source that falls silent ------------------------------------------------------------------------------------

/// A depot with ten mugs that "wms" feeds.
State a_fed_depot() {
  auto depot = test::a_stocked_warehouse({{"MUG-1", 10}});
  auto place = depot.profile;
  place.fed_by = "wms";
  carry_out(depot, Define{place});
  return depot;
}

Hold to_send(int order) {
  auto hold = test::a_hold_to_send(order, "MUG-1", 1);
  hold.not_after = now + 1h;
  return hold;
}

TEST(AFedPlace, sends_nothing_once_its_source_is_silent_and_keeps_what_it_holds) {
  auto depot = a_fed_depot();
  EXPECT_EQ(code_of(depot, to_send(1)), "stock-stale") << "never heard";
  carry_out(depot, Feed{"wms", 1, false, now, {}});
  carry_out(depot, to_send(1), now + 180s);
  EXPECT_EQ(code_of(depot, to_send(2), now + 181s), "stock-stale");
  EXPECT_EQ(code_of(depot, Allocate{order_id(1), 0}, now + 181s), "");
  auto pickup = a_hold(2, "MUG-1", 1);
  pickup.not_after = now + 1h;
  EXPECT_EQ(code_of(depot, pickup, now + 181s), "") << "the customer comes to the shelf";
  carry_out(depot, Feed{"wms", 2, false, now + 182s, {}}, now + 182s);
  EXPECT_EQ(code_of(depot, to_send(2), now + 182s), "");
}

TEST(AFedPlace, listens_to_its_own_source_only) {
  auto depot = a_fed_depot();
  carry_out(depot, Feed{"pos-17", 1, false, now, {}});
  EXPECT_EQ(code_of(depot, to_send(1)), "stock-stale");
}

// ---- the lag budget ------------------------------------------------------------------------------------------------

const auto nine = at("2026-03-10T09:00:00Z");

TEST(Lag, lag_l1_of_59_seconds_is_ok) {
  EXPECT_EQ(lag_of(stock_lag, nine, at("2026-03-10T09:00:59Z")), (Lag{59s, LagGrade::ok, false}));
  EXPECT_EQ(lag_of(stock_lag, nine, nine + 60s).grade, LagGrade::ok);
  EXPECT_EQ(lag_of(stock_lag, nine, nine + 61s).grade, LagGrade::warn);
  EXPECT_EQ(lag_of(stock_lag, nine, nine + 180s).grade, LagGrade::warn);
}

TEST(Lag, lag_l2_of_181_seconds_is_a_breach_told_once_and_nothing_is_sold_from_there_until_it_has_caught_up) {
  LagWatch watch(stock_lag, nine - 1min);
  watch.hear(nine);
  EXPECT_EQ(watch.lag(at("2026-03-10T09:03:01Z")), (Lag{181s, LagGrade::breach, false}));
  EXPECT_EQ(watch.look(at("2026-03-10T09:03:01Z")), LagChange::breached);
  EXPECT_EQ(watch.look(at("2026-03-10T09:03:02Z")), std::nullopt);
  auto depot = a_fed_depot();
  carry_out(depot, Feed{"wms", 1, false, nine, {}}, nine);
  EXPECT_TRUE(is_stale(depot, at("2026-03-10T09:03:01Z")));
  EXPECT_FALSE(is_stale(depot, at("2026-03-10T09:03:00Z")));
}

TEST(Lag, lag_l3_of_a_clock_that_goes_ahead_counts_as_none_with_a_warning) {
  EXPECT_EQ(lag_of(stock_lag, nine, nine - 5s), (Lag{0s, LagGrade::ok, true}));
  EXPECT_FALSE(lag_of(stock_lag, nine, nine).skewed);
}

TEST(Lag, lag_l4_grows_while_a_source_is_silent) {
  LagWatch watch(stock_lag, nine);
  EXPECT_EQ(watch.look(nine + 180s), std::nullopt);
  EXPECT_EQ(watch.look(nine + 181s), LagChange::breached) << "no event and no heartbeat";
}

TEST(Lag, lag_l5_that_is_made_up_is_told_once) {
  LagWatch watch(stock_lag, nine);
  EXPECT_EQ(watch.look(nine + 181s), LagChange::breached);
  watch.hear(nine + 182s);
  watch.hear(nine + 1s); // an older one, late
  EXPECT_EQ(watch.look(nine + 183s), LagChange::recovered);
  EXPECT_EQ(watch.look(nine + 184s), std::nullopt);
  EXPECT_EQ(watch.look(nine + 400s), LagChange::breached);
}

TEST(Lag, has_a_budget_for_every_kind_of_data) {
  EXPECT_EQ(lag_of(price_lag, nine, nine + 240s).grade, LagGrade::ok);
  EXPECT_EQ(lag_of(price_lag, nine, nine + 301s).grade, LagGrade::breach);
  EXPECT_EQ(lag_of(status_lag, nine, nine + 46s).grade, LagGrade::warn);
  EXPECT_EQ(lag_of(status_lag, nine, nine + 61s).grade, LagGrade::breach);
  EXPECT_EQ(lag_of(bonus_lag, nine, nine + 60s).grade, LagGrade::ok);
  EXPECT_EQ(lag_of(bonus_lag, nine, nine + 121s).grade, LagGrade::breach);
}

} // namespace
} // namespace entrepot::stock
