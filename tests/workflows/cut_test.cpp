// A location has fewer units than it has promised, and cuts the claims of the newest orders (F36): what each of them makes of it.
#include "domain/order/places.hpp"
#include "tests/support/tales.hpp"
#include "workflows/consequences.hpp"

namespace entrepot {
namespace {

using namespace test;
using fulfilment::Reason;
using sourcing::After;

/// The order hears that no more than so many of its two mugs, or of its bowl, are left there.
process::Command a_cut(std::int32_t line, std::int32_t left, int round = 0) {
  return process::HearOfCut{round, stock::CutCause::count, "CNT-1", {{line, sku(line == 1 ? "MUG-1" : "BOWL-1"), Quantity{left}}}};
}
Story& hears(Story& story, std::int32_t line, std::int32_t left, int round = 0) { return story.tells(child::process, AnyCommand{a_cut(line, left, round)}); }

const sourcing::Routing two_places{.rules = {{.name = "two places", .otherwise = After::split}}};
using Stock = std::map<std::string, std::map<std::string, std::int32_t>>;

order::Agreement a_sourced_agreement() {
  auto agreement = an_agreement_on_account();
  agreement.delivery.ship_from = {};
  return agreement;
}

/// Promised from the warehouse; Leeds has the same.
struct FromTheWarehouse {
  explicit FromTheWarehouse(Stock stock = {{"DC", {{"MUG-1", 2}, {"BOWL-1", 1}}}, {"LEEDS", {{"MUG-1", 2}, {"BOWL-1", 1}}}}) {
    story.with_places(two_places, std::move(stock)).submits(a_sourced_agreement());
  }
  Story story;
};

TEST(Consequences, of_a_cut_are_a_word_to_each_order_with_what_is_left_of_its_claim) {
  const stock::Item mugs{entity("SHOP"), sku("MUG-1")};
  const stock::Event cut = stock::ClaimsCut{stock::CutCause::feed, "wms/7", {{order_id(2), 1, 3, mugs, Quantity{1}, Quantity{4}}, {order_id(1), 0, 1, mugs, Quantity{1}, {}}}};
  const auto commands = workflow::consequences_of(stream_of(location("DC")), cut);
  ASSERT_EQ(commands.size(), 2U);
  EXPECT_EQ(commands[0].to, member(order_id(2).family, child::process));
  const auto& first = std::get<process::HearOfCut>(std::get<process::Command>(commands[0].command));
  EXPECT_EQ(first.round, 1);
  EXPECT_EQ(first.left, (std::vector<stock::HoldLine>{{3, sku("MUG-1"), Quantity{4}}}));
  EXPECT_TRUE(workflow::may_have_consequences(cut));
  EXPECT_TRUE(workflow::has_consequences(stream_of(location("DC")), "StockClaimsCut"));
  EXPECT_FALSE(workflow::has_consequences(stream_of(location("DC")), "StockHeld"));
}

TEST(Cut, f36_units_that_nobody_has_picked_are_sent_by_another_place) {
  FromTheWarehouse told;
  auto& story = told.story.all_yes();
  hears(story, 1, 1);
  EXPECT_EQ(story.fulfilment().dropped, (std::vector<Quantity>{Quantity{1}, {}}));
  EXPECT_EQ(story.asks<stock::Shrink>().keep.front().quantity, Quantity{1}) << "the location takes nothing twice: it keeps what it has";
  EXPECT_EQ(story.asks<stock::Shrink>().effect, stock::Effect::none);
  story.all_yes();
  ASSERT_TRUE(story.family().fulfilments.contains(child::first_fulfilment + 1)) << story.told_in_words();
  EXPECT_EQ(story.fulfilment(1).location, location("LEEDS"));
  EXPECT_EQ(story.fulfilment(1).lines.front().quantity, Quantity{1});
  EXPECT_NE(story.told_in_words().find("as the count CNT-1 shows: of MUG-1 1 is left for this order; who was promised earlier keeps them"), std::string::npos) << story.told_in_words();
  for (const auto& command : std::vector<fulfilment::Command>{fulfilment::StartPick{}, fulfilment::Pick{}})
    story.staff(command).all_yes();
  EXPECT_EQ(story.fulfilment().dropped, (std::vector<Quantity>{Quantity{1}, {}})) << "all that is looked for was found";
  story.staff(fulfilment::Unpick{});
  EXPECT_EQ(story.fulfilment().status, fulfilment::Status::accepted) << "a wrong tap: nothing was missing";
}

TEST(Cut, a_place_that_has_nothing_left_has_no_work_any_more) {
  FromTheWarehouse told({{"DC", {{"MUG-1", 2}}}, {"LEEDS", {{"MUG-1", 2}, {"BOWL-1", 1}}}});
  auto& story = told.story.all_yes();
  ASSERT_EQ(story.family().fulfilments.size(), 1U);
  story.staff(fulfilment::Accept{}).all_yes();
  story.tells(child::process, process::Command{process::HearOfCut{0, stock::CutCause::sale, "T-1/R-1", {{1, sku("MUG-1"), {}}, {2, sku("BOWL-1"), {}}}}});
  EXPECT_EQ(story.fulfilment().status, fulfilment::Status::rejected);
  EXPECT_EQ(story.fulfilment().why_dropped, Reason::counted);
  EXPECT_TRUE(story.asks<stock::Shrink>().keep.empty());
  EXPECT_NE(story.told_in_words().find("as the sale T-1/R-1 shows"), std::string::npos);
}

TEST(Cut, told_twice_or_in_another_order_is_the_same) {
  FromTheWarehouse told;
  auto& story = told.story.all_yes();
  hears(story, 1, 1).all_yes();
  const auto before = story.events();
  hears(story, 1, 1);
  hears(story, 1, 2);
  EXPECT_EQ(story.events(), before);
}

TEST(Cut, before_the_promise_another_place_is_found_and_the_rest_of_the_hold_is_freed) {
  FromTheWarehouse told;
  auto& story = told.story;
  ASSERT_EQ(story.asks<stock::Hold>().round, 0);
  hears(story, 1, 1);
  EXPECT_EQ(story.status(), order::Status::submitted);
  ASSERT_GE(story.questions().size(), 3U);
  EXPECT_TRUE(std::holds_alternative<stock::Hold>(std::get<stock::Command>(story.questions()[1].command)));
  EXPECT_EQ(story.questions()[1].to, stream_of(location("LEEDS")));
  EXPECT_EQ(story.asks<stock::Release>().round, 0) << "the mug that is left there, and the bowl";
  EXPECT_EQ(story.last_question().to, stream_of(location("DC")));
  story.all_yes();
  EXPECT_EQ(story.status(), order::Status::confirmed);
  EXPECT_EQ(story.fulfilment(1).location, location("LEEDS"));
}

TEST(Cut, f4_before_the_promise_an_order_that_names_its_place_is_given_up_and_everything_undone) {
  Story story;
  story.submits(an_agreement()).yes();
  ASSERT_EQ(story.calls().size(), 1U) << "the card is asked";
  hears(story, 1, 0);
  EXPECT_EQ(story.status(), order::Status::rejected);
  EXPECT_EQ(story.family().order.why_rejected->code, "stock-short");
  EXPECT_EQ(story.family().order.why_rejected->details.front().pointer, "/lines/0");
  story.provider(Said::voided).all_yes();
  EXPECT_TRUE(story.family().diary.undone) << story.told_in_words();
  EXPECT_EQ(story.wake_up(), std::nullopt);
}

TEST(Cut, before_the_promise_an_order_that_finds_no_other_place_gives_the_money_back) {
  auto agreement = an_agreement();
  agreement.delivery.ship_from = {};
  Story story;
  story.with_places(two_places, {{"DC", {{"MUG-1", 2}, {"BOWL-1", 1}}}}).submits(std::move(agreement)).yes();
  ASSERT_EQ(story.calls().size(), 1U) << "the card is asked";
  hears(story, 1, 0);
  EXPECT_EQ(story.status(), order::Status::rejected) << story.told_in_words();
  EXPECT_EQ(story.calls().back().kind, payment::ProviderRequest::Kind::void_);
  story.provider(Said::voided).all_yes();
  EXPECT_TRUE(story.family().diary.undone) << story.told_in_words();
  EXPECT_EQ(story.wake_up(), std::nullopt);
}

TEST(Cut, before_the_promise_the_other_place_is_asked_however_late_it_is) {
  FromTheWarehouse told;
  auto& story = told.story.silence(30s);
  hears(story, 1, 0);
  for (const auto& question : story.questions())
    if (const auto* hold = std::get_if<stock::Hold>(&std::get<stock::Command>(question.command)); hold && question.to == stream_of(location("LEEDS"))) {
      EXPECT_EQ(hold->not_after, story.now() + 2min);
    }
}

TEST(Cut, a_place_without_work_so_far_is_told_again_later) {
  FromTheWarehouse told;
  auto& story = told.story;
  story.yes(); // held: confirmed, and the units are being allocated
  ASSERT_EQ(story.status(), order::Status::confirmed);
  EXPECT_EQ(story.refused(child::process, AnyCommand{a_cut(1, 1)}), "work-not-begun");
  story.all_yes();
  EXPECT_EQ(story.refused(child::process, AnyCommand{a_cut(1, 1)}), "");
}

TEST(Cut, units_in_somebodys_hand_stay_and_the_location_is_told) {
  for (int stage : {picked, packed, shipped}) {
    SCOPED_TRACE(stage);
    auto story = a_delivery(stage, an_agreement_on_account());
    hears(story, 1, 1);
    EXPECT_EQ(story.family().diary.contested, std::vector<int>{child::first_fulfilment});
    const auto& asked = story.asks<stock::Reclaim>();
    EXPECT_EQ(asked.lines.front(), (stock::HoldLine{1, sku("MUG-1"), Quantity{2}}));
    EXPECT_EQ(asked.left.size(), stage == shipped ? 2U : 0U);
    story.yes();
    EXPECT_TRUE(story.family().diary.contested.empty()) << story.told_in_words();
    EXPECT_TRUE(is_whole(story.fulfilment()));
    for (const auto& command : std::vector<fulfilment::Command>{fulfilment::Pack{{{900}}}, fulfilment::Ship{"T-1"}, fulfilment::Deliver{}})
      if (story.refused(child::first_fulfilment, command).empty())
        story.all_yes();
    expect_completed(story);
  }
}

TEST(Cut, an_order_that_has_ended_still_tells_its_location_what_it_has) {
  auto story = a_delivery(delivered, an_agreement_on_account());
  expect_completed(story);
  hears(story, 1, 1);
  EXPECT_EQ(story.asks<stock::Reclaim>().left.front().quantity, Quantity{2});
  story.crash();
  EXPECT_EQ(story.asks<stock::Reclaim>().left.front().quantity, Quantity{2}) << "asked again";
  story.yes();
  expect_completed(story);
}

TEST(Cut, of_a_pickup_is_the_customers_choice) {
  auto story = a_pickup_story(pickup_accepted);
  hears(story, 1, 0);
  story.all_yes();
  EXPECT_EQ(story.units(0).open, Quantity{2}) << "nobody looks elsewhere for a pickup unasked";
  EXPECT_EQ(units_to_choose_for(story.family()), (std::vector<order::LineUnits>{{1, Quantity{2}}}));
  EXPECT_EQ(story.pickup().status, pickup::Status::accepted) << "the bowl is prepared";
}

TEST(Cut, a_bag_that_is_ready_stays_the_customers) {
  auto story = a_pickup_story(staged);
  hears(story, 1, 0);
  EXPECT_EQ(story.asks<stock::Reclaim>().lines.size(), 2U);
  story.all_yes();
  EXPECT_EQ(story.pickup().status, pickup::Status::staged);
  EXPECT_TRUE(story.family().diary.contested.empty());
}

TEST(Cut, nobody_minds_whose_order_was_given_up_or_cancelled) {
  auto story = a_delivery(0, an_agreement_on_account());
  cancel(story);
  expect_cancelled(story);
  const auto before = story.events();
  hears(story, 1, 0);
  EXPECT_EQ(story.events(), before);
}

TEST(Cut, ends_the_same_whatever_turn_the_memory_is_lost_after) {
  auto tell = [](int crash) {
    auto told = std::make_unique<FromTheWarehouse>();
    auto& story = told->story.crashes_after(crash);
    for (int i = 0; i < 3; ++i)
      story.silence(3s).all_yes();
    hears(story, 1, 1);
    for (int i = 0; i < 6; ++i)
      story.silence(3s).all_yes();
    return told;
  };
  const auto undisturbed = tell(-1);
  EXPECT_EQ(undisturbed->story.fulfilment(1).location, location("LEEDS"));
  for (int turn = 0; turn < 20; ++turn) {
    SCOPED_TRACE(turn);
    const auto again = tell(turn);
    EXPECT_EQ(again->story.family().order.units, undisturbed->story.family().order.units);
    EXPECT_EQ(again->story.fulfilment().dropped, undisturbed->story.fulfilment().dropped);
    EXPECT_EQ(again->story.fulfilment(1).lines, undisturbed->story.fulfilment(1).lines);
  }
}

} // namespace
} // namespace entrepot
