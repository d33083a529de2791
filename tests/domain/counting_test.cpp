// Counts and corrections: what lies there is what somebody has seen, put right by what has moved since.
#include <gtest/gtest.h>

#include "domain/stock/counting.hpp"
#include "tests/support/orders.hpp"

namespace entrepot::stock {
namespace {

using namespace std::chrono_literals;
using test::a_hold;
using test::at;
using test::order_id;
using test::sku;

const Timestamp nine = test::now; // 09:00
const Item mugs{test::entity("SHOP"), sku("MUG-1")}, bowls{test::entity("SHOP"), sku("BOWL-1")};

void carry_out(State& place, const Command& command, Timestamp when = nine) { test::apply(place, decide(place, command, when), when); }
std::string code_of(const State& place, const Command& command, Timestamp when = nine) {
  auto decision = decide(place, command, when);
  return decision ? "" : decision.error().code;
}
Count a_count(const std::string& reference, Timestamp taken_at, std::int32_t counted) { return {reference, taken_at, {{{{}, sku("MUG-1")}, counted}}}; }
Adjust a_correction(const std::string& reference, Reason reason, std::int32_t units) { return {reference, reason, {{{{}, sku("MUG-1")}, units}}}; }

/// Ten mugs came in at eight o'clock.
State a_store_with_ten_mugs() {
  State store;
  evolve(store, Defined{test::a_warehouse()}, nine - 1h);
  evolve(store, Received{"ASN-1", {{mugs, 10}, {bowls, 5}}}, nine - 1h);
  return store;
}

/// Orders from 1 on with a mug each, held a second after the other from `from` on, and allocated.
void promise(State& store, int orders, Timestamp from = nine - 30min) {
  for (int order = 1; order <= orders; ++order) {
    carry_out(store, a_hold(order, "MUG-1", 1), from + order * 1s);
    carry_out(store, Allocate{order_id(order), 0}, from + order * 1s);
  }
}

TEST(Counting, worked_s7_a_count_of_ten_that_comes_after_three_issues_leaves_seven) {
  auto store = a_store_with_ten_mugs();
  promise(store, 3);
  for (int order = 1; order <= 3; ++order)
    carry_out(store, Issue{order_id(order), 0}, nine);
  carry_out(store, a_count("CNT-1", at("2026-03-10T08:55:00Z"), 10), at("2026-03-10T09:05:00Z"));
  EXPECT_EQ(row_of(store, mugs).on_hand, 7);
  check_counters(store);
}

TEST(Counting, what_came_in_after_the_count_was_taken_is_added_and_what_came_before_is_in_it) {
  auto store = a_store_with_ten_mugs();
  carry_out(store, Receive{"ASN-2", {{mugs, 4}}}, nine - 10min);
  carry_out(store, Receive{"ASN-3", {{mugs, 2}}}, nine);
  carry_out(store, a_count("CNT-1", nine - 10min, 13), nine + 1min);
  EXPECT_EQ(row_of(store, mugs).on_hand, 15) << "what moved in the very moment of the count is in it";
}

TEST(Counting, the_next_count_sees_what_has_moved_since_itself) {
  auto store = a_store_with_ten_mugs();
  carry_out(store, a_count("CNT-1", nine - 20min, 9), nine - 10min);
  carry_out(store, Receive{"ASN-2", {{mugs, 4}}}, nine);
  carry_out(store, a_count("CNT-2", nine - 5min, 8), nine + 1min);
  EXPECT_EQ(row_of(store, mugs).on_hand, 12);
}

TEST(Counting, a_count_older_than_what_is_known_of_the_moves_is_refused) {
  auto store = a_store_with_ten_mugs();
  EXPECT_EQ(code_of(store, a_count("CNT-1", nine - count_horizon, 10)), "");
  EXPECT_EQ(code_of(store, a_count("CNT-1", nine - count_horizon - 1ms, 10)), "count-too-old");
  carry_out(store, a_count("CNT-1", nine - 10min, 10));
  EXPECT_EQ(code_of(store, a_count("CNT-2", nine - 10min - 1ms, 10)), "count-too-old") << "somebody has counted later";
  EXPECT_EQ(code_of(store, a_count("CNT-2", nine - 10min, 11)), "");
  for (std::size_t n = 0; n <= remembered_moves; ++n)
    carry_out(store, Receive{"", {{bowls, 1}}}, nine + n * 1s);
  auto count = [](Timestamp when) { return Count{"CNT-3", when, {{bowls, 10}}}; };
  EXPECT_EQ(code_of(store, count(nine - 1ms), nine + 1h), "count-too-old") << "more has moved than is remembered";
  EXPECT_EQ(code_of(store, count(nine), nine + 1h), "");
  EXPECT_EQ(store.moves.at(bowls).moves.size(), remembered_moves);
}

TEST(Counting, nobody_counts_in_the_future_and_clocks_may_differ_a_little) {
  auto store = a_store_with_ten_mugs();
  EXPECT_EQ(code_of(store, a_count("CNT-1", nine + clock_tolerance, 10)), "");
  EXPECT_EQ(code_of(store, a_count("CNT-1", nine + clock_tolerance + 1ms, 10)), "count-in-future");
}

TEST(Counting, a_clock_that_goes_ahead_hides_nothing_that_moves_before_it_is_right) {
  auto store = a_store_with_ten_mugs();
  carry_out(store, a_count("CNT-1", nine + clock_tolerance, 10));
  carry_out(store, a_correction("ADJ-1", Reason::lost, -1), nine + 30s);
  carry_out(store, a_count("CNT-2", nine + 10s, 10), nine + 40s);
  EXPECT_EQ(row_of(store, mugs).on_hand, 9);
}

TEST(Counting, a_count_is_booked_once_and_another_of_the_same_name_is_refused) {
  auto store = a_store_with_ten_mugs();
  carry_out(store, a_count("CNT-1", nine, 8));
  EXPECT_EQ(decide(store, a_count("CNT-1", nine, 8), nine + 1h)->size(), 0U);
  EXPECT_EQ(code_of(store, a_count("CNT-1", nine, 7)), "reference-reused");
  EXPECT_EQ(code_of(store, Count{"CNT-2", nine, {{mugs, 1}, {mugs, 2}}}), "lines-invalid");
  EXPECT_EQ(code_of(store, Count{"CNT-2", nine, {}}), "quantity-invalid");
  EXPECT_EQ(code_of(store, a_count("CNT-2", nine, -1)), "quantity-invalid");
}

TEST(Counting, a_count_finds_the_units_again_that_were_said_not_to_be_there) {
  auto store = a_store_with_ten_mugs();
  promise(store, 1);
  carry_out(store, Shrink{order_id(1), 0, {}, Effect::suspend_all});
  EXPECT_EQ(row_of(store, mugs).available(), 0);
  carry_out(store, a_count("CNT-1", nine, 9));
  EXPECT_EQ(row_of(store, mugs), (Row{9, 0, 0, 0, 0}));
}

TEST(Counting, a_count_below_the_damaged_units_says_that_those_have_gone_too) {
  auto store = a_store_with_ten_mugs();
  promise(store, 1);
  carry_out(store, Shrink{order_id(1), 0, {}, Effect::damage});
  carry_out(store, a_count("CNT-1", nine, 0));
  EXPECT_EQ(row_of(store, mugs), (Row{0, 0, 0, 0, 0}));
}

// ---- a second person -----------------------------------------------------------------------------------------------

TEST(Counting, a_count_that_differs_too_much_waits_for_a_person_and_counts_as_of_its_time_when_approved) {
  auto store = a_store_with_ten_mugs();
  EXPECT_EQ(decide(store, a_count("CNT-0", nine, 10 + largest_unapproved_variance), nine)->front().index(), Event{Counted{}}.index());
  carry_out(store, a_count("CNT-1", nine, 11 + largest_unapproved_variance));
  EXPECT_EQ(row_of(store, mugs).on_hand, 10);
  EXPECT_EQ(decide(store, a_count("CNT-1", nine, 11 + largest_unapproved_variance), nine)->size(), 0U);
  carry_out(store, Receive{"ASN-2", {{mugs, 4}}}, nine + 1min);
  carry_out(store, ApproveCount{"CNT-1"}, nine + 1h);
  EXPECT_EQ(row_of(store, mugs).on_hand, 25);
  EXPECT_EQ(code_of(store, ApproveCount{"CNT-1"}), "count-not-waiting");
  EXPECT_EQ(decide(store, a_count("CNT-1", nine, 11 + largest_unapproved_variance), nine + 2h)->size(), 0U) << "sent again, it is known";
}

TEST(Counting, a_count_that_is_not_believed_changes_nothing) {
  auto store = a_store_with_ten_mugs();
  carry_out(store, a_count("CNT-1", nine, 100));
  carry_out(store, RejectCount{"CNT-1"});
  EXPECT_EQ(row_of(store, mugs).on_hand, 10);
  EXPECT_EQ(code_of(store, RejectCount{"CNT-1"}), "count-not-waiting");
  EXPECT_TRUE(store.counts.empty());
}

TEST(Counting, a_count_that_has_waited_for_a_day_cannot_be_approved_and_makes_room) {
  auto store = a_store_with_ten_mugs();
  for (std::size_t n = 0; n < max_waiting_counts; ++n)
    carry_out(store, a_count("CNT-" + std::to_string(n), nine, 100));
  EXPECT_EQ(code_of(store, a_count("CNT-X", nine, 100)), "too-many-counts-waiting");
  EXPECT_EQ(code_of(store, a_count("CNT-X", nine, 10)), "") << "one that need not wait";
  const auto next_day = nine + count_horizon + 1ms;
  EXPECT_EQ(code_of(store, ApproveCount{"CNT-1"}, next_day), "count-too-old");
  carry_out(store, a_count("CNT-X", next_day, 100), next_day);
  EXPECT_EQ(store.counts.size(), 1U);
}

// ---- fewer than are claimed (F36) ----------------------------------------------------------------------------------

TEST(Counting, fewer_units_than_are_promised_keep_the_oldest_promises_and_cut_the_newest_first) {
  auto store = a_store_with_ten_mugs();
  promise(store, 4);
  carry_out(store, a_hold(5, "MUG-1", 3), nine - 40min); // older, though not yet allocated
  auto decision = decide(store, a_count("CNT-1", nine, 5), nine);
  ASSERT_EQ(decision->size(), 2U);
  EXPECT_EQ(std::get<ClaimsCut>(decision->front()), (ClaimsCut{CutCause::count, "CNT-1", {{order_id(4), 0, 1, mugs, Quantity{1}, {}}, {order_id(3), 0, 1, mugs, Quantity{1}, {}}}}));
  test::apply(store, decision);
  EXPECT_EQ(row_of(store, mugs), (Row{5, 3, 2, 0, 0}));
  EXPECT_TRUE(store.claims.at({order_id(4), 0}).lines.empty());
  EXPECT_EQ(store.claims.at({order_id(4), 0}).cut, (std::vector<HoldLine>{{1, sku("MUG-1"), Quantity{1}}})) << "until the order has heard of it";
  check_counters(store);
}

TEST(Counting, of_the_claim_on_the_edge_only_the_units_go_that_must) {
  auto store = a_store_with_ten_mugs();
  carry_out(store, a_hold(order_id(1), {{1, sku("MUG-1"), Quantity{2}}, {2, sku("BOWL-1"), Quantity{1}}, {3, sku("MUG-1"), Quantity{4}}}));
  carry_out(store, a_count("CNT-1", nine, 1));
  EXPECT_EQ(store.claims.at({order_id(1), 0}).lines, (std::vector<HoldLine>{{1, sku("MUG-1"), Quantity{1}}, {2, sku("BOWL-1"), Quantity{1}}}));
  EXPECT_EQ(row_of(store, mugs), (Row{1, 1, 0, 0, 0}));
  carry_out(store, Issue{order_id(1), 0});
  EXPECT_EQ(row_of(store, mugs), Row{});
  check_counters(store);
}

TEST(Counting, an_order_that_is_cut_whole_gives_its_slot_back) {
  auto store = a_store_with_ten_mugs();
  auto place = store.profile;
  place.orders_a_day = 1;
  carry_out(store, Define{place});
  carry_out(store, test::a_hold_to_send(1, "MUG-1", 1));
  EXPECT_EQ(capacity_left(store, nine), 0);
  carry_out(store, a_count("CNT-1", nine, 0));
  EXPECT_EQ(capacity_left(store, nine), 1);
}

TEST(Counting, a_claim_that_was_cut_is_forgotten_once_its_order_has_heard_of_it) {
  auto store = a_store_with_ten_mugs();
  promise(store, 2);
  carry_out(store, a_count("CNT-1", nine, 1));
  EXPECT_EQ(std::get<Shrunk>(decide(store, Shrink{order_id(2), 0, {}}, nine)->front()), (Shrunk{order_id(2), 0, {}, {{1, sku("MUG-1"), Quantity{1}}}}));
  carry_out(store, Shrink{order_id(2), 0, {}});
  EXPECT_FALSE(store.claims.contains({order_id(2), 0}));
  EXPECT_TRUE(decide(store, Shrink{order_id(2), 0, {}}, nine)->empty()) << "asked again";
  EXPECT_TRUE(store.claims.contains({order_id(1), 0})) << "who was promised earlier keeps the mug";
  check_counters(store);
}

TEST(Counting, what_an_order_drops_after_a_cut_is_taken_from_it_once) {
  auto store = a_store_with_ten_mugs();
  carry_out(store, a_hold(1, "MUG-1", 3));
  carry_out(store, Allocate{order_id(1), 0});
  auto cut = decide(store, a_count("CNT-1", nine, 2), nine);
  EXPECT_EQ(std::get<ClaimsCut>(cut->front()).lines.front().left, Quantity{2});
  test::apply(store, cut);
  carry_out(store, Shrink{order_id(1), 0, {{1, sku("MUG-1"), Quantity{2}}}});
  EXPECT_EQ(row_of(store, mugs), (Row{2, 0, 2, 0, 0}));
  carry_out(store, Issue{order_id(1), 0});
  EXPECT_EQ(row_of(store, mugs), Row{});
  EXPECT_TRUE(store.claims.empty());
}

TEST(Counting, a_shrink_that_was_on_its_way_already_does_not_speak_for_the_cut_that_it_does_not_know) {
  auto store = a_store_with_ten_mugs();
  carry_out(store, a_hold(1, "MUG-1", 3));
  carry_out(store, a_count("CNT-1", nine, 1)); // one is left
  carry_out(store, Shrink{order_id(1), 0, {{1, sku("MUG-1"), Quantity{2}}}, Effect::suspend_all}); // two were found, as the order thinks
  EXPECT_EQ(store.claims.at({order_id(1), 0}).lines.front().quantity, Quantity{1});
  EXPECT_EQ(store.claims.at({order_id(1), 0}).cut.front().quantity, Quantity{1}) << "of the other it has still to hear";
  check_counters(store);
}

TEST(Counting, units_in_somebodys_hand_stay_with_their_order_and_the_next_newest_gives_way) {
  auto store = a_store_with_ten_mugs();
  promise(store, 4);
  carry_out(store, a_count("CNT-1", nine, 3)); // the newest is cut, and was picked
  auto decision = decide(store, Reclaim{order_id(4), 0, {{1, sku("MUG-1"), Quantity{1}}}}, nine);
  ASSERT_EQ(decision->size(), 2U);
  EXPECT_EQ(std::get<ClaimsCut>(decision->front()), (ClaimsCut{CutCause::in_hand, to_text(order_id(4)), {{order_id(3), 0, 1, mugs, Quantity{1}, {}}}}));
  EXPECT_EQ(std::get<Reclaimed>(decision->back()), (Reclaimed{order_id(4), 0, {{1, sku("MUG-1"), Quantity{1}}}, {}}));
  test::apply(store, decision);
  EXPECT_EQ(row_of(store, mugs), (Row{3, 0, 3, 0, 0}));
  EXPECT_TRUE(decide(store, Reclaim{order_id(4), 0, {{1, sku("MUG-1"), Quantity{1}}}}, nine)->empty()) << "asked again";
  check_counters(store);
}

TEST(Counting, more_units_in_hand_than_were_counted_lie_there_all_the_same) {
  auto store = a_store_with_ten_mugs();
  promise(store, 2);
  carry_out(store, a_count("CNT-1", nine, 0));
  for (int order : {1, 2}) {
    auto decision = decide(store, Reclaim{order_id(order), 0, {{1, sku("MUG-1"), Quantity{1}}}}, nine);
    EXPECT_EQ(std::get<Reclaimed>(decision->back()).found, (std::vector<Movement>{{mugs, 1}}));
    test::apply(store, decision);
  }
  EXPECT_EQ(row_of(store, mugs), (Row{2, 0, 2, 0, 0}));
  carry_out(store, a_count("CNT-2", nine + 1min, 1), nine + 1min);
  EXPECT_EQ(row_of(store, mugs), (Row{2, 0, 2, 0, 0})) << "nobody counts away what is in somebody's hand";
  carry_out(store, Feed{"wms", 1, false, nine + 2min, {{{{}, sku("MUG-1")}, -2}}}, nine + 2min);
  EXPECT_EQ(row_of(store, mugs).on_hand, 2);
  check_counters(store);
  carry_out(store, Issue{order_id(1), 0}, nine + 3min);
  carry_out(store, Issue{order_id(2), 0}, nine + 3min);
  EXPECT_EQ(row_of(store, mugs), Row{});
  check_counters(store);
}

TEST(Counting, units_that_have_left_before_their_order_heard_of_the_cut_are_issued) {
  auto store = a_store_with_ten_mugs();
  carry_out(store, a_hold(1, "MUG-1", 3));
  carry_out(store, Allocate{order_id(1), 0});
  carry_out(store, a_count("CNT-1", nine, 2));
  carry_out(store, Issue{order_id(1), 0, {{1, sku("MUG-1"), Quantity{3}}}}); // three have left: two are claimed still
  EXPECT_EQ(row_of(store, mugs), Row{});
  carry_out(store, Reclaim{order_id(1), 0, {{1, sku("MUG-1"), Quantity{3}}}, {{1, sku("MUG-1"), Quantity{3}}}});
  EXPECT_EQ(row_of(store, mugs), Row{}) << "the third lay there beside what was counted, and has left";
  EXPECT_TRUE(store.claims.empty());
  check_counters(store);
}

TEST(Counting, a_hold_that_is_cut_whole_can_still_be_released_or_allocated) {
  auto store = a_store_with_ten_mugs();
  carry_out(store, a_hold(1, "MUG-1", 1));
  carry_out(store, a_hold(2, "MUG-1", 1));
  carry_out(store, a_count("CNT-1", nine, 0));
  carry_out(store, Release{order_id(1), 0, nine + 1min});
  carry_out(store, Allocate{order_id(2), 0});
  EXPECT_FALSE(store.claims.contains({order_id(1), 0}));
  EXPECT_TRUE(store.claims.at({order_id(2), 0}).allocated);
  EXPECT_TRUE(decide(store, a_hold(2, "MUG-1", 1), nine)->empty()) << "it has had its hold; what has become of it, it hears";
  check_counters(store);
}

TEST(Counting, the_same_n_always_names_the_same_order_of_a_cut) {
  const auto one = order_id(1), two = order_id(2);
  ClaimsCut cut{CutCause::count, "CNT-1", {{two, 0, 2, mugs, Quantity{1}}, {one, 0, 1, mugs, Quantity{1}}, {two, 0, 1, bowls, Quantity{3}}, {two, 1, 1, bowls, Quantity{1}}}};
  const auto orders = cuts_by_order(cut);
  ASSERT_EQ(orders.size(), 3U);
  EXPECT_EQ(orders[0], (OrderCut{two, 0, {cut.lines[0], cut.lines[2]}}));
  EXPECT_EQ(orders[1], (OrderCut{one, 0, {cut.lines[1]}}));
  EXPECT_EQ(orders[2], (OrderCut{two, 1, {cut.lines[3]}}));
}

// ---- corrections ---------------------------------------------------------------------------------------------------

TEST(Correcting, adds_what_was_found_and_takes_away_what_is_lost) {
  auto store = a_store_with_ten_mugs();
  carry_out(store, a_correction("ADJ-1", Reason::found, 2));
  carry_out(store, a_correction("ADJ-2", Reason::stolen, -5));
  EXPECT_EQ(row_of(store, mugs).on_hand, 7);
  EXPECT_EQ(code_of(store, a_correction("ADJ-3", Reason::found, -1)), "quantity-invalid");
  EXPECT_EQ(code_of(store, a_correction("ADJ-3", Reason::lost, 1)), "quantity-invalid");
  EXPECT_EQ(code_of(store, a_correction("ADJ-3", Reason::correction, 0)), "quantity-invalid");
  EXPECT_EQ(code_of(store, Adjust{"ADJ-3", Reason::correction, {}}), "quantity-invalid");
}

TEST(Correcting, is_done_once_under_its_reference) {
  auto store = a_store_with_ten_mugs();
  carry_out(store, a_correction("ADJ-1", Reason::lost, -2));
  EXPECT_EQ(decide(store, a_correction("ADJ-1", Reason::lost, -2), nine)->size(), 0U);
  EXPECT_EQ(code_of(store, a_correction("ADJ-1", Reason::lost, -3)), "reference-reused");
}

TEST(Correcting, takes_no_unit_that_is_promised_since_only_a_count_may) {
  auto store = a_store_with_ten_mugs();
  promise(store, 4);
  EXPECT_EQ(code_of(store, a_correction("ADJ-1", Reason::lost, -7)), "units-claimed");
  EXPECT_EQ(decide(store, a_correction("ADJ-1", Reason::lost, -7), nine).error().details.front().pointer, "/lines/0/quantity");
  carry_out(store, a_correction("ADJ-1", Reason::lost, -6));
  EXPECT_EQ(row_of(store, mugs), (Row{4, 0, 4, 0, 0}));
}

TEST(Correcting, writes_off_damaged_units_and_no_others) {
  auto store = a_store_with_ten_mugs();
  promise(store, 2);
  carry_out(store, Shrink{order_id(1), 0, {}, Effect::damage});
  EXPECT_EQ(code_of(store, a_correction("ADJ-1", Reason::written_off, -2)), "quantity-invalid");
  carry_out(store, a_correction("ADJ-1", Reason::written_off, -1));
  EXPECT_EQ(row_of(store, mugs), (Row{9, 0, 1, 0, 0}));
}

TEST(Correcting, loses_the_units_first_that_were_said_not_to_be_there) {
  auto store = a_store_with_ten_mugs();
  promise(store, 1);
  carry_out(store, Shrink{order_id(1), 0, {}, Effect::suspend_all});
  carry_out(store, a_correction("ADJ-1", Reason::lost, -10));
  EXPECT_EQ(row_of(store, mugs), Row{});
}

TEST(Correcting, is_a_move_that_a_late_count_knows_of) {
  auto store = a_store_with_ten_mugs();
  carry_out(store, a_correction("ADJ-1", Reason::broken, -2), nine);
  carry_out(store, a_count("CNT-1", nine - 5min, 10), nine + 1min);
  EXPECT_EQ(row_of(store, mugs).on_hand, 8);
}

} // namespace
} // namespace entrepot::stock
