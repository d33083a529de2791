// A customer cancels: at every stage of a delivery and of a pickup, and what becomes of goods and money.
#include "tests/support/tales.hpp"

namespace entrepot {
namespace {

using namespace std::chrono_literals;
using namespace test;
using Asked = payment::ProviderRequest::Kind;

const AnyCommand a_cancellation = order::Command{order::Cancel{"customer-request", "changed my mind"}};

TEST(Cancel, while_the_units_are_being_held_frees_what_may_be_held) {
  for (const auto& agreement : {an_agreement(), a_pickup_by_card()}) {
    auto story = Story().submits(agreement).tells(child::order, a_cancellation);
    EXPECT_EQ(story.asks<stock::Release>().order, order_id());
    story.all_yes();
    expect_cancelled(story);
    EXPECT_TRUE(story.calls().empty()) << "no card was asked";
  }
}

TEST(Cancel, while_the_card_is_being_asked_makes_the_payment_void_before_the_units_are_freed) {
  for (const auto& agreement : {an_agreement(), a_pickup_by_card()}) {
    auto story = Story().submits(agreement).all_yes();
    cancel(story);
    EXPECT_EQ(story.calls().back().kind, Asked::void_);
    EXPECT_EQ(story.status(), order::Status::cancelling);
    story.provider(Said::captured);
    EXPECT_EQ(story.status(), order::Status::cancelling) << "a late success changes nothing";
    story.provider(Said::voided).all_yes();
    expect_cancelled(story);
  }
}

TEST(Cancel, while_another_card_is_awaited_ends_the_waiting) {
  for (const auto& agreement : {an_agreement(), a_pickup_by_card()}) {
    auto story = Story().submits(agreement).all_yes().provider(Said::declined, "insufficient-funds");
    cancel(story);
    expect_cancelled(story);
    EXPECT_EQ(story.refused(child::payment, payment::Command{payment::Capture{1, "K", "tok", story.now()}}), "payment-declined");
  }
}

TEST(Cancel, while_the_units_are_being_allocated_waits_for_the_place_and_then_stops_its_work) {
  auto story = Story().submits(an_agreement()).all_yes().provider(Said::captured);
  story.tells(child::order, a_cancellation).all_yes().provider(Said::refunded);
  expect_cancelled(story);
}

TEST(Cancel, before_the_parcel_is_packed_stops_the_work_at_once_and_gives_the_money_back) {
  for (int stage = 0; stage < packed; ++stage) {
    auto story = a_delivery(stage);
    story.tells(child::order, a_cancellation);
    EXPECT_EQ(story.fulfilment().status, fulfilment::Status::cancelled) << stage;
    EXPECT_EQ(story.fulfilment().put_back, stage > 0) << "what was taken from the shelf goes back to it";
    EXPECT_TRUE(story.asks<stock::Shrink>().keep.empty());
    story.all_yes();
    EXPECT_EQ(story.calls().back().kind, Asked::refund);
    EXPECT_EQ(story.calls().back().amount, an_agreement().total);
    story.provider(Said::refunded);
    expect_cancelled(story);
  }
}

TEST(Cancel, a_packed_parcel_is_kept_back_if_staff_say_so) {
  auto story = a_delivery(packed);
  cancel(story);
  EXPECT_EQ(story.fulfilment().status, fulfilment::Status::packed);
  story.staff(fulfilment::ConfirmStop{}).all_yes().provider(Said::refunded);
  expect_cancelled(story);
}

TEST(Cancel, a_packed_parcel_of_which_staff_say_nothing_for_ten_minutes_is_kept_back) {
  auto story = a_delivery(packed);
  cancel(story).silence(9min);
  EXPECT_EQ(story.fulfilment().status, fulfilment::Status::packed);
  story.silence(1min).all_yes().provider(Said::refunded);
  expect_cancelled(story);
}

TEST(Cancel, a_parcel_that_has_all_but_gone_goes_on_to_the_customer) {
  auto story = a_delivery(packed);
  cancel(story).staff(fulfilment::RefuseStop{}).all_yes();
  EXPECT_EQ(story.status(), order::Status::in_fulfilment);
  EXPECT_EQ(story.refused(child::order, a_cancellation), "units-issued");
  story.staff(fulfilment::Ship{"T-1"}).all_yes().staff(fulfilment::Deliver{}).all_yes();
  expect_completed(story);
  EXPECT_EQ(story.calls().size(), 1u) << "nothing was given back";
}

TEST(Cancel, against_shipping_is_settled_by_who_comes_first) {
  auto shipped_first = a_delivery(shipped);
  EXPECT_EQ(shipped_first.refused(child::order, a_cancellation), "units-issued");
  auto cancelled_first = a_delivery(picked);
  cancel(cancelled_first);
  EXPECT_EQ(cancelled_first.refused(child::first_fulfilment, fulfilment::Command{fulfilment::Ship{"T-1"}}), "fulfilment-cancelled");
  auto shipped_while_staff_are_asked = a_delivery(packed);
  cancel(shipped_while_staff_are_asked).staff(fulfilment::Ship{"T-1"}).all_yes();
  EXPECT_EQ(shipped_while_staff_are_asked.status(), order::Status::in_fulfilment) << "what has left comes back as a return";
  shipped_while_staff_are_asked.staff(fulfilment::Deliver{}).all_yes();
  expect_completed(shipped_while_staff_are_asked);
}

TEST(Cancel, the_carrier_may_bring_the_parcel_before_the_stock_has_answered) {
  auto story = a_delivery(packed);
  cancel(story).staff(fulfilment::Ship{"T-1"}).staff(fulfilment::Deliver{}).all_yes();
  expect_completed(story);
}

TEST(Cancel, an_order_on_account_is_never_billed) {
  auto story = a_delivery(picked, an_agreement_on_account());
  cancel(story);
  expect_cancelled(story);
  EXPECT_EQ(story.tender().status, payment::Status::scheduled);
  EXPECT_EQ(story.tender().due, money(0));
}

TEST(Cancel, a_pickup_can_be_cancelled_until_it_is_handed_over) {
  for (int stage = 0; stage <= arrived; ++stage) {
    auto story = a_pickup_story(stage);
    cancel(story);
    EXPECT_EQ(story.pickup().status, pickup::Status::cancelled) << stage;
    EXPECT_EQ(story.pickup().put_back, stage >= pickup_picking) << stage;
    story.provider(Said::refunded);
    expect_cancelled(story);
  }
}

TEST(Cancel, at_the_counter_the_providers_answer_decides) {
  auto paid = a_pickup_story(staged, a_pickup_paid_at_the_counter());
  paid.store(pickup::HandOver{{"1111", false}, codes});
  cancel(paid);
  EXPECT_EQ(paid.pickup().status, pickup::Status::paying);
  paid.provider(Said::captured).all_yes();
  expect_completed(paid);
  auto declined = a_pickup_story(staged, a_pickup_paid_at_the_counter());
  declined.store(pickup::HandOver{{"1111", false}, codes});
  cancel(declined).provider(Said::declined, "insufficient-funds").all_yes();
  expect_cancelled(declined);
}

TEST(Cancel, crashing_after_any_turn_cancels_and_refunds_once_all_the_same) {
  auto tell = [](Story& story) {
    story.submits(a_pickup_by_card()).all_yes().provider(Said::captured).all_yes().store(pickup::Accept{}).all_yes();
    cancel(story).provider(Said::refunded).all_yes();
  };
  Story undisturbed;
  tell(undisturbed);
  for (int turn = 0; turn <= undisturbed.turns(); ++turn) {
    Story story;
    story.crashes_after(turn);
    tell(story);
    EXPECT_EQ(story.told_in_words(), undisturbed.told_in_words()) << turn;
    expect_cancelled(story);
  }
}

/// A silver customer's order of 247.00: a deposit of 50.00 is taken, 197.00 are due when all has arrived; one line costs 100.00.
order::Agreement a_silver_agreement() {
  auto basket = a_basket();
  basket.customer = customer_number("C-2");
  basket.customer_level = "silver";
  basket.lines = {{sku("MUG-1"), Quantity{1}, std::nullopt}, {sku("BOWL-1"), Quantity{1}, std::nullopt}};
  return *order::draft(basket, a_shop(a_channel(), {a_product("MUG-1", money(14700)), a_product("BOWL-1", money(10000))}), now);
}

TEST(Cancel, of_one_line_leaves_the_deposit_and_makes_the_rest_smaller) {
  auto story = a_delivery(picking_begun, a_silver_agreement());
  EXPECT_EQ(story.tender(0).captured, money(5000));
  story.staff(fulfilment::Pick{{{2, Quantity{}}}}).all_yes().silence(std::chrono::days{7});
  EXPECT_EQ(order::value_of(story.family().order), money(14700));
  EXPECT_EQ(story.tender(0).captured, money(5000));
  EXPECT_EQ(story.tender(1).due, money(9700));
  story.staff(fulfilment::Pack{{{900}}}).staff(fulfilment::Ship{}).all_yes().staff(fulfilment::Deliver{}).all_yes();
  EXPECT_EQ(story.calls().back().amount, money(9700));
  story.provider(Said::captured);
  expect_completed(story);
}

TEST(Cancel, of_the_whole_order_gives_the_deposit_back) {
  auto story = a_delivery(picked, a_silver_agreement());
  cancel(story);
  EXPECT_EQ(story.calls().back().amount, money(5000));
  story.provider(Said::refunded);
  expect_cancelled(story);
}

} // namespace
} // namespace entrepot
