// Orders that wait for somebody: for a person, for the customer's credit, for the customer's word at the bank, or because the bank has taken money back.
#include "tests/support/tales.hpp"

namespace entrepot {
namespace {

using namespace test;
using payment::Status;

order::Agreement on_limited_credit() {
  auto agreement = an_agreement_on_account();
  agreement.credit_limited = true;
  return agreement;
}

bool asks_customer(const workflow::Question& question) { return std::holds_alternative<customer::Command>(question.command); }

/// The stock is held, and the customer's credit is asked for.
Story asking_for_credit() {
  Story story;
  story.submits(on_limited_credit()).yes();
  EXPECT_TRUE(asks_customer(story.last_question()));
  return story;
}

Story& deny(Story& story) { return story.answer(story.last_question(), reject("credit-limit-exceeded", "200.00 GBP is available, 247.00 GBP is needed")); }

template <class Command>
const Command& asked_of_customer(const Story& story) {
  return std::get<Command>(std::get<customer::Command>(story.last_question().command));
}

TEST(OnCredit, payment_p1_an_order_beyond_the_credit_limit_waits_on_hold_until_the_limit_is_raised) {
  auto story = asking_for_credit();
  EXPECT_EQ(asked_of_customer<customer::ReserveCredit>(story).amount, an_agreement().total);
  deny(story);
  ASSERT_TRUE(order::on_hold(story.family().order));
  EXPECT_EQ(order::on_hold(story.family().order)->code, "credit_limit");
  EXPECT_EQ(story.status(), order::Status::submitted);
  deny(story); // asked once more at once, as for a new reason
  auto events = story.events();
  story.silence(15min);
  EXPECT_EQ(story.events(), events) << "that it still does not fit is no news";
  story.answer(story.last_question(), {}).all_yes(); // the limit was raised
  EXPECT_FALSE(order::on_hold(story.family().order));
  EXPECT_EQ(story.status(), order::Status::confirmed) << story.told_in_words();
}

TEST(OnCredit, an_order_within_the_credit_is_confirmed_at_once) {
  auto story = asking_for_credit();
  story.all_yes();
  EXPECT_EQ(story.status(), order::Status::confirmed);
  EXPECT_TRUE(story.family().order.holds.empty());
}

TEST(OnCredit, somebody_may_let_an_order_pass_beyond_the_limit) {
  auto story = asking_for_credit();
  deny(story);
  story.tells(child::order, order::Command{order::ReleaseFromHold{"credit_limit"}}).all_yes();
  EXPECT_EQ(story.status(), order::Status::confirmed) << story.told_in_words();
}

TEST(OnCredit, an_order_that_nobody_lets_pass_is_given_up_after_three_days_and_takes_nothing_with_it) {
  auto story = asking_for_credit();
  deny(story);
  for (int i = 0; i < 300 && story.status() == order::Status::submitted; ++i) {
    if (asks_customer(story.last_question()))
      deny(story);
    story.silence(15min);
  }
  story.all_yes();
  EXPECT_EQ(story.status(), order::Status::rejected);
  EXPECT_EQ(story.family().order.why_rejected->code, "on-hold-too-long");
  EXPECT_TRUE(std::ranges::any_of(story.questions(), [](const auto& question) {
    return asks_customer(question) && std::holds_alternative<customer::ReleaseCredit>(std::get<customer::Command>(question.command));
  }));
  EXPECT_EQ(story.wake_up(), std::nullopt);
}

TEST(OnCredit, a_cancelled_order_frees_the_credit_that_it_had) {
  auto story = asking_for_credit();
  story.all_yes();
  cancel(story);
  expect_cancelled(story);
  EXPECT_EQ(asked_of_customer<customer::ReleaseCredit>(story).order, OrderId{story.family().id});
}

TEST(OnCredit, a_blocked_customer_gets_no_credit) {
  auto story = asking_for_credit();
  story.answer(story.last_question(), reject("customer-blocked", "blocked")).all_yes();
  EXPECT_EQ(story.status(), order::Status::rejected);
}

TEST(OnHold, an_order_is_not_confirmed_before_somebody_releases_it) {
  Story story;
  story.submits(an_agreement()).tells(child::order, order::Command{order::PutOnHold{"fraud", "a new address"}}).all_yes();
  story.provider(Said::captured).all_yes();
  EXPECT_EQ(story.status(), order::Status::submitted);
  story.tells(child::order, order::Command{order::PutOnHold{"bad_address", "no such street"}}).tells(child::order, order::Command{order::ReleaseFromHold{"fraud"}}).all_yes();
  EXPECT_EQ(story.status(), order::Status::submitted) << "one reason is left";
  story.tells(child::order, order::Command{order::ReleaseFromHold{"bad_address"}}).all_yes();
  EXPECT_EQ(story.status(), order::Status::confirmed);
  EXPECT_EQ(story.refused(child::order, order::Command{order::ReleaseFromHold{"bad_address"}}), "not-on-hold");
}

TEST(OnHold, an_order_that_nobody_releases_gives_the_money_back) {
  Story story;
  story.submits(an_agreement()).tells(child::order, order::Command{order::PutOnHold{"fraud", "a new address"}}).all_yes();
  story.provider(Said::captured).all_yes().silence(std::chrono::hours{72}).all_yes();
  EXPECT_EQ(story.status(), order::Status::rejected);
  EXPECT_EQ(story.calls().back().kind, payment::ProviderRequest::Kind::void_);
}

TEST(OnHold, nobody_ships_an_order_that_is_on_hold) {
  auto story = a_delivery(packed);
  story.tells(child::order, order::Command{order::PutOnHold{"fraud", "a second look"}}).all_yes();
  auto before = story.family();
  EXPECT_EQ(story.refused(child::first_fulfilment, fulfilment::Command{fulfilment::Ship{"T-1"}}), "order-on-hold");
  EXPECT_EQ(story.family(), before);
  story.tells(child::order, order::Command{order::ReleaseFromHold{"fraud"}}).all_yes().staff(fulfilment::Ship{"T-1"}).all_yes().staff(fulfilment::Deliver{}).all_yes();
  expect_completed(story);
}

TEST(OnHold, nobody_hands_over_the_bag_of_an_order_that_is_on_hold) {
  auto story = a_pickup_story(staged);
  story.tells(child::order, order::Command{order::PutOnHold{"fraud", "a second look"}}).all_yes();
  auto before = story.family();
  EXPECT_EQ(story.refused(child::first_fulfilment, pickup::Command{pickup::HandOver{{codes[0], false}, codes}}), "order-on-hold");
  EXPECT_EQ(story.family(), before);
}

// ---- at the bank

payment::ProviderAnswer confirm_by(Timestamp until) { return {Said::action_required, "P-1", {}, an_agreement().total, "https://bank.example/1", until}; }

TEST(AtTheBank, a_payment_waits_for_the_customers_word_and_then_the_order_is_confirmed) {
  Story story;
  story.submits(an_agreement()).all_yes();
  story.provider(confirm_by(story.now() + 10min));
  EXPECT_EQ(story.tender().status, Status::requires_action);
  EXPECT_EQ(story.tender().action, "https://bank.example/1");
  EXPECT_EQ(story.status(), order::Status::submitted);
  story.silence(3min);
  EXPECT_EQ(story.calls().back().kind, payment::ProviderRequest::Kind::enquire) << "in case nobody tells us";
  story.provider(confirm_by(story.now() + 7min));
  EXPECT_EQ(story.tender().status, Status::requires_action);
  story.provider(Said::captured).all_yes();
  EXPECT_EQ(story.status(), order::Status::confirmed);
}

TEST(AtTheBank, a_payment_that_is_not_confirmed_in_time_can_never_be_and_the_order_is_given_up) {
  Story story;
  story.submits(an_agreement()).all_yes();
  story.provider(confirm_by(story.now() + 24h)).silence(15min);
  EXPECT_EQ(story.calls().back().kind, payment::ProviderRequest::Kind::void_) << "the customer has a quarter of an hour, whatever the bank says";
  story.provider(Said::voided).all_yes();
  EXPECT_EQ(story.status(), order::Status::rejected);
  EXPECT_EQ(story.family().order.why_rejected->code, "payment-not-confirmed");
  EXPECT_EQ(story.wake_up(), std::nullopt);
}

TEST(AtTheBank, a_customer_who_refuses_may_give_another_card) {
  Story story;
  story.submits(an_agreement()).all_yes();
  story.provider(confirm_by(story.now() + 10min)).provider(Said::declined, "not-confirmed");
  EXPECT_EQ(story.tender().status, Status::declined);
  story.tells(child::payment, payment::Command{payment::OfferTender{1, "tok_other"}}).all_yes().provider(Said::captured).all_yes();
  EXPECT_EQ(story.status(), order::Status::confirmed);
}

TEST(AtTheBank, an_order_cancelled_meanwhile_takes_the_payment_back) {
  Story story;
  story.submits(an_agreement()).all_yes();
  story.provider(confirm_by(story.now() + 10min));
  cancel(story);
  EXPECT_EQ(story.calls().back().kind, payment::ProviderRequest::Kind::void_);
  story.provider(Said::voided).all_yes();
  expect_cancelled(story);
}

TEST(AtTheBank, what_is_to_be_confirmed_outlives_a_crash) {
  Story story;
  story.submits(an_agreement()).all_yes();
  story.provider(confirm_by(story.now() + 10min)).crash();
  EXPECT_EQ(story.calls().back().kind, payment::ProviderRequest::Kind::enquire) << "never asked for a second time";
  story.provider(Said::captured).all_yes();
  EXPECT_EQ(story.status(), order::Status::confirmed);
}

// ---- money that the bank takes back

payment::ProviderAnswer charged_back(const std::string& reference) { return {Said::charged_back, reference, "fraud", an_agreement().total}; }

TEST(ChargedBack, money_freezes_what_has_not_left_until_somebody_decides) {
  auto story = a_delivery(packed);
  story.provider(charged_back("CB-1")).all_yes();
  EXPECT_EQ(story.tender().charged_back, an_agreement().total);
  ASSERT_TRUE(order::on_hold(story.family().order));
  EXPECT_EQ(order::on_hold(story.family().order)->code, "charge_back");
  EXPECT_EQ(story.refused(child::first_fulfilment, fulfilment::Command{fulfilment::Ship{"T-1"}}), "order-on-hold");
  auto events = story.events();
  story.provider(charged_back("CB-1")).all_yes();
  EXPECT_EQ(story.events(), events) << "told again, it is no news";
  story.tells(child::order, order::Command{order::ReleaseFromHold{"charge_back"}}).all_yes().staff(fulfilment::Ship{"T-1"}).all_yes();
  EXPECT_EQ(story.fulfilment().status, fulfilment::Status::shipped);
}

TEST(ChargedBack, money_of_an_order_that_is_over_is_written_down) {
  auto story = a_delivery(delivered);
  expect_completed(story);
  story.provider(charged_back("CB-1"));
  EXPECT_EQ(story.tender().charged_back, an_agreement().total);
  EXPECT_EQ(story.status(), order::Status::completed);
  EXPECT_EQ(story.wake_up(), std::nullopt);
}

TEST(ChargedBack, a_part_told_twice_counts_once_and_another_part_counts) {
  auto story = a_delivery(packed);
  auto part = charged_back("CB-1");
  part.amount = money(1000);
  story.provider(part).provider(part).all_yes();
  EXPECT_EQ(story.tender().charged_back, money(1000));
  part.reference = "CB-2";
  story.provider(part).all_yes();
  EXPECT_EQ(story.tender().charged_back, money(2000));
}

TEST(ChargedBack, more_than_was_taken_is_not_believed) {
  auto story = a_delivery(packed);
  auto told = charged_back("CB-1");
  told.amount.amount += 1;
  story.provider(told);
  EXPECT_EQ(story.tender().charged_back.amount, 0);
}

} // namespace
} // namespace entrepot
