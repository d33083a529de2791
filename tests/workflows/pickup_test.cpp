// At the counter of a pickup: codes, money due, and customers who do not come.
#include "tests/support/tales.hpp"
#include "workflows/steps/place.hpp"

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

pickup::Command takes(std::vector<pickup::Taken> taken) { return pickup::HandOver{{"1111", false}, codes, std::move(taken)}; }
pickup::Command takes_for_now(std::vector<pickup::Taken> taken) { return pickup::HandOverPart{{"1111", false}, codes, std::move(taken)}; }
const std::vector<pickup::Taken> a_mug{{1, Quantity{1}}}, mug_and_bowl{{1, Quantity{1}}, {2, Quantity{1}}};

/// Of two mugs the customer has one, the other is cancelled.
void expect_one_mug_kept(const Story& story) {
  const auto& units = story.units(0);
  EXPECT_EQ(units.issued, Quantity{1});
  EXPECT_EQ(units.delivered, Quantity{1});
  EXPECT_EQ(units.cancelled, Quantity{1});
}

TEST(Pickup, is_fetched_in_parts_and_the_rest_waits_under_its_clock) {
  auto story = a_pickup_story(arrived);
  auto until = story.pickup().collect_until;
  story.store(takes_for_now(a_mug));
  EXPECT_EQ(story.asks<stock::Issue>().left, (std::vector<stock::HoldLine>{{1, sku("MUG-1"), Quantity{1}}}));
  story.all_yes();
  EXPECT_EQ(story.units(0).delivered, Quantity{1});
  EXPECT_EQ(story.units(0).held, Quantity{1});
  EXPECT_EQ(story.pickup().status, pickup::Status::staged);
  EXPECT_EQ(story.pickup().collect_until, until);
  EXPECT_EQ(story.status(), order::Status::in_fulfilment);
  EXPECT_EQ(story.refused(child::first_fulfilment, takes({{1, Quantity{2}}})), "quantity-invalid");
  story.store(takes(mug_and_bowl)).all_yes();
  EXPECT_EQ(story.asks<stock::Issue>().left.front().quantity, Quantity{2}) << "in all";
  expect_completed(story);
}

TEST(Pickup, of_which_staff_name_a_line_that_it_does_not_have_is_not_handed_over_and_nothing_is_charged) {
  const std::vector<pickup::Taken> no_such_line{{99, Quantity{1}}}, and_none{{0, Quantity{1}}};
  for (const auto& agreement : {a_pickup_by_card(), a_pickup_paid_at_the_counter()})
    for (const auto& taken : {no_such_line, and_none}) {
      auto story = a_pickup_story(arrived, agreement);
      EXPECT_EQ(story.refused(child::first_fulfilment, takes(taken)), "quantity-invalid");
      EXPECT_EQ(story.refused(child::first_fulfilment, takes_for_now(taken)), "quantity-invalid");
      EXPECT_EQ(story.pickup().status, pickup::Status::arrived);
      EXPECT_EQ(story.tender().attempts, agreement.instalments.front().moment == payment::Moment::on_issue ? 0 : 1);
    }
}

TEST(Pickup, a_part_that_is_all_that_lies_there_is_the_end_of_it) {
  auto story = a_pickup_story(arrived);
  story.store(takes_for_now({{1, Quantity{2}}, {2, Quantity{1}}})).all_yes();
  expect_completed(story);
}

TEST(Pickup, of_what_the_customer_does_not_take_at_the_counter_the_money_goes_back_and_staff_put_it_back) {
  auto story = a_pickup_story(arrived);
  story.store(takes(a_mug)).all_yes();
  EXPECT_EQ(story.calls().back().kind, payment::ProviderRequest::Kind::refund);
  EXPECT_EQ(story.calls().back().amount, money(3250)) << "a mug and the bowl";
  story.provider(Said::refunded);
  expect_completed(story);
  expect_one_mug_kept(story);
  EXPECT_TRUE(story.pickup().put_back);
  story.store(pickup::PutBack{});
  EXPECT_FALSE(story.pickup().put_back);
}

TEST(Pickup, of_which_a_part_was_fetched_is_cancelled_for_the_rest_if_nobody_comes_for_it) {
  auto story = a_pickup_story(staged);
  story.store(takes_for_now(mug_and_bowl)).all_yes();
  story.silence(std::chrono::days{7}).all_yes().provider(Said::refunded);
  EXPECT_EQ(story.calls().back().amount, money(1250));
  expect_completed(story);
  EXPECT_EQ(story.units(0).cancelled, Quantity{1});
}

