// At the counter of a pickup: codes, money due, and customers who do not come.
#include "tests/support/tales.hpp"

namespace entrepot {
namespace {

using namespace std::chrono_literals;
using namespace test;

AnyCommand hands_over(const std::string& code, bool id_checked = false) { return pickup::Command{pickup::HandOver{{code, id_checked}, codes}}; }

TEST(Pickup, a_wrong_code_opens_nothing_and_is_counted) {
  auto story = a_pickup_story(staged);
  EXPECT_EQ(story.refused(child::first_fulfilment, hands_over("9999")), "code-wrong");
  EXPECT_EQ(story.pickup().wrong_codes, 1);
  EXPECT_EQ(story.pickup().status, pickup::Status::staged);
}

TEST(Pickup, after_five_wrong_codes_only_the_identity_opens) {
  auto story = a_pickup_story(arrived);
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(story.refused(child::first_fulfilment, hands_over("9999")), "code-wrong");
  EXPECT_EQ(story.refused(child::first_fulfilment, hands_over("1111")), "code-locked") << "the right one comes too late";
  EXPECT_EQ(story.pickup().wrong_codes, 5);
  story.tells(child::first_fulfilment, hands_over("", true)).all_yes();
  expect_completed(story);
  EXPECT_TRUE(story.pickup().id_checked);
}

TEST(Pickup, a_new_code_opens_and_the_former_one_does_not) {
  auto story = a_pickup_story(staged);
  for (int i = 0; i < 5; ++i)
    (void)story.refused(child::first_fulfilment, hands_over("9999"));
  story.store(pickup::ResendCode{});
  EXPECT_EQ(story.refused(child::first_fulfilment, hands_over("1111")), "code-wrong");
  story.tells(child::first_fulfilment, hands_over("2222")).all_yes();
  expect_completed(story);
}

TEST(Pickup, a_code_is_sent_five_times_at_most) {
  auto story = a_pickup_story(staged);
  for (int i = 0; i < 4; ++i)
    story.store(pickup::ResendCode{});
  EXPECT_EQ(story.refused(child::first_fulfilment, pickup::Command{pickup::ResendCode{}}), "codes-exhausted");
}

TEST(Pickup, is_handed_over_once) {
  auto story = a_pickup_story(arrived);
  story.tells(child::first_fulfilment, hands_over("1111")).all_yes();
  EXPECT_EQ(story.refused(child::first_fulfilment, hands_over("1111")), "already-handed-over");
}

TEST(Pickup, goods_are_not_handed_over_while_the_money_due_at_the_counter_is_being_taken) {
  auto story = a_pickup_story(arrived, a_pickup_paid_at_the_counter());
  EXPECT_TRUE(story.calls().empty()) << "nothing is due before";
  story.tells(child::first_fulfilment, hands_over("1111"));
  EXPECT_EQ(story.pickup().status, pickup::Status::paying);
  EXPECT_EQ(story.calls().back().amount, an_agreement().total);
  EXPECT_EQ(story.refused(child::first_fulfilment, hands_over("1111")), "payment-under-way");
  story.provider(Said::no_answer).silence(6s).provider(Said::captured).all_yes();
  expect_completed(story);
}

TEST(Pickup, a_card_declined_at_the_counter_hands_nothing_over_and_another_card_does) {
  auto story = a_pickup_story(arrived, a_pickup_paid_at_the_counter());
  story.tells(child::first_fulfilment, hands_over("1111")).provider(Said::declined, "insufficient-funds");
  EXPECT_EQ(story.pickup().status, pickup::Status::staged);
  EXPECT_EQ(story.refused(child::first_fulfilment, hands_over("1111")), "payment-declined");
  story.tells(child::payment, payment::Command{payment::OfferTender{1, "tok_other"}}).tells(child::first_fulfilment, hands_over("1111"));
  EXPECT_EQ(story.calls().back().token, "tok_other");
  story.provider(Said::captured).all_yes();
  expect_completed(story);
}

TEST(Pickup, a_wrong_code_takes_no_money) {
  auto story = a_pickup_story(arrived, a_pickup_paid_at_the_counter());
  EXPECT_EQ(story.refused(child::first_fulfilment, hands_over("9999")), "code-wrong");
  EXPECT_EQ(story.pickup().wrong_codes, 1);
  EXPECT_TRUE(story.calls().empty());
}

TEST(Pickup, a_customer_whose_cards_are_all_declined_goes_and_nobody_waits_for_ever) {
  auto story = a_pickup_story(arrived, a_pickup_paid_at_the_counter());
  for (int card = 1; card <= 3; ++card) {
    story.tells(child::first_fulfilment, hands_over("1111")).provider(Said::declined);
    if (card < 3)
      story.tells(child::payment, payment::Command{payment::OfferTender{1, "tok"}});
  }
  EXPECT_EQ(story.refused(child::payment, payment::Command{payment::OfferTender{1, "tok"}}), "attempts-exhausted");
  story.silence(std::chrono::days{7}).all_yes();
  expect_cancelled(story, "not-collected");
}

TEST(Pickup, a_customer_who_does_not_come_is_reminded_on_day_one_three_and_six_and_gets_the_money_back_on_day_seven) {
  auto story = a_pickup_story(staged);
  auto since = story.now();
  std::vector<std::chrono::days> reminded;
  while (story.pickup().status == pickup::Status::staged && story.now() < since + std::chrono::days{30}) {
    auto before = story.pickup().reminded;
    story.silence(*story.wake_up() - story.now());
    if (story.pickup().reminded > before)
      reminded.push_back(std::chrono::duration_cast<std::chrono::days>(story.now() - since));
  }
  EXPECT_EQ(reminded, (std::vector<std::chrono::days>{std::chrono::days{1}, std::chrono::days{3}, std::chrono::days{6}}));
  EXPECT_EQ(story.now(), since + std::chrono::days{7});
  EXPECT_EQ(story.pickup().status, pickup::Status::no_show);
  EXPECT_TRUE(story.pickup().put_back);
  story.all_yes().provider(Said::refunded);
  expect_cancelled(story, "not-collected");
  story.store(pickup::PutBack{});
  EXPECT_FALSE(story.pickup().put_back);
}

TEST(Pickup, the_customer_may_come_a_week_later_once) {
  auto story = a_pickup_story(staged);
  auto until = story.pickup().collect_until + pickup::collection_window;
  story.store(pickup::Extend{until});
  EXPECT_EQ(story.refused(child::first_fulfilment, pickup::Command{pickup::Extend{until}}), "already-extended");
  story.silence(std::chrono::days{13});
  EXPECT_EQ(story.pickup().status, pickup::Status::staged);
  story.silence(std::chrono::days{1}).all_yes().provider(Said::refunded);
  expect_cancelled(story, "not-collected");
}

TEST(Pickup, a_customer_who_does_not_want_it_any_more_at_the_counter_gets_the_money_back) {
  auto story = a_pickup_story(arrived);
  story.store(pickup::Refuse{}).all_yes().provider(Said::refunded);
  expect_cancelled(story, "refused-by-customer");
}

} // namespace
} // namespace entrepot
