// Deliveries and pickups that go well, to their end, and with a crash wherever one may come.
#include "tests/support/story.hpp"

namespace entrepot {
namespace {

using namespace std::chrono_literals;
using test::Story;
using Said = payment::ProviderAnswer::Kind;

/// What one happy story does, on any Story.
using Tale = void (*)(Story&);

/// Picked, packed, sent, brought.
void send(Story& story) {
  story.staff(fulfilment::StartPick{}).all_yes().staff(fulfilment::Pick{}).all_yes();
  story.staff(fulfilment::Pack{{{900}}}).all_yes().staff(fulfilment::Ship{"T-1"}).all_yes().staff(fulfilment::Deliver{}).all_yes();
}

/// Accepted, picked, staged, fetched.
void fetch(Story& story) {
  story.store(pickup::Accept{}).all_yes().store(pickup::StartPick{}).all_yes().store(pickup::Pick{}).all_yes();
  story.store(pickup::Stage{"B-7", story.now() + pickup::collection_window}).all_yes().store(pickup::Arrive{"bay 2"}).all_yes();
  story.store(pickup::HandOver{{"1111", false}, test::codes}).all_yes();
}

void delivery_on_account(Story& story) {
  story.submits(test::an_agreement_on_account()).all_yes();
  send(story);
}
void delivery_by_card(Story& story) {
  story.submits(test::an_agreement()).all_yes().provider(Said::captured).all_yes();
  send(story);
}
void delivery_with_deposit(Story& story) {
  auto basket = test::a_basket();
  basket.customer = test::customer_number("C-2");
  basket.customer_level = "silver";
  story.submits(*order::draft(basket, test::a_shop(), test::now)).all_yes().provider(Said::captured).all_yes();
  send(story);
  story.provider(Said::captured);
}
void pickup_on_account(Story& story) {
  story.submits(test::a_pickup_on_account()).all_yes();
  fetch(story);
}
void pickup_by_card(Story& story) {
  story.submits(test::a_pickup_by_card()).all_yes().provider(Said::captured).all_yes();
  fetch(story);
}
void pickup_paid_at_the_counter(Story& story) {
  story.submits(test::a_pickup_paid_at_the_counter()).all_yes();
  fetch(story);
  story.provider(Said::captured).all_yes();
}

Story told(Tale tale) {
  Story story;
  tale(story);
  return story;
}

void expect_completed(const Story& story) {
  EXPECT_EQ(story.status(), order::Status::completed) << story.told_in_words();
  EXPECT_EQ(story.wake_up(), std::nullopt);
  EXPECT_FALSE(story.family().diary.parked);
  for (auto& units : story.family().order.units)
    EXPECT_EQ(units.delivered, units.ordered);
}

TEST(ToTheEnd, a_delivery_on_account_is_sent_delivered_and_billed) {
  auto story = told(delivery_on_account);
  expect_completed(story);
  EXPECT_EQ(story.tender().status, payment::Status::billed);
  EXPECT_TRUE(story.calls().empty());
  EXPECT_EQ(story.told_in_words(), "Order submitted in web by customer C-1: 2 x MUG-1, 1 x BOWL-1; 45.00 GBP in all, from DC\n"
                                   "Order confirmed: the customer has our promise\n"
                                   "DC has the work on its list: 2 x MUG-1, 1 x BOWL-1\n"
                                   "Picking begun\n"
                                   "Picked\n"
                                   "Packed in 1 parcel\n"
                                   "Handed to the carrier (T-1)\n"
                                   "Units have left for the customer: 2 of line 1, 1 of line 2\n"
                                   "Delivered\n"
                                   "Units are with the customer: 2 of line 1, 1 of line 2\n"
                                   "45.00 GBP billed\n"
                                   "Order completed\n");
}

TEST(ToTheEnd, a_delivery_by_card_is_charged_once_before_the_promise) {
  auto story = told(delivery_by_card);
  expect_completed(story);
  EXPECT_EQ(story.tender().captured, test::an_agreement().total);
  EXPECT_EQ(story.calls().size(), 1u);
}

TEST(ToTheEnd, a_silver_customer_pays_a_deposit_with_the_order_and_the_rest_when_all_has_arrived) {
  auto story = told(delivery_with_deposit);
  expect_completed(story);
  ASSERT_EQ(story.calls().size(), 2u);
  EXPECT_EQ(story.tender(0).captured, test::money(1000)) << "a fifth of 45.00, up to the next ten";
  EXPECT_EQ(story.tender(1).captured, test::money(3500));
}

TEST(ToTheEnd, a_pickup_on_account_is_prepared_fetched_and_billed) {
  auto story = told(pickup_on_account);
  expect_completed(story);
  EXPECT_EQ(story.pickup().status, pickup::Status::handed_over);
  EXPECT_EQ(story.tender().status, payment::Status::billed);
}

TEST(ToTheEnd, a_pickup_by_card_is_held_in_the_store_charged_and_handed_over) {
  auto story = told(pickup_by_card);
  expect_completed(story);
  EXPECT_EQ(story.calls().size(), 1u);
  EXPECT_EQ(story.told_in_words(), "Order submitted in web by a guest: 2 x MUG-1, 1 x BOWL-1; 45.00 GBP in all, to be picked up in LEEDS\n"
                                   "Payment provider asked for 45.00 GBP (attempt " + story.tender().key + ")\n"
                                   "45.00 GBP received (P-1)\n"
                                   "Order confirmed: the customer has our promise\n"
                                   "LEEDS is asked to prepare 2 x MUG-1, 1 x BOWL-1\n"
                                   "The store takes the work\n"
                                   "Picking begun\n"
                                   "Picked\n"
                                   "Ready for the customer in B-7\n"
                                   "The customer is here, bay 2\n"
                                   "Handed over, the code was right\n"
                                   "Units are with the customer: 2 of line 1, 1 of line 2\n"
                                   "Order completed\n");
}

TEST(ToTheEnd, a_pickup_paid_at_the_counter_is_handed_over_when_the_money_is_ours) {
  auto story = told(pickup_paid_at_the_counter);
  expect_completed(story);
  EXPECT_EQ(story.tender().captured, test::an_agreement().total);
}

TEST(ToTheEnd, the_store_takes_the_goods_out_of_its_stock_when_they_are_handed_over) {
  auto story = told(pickup_on_account);
  EXPECT_EQ(story.last_question().to, stream_of(test::location("LEEDS")));
  EXPECT_EQ(story.asks<stock::Issue>().order, test::order_id());
}

/// The same must happen, only once each, wherever the memory is lost.
class Crash : public testing::TestWithParam<Tale> {};

TEST_P(Crash, after_any_one_turn_the_same_happens_in_the_end) {
  auto undisturbed = told(GetParam());
  for (int turn = 1; turn <= undisturbed.turns(); ++turn) {
    Story story;
    story.crashes_after(turn);
    GetParam()(story);
    EXPECT_EQ(story.all_yes().told_in_words(), undisturbed.told_in_words()) << "crashed after turn " << turn;
    EXPECT_EQ(story.family(), undisturbed.family()) << "crashed after turn " << turn;
    expect_completed(story);
  }
}

TEST_P(Crash, after_every_turn_the_same_happens_in_the_end) {
  auto undisturbed = told(GetParam());
  Story story;
  story.crashes_after(0);
  GetParam()(story);
  EXPECT_EQ(story.told_in_words(), undisturbed.told_in_words());
  expect_completed(story);
}

INSTANTIATE_TEST_SUITE_P(OfEveryHappyTale, Crash,
                         testing::Values(delivery_on_account, delivery_by_card, delivery_with_deposit, pickup_on_account, pickup_by_card, pickup_paid_at_the_counter));

} // namespace
} // namespace entrepot
