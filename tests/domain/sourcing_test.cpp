// Which places ship an order, and what is said about the others. Money in pence.
#include <gtest/gtest.h>

#include <algorithm>

#include "domain/channel/channel.hpp"
#include "domain/sourcing/decision.hpp"
#include "tests/support/definitions.hpp"

namespace entrepot {
namespace {

using namespace std::chrono_literals;
using sourcing::After;
using sourcing::Demand;
using sourcing::Outcome;
using sourcing::Place;
using sourcing::Rule;
using sourcing::Sort;

constexpr std::int32_t any_number = std::numeric_limits<std::int32_t>::max();

/// So many kilometres north of the customer, who lives on the equator: a degree is 111.195 km.
Place a_place(std::string_view code, double km, std::vector<std::int32_t> available, std::int32_t capacity = any_number, stock::Type type = stock::Type::store) {
  auto profile = test::a_store();
  profile.code = test::location(code);
  profile.type = type;
  profile.latitude = static_cast<std::int32_t>(km / 111.195 * 1e6);
  profile.longitude = 0;
  profile.opens = profile.closes = 0;
  return {.profile = std::make_shared<const stock::Profile>(std::move(profile)), .available = std::move(available), .capacity_left = capacity};
}

Demand a_demand(std::vector<std::pair<std::int32_t, std::int64_t>> units_and_values) {
  Demand demand{.lines = {}, .to = stock::Point{0, 0}, .seller = test::entity("SHOP"), .since = test::now};
  for (const auto& [units, value] : units_and_values) {
    auto line = static_cast<std::int32_t>(demand.lines.size()) + 1;
    demand.lines.push_back({line, test::sku("SKU-" + std::to_string(line)), Quantity{units}, test::money(value), {}});
  }
  return demand;
}

sourcing::Choice choose(const Demand& demand, std::vector<Rule> rules, const std::vector<Place>& places, std::int32_t most_attempts = 5) {
  return sourcing::choose(demand, {.rules = std::move(rules), .most_attempts = most_attempts}, places, test::now);
}

/// "DC:1x2,2x1 LEEDS:3x1": each place with line x units.
std::string parts_of(const sourcing::Choice& choice) {
  std::string text;
  for (const auto& part : choice.parts) {
    text += (text.empty() ? "" : " ") + part.location.text();
    for (std::size_t i = 0; i < part.lines.size(); ++i)
      text += (i == 0 ? ":" : ",") + std::to_string(part.lines[i].line) + "x" + std::to_string(part.lines[i].quantity.units());
  }
  return text;
}

std::vector<std::string> against(const sourcing::Choice& choice, std::string_view code) {
  auto found = std::ranges::find(choice.candidates, test::location(code), &sourcing::Considered::location);
  return found == choice.candidates.end() ? std::vector<std::string>{"not listed"} : found->against;
}

const Rule nearest{.name = "nearest", .sort = {Sort::distance}};

// ---- worked numbers --------------------------------------------------------------------------------------------------------------------------

TEST(Sourcing, worked_s1_a_cheap_line_is_not_sent_alone) {
  const std::vector<Place> places{a_place("A", 5, {1, 0}), a_place("B", 80, {1, 1}, any_number, stock::Type::warehouse)};
  const Rule fastest{.name = "fastest", .sort = {Sort::distance}, .first_come = true, .least_part = 5000};
  EXPECT_EQ(parts_of(choose(a_demand({{1, 4000}, {1, 8000}}), {fastest}, places)), "B:1x1,2x1") << "40.00 is below the threshold: all from B";
  EXPECT_EQ(parts_of(choose(a_demand({{1, 6000}, {1, 8000}}), {fastest}, places)), "A:1x1 B:2x1") << "60.00 is worth a parcel";
}

TEST(Sourcing, worked_s2_routing) {
  const std::vector<Place> places{a_place("A", 5, {1}, 0), a_place("B", 12, {3}, 4), a_place("C", 90, {9}, 9)};
  auto demand = a_demand({{2, 2000}});
  Rule rule = nearest;
  rule.keep_back = 1;
  auto first = choose(demand, {rule}, places);
  EXPECT_EQ(parts_of(first), "B:1x2");
  EXPECT_EQ(against(first, "A"), (std::vector<std::string>{"no-capacity", "short"}));
  EXPECT_EQ(against(first, "C"), std::vector<std::string>{"farther"});
  EXPECT_EQ(first.candidates.front().metres / 1000, 12);

  demand.barred = {{test::location("B"), 0}}; // B has rejected it
  EXPECT_EQ(parts_of(choose(demand, {rule}, places)), "C:1x2");
}

// ---- one place or several --------------------------------------------------------------------------------------------------------------------

TEST(Sourcing, one_place_that_has_everything_comes_before_two_nearer_ones) {
  const std::vector<Place> places{a_place("A", 1, {1, 0}), a_place("B", 2, {0, 1}), a_place("C", 300, {1, 1})};
  EXPECT_EQ(parts_of(choose(a_demand({{1, 1000}, {1, 1000}}), {{.name = "any", .sort = {Sort::distance}, .otherwise = After::split}}, places)), "C:1x1,2x1");
}

TEST(Sourcing, an_order_is_split_only_where_a_rule_says_so_and_into_as_few_parts_as_possible) {
  const std::vector<Place> places{a_place("A", 1, {1, 0, 0}), a_place("B", 2, {0, 1, 0}), a_place("C", 3, {0, 0, 1}), a_place("D", 40, {1, 1, 0})};
  auto demand = a_demand({{1, 1000}, {1, 1000}, {1, 1000}});
  EXPECT_EQ(choose(demand, {nearest}, places).outcome, Outcome::nothing);
  Rule split = nearest;
  split.otherwise = After::split;
  split.most_parts = 3;
  EXPECT_EQ(parts_of(choose(demand, {split}, places)), "C:3x1 D:1x1,2x1") << "two parts, though three would be nearer";
  split.most_parts = 1;
  EXPECT_EQ(choose(demand, {split}, places).outcome, Outcome::nothing);
}

TEST(Sourcing, a_line_is_divided_if_nobody_has_it_whole) {
  const std::vector<Place> places{a_place("A", 1, {2}), a_place("B", 2, {3}), a_place("C", 3, {1})};
  Rule split = nearest;
  split.otherwise = After::split;
  split.most_parts = 3;
  EXPECT_EQ(parts_of(choose(a_demand({{5, 5000}}), {split}, places)), "B:1x3 A:1x2");
  EXPECT_EQ(choose(a_demand({{7, 7000}}), {split}, places).outcome, Outcome::nothing) << "six lie there";
}

TEST(Sourcing, no_part_is_worth_less_than_the_rule_allows) {
  const std::vector<Place> places{a_place("A", 1, {1, 0}), a_place("B", 2, {0, 1})};
  Rule split = nearest;
  split.otherwise = After::split;
  split.least_part = 5000;
  EXPECT_EQ(choose(a_demand({{1, 4999}, {1, 9000}}), {split}, places).outcome, Outcome::nothing);
  EXPECT_EQ(parts_of(choose(a_demand({{1, 5000}, {1, 9000}}), {split}, places)), "A:1x1 B:2x1");
}

TEST(Sourcing, lines_with_one_sku_share_what_is_there) {
  auto demand = a_demand({{1, 1000}, {1, 1000}});
  demand.lines[1].sku = demand.lines[0].sku;
  EXPECT_EQ(choose(demand, {nearest}, {a_place("A", 1, {1, 1})}).outcome, Outcome::nothing);
  EXPECT_EQ(parts_of(choose(demand, {nearest}, {a_place("A", 1, {2, 2})})), "A:1x1,2x1");
}

// ---- filters and sorts -------------------------------------------------------------------------------------------------------------------------

TEST(Sourcing, every_filter_says_why_a_place_is_out_of_the_question) {
  auto far = a_place("FAR", 60, {1}), closed = a_place("CLOSED", 1, {1}), foreign = a_place("FOREIGN", 1, {1}), other = a_place("OTHER", 1, {1}), stale = a_place("STALE", 1, {1});
  auto change = [](Place& place, auto edit) {
    auto profile = *place.profile;
    edit(profile);
    place.profile = std::make_shared<const stock::Profile>(std::move(profile));
  };
  for (auto* place : {&far, &closed, &foreign, &stale})
    change(*place, [](stock::Profile& profile) { profile.groups = {"north"}; });
  change(closed, [](stock::Profile& profile) { profile.opens = 0, profile.closes = 60; }); // it is nine o'clock
  change(foreign, [](stock::Profile& profile) { profile.owner = test::entity("PARTNER"); });
  stale.is_stale = true;
  const Rule rule{.name = "all", .groups = {"north"}, .within_km = 50, .open_now = true, .own_stock = true, .sort = {Sort::distance}};
  auto choice = choose(a_demand({{1, 1000}}), {rule}, {far, closed, foreign, other, stale});
  EXPECT_EQ(choice.outcome, Outcome::nothing);
  EXPECT_EQ(against(choice, "FAR"), std::vector<std::string>{"too-far"});
  EXPECT_EQ(against(choice, "CLOSED"), std::vector<std::string>{"closed"});
  EXPECT_EQ(against(choice, "FOREIGN"), std::vector<std::string>{"other-owner"});
  EXPECT_EQ(against(choice, "OTHER"), std::vector<std::string>{"other-group"});
  EXPECT_EQ(against(choice, "STALE"), std::vector<std::string>{"stock-stale"});
}

TEST(Sourcing, who_gives_no_place_is_near_to_none) {
  auto demand = a_demand({{1, 1000}});
  demand.to.reset();
  Rule near = nearest;
  near.within_km = 50;
  auto choice = choose(demand, {near}, {a_place("A", 1, {1})});
  EXPECT_EQ(choice.outcome, Outcome::nothing);
  EXPECT_EQ(against(choice, "A"), std::vector<std::string>{"distance-unknown"});
  EXPECT_EQ(parts_of(choose(demand, {near, {.name = "anywhere"}}, {a_place("A", 1, {1})})), "A:1x1");
}

TEST(Sourcing, each_sort_prefers_what_it_says) {
  auto cheap = a_place("CHEAP", 9, {5}), near = a_place("NEAR", 1, {5}), full = a_place("FULL", 9, {50}), old = a_place("OLD", 9, {5});
  for (auto* place : {&cheap, &near, &full, &old}) {
    auto profile = *place->profile;
    profile.parcel_cost = place == &cheap ? 100 : 400;
    place->profile = std::make_shared<const stock::Profile>(std::move(profile));
    place->oldest = test::now - (place == &old ? 90 * 24h : 24h);
  }
  auto by = [&](Sort sort) { return parts_of(choose(a_demand({{1, 1000}}), {{.name = "one", .sort = {sort}}}, {cheap, near, full, old})); };
  EXPECT_EQ(by(Sort::cost), "CHEAP:1x1");
  EXPECT_EQ(by(Sort::distance), "NEAR:1x1");
  EXPECT_EQ(by(Sort::balance), "FULL:1x1");
  EXPECT_EQ(by(Sort::ageing_stock), "OLD:1x1");
  auto late = a_place("A-LATE", 1, {5});
  auto profile = *late.profile;
  profile.opens = 10 * 60, profile.closes = 20 * 60; // it is nine: ready at twelve
  late.profile = std::make_shared<const stock::Profile>(std::move(profile));
  EXPECT_EQ(parts_of(choose(a_demand({{1, 1000}}), {{.name = "one", .sort = {Sort::promise}}}, {late, a_place("EARLY", 80, {5})})), "EARLY:1x1");
}

TEST(Sourcing, the_first_rule_with_an_answer_decides) {
  auto dc = a_place("DC", 200, {0}, any_number, stock::Type::warehouse);
  const Rule warehouses{.name = "warehouses", .within_km = 500, .keep_back = 5};
  auto choice = choose(a_demand({{1, 1000}}), {warehouses, nearest}, {dc, a_place("A", 5, {1})});
  EXPECT_EQ(parts_of(choice), "A:1x1");
  EXPECT_EQ(choice.rule, "nearest");
}

// ---- when nobody has it ---------------------------------------------------------------------------------------------------------------------------

TEST(Sourcing, an_order_waits_for_one_place_and_is_then_split) {
  const std::vector<Place> places{a_place("A", 1, {1, 0}), a_place("B", 2, {0, 1})};
  const Rule wait{.name = "wait", .otherwise = After::wait, .patience = 4h};
  Rule split = nearest;
  split.otherwise = After::split;
  auto demand = a_demand({{1, 1000}, {1, 1000}});
  auto now = choose(demand, {wait, split}, places);
  EXPECT_EQ(now.outcome, Outcome::wait);
  EXPECT_EQ(now.until, test::now + 4h);
  EXPECT_TRUE(now.parts.empty());
  demand.since = test::now - 4h;
  EXPECT_EQ(parts_of(choose(demand, {wait, split}, places)), "A:1x1 B:2x1");
}

TEST(Sourcing, what_nobody_has_is_promised_for_later_and_the_rest_is_sent) {
  const Rule later{.name = "later", .sort = {Sort::distance}, .otherwise = After::back_order, .patience = 14 * 24h};
  auto choice = choose(a_demand({{2, 1000}, {1, 1000}}), {later}, {a_place("A", 1, {1, 0})});
  EXPECT_EQ(choice.outcome, Outcome::back_order);
  EXPECT_EQ(parts_of(choice), "A:1x1");
  ASSERT_EQ(choice.missing.size(), 2u);
  EXPECT_EQ(choice.missing[0].quantity, Quantity{1});
  EXPECT_EQ(choice.until, test::now + 14 * 24h);
}

TEST(Sourcing, after_so_many_attempts_nobody_is_asked_any_more) {
  auto demand = a_demand({{1, 1000}});
  demand.attempt = 5;
  EXPECT_EQ(parts_of(choose(demand, {nearest}, {a_place("A", 1, {9})})), "A:1x1");
  demand.attempt = 6;
  EXPECT_EQ(choose(demand, {nearest}, {a_place("A", 1, {9})}).outcome, Outcome::nothing);
  EXPECT_EQ(choose(demand, {nearest, {.name = "later", .otherwise = After::back_order, .patience = 24h}}, {a_place("A", 1, {9})}).outcome, Outcome::back_order);
}

TEST(Sourcing, of_hundreds_of_places_the_best_are_named) {
  std::vector<Place> places;
  for (int i = 0; i < 200; ++i)
    places.push_back(a_place("S" + std::to_string(1000 + i), i, {i == 150 ? 1 : 0}));
  auto choice = choose(a_demand({{1, 1000}}), {nearest}, places);
  EXPECT_EQ(parts_of(choice), "S1150:1x1");
  EXPECT_EQ(choice.candidates.size(), sourcing::max_explained);
  EXPECT_EQ(choice.others, 200 - static_cast<int>(sourcing::max_explained));
}

// ---- a channel's rules -------------------------------------------------------------------------------------------------------------------------------

TEST(Sourcing, rules_that_cannot_work_are_refused_when_the_channel_is_activated) {
  auto channel = test::a_channel();
  channel.delivery.front().ship_from = {};
  EXPECT_EQ(channel::decide({}, channel::Activate{channel}, test::now).error().details.front().pointer, "/delivery/0/ship_from");
  channel.sourcing.rules = {{.name = "a", .otherwise = After::cancel}, {.name = "a", .most_parts = 0, .otherwise = After::wait}};
  auto refused = channel::decide({}, channel::Activate{channel}, test::now);
  std::vector<std::string> pointers;
  for (const auto& detail : refused.error().details)
    pointers.push_back(detail.pointer);
  EXPECT_EQ(pointers, (std::vector<std::string>{"/sourcing/rules/0/otherwise", "/sourcing/rules/1/name", "/sourcing/rules/1/most_parts", "/sourcing/rules/1/patience_seconds"}));
  channel.sourcing.rules = {nearest};
  EXPECT_TRUE(bool(channel::decide({}, channel::Activate{channel}, test::now)));
}

} // namespace
} // namespace entrepot
