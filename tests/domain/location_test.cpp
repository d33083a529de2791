#include <gtest/gtest.h>

#include "domain/fulfilment/work.hpp"
#include "tests/support/orders.hpp"

namespace entrepot::stock {
namespace {

using namespace std::chrono_literals;
using test::a_hold;
using test::a_stocked_warehouse;
using test::a_warehouse;
using test::now;
using test::order_id;

Row row(const State& warehouse, std::string_view code) { return row_of(warehouse, {test::entity("SHOP"), test::sku(code)}); }
void carry_out(State& warehouse, const Command& command, Timestamp when = now) { test::apply(warehouse, decide(warehouse, command, when), when); }
std::string code_of(const State& warehouse, const Command& command, Timestamp when = now) {
  auto decision = decide(warehouse, command, when);
  return decision ? "" : decision.error().code;
}
std::size_t events_of(const State& warehouse, const Command& command, Timestamp when = now) { return decide(warehouse, command, when)->size(); }
Allocate allocation(int order) { return {order_id(order), 0}; }
Release release(int order) { return {order_id(order), 0, now + 1min}; }

TEST(Location, holds_what_is_available) {
  auto warehouse = a_stocked_warehouse({{"MUG-1", 10}});
  carry_out(warehouse, a_hold(1, "MUG-1", 4));
  EXPECT_EQ(row(warehouse, "MUG-1"), (Row{10, 4, 0}));
  EXPECT_EQ(row(warehouse, "MUG-1").available(), 6);
}

TEST(Location, holds_the_last_unit_once) {
  auto warehouse = a_stocked_warehouse({{"MUG-1", 1}});
  carry_out(warehouse, a_hold(1, "MUG-1", 1));
  EXPECT_EQ(code_of(warehouse, a_hold(2, "MUG-1", 1)), "stock-short");
}

TEST(Location, holds_once_however_often_it_is_asked) {
  auto warehouse = a_stocked_warehouse({{"MUG-1", 10}});
  carry_out(warehouse, a_hold(1, "MUG-1", 4));
  EXPECT_EQ(events_of(warehouse, a_hold(1, "MUG-1", 4)), 0U);
  carry_out(warehouse, allocation(1));
  EXPECT_EQ(events_of(warehouse, a_hold(1, "MUG-1", 4), now + 1h), 0U);
}

TEST(Location, says_of_each_short_line_how_many_there_are) {
  auto warehouse = a_stocked_warehouse({{"MUG-1", 3}, {"BOWL-1", 5}});
  auto decision = decide(
      warehouse,
      a_hold(order_id(), {{1, test::sku("MUG-1"), Quantity{4}}, {2, test::sku("BOWL-1"), Quantity{5}}, {3, test::sku("VASE-1"), Quantity{1}}}), now);
  ASSERT_FALSE(decision);
  EXPECT_EQ(decision.error(),
            (Rejection{"stock-short",
                       "3 of MUG-1 available at DC",
                       {{"/lines/0", "stock-short", "3 of MUG-1 available at DC"}, {"/lines/2", "stock-short", "0 of VASE-1 available at DC"}}}));
}

TEST(Location, reserve_c7_sums_the_lines_of_one_sku) {
  auto warehouse = a_stocked_warehouse({{"PART-1", 1}, {"MUG-1", 9}});
  auto decision = decide(
      warehouse,
      a_hold(order_id(), {{1, test::sku("PART-1"), Quantity{1}}, {2, test::sku("MUG-1"), Quantity{1}}, {3, test::sku("PART-1"), Quantity{1}}}), now);
  ASSERT_FALSE(decision);
  ASSERT_EQ(decision.error().details.size(), 2U);
  EXPECT_EQ(decision.error().details[0].pointer, "/lines/0");
  EXPECT_EQ(decision.error().details[1].pointer, "/lines/2");
}

TEST(Location, sums_more_units_than_32_bits_hold) {
  auto warehouse = a_stocked_warehouse({{"MUG-1", 10}});
  std::vector<HoldLine> lines;
  for (int i = 1; i <= 4300; ++i)
    lines.push_back({i, test::sku("MUG-1"), Quantity{1'000'000}});
  EXPECT_EQ(code_of(warehouse, a_hold(order_id(), lines)), "stock-short");
}

TEST(Location, holds_its_owners_stock_only) {
  auto warehouse = a_stocked_warehouse({});
  carry_out(warehouse, Receive{"ASN-2", {{{test::entity("GUEST"), test::sku("MUG-1")}, 5}}});
  EXPECT_EQ(code_of(warehouse, a_hold(1, "MUG-1", 1)), "stock-short");
}

TEST(Location, refuses_a_hold_nobody_waits_for_any_more) {
  auto warehouse = a_stocked_warehouse({{"MUG-1", 10}});
  EXPECT_EQ(code_of(warehouse, a_hold(1, "MUG-1", 1), now + 1min), "");
  EXPECT_EQ(code_of(warehouse, a_hold(1, "MUG-1", 1), now + 1min + 1ms), "hold-too-late");
}

TEST(Location, allocates_what_it_holds) {
  auto warehouse = a_stocked_warehouse({{"MUG-1", 10}});
  carry_out(warehouse, a_hold(1, "MUG-1", 4));
  carry_out(warehouse, allocation(1));
  EXPECT_EQ(row(warehouse, "MUG-1"), (Row{10, 0, 4}));
  EXPECT_EQ(events_of(warehouse, allocation(1)), 0U);
  EXPECT_EQ(code_of(warehouse, allocation(2)), "hold-unknown");
}

TEST(Location, frees_held_and_allocated_units_alike) {
  auto warehouse = a_stocked_warehouse({{"MUG-1", 10}});
  carry_out(warehouse, a_hold(1, "MUG-1", 4));
  carry_out(warehouse, a_hold(2, "MUG-1", 3));
  carry_out(warehouse, allocation(2));
  carry_out(warehouse, release(1));
  EXPECT_EQ(row(warehouse, "MUG-1"), (Row{10, 0, 3}));
  carry_out(warehouse, release(2));
  EXPECT_EQ(row(warehouse, "MUG-1"), (Row{10, 0, 0}));
  EXPECT_TRUE(warehouse.claims.empty());
}

TEST(Location, frees_once_however_often_it_is_asked) {
  auto warehouse = a_stocked_warehouse({{"MUG-1", 10}});
  carry_out(warehouse, a_hold(1, "MUG-1", 4));
  carry_out(warehouse, release(1));
  EXPECT_EQ(events_of(warehouse, release(1)), 0U);
  EXPECT_EQ(events_of(warehouse, release(1), now + 2min), 0U);
}

TEST(Location, issues_a_claim_in_parts_and_none_of_them_twice) {
  auto store = a_stocked_warehouse({{"MUG-1", 10}});
  carry_out(store, a_hold(1, "MUG-1", 4));
  carry_out(store, allocation(1));
  auto left = [](std::int32_t units) { return Issue{test::order_id(1), 0, {{1, test::sku("MUG-1"), Quantity{units}}}}; };
  carry_out(store, left(1));
  EXPECT_EQ(row(store, "MUG-1"), (Row{9, 0, 3}));
  EXPECT_EQ(events_of(store, left(1)), 0U) << "said twice";
  carry_out(store, left(3));
  EXPECT_EQ(row(store, "MUG-1"), (Row{7, 0, 1})) << "three have left in all";
  EXPECT_EQ(events_of(store, left(1)), 0U) << "an older word that comes late";
  carry_out(store, Issue{test::order_id(1), 0});
  EXPECT_EQ(row(store, "MUG-1"), (Row{6, 0, 0}));
  EXPECT_TRUE(store.claims.empty());
}

TEST(Location, frees_what_is_not_wanted_of_a_claim_of_which_a_part_has_left_whichever_it_hears_of_first) {
  const stock::Command issue = Issue{test::order_id(1), 0, {{1, test::sku("MUG-1"), Quantity{1}}}}, shrink = Shrink{test::order_id(1), 0, {{1, test::sku("MUG-1"), Quantity{1}}}, Effect::none};
  for (bool issue_first : {true, false}) {
    auto store = a_stocked_warehouse({{"MUG-1", 10}});
    carry_out(store, a_hold(1, "MUG-1", 4));
    carry_out(store, allocation(1));
    for (const auto& command : issue_first ? std::vector{issue, shrink, issue, shrink} : std::vector{shrink, issue, shrink, issue})
      carry_out(store, command);
    EXPECT_EQ(row(store, "MUG-1"), (Row{9, 0, 0}));
    EXPECT_TRUE(store.claims.empty());
    check_counters(store);
  }
}

TEST(Location, refuses_a_hold_that_comes_after_its_release) {
  auto warehouse = a_stocked_warehouse({{"MUG-1", 10}});
  carry_out(warehouse, release(1));
  EXPECT_EQ(code_of(warehouse, a_hold(1, "MUG-1", 1)), "hold-barred");
  EXPECT_EQ(code_of(warehouse, a_hold(2, "MUG-1", 1)), "");
  EXPECT_EQ(events_of(warehouse, release(1)), 0U);
}

TEST(Location, does_not_take_a_second_copy_of_a_hold_that_was_released) {
  auto warehouse = a_stocked_warehouse({{"MUG-1", 10}});
  carry_out(warehouse, a_hold(1, "MUG-1", 1));
  carry_out(warehouse, release(1));
  EXPECT_EQ(code_of(warehouse, a_hold(1, "MUG-1", 1)), "hold-barred");
}

TEST(Location, writes_nothing_for_a_late_release_of_nothing) {
  auto warehouse = a_stocked_warehouse({});
  EXPECT_EQ(events_of(warehouse, release(1), now + 2min), 0U);
}

TEST(Location, forgets_bars_whose_time_has_passed) {
  auto warehouse = a_stocked_warehouse({});
  carry_out(warehouse, Release{order_id(1), 0, now + 1min});
  carry_out(warehouse, Release{order_id(2), 0, now + 1h});
  carry_out(warehouse, Release{order_id(1), 0, now + 2min}, now + 30s); // a longer bar replaces the shorter one
  EXPECT_EQ(warehouse.barred.size(), 2U);
  carry_out(warehouse, Release{order_id(3), 0, now + 1h}, now + 3min);
  EXPECT_EQ(warehouse.barred.size(), 2U);
  EXPECT_FALSE(warehouse.barred.contains({order_id(1), 0}));
  check_counters(warehouse);
}

TEST(Location, receives_into_its_own_stock_unless_told_otherwise) {
  auto warehouse = a_stocked_warehouse({});
  carry_out(warehouse, Receive{"ASN-2", {{{{}, test::sku("MUG-1")}, 5}, {{test::entity("GUEST"), test::sku("MUG-1")}, 2}}});
  EXPECT_EQ(row(warehouse, "MUG-1").on_hand, 5);
  EXPECT_EQ(row_of(warehouse, {test::entity("GUEST"), test::sku("MUG-1")}).on_hand, 2);
}

TEST(Location, refuses_receipts_that_are_no_counts) {
  auto warehouse = a_stocked_warehouse({{"MUG-1", INT32_MAX - 1}});
  auto receipt = [](std::int32_t units) { return Receive{"ASN-2", {{{{}, test::sku("BOWL-1")}, 1}, {{{}, test::sku("MUG-1")}, units}}}; };
  EXPECT_EQ(code_of(warehouse, receipt(0)), "quantity-invalid");
  EXPECT_EQ(code_of(warehouse, receipt(-3)), "quantity-invalid");
  EXPECT_EQ(code_of(warehouse, receipt(2)), "quantity-invalid");
  EXPECT_EQ(code_of(warehouse, receipt(1)), "");
  EXPECT_EQ(decide(warehouse, receipt(0), now).error().details.front().pointer, "/lines/1/quantity");
  EXPECT_EQ(code_of(warehouse, Receive{"ASN-2", {}}), "quantity-invalid");
}

TEST(Location, does_nothing_before_it_is_defined) {
  State nowhere;
  EXPECT_EQ(code_of(nowhere, a_hold(1, "MUG-1", 1)), "location-unknown");
  EXPECT_EQ(code_of(nowhere, allocation(1)), "location-unknown");
  EXPECT_EQ(code_of(nowhere, Receive{"ASN-1", {{{{}, test::sku("MUG-1")}, 5}}}), "location-unknown");
  EXPECT_EQ(code_of(nowhere, release(1)), "");
}

TEST(Location, is_defined_anew_under_its_own_name_only) {
  auto warehouse = a_stocked_warehouse({});
  EXPECT_EQ(events_of(warehouse, Define{a_warehouse()}), 0U);
  auto renamed = a_warehouse();
  renamed.name = "Northern DC";
  EXPECT_EQ(events_of(warehouse, Define{renamed}), 1U);
  EXPECT_EQ(code_of(warehouse, Define{a_warehouse("DC-2")}), "name-taken");
}

TEST(Location, needs_a_name_an_owner_and_a_place_on_earth) {
  stock::Profile profile{.code = test::location("DC"), .name = "", .owner = {}, .latitude = 90'000'001, .longitude = -180'000'001};
  auto decision = decide(State{}, Define{profile}, now);
  ASSERT_FALSE(decision);
  EXPECT_EQ(decision.error().code, "location-invalid");
  EXPECT_EQ(decision.error().details.size(), 4U);
}

TEST(Location, has_a_word_for_every_type) {
  EXPECT_EQ(name_of(Type::warehouse), "warehouse");
  EXPECT_EQ(type_from("store"), Type::store);
  EXPECT_FALSE(type_from("shop"));
}

TEST(Location, notices_events_that_contradict_each_other) {
  auto warehouse = a_stocked_warehouse({{"MUG-1", 1}});
  EXPECT_THROW(evolve(warehouse, Held{order_id(1), 0, test::entity("SHOP"), {{1, test::sku("MUG-1"), Quantity{2}}}}, now), BrokenInvariant);
  EXPECT_THROW(evolve(warehouse, Allocated{order_id(9), 0}, now), BrokenInvariant);
  EXPECT_THROW(evolve(warehouse, Released{order_id(9), 0}, now), BrokenInvariant);
}

Receive receipt(const std::string& reference, std::int32_t units) { return {reference, {{{{}, test::sku("MUG-1")}, units}}}; }
TakeBack taken_back(const std::string& reference, std::int32_t units) { return {reference, {{{{}, test::sku("MUG-1")}, units}}}; }

TEST(Location, books_a_delivery_note_once_however_often_it_is_sent) {
  auto warehouse = a_stocked_warehouse({{"MUG-1", 10}});
  carry_out(warehouse, receipt("ASN-7", 5));
  EXPECT_EQ(events_of(warehouse, receipt("ASN-7", 5)), 0U);
  EXPECT_EQ(events_of(warehouse, receipt("ASN-7", 5), now + 1h), 0U);
  EXPECT_EQ(events_of(warehouse, receipt("ASN-8", 5)), 1U);
}

TEST(Location, refuses_other_units_under_a_reference_that_it_has_booked) {
  auto warehouse = a_stocked_warehouse({{"MUG-1", 10}});
  carry_out(warehouse, receipt("ASN-7", 5));
  EXPECT_EQ(code_of(warehouse, receipt("ASN-7", 6)), "reference-reused");
  EXPECT_EQ(code_of(warehouse, Receive{"ASN-7", {{{test::entity("GUEST"), test::sku("MUG-1")}, 5}}}), "reference-reused");
  carry_out(warehouse, taken_back("R-1", 1));
  EXPECT_EQ(code_of(warehouse, taken_back("R-1", 2)), "reference-reused");
}

TEST(Location, knows_a_delivery_note_again_whose_lines_stand_in_another_order) {
  auto warehouse = a_stocked_warehouse({{"MUG-1", 10}});
  Movement mugs{{{}, test::sku("MUG-1")}, 5}, bowls{{test::entity("SHOP"), test::sku("BOWL-1")}, 3};
  carry_out(warehouse, Receive{"ASN-7", {mugs, bowls}});
  EXPECT_EQ(events_of(warehouse, Receive{"ASN-7", {bowls, mugs}}), 0U);
}

TEST(Location, takes_a_return_back_once_and_a_receipt_of_the_same_name_beside_it) {
  auto warehouse = a_stocked_warehouse({{"MUG-1", 10}});
  carry_out(warehouse, receipt("7", 5));
  EXPECT_EQ(events_of(warehouse, taken_back("7", 2)), 1U);
  carry_out(warehouse, taken_back("7", 2));
  EXPECT_EQ(events_of(warehouse, taken_back("7", 2)), 0U);
  EXPECT_EQ(row(warehouse, "MUG-1").on_hand, 17);
}

TEST(Location, books_every_receipt_that_has_no_reference) {
  auto warehouse = a_stocked_warehouse({{"MUG-1", 10}});
  carry_out(warehouse, receipt("", 5));
  carry_out(warehouse, receipt("", 5));
  carry_out(warehouse, taken_back("", 5));
  carry_out(warehouse, taken_back("", 5));
  EXPECT_EQ(row(warehouse, "MUG-1").on_hand, 30);
}

TEST(Location, a_refused_receipt_does_not_spend_its_reference) {
  auto warehouse = a_stocked_warehouse({{"MUG-1", 10}});
  EXPECT_EQ(code_of(warehouse, receipt("ASN-7", 0)), "quantity-invalid");
  EXPECT_EQ(events_of(warehouse, receipt("ASN-7", 5)), 1U);
}

TEST(Location, forgets_the_oldest_reference_when_it_knows_too_many) {
  auto warehouse = a_stocked_warehouse({});
  auto named = [](std::size_t n) { return receipt("NOTE-" + std::to_string(n), 1); };
  const auto first = warehouse.references.slots().size(); // what the warehouse was stocked with has a reference, too
  for (std::size_t n = first; n < remembered_references; ++n)
    carry_out(warehouse, named(n));
  EXPECT_EQ(events_of(warehouse, named(first)), 0U);
  carry_out(warehouse, named(remembered_references));
  carry_out(warehouse, named(remembered_references + 1));
  EXPECT_EQ(warehouse.references.slots().size(), remembered_references);
  EXPECT_EQ(events_of(warehouse, named(first)), 1U) << "the oldest is forgotten";
  EXPECT_EQ(events_of(warehouse, named(first + 2)), 0U);
  EXPECT_EQ(events_of(warehouse, named(remembered_references + 1)), 0U);
}

TEST(Location, replays_a_history_in_which_a_reference_was_booked_twice) { // before references counted
  auto warehouse = a_stocked_warehouse({{"MUG-1", 10}});
  Movement mugs{{test::entity("SHOP"), test::sku("MUG-1")}, 5}, more{{test::entity("SHOP"), test::sku("MUG-1")}, 6};
  evolve(warehouse, Received{"ASN-7", {mugs}}, now);
  evolve(warehouse, Received{"ASN-7", {more}}, now);
  EXPECT_EQ(row(warehouse, "MUG-1").on_hand, 21);
  EXPECT_EQ(events_of(warehouse, receipt("ASN-7", 6)), 0U) << "what came last counts";
}

// ---- opening hours -------------------------------------------------------------------------------------------------

/// Open from 10 to 20 o'clock.
Profile a_shop_of_ten_hours() {
  auto place = test::a_store();
  place.opens = 10 * 60;
  place.closes = 20 * 60;
  return place;
}

TEST(Location, worked_s4_two_hours_of_work_are_done_in_the_opening_hours) {
  const auto place = a_shop_of_ten_hours();
  EXPECT_EQ(done_in_opening_hours(place, test::at("2026-03-10T09:00:00Z"), 2h), test::at("2026-03-10T12:00:00Z"));
  EXPECT_EQ(done_in_opening_hours(place, test::at("2026-03-10T19:30:00Z"), 2h), test::at("2026-03-11T12:00:00Z"));
}

TEST(Location, work_that_comes_in_while_it_is_open_begins_at_once_and_may_end_at_the_last_minute) {
  const auto place = a_shop_of_ten_hours();
  EXPECT_EQ(done_in_opening_hours(place, test::at("2026-03-10T10:00:00Z"), 2h), test::at("2026-03-10T12:00:00Z"));
  EXPECT_EQ(done_in_opening_hours(place, test::at("2026-03-10T18:00:00Z"), 2h), test::at("2026-03-10T20:00:00Z"));
  EXPECT_EQ(done_in_opening_hours(place, test::at("2026-03-10T18:00:00.001Z"), 2h), test::at("2026-03-11T12:00:00Z"));
  EXPECT_EQ(done_in_opening_hours(place, test::at("2026-03-10T23:59:00Z"), 2h), test::at("2026-03-11T12:00:00Z"));
}

TEST(Location, a_place_without_hours_is_always_open) {
  EXPECT_EQ(done_in_opening_hours(test::a_warehouse(), test::at("2026-03-10T23:30:00Z"), 2h), test::at("2026-03-11T01:30:00Z"));
}

// ---- how many orders a place sends on one day -----------------------------------------------------------------------

/// A store with room for `orders_a_day`, of which `used` are taken.
State a_store_that_sends(std::int32_t orders_a_day, int used) {
  auto store = a_stocked_warehouse({{"MUG-1", 1'000}});
  auto profile = store.profile;
  profile.orders_a_day = orders_a_day;
  carry_out(store, Define{profile});
  for (int order = 1; order <= used; ++order)
    carry_out(store, test::a_hold_to_send(order, "MUG-1", 1));
  return store;
}

TEST(Location, worked_s3_of_ten_orders_at_once_the_last_slot_of_fifty_goes_to_one_and_nine_look_elsewhere) {
  auto store = a_store_that_sends(50, 49);
  EXPECT_EQ(capacity_left(store, now), 1);
  int taken = 0, refused = 0;
  for (int order = 50; order < 60; ++order) {
    auto decision = decide(store, test::a_hold_to_send(order, "MUG-1", 1), now);
    ++(decision ? taken : refused);
    EXPECT_TRUE(decision || decision.error().code == "no-capacity");
    if (decision)
      test::apply(store, decision);
  }
  EXPECT_EQ(std::pair(taken, refused), std::pair(1, 9));
  EXPECT_EQ(row(store, "MUG-1").held, 50) << "who gets no slot holds nothing";
  EXPECT_EQ(capacity_left(store, now), 0);
  check_counters(store);
}

TEST(Location, a_pickup_takes_no_slot_and_a_place_without_a_limit_sends_all) {
  auto store = a_store_that_sends(1, 1);
  EXPECT_EQ(code_of(store, a_hold(2, "MUG-1", 1)), "");
  EXPECT_EQ(code_of(store, test::a_hold_to_send(2, "MUG-1", 1)), "no-capacity");
  auto warehouse = a_store_that_sends(0, 40);
  EXPECT_EQ(code_of(warehouse, test::a_hold_to_send(41, "MUG-1", 1)), "");
  EXPECT_EQ(capacity_left(warehouse, now), std::nullopt);
}

TEST(Location, a_hold_asked_again_takes_no_second_slot) {
  auto store = a_store_that_sends(2, 1);
  EXPECT_EQ(events_of(store, test::a_hold_to_send(1, "MUG-1", 1)), 0U);
  carry_out(store, test::a_hold_to_send(2, "MUG-1", 1));
  EXPECT_EQ(events_of(store, test::a_hold_to_send(2, "MUG-1", 1)), 0U) << "full, and still the same answer";
}

TEST(Location, an_order_that_goes_elsewhere_gives_its_slot_back_and_one_that_was_sent_does_not) {
  auto store = a_store_that_sends(3, 3);
  carry_out(store, release(1));
  EXPECT_EQ(capacity_left(store, now), 1);
  carry_out(store, Shrink{order_id(2), 0, {}, Effect::none});
  EXPECT_EQ(capacity_left(store, now), 2);
  carry_out(store, Issue{order_id(3), 0});
  EXPECT_EQ(capacity_left(store, now), 2);
  carry_out(store, release(3));
  EXPECT_EQ(capacity_left(store, now), 2);
  check_counters(store);
}

TEST(Location, an_order_of_which_some_units_stay_keeps_its_slot) {
  auto store = a_store_that_sends(1, 0);
  carry_out(store, test::a_hold_to_send(1, "MUG-1", 3));
  carry_out(store, Shrink{order_id(1), 0, {{1, test::sku("MUG-1"), Quantity{2}}}, Effect::none});
  EXPECT_EQ(capacity_left(store, now), 0);
}

TEST(Location, every_day_has_slots_of_its_own) {
  auto store = a_store_that_sends(2, 2);
  const auto midnight = std::chrono::ceil<std::chrono::days>(now);
  EXPECT_EQ(capacity_left(store, midnight - 1ms), 0);
  EXPECT_EQ(capacity_left(store, midnight), 2);
  auto hold = test::a_hold_to_send(3, "MUG-1", 1);
  hold.not_after = midnight + 1min;
  EXPECT_EQ(code_of(store, hold, midnight - 1ms), "no-capacity");
  carry_out(store, hold, midnight);
  EXPECT_EQ(capacity_left(store, midnight), 1);
  carry_out(store, release(1), midnight); // yesterday's slot is of no use today
  EXPECT_EQ(capacity_left(store, midnight), 1);
  check_counters(store);
}

TEST(Location, a_limit_that_is_lowered_below_what_is_taken_leaves_no_slot) {
  auto store = a_store_that_sends(5, 4);
  auto profile = store.profile;
  profile.orders_a_day = 2;
  carry_out(store, Define{profile});
  EXPECT_EQ(capacity_left(store, now), 0);
  profile.orders_a_day = -1;
  EXPECT_EQ(code_of(store, Define{profile}), "location-invalid");
}

// ---- what a rejection says of the stock ----------------------------------------------------------------------------

/// Ten mugs, four of them held for an order that the place then gives up for this reason.
Row after_giving_up(fulfilment::Reason reason) {
  auto store = a_stocked_warehouse({{"MUG-1", 10}});
  carry_out(store, a_hold(1, "MUG-1", 4));
  carry_out(store, allocation(1));
  carry_out(store, Shrink{order_id(1), 0, {}, fulfilment::effect_of(reason)});
  check_counters(store);
  return row(store, "MUG-1");
}

TEST(Location, what_is_not_in_stock_is_promised_to_nobody_until_somebody_has_counted) {
  auto mugs = after_giving_up(fulfilment::Reason::not_in_stock);
  EXPECT_EQ(mugs.available(), 0);
  EXPECT_EQ(mugs.on_hand, 10) << "a wrong reason chosen in a hurry does not corrupt the count";
}

TEST(Location, what_is_not_what_the_order_says_is_not_promised_and_the_rest_is) {
  auto mugs = after_giving_up(fulfilment::Reason::mismatch);
  EXPECT_EQ(mugs, (Row{10, 0, 0, 4, 0}));
  EXPECT_EQ(mugs.available(), 6);
}

TEST(Location, what_is_damaged_moves_to_the_damaged_units) {
  auto mugs = after_giving_up(fulfilment::Reason::damaged);
  EXPECT_EQ(mugs, (Row{10, 0, 0, 0, 4}));
  EXPECT_EQ(mugs.available(), 6);
}

TEST(Location, every_other_reason_leaves_the_units_to_be_sold) {
  using enum fulfilment::Reason;
  for (auto reason : {too_busy, no_capacity, closed, customer_choice, other, no_answer, not_collected, cancelled})
    EXPECT_EQ(after_giving_up(reason), (Row{10, 0, 0, 0, 0})) << fulfilment::name_of(reason);
}

} // namespace
} // namespace entrepot::stock
