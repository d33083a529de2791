// A store cannot give what was to be fetched there: the customer chooses another store, a delivery, or the money back. Nobody chooses for the customer.
#include "tests/support/tales.hpp"

namespace entrepot {
namespace {

using namespace test;
using fulfilment::Reason;

constexpr int second_place = child::first_fulfilment + 1;

order::Choice in_york(const Story& story) {
  return {.way = order::Way::another_store, .collection = {location("YORK"), story.now() + 3h}, .delivery = {}, .answer_by = story.now() + 30min};
}
order::Choice sent(const std::string& from = "DC") {
  order::Choice choice{.way = order::Way::delivery, .collection = {}, .delivery = {}, .answer_by = {}};
  choice.delivery.option = "std";
  choice.delivery.address = {"sealed address"};
  if (!from.empty())
    choice.delivery.ship_from = location(from);
  return choice;
}
AnyCommand chooses(order::Choice choice) { return order::Command{order::Choose{std::move(choice)}}; }

/// Paid by card, and the store in Leeds is too busy.
Story a_rejected_pickup(order::Agreement agreement = a_pickup_by_card()) {
  auto story = a_pickup_story(0, std::move(agreement));
  story.store(pickup::Reject{Reason::too_busy}).all_yes();
  return story;
}

void prepare_and_hand_over(Story& story, int index) {
  for (const auto& command : std::vector<pickup::Command>{pickup::Accept{}, pickup::StartPick{}, pickup::Pick{}, pickup::Stage{"B-7", story.now() + pickup::collection_window}, pickup::HandOver{{"1111", false}, codes}})
    story.store(command, index).all_yes();
}
void send(Story& story, int index) {
  for (const auto& command : std::vector<fulfilment::Command>{fulfilment::StartPick{}, fulfilment::Pick{}, fulfilment::Pack{{{900}}}, fulfilment::Ship{"T-1"}, fulfilment::Deliver{}})
    story.staff(command, index).all_yes();
}

TEST(Choice, another_store_holds_the_units_prepares_them_and_hands_them_over_at_the_same_price) {
  auto story = a_rejected_pickup();
  auto calls = story.calls().size();
  auto wanted = in_york(story);
  story.tells(child::order, chooses(wanted));
  EXPECT_EQ(story.last_question().to, stream_of(location("YORK")));
  EXPECT_EQ(story.asks<stock::Hold>().lines.size(), 2U);
  EXPECT_FALSE(story.asks<stock::Hold>().takes_slot);
  story.all_yes();
  EXPECT_EQ(story.pickup(1).location, location("YORK"));
  EXPECT_EQ(story.pickup(1).status, pickup::Status::offered);
  EXPECT_EQ(story.pickup(1).due, wanted.collection.ready_by);
  EXPECT_EQ(story.units(0).held, Quantity{2});
  prepare_and_hand_over(story, 1);
  expect_completed(story);
  EXPECT_EQ(story.calls().size(), calls) << "nothing is charged, nothing goes back";
  EXPECT_EQ(story.family().order.agreement.total, a_pickup_by_card().total);
}

TEST(Choice, a_delivery_is_sent_from_the_place_that_the_channel_names_without_a_charge) {
  auto story = a_rejected_pickup();
  auto calls = story.calls().size();
  story.tells(child::order, chooses(sent()));
  EXPECT_EQ(story.last_question().to, stream_of(location("DC")));
  EXPECT_TRUE(story.asks<stock::Hold>().takes_slot) << "it is one of the day's orders";
  story.all_yes();
  EXPECT_EQ(story.fulfilment(1).location, location("DC"));
  send(story, 1);
  expect_completed(story);
  EXPECT_EQ(story.calls().size(), calls);
  EXPECT_EQ(order::delivery_of(story.family().order).address.text, "sealed address");
}

TEST(Choice, a_delivery_is_sent_from_where_the_rules_find_the_goods) {
  Story story;
  story.with_places({.rules = {{.name = "one place"}}}, {{"DC", {{"MUG-1", 9}, {"BOWL-1", 9}}}, {"LEEDS", {{"MUG-1", 9}, {"BOWL-1", 9}}}});
  story.submits(a_pickup_by_card()).all_yes().provider(Said::captured).all_yes();
  story.store(pickup::Reject{Reason::not_in_stock}).all_yes().silence(1h);
  EXPECT_EQ(story.looks(), 0) << "nobody looks unasked";
  story.tells(child::order, chooses(sent({}))).all_yes();
  EXPECT_EQ(story.looks(), 1);
  EXPECT_EQ(story.fulfilment(1).location, location("DC")) << "Leeds has said that it has none";
  send(story, 1);
  expect_completed(story);
}

TEST(Choice, is_never_made_for_the_customer_and_after_a_day_the_money_goes_back) {
  auto story = a_rejected_pickup();
  story.silence(23h + 59min);
  EXPECT_EQ(story.status(), order::Status::confirmed);
  EXPECT_EQ(story.family().pickups.size(), 1U);
  story.silence(2min).all_yes().provider(Said::refunded);
  expect_cancelled(story, "pickup-rejected");
  EXPECT_EQ(story.refused(child::order, chooses(in_york(story))), "order-not-open") << "too late";
}

TEST(Choice, to_have_the_money_back_waits_for_nothing) {
  auto story = a_rejected_pickup();
  story.tells(child::order, chooses({})).all_yes().provider(Said::refunded);
  expect_cancelled(story, "customer-choice");
}

TEST(Choice, is_refused_while_there_is_nothing_to_choose) {
  auto story = a_pickup_story(picked);
  EXPECT_EQ(story.refused(child::order, chooses(in_york(story))), "nothing-to-choose");
  auto rejected = a_rejected_pickup();
  rejected.tells(child::order, chooses(in_york(rejected)));
  EXPECT_EQ(rejected.refused(child::order, chooses(sent())), "nothing-to-choose") << "York is being asked";
  auto delivery = a_delivery(0);
  EXPECT_EQ(delivery.refused(child::order, chooses(in_york(delivery))), "nothing-to-choose");
}

TEST(Choice, of_a_store_that_is_short_is_asked_for_again) {
  auto story = a_rejected_pickup();
  story.tells(child::order, chooses(in_york(story))).no("stock-short");
  EXPECT_EQ(story.questions().size(), story.questions().size());
  EXPECT_EQ(story.status(), order::Status::confirmed);
  EXPECT_FALSE(story.family().diary.parked);
  auto asked = story.questions().size();
  story.silence(1h);
  EXPECT_EQ(story.questions().size(), asked) << "it is not asked twice, nor anybody else";
  story.tells(child::order, chooses(sent())).all_yes();
  send(story, 2);
  expect_completed(story);
}

TEST(Choice, of_a_store_that_rejects_too_is_asked_for_again) {
  auto story = a_rejected_pickup();
  story.tells(child::order, chooses(in_york(story))).all_yes();
  story.store(pickup::Reject{Reason::damaged}, 1).all_yes();
  EXPECT_EQ(story.family().pickups.size(), 2U) << "the old choice does not stand";
  story.silence(24h).all_yes().provider(Said::refunded);
  expect_cancelled(story, "pickup-rejected");
}

TEST(Choice, a_store_that_does_not_answer_the_hold_is_asked_again) {
  auto story = a_rejected_pickup();
  story.tells(child::order, chooses(in_york(story)));
  auto asked = story.questions().size();
  story.silence(1min);
  EXPECT_GT(story.questions().size(), asked);
  story.all_yes();
  prepare_and_hand_over(story, 1);
  expect_completed(story);
}

TEST(Choice, concerns_only_what_is_missing_and_the_rest_is_fetched_where_it_was_ordered) {
  auto story = a_pickup_story(pickup_picking);
  story.store(pickup::Pick{{{1, Quantity{1}}}}).all_yes();
  story.tells(child::order, chooses(in_york(story)));
  EXPECT_EQ(story.asks<stock::Hold>().lines, (std::vector<stock::HoldLine>{{1, sku("MUG-1"), Quantity{1}}}));
  story.all_yes();
  story.store(pickup::Stage{"B-7", story.now() + pickup::collection_window}).store(pickup::HandOver{{"1111", false}, codes}).all_yes();
  EXPECT_EQ(story.status(), order::Status::in_fulfilment);
  prepare_and_hand_over(story, 1);
  expect_completed(story);
  EXPECT_EQ(story.units(0).delivered, Quantity{2});
}

TEST(Choice, a_bag_that_nobody_fetches_is_not_sent_by_an_older_choice_for_something_else) {
  auto story = a_pickup_story(pickup_picking);
  story.store(pickup::Pick{{{1, Quantity{1}}}}).all_yes();
  story.tells(child::order, chooses(sent())).all_yes();
  send(story, 1);
  story.store(pickup::Stage{"B-7", story.now() + pickup::collection_window}).silence(std::chrono::days{7}).all_yes().provider(Said::refunded);
  EXPECT_EQ(story.family().fulfilments.size(), 1U);
  expect_completed(story);
  EXPECT_EQ(story.units(0).cancelled, Quantity{1});
}

TEST(Choice, a_bag_that_nobody_fetches_is_not_sent_by_the_rules_of_an_older_choice_either) {
  auto story = a_pickup_story(pickup_picking);
  story.with_places({.rules = {{.name = "one place"}}}, {{"DC", {{"MUG-1", 9}, {"BOWL-1", 9}}}});
  story.store(pickup::Pick{{{1, Quantity{1}}}}).all_yes();
  story.tells(child::order, chooses(sent({}))).all_yes();
  send(story, 1);
  story.store(pickup::Stage{"B-7", story.now() + pickup::collection_window}).silence(std::chrono::days{7}).all_yes().provider(Said::refunded);
  EXPECT_EQ(story.family().fulfilments.size(), 1U) << story.told_in_words();
  expect_completed(story);
}

TEST(Choice, an_order_that_is_cancelled_while_the_other_store_is_asked_keeps_nothing_there) {
  auto story = a_rejected_pickup();
  story.tells(child::order, chooses(in_york(story)));
  story.tells(child::order, order::Command{order::Cancel{"customer-request", "changed my mind"}}).all_yes().provider(Said::refunded);
  expect_cancelled(story);
  EXPECT_EQ(story.asks<stock::Release>().round, 1);
}

TEST(Choice, ends_the_same_whatever_turn_the_memory_is_lost_after) {
  for (const auto& way : {order::Way::another_store, order::Way::delivery, order::Way::cancel}) {
    auto told = [&](int turn) {
      auto story = a_rejected_pickup();
      story.crashes_after(turn);
      auto choice = way == order::Way::another_store ? in_york(story) : way == order::Way::delivery ? sent() : order::Choice{};
      story.tells(child::order, chooses(choice));
      for (int i = 0; i < 6; ++i)
        story.all_yes().silence(2s);
      return story.told_in_words();
    };
    const auto begun = a_rejected_pickup().turns();
    const auto undisturbed = told(1'000'000);
    for (int turn = begun + 1; turn <= begun + 8; ++turn)
      EXPECT_EQ(told(turn), undisturbed) << name_of(way) << ", after turn " << turn;
  }
}

} // namespace
} // namespace entrepot
