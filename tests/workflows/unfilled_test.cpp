// Units that a place cannot give: short picks, refusals and silence, what the stock hears of it, how long the customer waits, and what goes back.
#include "tests/support/tales.hpp"

namespace entrepot {
namespace {

using namespace std::chrono_literals;
using namespace test;
using fulfilment::Reason;
using std::chrono::days;

struct Case { Reason reason; stock::Effect effect; };
constexpr Case cases[] = {{Reason::not_in_stock, stock::Effect::suspend_all}, {Reason::mismatch, stock::Effect::suspend}, {Reason::damaged, stock::Effect::damage},
                          {Reason::too_busy, stock::Effect::none},            {Reason::no_capacity, stock::Effect::none}, {Reason::closed, stock::Effect::none},
                          {Reason::customer_choice, stock::Effect::none},     {Reason::other, stock::Effect::none}};

TEST(Unfilled, the_stock_hears_for_each_reason_what_it_says_about_the_shelf) {
  for (auto [reason, effect] : cases) {
    auto delivery = a_delivery(0, a_delivery_from_a_store());
    delivery.staff(fulfilment::Reject{reason});
    EXPECT_EQ(delivery.asks<stock::Shrink>().effect, effect) << name_of(reason);
    auto pickup = a_pickup_story();
    pickup.store(pickup::Reject{reason});
    EXPECT_EQ(pickup.asks<stock::Shrink>().effect, effect) << name_of(reason);
    EXPECT_TRUE(pickup.asks<stock::Shrink>().keep.empty());
  }
}

TEST(Unfilled, a_delivery_that_the_store_rejects_waits_a_week_for_units_and_is_then_paid_back) {
  for (auto stage : {0, 1, 2}) { // offered, accepted, picking
    auto story = a_delivery(0, a_delivery_from_a_store());
    if (stage > 0)
      story.staff(fulfilment::Accept{});
    if (stage > 1)
      story.staff(fulfilment::StartPick{});
    story.staff(fulfilment::Reject{Reason::damaged}).all_yes();
    EXPECT_EQ(story.fulfilment().put_back, stage > 1);
    EXPECT_EQ(story.wake_up(), story.now() + days{7});
    story.silence(days{7} - 1s);
    EXPECT_EQ(story.units().open, Quantity{2}) << "the promise still stands";
    story.silence(1s).provider(Said::refunded);
    expect_cancelled(story, "unfillable");
  }
}

TEST(Unfilled, a_store_that_ought_to_send_is_alarmed_after_a_quarter_of_an_hour_and_no_longer_asked_after_half_an_hour) {
  auto story = a_delivery(0, a_delivery_from_a_store());
  story.silence(15min);
  EXPECT_EQ(story.fulfilment().escalated, 50);
  story.silence(15min);
  EXPECT_EQ(story.fulfilment().status, fulfilment::Status::rejected);
  EXPECT_EQ(story.fulfilment().why_dropped, Reason::no_answer);
  EXPECT_EQ(story.refused(child::first_fulfilment, fulfilment::Command{fulfilment::Accept{}}), "fulfilment-not-offered");
  story.all_yes().silence(days{7}).provider(Said::refunded);
  expect_cancelled(story, "unfillable");
}

TEST(Unfilled, a_pickup_that_the_store_rejects_waits_a_day_for_the_customers_word) {
  auto story = a_pickup_story();
  story.store(pickup::Reject{Reason::not_in_stock}).all_yes();
  EXPECT_EQ(story.wake_up(), story.now() + 24h);
  story.silence(24h).provider(Said::refunded);
  expect_cancelled(story, "pickup-rejected");
}

TEST(Unfilled, the_customer_of_a_rejected_pickup_may_cancel_at_once) {
  auto story = a_pickup_story();
  story.store(pickup::Reject{Reason::too_busy}).all_yes();
  cancel(story).provider(Said::refunded);
  expect_cancelled(story);
}

TEST(Unfilled, the_customer_may_cancel_before_the_stock_has_heard_of_the_rejection) {
  auto story = a_pickup_story();
  story.store(pickup::Reject{Reason::too_busy});
  cancel(story).provider(Said::refunded);
  expect_cancelled(story);
}

TEST(Unfilled, a_store_that_says_nothing_about_a_pickup_is_treated_as_if_it_had_rejected_it) {
  auto story = a_pickup_story();
  story.silence(15min);
  EXPECT_EQ(story.pickup().escalated, 50);
  story.silence(15min);
  EXPECT_EQ(story.pickup().status, pickup::Status::rejected);
  story.all_yes().silence(24h).provider(Said::refunded);
  expect_cancelled(story, "pickup-rejected");
}

TEST(Unfilled, a_silent_stock_is_asked_until_it_answers_and_the_customers_day_begins_only_then) {
  auto story = a_pickup_story();
  story.store(pickup::Reject{Reason::closed}).silence(2h);
  EXPECT_EQ(story.units().held, Quantity{2}) << "who still holds them is not certain";
  EXPECT_GT(story.questions().size(), 100u);
  story.yes();
  EXPECT_EQ(story.units().open, Quantity{2});
  EXPECT_EQ(story.wake_up(), story.now() + 24h);
}

TEST(Unfilled, work_is_alarmed_at_half_and_whole_time_and_then_looked_at_once_a_day) {
  auto story = a_delivery();
  story.silence(2h);
  EXPECT_EQ(story.fulfilment().escalated, 50);
  story.silence(2h);
  EXPECT_EQ(story.fulfilment().escalated, 100);
  auto events = story.events();
  story.silence(days{3});
  EXPECT_EQ(story.events(), events) << "nobody is alarmed a third time";
  auto pickup = a_pickup_story(pickup_accepted);
  pickup.silence(2h);
  EXPECT_EQ(pickup.pickup().escalated, 100);
}

TEST(Unfilled, a_short_pick_ships_what_was_found_and_cancels_the_rest_a_week_later) {
  auto story = a_delivery(picking_begun);
  story.staff(fulfilment::Pick{{{1, Quantity{1}}}});
  EXPECT_EQ(story.asks<stock::Shrink>().keep, (std::vector<stock::HoldLine>{{1, sku("MUG-1"), Quantity{1}}, {2, sku("BOWL-1"), Quantity{1}}}));
  story.all_yes();
  EXPECT_EQ(story.units().open, Quantity{1});
  story.staff(fulfilment::Pack{{{900}}}).all_yes().staff(fulfilment::Ship{}).all_yes().staff(fulfilment::Deliver{}).all_yes();
  EXPECT_EQ(story.status(), order::Status::in_fulfilment) << "a mug is still outstanding";
  story.silence(days{7});
  EXPECT_EQ(story.units().cancelled, Quantity{1});
  EXPECT_EQ(story.calls().back().kind, payment::ProviderRequest::Kind::refund);
  EXPECT_EQ(story.calls().back().amount, money(1250));
  story.provider(Said::refunded);
  expect_completed(story);
  EXPECT_EQ(story.tender().status, payment::Status::partially_refunded);
}

TEST(Unfilled, the_rest_of_a_short_pick_on_account_is_never_billed) {
  auto story = a_delivery(picking_begun, an_agreement_on_account());
  story.staff(fulfilment::Pick{{{1, Quantity{1}}}}).all_yes();
  story.staff(fulfilment::Pack{{{900}}}).all_yes().staff(fulfilment::Ship{}).all_yes().staff(fulfilment::Deliver{}).all_yes().silence(days{7});
  expect_completed(story);
  EXPECT_EQ(story.tender().status, payment::Status::billed);
  EXPECT_EQ(story.tender().due, money(3250));
}

TEST(Unfilled, what_is_found_of_a_pickup_is_handed_over_and_the_rest_is_cancelled_a_day_later) {
  auto story = a_pickup_story(pickup_picking);
  story.store(pickup::Pick{{{2, Quantity{}}}}).all_yes().store(pickup::Stage{"B-7", story.now() + days{7}});
  story.store(pickup::HandOver{{"1111", false}, codes}).all_yes();
  EXPECT_EQ(story.status(), order::Status::in_fulfilment);
  story.silence(24h);
  EXPECT_EQ(story.calls().back().amount, money(2000));
  story.provider(Said::refunded);
  expect_completed(story);
}

TEST(Unfilled, the_rest_of_a_short_pick_is_cancelled_before_the_customer_comes_and_only_what_is_fetched_is_paid) {
  auto story = a_pickup_story(pickup_picking, a_pickup_paid_at_the_counter());
  story.store(pickup::Pick{{{2, Quantity{}}}}).all_yes().store(pickup::Stage{"B-7", story.now() + days{7}}).silence(25h);
  EXPECT_EQ(story.tender().due, money(2500));
  story.store(pickup::HandOver{{"1111", false}, codes});
  EXPECT_EQ(story.calls().back().amount, money(2500));
  story.provider(Said::captured).all_yes();
  expect_completed(story);
}

TEST(Unfilled, a_customer_who_comes_before_that_pays_only_for_what_is_in_the_bag) {
  auto story = a_pickup_story(pickup_picking, a_pickup_paid_at_the_counter());
  story.store(pickup::Pick{{{2, Quantity{}}}}).all_yes().store(pickup::Stage{"B-7", story.now() + days{7}});
  story.store(pickup::HandOver{{"1111", false}, codes});
  EXPECT_EQ(story.calls().back().amount, money(2500));
  story.provider(Said::captured).all_yes();
  expect_completed(story);
  EXPECT_EQ(story.calls().size(), 1u) << "nothing is to be given back";
}

} // namespace
} // namespace entrepot