TEST(Pickup, of_which_a_part_was_fetched_can_still_be_cancelled_for_the_rest) {
  auto story = a_pickup_story(staged);
  story.store(takes_for_now(mug_and_bowl)).all_yes();
  cancel(story).provider(Said::refunded);
  EXPECT_EQ(story.calls().back().amount, money(1250));
  expect_completed(story);
}

TEST(Pickup, a_place_that_says_nothing_of_a_part_is_asked_again_and_the_rest_is_refused_meanwhile) {
  auto story = a_pickup_story(staged);
  story.store(takes_for_now(a_mug)).silence(1min);
  story.store(pickup::Refuse{}).all_yes().provider(Said::refunded);
  expect_one_mug_kept(story);
  expect_completed(story);
}

TEST(Pickup, a_part_paid_at_the_counter_leaves_when_the_money_is_there_and_not_when_it_is_not) {
  auto story = a_pickup_story(arrived, a_pickup_paid_at_the_counter());
  story.store(takes_for_now(a_mug));
  EXPECT_EQ(story.pickup().status, pickup::Status::paying);
  EXPECT_EQ(workflow::units_leaving(story.family(), child::first_fulfilment), (std::vector<order::LineUnits>{{1, Quantity{1}}}));
  story.provider(Said::declined);
  EXPECT_EQ(story.pickup().status, pickup::Status::staged);
  EXPECT_EQ(story.units(0).issued, Quantity{});
  story.tells(child::payment, payment::Command{payment::OfferTender{1, "tok_other"}}).store(takes_for_now(a_mug)).provider(Said::captured).all_yes();
  EXPECT_EQ(story.pickup().status, pickup::Status::staged) << "the rest waits";
  EXPECT_EQ(story.units(0).delivered, Quantity{1});
}

TEST(Pickup, who_keeps_one_and_refuses_the_rest_pays_for_the_one_in_the_end) {
  auto story = a_pickup_story(arrived, a_pickup_paid_at_the_counter());
  story.store(takes(a_mug)).provider(Said::captured).all_yes();
  if (story.calls().back().kind == payment::ProviderRequest::Kind::refund)
    story.provider(Said::refunded);
  expect_completed(story);
  EXPECT_EQ(story.tender().captured - story.tender().refunded, money(1250));
}

TEST(Pickup, a_part_ends_the_same_whatever_turn_the_memory_is_lost_after) {
  auto told = [](int turn) {
    auto story = a_pickup_story(staged);
    story.crashes_after(turn);
    story.store(takes_for_now(a_mug)).all_yes();
    if (turn)
      story.silence(2s).all_yes();
    story.store(takes(a_mug)).all_yes();
    if (turn)
      story.silence(2s).all_yes();
    story.provider(Said::refunded);
    expect_completed(story);
    return story.told_in_words();
  };
  Story counted = a_pickup_story(staged);
  const auto undisturbed = told(1'000'000);
  for (int turn = counted.turns() + 1; turn <= counted.turns() + 8; ++turn)
    EXPECT_EQ(told(turn), undisturbed) << "after turn " << turn;
}

TEST(Pickup, alarms_the_store_once_when_nobody_has_come_to_the_customer_for_five_minutes) {
  auto story = a_pickup_story(arrived);
  story.silence(4min + 59s);
  EXPECT_EQ(story.pickup().escalated, 0);
  story.silence(1s);
  EXPECT_EQ(story.pickup().escalated, 100);
  auto events = story.events();
  story.silence(6h);
  EXPECT_EQ(story.events(), events) << "once";
  story.store(takes_for_now(a_mug)).all_yes().store(pickup::Arrive{"bay 3"}).silence(5min);
  EXPECT_EQ(story.pickup().escalated, 100) << "and again when the customer comes again";
  story.store(takes({})).all_yes();
  expect_completed(story);
}

TEST(Pickup, a_customer_who_was_there_and_goes_again_is_given_up_after_the_same_week) {
  auto story = a_pickup_story(arrived);
  story.silence(std::chrono::days{7}).all_yes().provider(Said::refunded);
  expect_cancelled(story, "not-collected");
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
