// BODAH with a card: the money is taken once, an unknown outcome is enquired about, and what is given up is made void.
#include "tests/support/story.hpp"

namespace entrepot {
namespace {

using namespace std::chrono_literals;
using test::an_agreement;
using test::Story;
using Kind = payment::ProviderRequest::Kind;
using Said = payment::ProviderAnswer::Kind;

/// The units are held and the provider has been asked for 45.00.
Story asked_for_money() { return Story().submits(an_agreement()).yes(); }

payment::Status status_of(const Story& story) { return story.family().payment.tenders.at(0).status; }

TEST(BodahCard, asks_for_the_money_only_when_the_units_are_held) {
  auto story = Story().submits(an_agreement());
  EXPECT_TRUE(story.calls().empty());
  story.yes();
  ASSERT_EQ(story.calls().size(), 1u);
  EXPECT_EQ(story.calls()[0].kind, Kind::capture);
  EXPECT_EQ(story.calls()[0].amount, an_agreement().total);
  EXPECT_EQ(story.calls()[0].key, to_text(test::order_id()) + "/1/1");
  EXPECT_EQ(story.status(), order::Status::submitted);
}

TEST(BodahCard, confirms_when_the_money_is_ours) {
  auto story = asked_for_money().provider(Said::captured);
  EXPECT_EQ(story.status(), order::Status::confirmed);
  EXPECT_EQ(status_of(story), payment::Status::captured);
  story.yes();
  EXPECT_EQ(story.events(), 5u) << "submitted, capture asked, captured, confirmed, accepted";
}

TEST(BodahCard, keeps_the_units_for_another_card_after_a_decline) {
  auto story = asked_for_money().provider(Said::declined, "insufficient-funds");
  EXPECT_EQ(story.status(), order::Status::submitted);
  EXPECT_EQ(status_of(story), payment::Status::declined);
  story.silence(14min).tells(child::payment, payment::Command{payment::OfferTender{1, "tok_other"}});
  EXPECT_EQ(story.calls().back().token, "tok_other");
  EXPECT_EQ(story.calls().back().key, to_text(test::order_id()) + "/1/2");
  story.provider(Said::captured);
  EXPECT_EQ(story.status(), order::Status::confirmed);
}

TEST(BodahCard, gives_up_a_quarter_of_an_hour_after_a_decline_and_frees_the_units) {
  auto story = asked_for_money().provider(Said::declined, "insufficient-funds").silence(16min);
  EXPECT_EQ(story.status(), order::Status::rejected);
  EXPECT_EQ(story.family().order.why_rejected->code, "payment-declined");
  EXPECT_EQ(story.asks<stock::Release>().order, test::order_id());
  story.yes();
  EXPECT_EQ(story.wake_up(), std::nullopt);
}

TEST(BodahCard, gives_up_at_once_after_the_third_card) {
  auto story = asked_for_money().provider(Said::declined);
  for (int card = 2; card <= 3; ++card)
    story.tells(child::payment, payment::Command{payment::OfferTender{1, "tok"}}).provider(Said::declined);
  EXPECT_EQ(story.status(), order::Status::rejected);
}

TEST(BodahCard, enquires_about_an_unknown_outcome_and_never_asks_again_blindly) {
  auto story = asked_for_money().provider(Said::no_answer);
  EXPECT_EQ(status_of(story), payment::Status::unknown);
  story.silence(6s);
  EXPECT_EQ(story.calls().back().kind, Kind::enquire);
  story.provider(Said::captured);
  EXPECT_EQ(story.status(), order::Status::confirmed);
  auto captures = std::ranges::count_if(story.calls(), [](auto& call) { return call.kind == Kind::capture; });
  EXPECT_EQ(captures, 1);
}

TEST(BodahCard, enquires_at_5_s_30_s_2_min_10_min_and_then_every_hour) {
  auto story = asked_for_money().provider(Said::no_answer);
  std::vector<Duration> pauses;
  for (int i = 0; i < 6; ++i) {
    auto before = story.now();
    story.silence(*story.wake_up() - story.now());
    EXPECT_EQ(story.calls().back().kind, Kind::enquire);
    pauses.push_back(story.now() - before);
    story.provider(Said::no_answer);
  }
  EXPECT_EQ(pauses, (std::vector<Duration>{5s, 30s, 2min, 10min, 60min, 60min}));
}

TEST(BodahCard, leaves_an_outcome_unknown_for_a_day_to_a_person) {
  auto story = asked_for_money().provider(Said::no_answer);
  while (!story.family().diary.parked && story.now() < test::now + std::chrono::hours{48})
    story.silence(*story.wake_up() - story.now()).provider(Said::no_answer);
  ASSERT_TRUE(story.family().diary.parked);
  EXPECT_EQ(story.family().diary.parked->code, "payment-unknown");
  EXPECT_GE(story.now(), test::now + std::chrono::hours{24});
}

TEST(BodahCard, asks_for_the_same_key_again_if_the_provider_never_heard_of_it) {
  auto story = asked_for_money().provider(Said::no_answer).silence(6s).provider(Said::never_heard);
  EXPECT_EQ(story.calls().back().kind, Kind::capture);
  EXPECT_EQ(story.calls().back().key, to_text(test::order_id()) + "/1/1");
}

TEST(BodahCard, makes_a_key_void_that_the_provider_still_has_not_heard_of_when_its_time_is_over) {
  auto story = asked_for_money().provider(Said::no_answer).silence(6s).provider(Said::no_answer).silence(3min).provider(Said::never_heard);
  EXPECT_EQ(story.calls().back().kind, Kind::void_);
  EXPECT_EQ(story.status(), order::Status::submitted) << "until the void is answered nothing is certain";
  story.provider(Said::voided);
  EXPECT_EQ(story.status(), order::Status::rejected);
  EXPECT_EQ(story.family().order.why_rejected->code, "payment-failed");
  EXPECT_EQ(story.asks<stock::Release>().order, test::order_id());
}

TEST(BodahCard, a_late_success_of_an_attempt_that_is_being_voided_changes_nothing) {
  auto story = asked_for_money().provider(Said::no_answer).silence(6s).provider(Said::no_answer).silence(3min).provider(Said::never_heard);
  story.provider(Said::captured);
  EXPECT_EQ(status_of(story), payment::Status::voiding);
  story.provider(Said::voided);
  EXPECT_EQ(story.status(), order::Status::rejected);
}

TEST(BodahCard, a_success_that_comes_when_the_order_is_rejected_is_undone_at_once) {
  auto story = asked_for_money().provider(Said::no_answer).silence(6s).provider(Said::no_answer).silence(3min).provider(Said::never_heard).provider(Said::voided).all_yes();
  EXPECT_EQ(story.wake_up(), std::nullopt);
  story.provider(Said::captured);
  EXPECT_EQ(story.calls().back().kind, Kind::void_);
  EXPECT_NE(story.wake_up(), std::nullopt) << "until the provider has said so";
  story.provider(Said::voided);
  EXPECT_EQ(status_of(story), payment::Status::voided);
  EXPECT_EQ(story.wake_up(), std::nullopt);
}

TEST(BodahCard, a_success_of_an_attempt_that_was_declined_is_undone_and_the_order_ends_as_it_did) {
  auto story = asked_for_money().provider(Said::declined, "insufficient-funds").silence(16min).all_yes();
  EXPECT_EQ(story.status(), order::Status::rejected);
  story.provider(Said::captured);
  EXPECT_EQ(story.calls().back().kind, Kind::void_);
  story.provider(Said::voided);
  EXPECT_EQ(story.status(), order::Status::rejected);
  EXPECT_EQ(story.wake_up(), std::nullopt);
}

TEST(BodahCard, takes_all_of_it_back_when_another_amount_was_booked) {
  auto story = asked_for_money();
  story.provider({Said::captured, "P-1", {}, test::money(1)});
  EXPECT_EQ(story.calls().back().kind, Kind::void_);
  story.provider(Said::voided);
  EXPECT_EQ(story.status(), order::Status::rejected);
}

TEST(BodahCard, after_a_crash_it_enquires_instead_of_asking_again) {
  auto story = asked_for_money().crash();
  EXPECT_EQ(story.asks<stock::Hold>().order, test::order_id()) << "that the units are held was in memory only";
  EXPECT_EQ(story.calls().back().kind, Kind::enquire);
  story.yes().provider(Said::captured);
  EXPECT_EQ(story.status(), order::Status::confirmed);
}

TEST(BodahCard, is_charged_once_wherever_it_crashes) {
  for (int crash_after = 0; crash_after < 5; ++crash_after) {
    auto story = Story().submits(an_agreement());
    auto crash = [&](int point) {
      if (crash_after == point)
        story.crash();
    };
    crash(0);
    story.yes();
    crash(1);
    if (crash_after == 1)
      story.yes(); // the hold is asked about again
    story.provider(Said::captured);
    crash(2);
    story.yes();
    crash(3);
    EXPECT_EQ(story.status(), order::Status::confirmed) << crash_after;
    EXPECT_EQ(story.family().payment.tenders[0].attempts, 1) << crash_after;
    EXPECT_EQ(story.family().fulfilments.size(), 1u) << crash_after;
  }
}

TEST(BodahCard, an_order_on_account_asks_no_provider) {
  auto basket = test::a_basket();
  basket.customer = test::customer_number("C-1");
  basket.customer_level = "gold";
  auto story = Story().submits(*order::draft(basket, test::a_shop(), test::now)).yes();
  EXPECT_EQ(story.status(), order::Status::confirmed);
  EXPECT_TRUE(story.calls().empty());
}

} // namespace
} // namespace entrepot
