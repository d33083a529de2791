// An order whose places are found by rules: two mugs and a bowl, from where they lie.
#include "tests/support/tales.hpp"

namespace entrepot {
namespace {

using namespace test;
using sourcing::After;
using sourcing::Outcome;

using Stock = std::map<std::string, std::map<std::string, std::int32_t>>;

/// What is agreed names no place; paid by account, so that only places decide.
order::Agreement a_sourced_agreement() {
  auto agreement = an_agreement_on_account();
  agreement.delivery.ship_from = {};
  return agreement;
}

const sourcing::Routing one_place{.rules = {{.name = "one place"}}};
const sourcing::Routing two_places{.rules = {{.name = "two places", .otherwise = After::split}}};
const sourcing::Routing or_later{.rules = {{.name = "or later", .otherwise = After::back_order, .patience = 14 * 24h}}};

/// Tells it as in a shop where so much lies; a story cannot be copied once it knows its places.
struct Told {
  Told(const sourcing::Routing& routing, Stock stock) { story.with_places(routing, std::move(stock)).submits(a_sourced_agreement()); }
  Story story;
};

std::vector<std::string> asked(const Story& story) {
  static const std::map<StreamId, std::string> names{{stream_of(location("DC")), "DC"}, {stream_of(location("LEEDS")), "LEEDS"}, {stream_of(location("YORK")), "YORK"}};
  std::vector<std::string> places;
  for (const auto& question : story.questions()) {
    const auto& command = std::get<stock::Command>(question.command);
    static constexpr std::array words{"define", "receive", "hold", "allocate", "release", "shrink", "issue"};
    places.push_back(std::string(words.at(command.index())) + " " + names.at(question.to));
  }
  return places;
}

Rejection short_of_line(int line) { return reject("stock-short", "0 available", {{"/lines/" + std::to_string(line), "stock-short", "0 available"}}); }

void send(Story& story, int place) {
  story.staff(fulfilment::Accept{}, place).all_yes();
  for (const auto& command : std::vector<fulfilment::Command>{fulfilment::StartPick{}, fulfilment::Pick{}, fulfilment::Pack{{{900}}}, fulfilment::Ship{"T-1"}, fulfilment::Deliver{}})
    story.staff(command, place).all_yes();
}

// ---- until the promise ------------------------------------------------------------------------------------------------------------------------

TEST(Sourced, goes_out_from_the_place_that_has_everything) {
  Told told(one_place, {{"DC", {{"MUG-1", 9}}}, {"LEEDS", {{"MUG-1", 2}, {"BOWL-1", 1}}}});
  EXPECT_EQ(asked(told.story), std::vector<std::string>{"hold LEEDS"});
  told.story.all_yes();
  EXPECT_EQ(told.story.status(), order::Status::confirmed);
  EXPECT_EQ(told.story.fulfilment().location, location("LEEDS"));
  EXPECT_EQ(told.story.fulfilment().status, fulfilment::Status::offered) << "a store is asked";
  send(told.story, 0);
  expect_completed(told.story);
}

TEST(Sourced, in_two_parts_is_two_parcels_and_one_promise) {
  Told told(two_places, {{"DC", {{"MUG-1", 2}}}, {"LEEDS", {{"BOWL-1", 1}}}});
  auto& story = told.story;
  EXPECT_EQ(asked(story), (std::vector<std::string>{"hold DC", "hold LEEDS"}));
  story.all_yes();
  EXPECT_EQ(story.status(), order::Status::confirmed);
  ASSERT_EQ(story.family().fulfilments.size(), 2u);
  EXPECT_EQ(story.fulfilment(0).lines.size(), 1u);
  EXPECT_EQ(story.fulfilment(0).status, fulfilment::Status::accepted) << "a warehouse is told";
  EXPECT_EQ(story.fulfilment(1).status, fulfilment::Status::offered);
  send(story, 1);
  EXPECT_EQ(story.status(), order::Status::in_fulfilment) << "the mugs are still to come";
  for (const auto& command : std::vector<fulfilment::Command>{fulfilment::StartPick{}, fulfilment::Pick{}, fulfilment::Pack{{{900}}}, fulfilment::Ship{"T-2"}, fulfilment::Deliver{}})
    story.staff(command, 0).all_yes();
  expect_completed(story);
}

TEST(Sourced, f3_a_place_that_is_short_after_all_is_replaced_before_anything_is_promised) {
  Told told(one_place, {{"DC", {{"MUG-1", 2}, {"BOWL-1", 1}}}, {"LEEDS", {{"MUG-1", 2}, {"BOWL-1", 1}}}});
  told.story.answer(told.story.last_question(), short_of_line(0));
  EXPECT_EQ(asked(told.story), (std::vector<std::string>{"hold DC", "hold LEEDS"}));
  told.story.all_yes();
  EXPECT_EQ(told.story.status(), order::Status::confirmed);
  EXPECT_EQ(told.story.fulfilment(1).location, location("LEEDS"));
  EXPECT_FALSE(told.story.family().fulfilments.contains(child::first_fulfilment)) << "who has refused has no work";
}

TEST(Sourced, f3_nobody_has_it_so_nothing_is_promised_and_what_was_held_is_freed) {
  Told told(two_places, {{"DC", {{"MUG-1", 2}}}, {"LEEDS", {{"BOWL-1", 1}}}});
  auto& story = told.story;
  auto dc = story.questions()[0], leeds = story.questions()[1];
  story.answer(dc, {}).answer(leeds, short_of_line(0));
  EXPECT_EQ(story.status(), order::Status::rejected);
  EXPECT_EQ(story.family().order.why_rejected->code, "stock-short");
  EXPECT_EQ(story.family().order.why_rejected->details.front().pointer, "/lines/1") << "the bowl";
  EXPECT_EQ(asked(story).back(), "release DC");
  story.yes();
  EXPECT_EQ(story.wake_up(), std::nullopt);
}

TEST(Sourced, an_order_that_nobody_can_send_is_rejected_at_once) {
  Told told(one_place, {{"DC", {{"MUG-1", 1}}}});
  EXPECT_EQ(told.story.status(), order::Status::rejected);
  EXPECT_TRUE(told.story.questions().empty());
  EXPECT_EQ(told.story.wake_up(), std::nullopt);
}

TEST(Sourced, waits_for_one_place_and_is_split_when_the_time_is_over) {
  const sourcing::Routing routing{.rules = {{.name = "wait", .otherwise = After::wait, .patience = 4h}, {.name = "two places", .otherwise = After::split}}};
  Told told(routing, {{"DC", {{"MUG-1", 2}}}, {"LEEDS", {{"BOWL-1", 1}}}});
  EXPECT_EQ(told.story.status(), order::Status::submitted);
  EXPECT_TRUE(told.story.questions().empty());
  auto events = told.story.events();
  told.story.silence(3h);
  EXPECT_EQ(told.story.events(), events) << "looking in vain again is no news";
  told.story.silence(1h);
  EXPECT_EQ(asked(told.story), (std::vector<std::string>{"hold DC", "hold LEEDS"}));
}

TEST(Sourced, waits_for_one_place_and_takes_the_units_that_come) {
  const sourcing::Routing routing{.rules = {{.name = "wait", .otherwise = After::wait, .patience = 4h}, {.name = "two places", .otherwise = After::split}}};
  Told told(routing, {{"DC", {{"MUG-1", 2}}}, {"LEEDS", {{"BOWL-1", 1}}}});
  told.story.silence(1h).units_come("DC", "BOWL-1", 1);
  EXPECT_EQ(asked(told.story), std::vector<std::string>{"hold DC"});
}

TEST(Sourced, what_nobody_has_comes_later_and_the_rest_is_sent) {
  Told told(or_later, {{"DC", {{"MUG-1", 2}}}});
  auto& story = told.story;
  story.all_yes();
  EXPECT_EQ(story.status(), order::Status::confirmed);
  EXPECT_EQ(story.units(0).held, Quantity{2});
  EXPECT_EQ(story.units(1).open, Quantity{1}) << "the bowl is promised for later";
  story.units_come("LEEDS", "BOWL-1", 1);
  EXPECT_EQ(asked(story).back(), "hold LEEDS");
  story.all_yes();
  EXPECT_EQ(story.units(1).held, Quantity{1});
  EXPECT_EQ(story.fulfilment(1).location, location("LEEDS"));
}

TEST(Sourced, who_was_too_late_at_a_place_is_served_there_when_more_comes) {
  Told told(or_later, {{"DC", {{"MUG-1", 2}}}});
  auto& story = told.story;
  story.all_yes().units_come("DC", "BOWL-1", 1);
  story.answer(story.last_question(), short_of_line(0)).all_yes(); // another was faster
  EXPECT_EQ(story.units(1).open, Quantity{1});
  auto questions = story.questions().size();
  story.silence(1min);
  EXPECT_EQ(story.questions().size(), questions) << "not asked again for nothing";
  for (int i = 0; i < 9; ++i) {
    story.units_come("DC", "BOWL-1", 1);
    story.answer(story.last_question(), short_of_line(0)).all_yes();
  }
  story.units_come("DC", "BOWL-1", 1).all_yes();
  EXPECT_EQ(story.units(1).held, Quantity{1}) << "however often it was too late";
}

TEST(Sourced, what_was_promised_for_later_and_never_came_is_cancelled) {
  Told told(or_later, {{"DC", {{"MUG-1", 2}}}});
  auto& story = told.story;
  story.all_yes();
  for (const auto& command : std::vector<fulfilment::Command>{fulfilment::StartPick{}, fulfilment::Pick{}, fulfilment::Pack{{{900}}}, fulfilment::Ship{"T-1"}, fulfilment::Deliver{}})
    story.staff(command).all_yes();
  story.silence(20 * 24h);
  EXPECT_EQ(story.status(), order::Status::in_fulfilment) << "fourteen days, and a week of grace";
  story.silence(2 * 24h).all_yes();
  EXPECT_EQ(story.units(1).cancelled, Quantity{1});
  expect_completed(story);
}

TEST(Sourced, a_place_that_is_silent_ends_the_order_and_its_hold) {
  Told told(two_places, {{"DC", {{"MUG-1", 2}}}, {"LEEDS", {{"BOWL-1", 1}}}});
  auto& story = told.story;
  story.answer(story.questions()[0], {}).silence(3min);
  EXPECT_EQ(story.status(), order::Status::rejected);
  story.all_yes();
  EXPECT_GE(std::ranges::count(asked(story), "release DC"), 1);
  EXPECT_GE(std::ranges::count(asked(story), "release LEEDS"), 1);
  EXPECT_EQ(story.wake_up(), std::nullopt);
}

// ---- behind it -----------------------------------------------------------------------------------------------------------------------------------

TEST(Sourced, f8_a_store_that_ignores_the_offer_is_replaced) {
  Told told(one_place, {{"LEEDS", {{"MUG-1", 2}, {"BOWL-1", 1}}}, {"YORK", {{"MUG-1", 2}, {"BOWL-1", 1}}}});
  auto& story = told.story;
  story.all_yes();
  while (story.fulfilment(0).status == fulfilment::Status::offered)
    story.silence(10min).all_yes();
  EXPECT_EQ(story.fulfilment(0).status, fulfilment::Status::rejected);
  ASSERT_TRUE(story.family().fulfilments.contains(child::first_fulfilment + 1)) << story.told_in_words();
  EXPECT_EQ(story.fulfilment(1).location, location("YORK"));
  send(story, 1);
  expect_completed(story);
}

TEST(Sourced, f9_a_store_that_rejects_is_replaced_and_not_asked_again) {
  Told told(one_place, {{"LEEDS", {{"MUG-1", 2}, {"BOWL-1", 1}}}, {"YORK", {{"MUG-1", 2}, {"BOWL-1", 1}}}});
  auto& story = told.story;
  story.all_yes().staff(fulfilment::Reject{fulfilment::Reason::not_in_stock}).all_yes();
  EXPECT_EQ(story.fulfilment(1).location, location("YORK"));
  EXPECT_EQ(story.units(0).held, Quantity{2});
  story.staff(fulfilment::Reject{fulfilment::Reason::too_busy}, 1).all_yes();
  EXPECT_EQ(story.units(0).open, Quantity{2}) << "nobody else has it";
  EXPECT_NE(workflow::awaited(story.family()).find("units from elsewhere"), std::string::npos);
  story.units_come("DC", "MUG-1", 2).units_come("DC", "BOWL-1", 1).all_yes();
  EXPECT_EQ(story.fulfilment(2).location, location("DC"));
}

TEST(Sourced, f9_after_so_many_places_nobody_else_is_asked) {
  Told told({.rules = {{.name = "one place"}}, .most_attempts = 2},
            {{"DC", {{"MUG-1", 2}, {"BOWL-1", 1}}}, {"LEEDS", {{"MUG-1", 2}, {"BOWL-1", 1}}}, {"YORK", {{"MUG-1", 2}, {"BOWL-1", 1}}}});
  auto& story = told.story;
  story.all_yes().staff(fulfilment::Reject{fulfilment::Reason::other}).all_yes().staff(fulfilment::Reject{fulfilment::Reason::other}, 1).all_yes();
  EXPECT_EQ(story.family().fulfilments.size(), 2u);
  story.silence(8 * 24h).all_yes();
  expect_cancelled(story, "unfillable");
}

TEST(Sourced, f11_what_was_not_found_is_sent_by_another_and_the_rest_goes_out) {
  Told told(one_place, {{"DC", {{"MUG-1", 2}, {"BOWL-1", 1}}}, {"LEEDS", {{"MUG-1", 9}}}});
  auto& story = told.story;
  story.all_yes().staff(fulfilment::StartPick{}).staff(fulfilment::Pick{{{1, Quantity{1}}}}).all_yes();
  EXPECT_EQ(story.fulfilment(1).location, location("LEEDS"));
  ASSERT_EQ(story.fulfilment(1).lines.size(), 1u);
  EXPECT_EQ(story.fulfilment(1).lines.front().quantity, Quantity{1}) << "one mug was missing";
  for (const auto& command : std::vector<fulfilment::Command>{fulfilment::Pack{{{900}}}, fulfilment::Ship{"T-1"}, fulfilment::Deliver{}})
    story.staff(command).all_yes();
  send(story, 1);
  expect_completed(story);
}

TEST(Sourced, another_place_that_is_short_too_is_replaced_in_its_turn) {
  Told told(one_place, {{"DC", {{"MUG-1", 2}, {"BOWL-1", 1}}}, {"LEEDS", {{"MUG-1", 2}, {"BOWL-1", 1}}}, {"YORK", {{"MUG-1", 2}, {"BOWL-1", 1}}}});
  auto& story = told.story;
  story.all_yes().staff(fulfilment::Reject{fulfilment::Reason::closed});
  while (asked(story).back() != "hold LEEDS")
    story.yes();
  story.answer(story.last_question(), reject("no-capacity", "it is full")).all_yes();
  ASSERT_EQ(story.family().fulfilments.size(), 2u) << story.told_in_words();
  ASSERT_TRUE(story.family().fulfilments.contains(child::first_fulfilment + 2)) << story.told_in_words();
  EXPECT_EQ(story.fulfilment(2).location, location("YORK"));
  EXPECT_EQ(story.units(0).held, Quantity{2});
}

TEST(Sourced, cancelled_while_another_place_is_asked_frees_what_that_place_may_have_taken) {
  Told told(one_place, {{"DC", {{"MUG-1", 2}, {"BOWL-1", 1}}}, {"LEEDS", {{"MUG-1", 2}, {"BOWL-1", 1}}}});
  auto& story = told.story;
  story.all_yes().staff(fulfilment::Reject{fulfilment::Reason::closed});
  while (asked(story).back() != "hold LEEDS")
    story.yes();
  story.tells(child::order, order::Command{order::Cancel{"customer-request", "changed my mind"}});
  EXPECT_EQ(asked(story).back(), "release LEEDS");
  story.all_yes();
  expect_cancelled(story);
}

TEST(Sourced, cancelled_in_two_parts_stops_both) {
  Told told(two_places, {{"DC", {{"MUG-1", 2}}}, {"LEEDS", {{"BOWL-1", 1}}}});
  cancel(told.story.all_yes());
  expect_cancelled(told.story);
}

TEST(Sourced, one_part_has_left_and_the_other_is_cancelled) {
  Told told(two_places, {{"DC", {{"MUG-1", 2}}}, {"LEEDS", {{"BOWL-1", 1}}}});
  auto& story = told.story;
  story.all_yes();
  for (const auto& command : std::vector<fulfilment::Command>{fulfilment::StartPick{}, fulfilment::Pick{}, fulfilment::Pack{{{900}}}, fulfilment::Ship{"T-1"}})
    story.staff(command).all_yes();
  cancel(story);
  EXPECT_EQ(story.status(), order::Status::in_fulfilment);
  EXPECT_EQ(story.units(1).cancelled, Quantity{1});
  story.staff(fulfilment::Deliver{}).all_yes();
  expect_completed(story);
}

// ---- whatever happens -----------------------------------------------------------------------------------------------------------------------------

TEST(Sourced, a_crash_after_any_turn_changes_nothing) {
  auto tell = [](std::optional<int> crash) {
    Story story;
    if (crash)
      story.crashes_after(*crash);
    story.with_places(two_places, {{"DC", {{"MUG-1", 2}}}, {"LEEDS", {{"BOWL-1", 1}}}, {"YORK", {{"BOWL-1", 1}}}}).submits(a_sourced_agreement());
    auto settle = [&] {
      for (int i = 0; i < 9; ++i)
        story.all_yes().silence(3s);
      story.all_yes();
    };
    settle();
    story.staff(fulfilment::Reject{fulfilment::Reason::damaged}, 1);
    settle();
    std::string told_in_words;
    for (const auto& place : story.family().diary.places)
      told_in_words += place.part.location.text() + (place.refused ? " refused " + *place.refused : "") + ", ";
    return told_in_words + std::to_string(story.units(1).held.units()) + " bowl held, " + std::to_string(story.family().fulfilments.size()) + " places work";
  };
  const auto right = tell({});
  EXPECT_EQ(right, "DC, LEEDS, LEEDS, 1 bowl held, 3 places work") << "one bowl was broken, another lies there";
  for (int turn = 1; turn < 14; ++turn) // two answers in one life are needed: who dies after every turn gets nowhere
    EXPECT_EQ(tell(turn), right) << "crash after turn " << turn;
}

TEST(Sourced, the_story_tells_who_was_chosen_and_why_not_the_others) {
  Told told({.rules = {{.name = "the nearest", .sort = {sourcing::Sort::distance}}}}, {{"DC", {{"MUG-1", 1}}}, {"LEEDS", {{"MUG-1", 2}, {"BOWL-1", 1}}}, {"YORK", {{"MUG-1", 2}, {"BOWL-1", 1}}}});
  auto text = told.story.all_yes().told_in_words();
  EXPECT_NE(text.find("Places chosen: LEEDS for 2 x MUG-1, 1 x BOWL-1, by the rule \"the nearest\"; not YORK (outranked), DC (short)"), std::string::npos) << text;
}

} // namespace
} // namespace entrepot
