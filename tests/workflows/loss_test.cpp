// Parcels that do not arrive: sent again, given up, or back at their place (F14).
#include "tests/support/tales.hpp"

namespace entrepot {
namespace {

using namespace test;
using fulfilment::Loss;
using fulfilment::Tracking;

fulfilment::Command lost(Loss why = Loss::lost) { return fulfilment::Lose{why}; }
fulfilment::Command comes_back(std::vector<fulfilment::Found> whole = {}) { return fulfilment::ReturnToOrigin{std::move(whole)}; }

/// The second parcel is worked on up to its end.
void sends_again(Story& story) {
  story.all_yes();
  for (const auto& work : std::initializer_list<fulfilment::Command>{fulfilment::Pick{}, fulfilment::Pack{{{900}}}, fulfilment::Ship{"T-2"}, fulfilment::Deliver{}})
    story.staff(work, 1).all_yes();
}

TEST(Loss, a_parcel_that_is_lost_is_sent_again_from_its_place_at_no_charge) {
  for (auto why : {Loss::lost, Loss::damaged}) {
    auto story = a_delivery(shipped);
    story.staff(lost(why));
    EXPECT_EQ(story.fulfilment().status, fulfilment::Status::failed);
    EXPECT_EQ(story.units(0).issued, Quantity{0});
    EXPECT_EQ(story.asks<stock::Hold>().round, 1) << "the place is asked for the units once more";
    EXPECT_EQ(story.asks<stock::Hold>().lines.size(), 2u);
    auto calls = story.calls().size();
    sends_again(story);
    expect_completed(story);
    EXPECT_EQ(story.calls().size(), calls) << "the customer has paid already";
    EXPECT_EQ(story.tender().captured, an_agreement().total);
  }
}

TEST(Loss, of_goods_that_nobody_has_any_more_the_money_goes_back_at_once) {
  auto story = a_delivery(shipped);
  story.staff(lost()).no("stock-short").all_yes().provider(Said::refunded);
  expect_cancelled(story, "lost-on-the-way");
}

TEST(Loss, what_was_sent_again_and_is_lost_again_is_sent_a_third_time) {
  auto story = a_delivery(shipped);
  story.staff(lost()).all_yes();
  for (const auto& work : std::initializer_list<fulfilment::Command>{fulfilment::Pick{}, fulfilment::Pack{{{900}}}, fulfilment::Ship{"T-2"}, lost()})
    story.staff(work, 1).all_yes();
  EXPECT_EQ(story.asks<stock::Allocate>().round, 2);
  for (const auto& work : std::initializer_list<fulfilment::Command>{fulfilment::Pick{}, fulfilment::Pack{{{900}}}, fulfilment::Ship{"T-3"}, fulfilment::Deliver{}})
    story.staff(work, 2).all_yes();
  expect_completed(story);
}

TEST(Loss, a_lost_parcel_is_sought_by_the_rules_where_places_are_found_by_rules) {
  auto agreement = an_agreement();
  agreement.delivery.ship_from = {};
  Story story;
  story.with_places({.rules = {{.name = "any", .groups = {}, .sort = {}, .otherwise = sourcing::After::cancel}}}, {{"DC", {{"MUG-1", 9}, {"BOWL-1", 9}}}});
  story.submits(agreement).all_yes().provider(Said::captured).all_yes();
  for (const auto& work : std::initializer_list<fulfilment::Command>{fulfilment::Pick{}, fulfilment::Pack{{{900}}}, fulfilment::Ship{"T-1"}, lost()})
    story.staff(work).all_yes();
  sends_again(story);
  expect_completed(story);
}

TEST(Loss, a_parcel_that_is_lost_after_the_customer_has_cancelled_is_not_sent_again) {
  auto story = a_delivery(packed);
  cancel(story).staff(fulfilment::RefuseStop{}).staff(fulfilment::Ship{"T-1"}).all_yes();
  story.staff(lost()).all_yes();
  EXPECT_EQ(story.family().fulfilments.size(), 1u);
}

TEST(Loss, is_heard_of_after_the_stock_has_heard_that_the_goods_left) {
  auto story = a_delivery(packed);
  story.staff(fulfilment::Ship{"T-1"}).staff(lost());
  EXPECT_EQ(story.units(0).held, Quantity{2}) << "first they leave the stock";
  story.all_yes();
  EXPECT_EQ(story.units(0).held, Quantity{2}) << "of the second parcel";
  sends_again(story);
  expect_completed(story);
}

TEST(Loss, a_parcel_charged_when_it_left_is_not_charged_again) {
  auto story = a_delivery(packed, a_delivery_paid_when_it_leaves());
  story.provider(Said::captured).all_yes().staff(fulfilment::Ship{"T-1"}).all_yes().staff(lost());
  auto calls = story.calls().size();
  sends_again(story);
  expect_completed(story);
  EXPECT_EQ(story.calls().size(), calls);
}

TEST(Loss, what_is_sent_again_is_not_charged_to_the_part_of_the_card_that_is_for_goods_elsewhere) {
  auto agreement = a_delivery_paid_when_it_leaves();
  agreement.delivery.ship_from = {};
  Story story;
  story.with_places({.rules = {{.name = "two", .otherwise = sourcing::After::split}}}, {{"DC", {{"MUG-1", 9}}}, {"LEEDS", {{"BOWL-1", 9}}}});
  story.submits(agreement).all_yes();
  auto mugs = story.fulfilment(0).location == location("DC") ? 0 : 1;
  for (const auto& work : std::initializer_list<fulfilment::Command>{fulfilment::Pick{}, fulfilment::Pack{{{900}}}})
    story.staff(work, mugs).all_yes();
  story.provider(Said::captured).all_yes().staff(fulfilment::Ship{"T-1"}, mugs).all_yes();
  ASSERT_EQ(story.calls().size(), 1u);
  EXPECT_EQ(story.calls().back().amount, money(2500)) << "the mugs alone";
  story.staff(lost(), mugs).all_yes();
  for (const auto& work : std::initializer_list<fulfilment::Command>{fulfilment::Pick{}, fulfilment::Pack{{{900}}}, fulfilment::Ship{"T-2"}})
    story.staff(work, 2).all_yes();
  EXPECT_EQ(story.fulfilment(2).status, fulfilment::Status::shipped) << story.told_in_words();
  EXPECT_EQ(story.calls().size(), 1u) << "the bowl has not left";
}

TEST(Loss, of_goods_to_be_billed_later_only_those_that_arrive_are_billed) {
  auto story = a_delivery(shipped, an_agreement_on_account());
  story.staff(lost()).no("stock-short").all_yes();
  EXPECT_EQ(story.status(), order::Status::cancelled) << story.told_in_words();
  for (const auto& tender : story.family().payment.tenders)
    EXPECT_NE(tender.status, payment::Status::billed);
}

TEST(Loss, a_parcel_that_comes_back_is_restocked_where_it_is_whole_and_the_money_goes_back) {
  auto story = a_delivery(shipped);
  story.staff(fulfilment::Track{Tracking::return_to_sender});
  EXPECT_EQ(story.fulfilment().status, fulfilment::Status::shipped) << "it is on its way";
  story.staff(comes_back({{1, Quantity{1}}}));
  EXPECT_EQ(story.asks<stock::TakeBack>().movements, (std::vector<stock::Movement>{{{{}, sku("MUG-1")}, 1}, {{{}, sku("BOWL-1")}, 1}})) << "one mug is broken";
  EXPECT_EQ(story.units(0).issued, Quantity{2}) << "the order hears when it is in the stock";
  story.all_yes().provider(Said::refunded);
  EXPECT_TRUE(story.fulfilment().restocked);
  expect_cancelled(story, "returned-to-sender");
}

TEST(Loss, a_transport_that_brought_nothing_costs_nothing) {
  auto agreement = an_agreement();
  auto transport = agreement.lines.back();
  transport.number = static_cast<std::int32_t>(agreement.lines.size()) + 1;
  transport.sku = sku("24h");
  transport.service = true;
  transport.quantity = Quantity{1};
  transport.unit_price = transport.total = money(2400);
  agreement.lines.push_back(transport);
  agreement.total += transport.total;
  agreement.instalments.front().amount += transport.total;
  for (const auto& end : {comes_back(), lost()}) {
    auto story = a_delivery(shipped, agreement);
    story.staff(end);
    if (story.fulfilment().status == fulfilment::Status::failed)
      story.no("stock-short");
    story.all_yes().provider(Said::refunded);
    EXPECT_EQ(story.status(), order::Status::cancelled) << story.told_in_words();
    EXPECT_EQ(story.tender().refunded, agreement.total);
  }
}

TEST(Loss, a_parcel_of_which_nothing_is_whole_asks_the_stock_nothing) {
  auto story = a_delivery(shipped);
  auto questions = story.questions().size();
  story.staff(comes_back({{1, Quantity{0}}, {2, Quantity{0}}})).provider(Said::refunded);
  EXPECT_EQ(story.questions().size(), questions);
  expect_cancelled(story, "returned-to-sender");
}

TEST(Loss, a_lost_parcel_that_turns_up_when_the_order_is_over_is_restocked_all_the_same) {
  auto story = a_delivery(shipped);
  story.staff(lost()).no("stock-short").all_yes().provider(Said::refunded);
  expect_cancelled(story, "lost-on-the-way");
  story.staff(fulfilment::Track{Tracking::return_to_sender}).staff(comes_back());
  EXPECT_NE(story.wake_up(), std::nullopt) << "the stock has not answered";
  EXPECT_EQ(story.asks<stock::TakeBack>().movements.size(), 2u);
  story.crash().all_yes();
  EXPECT_TRUE(story.fulfilment().restocked);
  EXPECT_EQ(story.wake_up(), std::nullopt);
}

TEST(Loss, one_of_two_parcels_that_is_lost_takes_nothing_from_the_other) {
  auto agreement = an_agreement();
  agreement.delivery.ship_from = {};
  Story story;
  story.with_places({.rules = {{.name = "two", .groups = {}, .sort = {}, .most_parts = 2, .otherwise = sourcing::After::split}}}, {{"DC", {{"MUG-1", 2}}}, {"LEEDS", {{"BOWL-1", 1}}}});
  story.submits(agreement).all_yes().provider(Said::captured).all_yes();
  ASSERT_EQ(story.family().fulfilments.size(), 2u) << story.told_in_words();
  for (int i = 0; i < 2; ++i) {
    if (story.fulfilment(i).status == fulfilment::Status::offered)
      story.staff(fulfilment::Accept{}, i);
    for (const auto& work : std::initializer_list<fulfilment::Command>{fulfilment::Pick{}, fulfilment::Pack{{{900}}}, fulfilment::Ship{"T"}})
      story.staff(work, i).all_yes();
  }
  story.with_places({.rules = {{.name = "none", .groups = {}, .sort = {}, .otherwise = sourcing::After::cancel}}}, {});
  story.staff(lost(), 0).all_yes().staff(fulfilment::Deliver{}, 1).all_yes().provider(Said::refunded).all_yes();
  expect_completed(story);
  EXPECT_EQ(story.units(0).cancelled + story.units(1).cancelled, story.fulfilment(0).lines.front().quantity);
}

TEST(Loss, survives_a_crash_after_every_turn) {
  auto told = [](int crash_after) {
    Story story;
    story.crashes_after(crash_after).submits(an_agreement()).all_yes();
    story.provider(Said::captured).all_yes();
    for (const auto& work : std::initializer_list<fulfilment::Command>{fulfilment::StartPick{}, fulfilment::Pick{}, fulfilment::Pack{{{900}}}, fulfilment::Ship{"T-1"}, lost()})
      story.staff(work).all_yes();
    for (const auto& work : std::initializer_list<fulfilment::Command>{fulfilment::Pick{}, fulfilment::Pack{{{900}}}, fulfilment::Ship{"T-2"}, comes_back()})
      story.staff(work, 1).all_yes();
    story.provider(Said::refunded);
    return story;
  };
  auto calm = told(1'000);
  expect_cancelled(calm, "returned-to-sender");
  for (int turn = 1; turn <= calm.turns(); ++turn)
    EXPECT_EQ(told(turn).told_in_words(), calm.told_in_words()) << "crashed after turn " << turn;
}

} // namespace
} // namespace entrepot
