#include "tests/support/story.hpp"

namespace entrepot {
namespace {

using namespace std::chrono_literals;
using test::Story;

order::Agreement an_agreement() { return test::an_agreement_on_account(); } // cards are told in bodah_card_test.cpp

TEST(Bodah, promises_nothing_before_the_place_that_ships_holds_the_units) {
  auto story = Story().submits(an_agreement());
  EXPECT_EQ(story.status(), order::Status::submitted);
  auto& hold = story.asks<stock::Hold>();
  EXPECT_EQ(story.last_question().to, stream_of(test::location("DC")));
  EXPECT_EQ(hold.lines, (std::vector<stock::HoldLine>{{1, test::sku("MUG-1"), Quantity{2}}, {2, test::sku("BOWL-1"), Quantity{1}}}));
}

TEST(Bodah, does_not_ask_a_place_to_hold_transport) {
  auto basket = test::a_basket();
  basket.delivery_option = "24h";
  auto story = Story().submits(*order::draft(basket, test::a_shop(), test::now));
  EXPECT_EQ(story.asks<stock::Hold>().lines.size(), 2u);
}

TEST(Bodah, confirms_as_soon_as_the_units_are_held_and_then_hands_the_work_to_the_place) {
  auto story = Story().submits(an_agreement()).yes();
  EXPECT_EQ(story.status(), order::Status::confirmed);
  EXPECT_EQ(story.asks<stock::Allocate>().order, test::order_id());
  EXPECT_TRUE(story.family().fulfilments.empty());
  story.yes();
  EXPECT_EQ(story.family().fulfilments.at(child::first_fulfilment).status, fulfilment::Status::accepted);
  EXPECT_EQ(story.events(), 3u);
}

TEST(Bodah, rejects_the_order_with_the_places_own_reason_when_stock_is_short) {
  auto story = Story().submits(an_agreement()).no("stock-short");
  EXPECT_EQ(story.status(), order::Status::rejected);
  EXPECT_EQ(story.family().order.why_rejected->code, "stock-short");
  EXPECT_EQ(story.questions().size(), 1u) << "nothing was held, nothing is freed";
  EXPECT_EQ(story.wake_up(), std::nullopt);
}

TEST(Bodah, asks_a_silent_place_again_with_the_same_question) {
  auto story = Story().submits(an_agreement());
  auto first = story.last_question().id;
  story.silence(35s);
  ASSERT_EQ(story.questions().size(), 5u) << "after 2, 6, 14 and 30 seconds";
  EXPECT_EQ(story.last_question().id, first);
}

TEST(Bodah, gives_up_a_place_that_stays_silent_and_frees_what_it_may_have_held) {
  auto story = Story().submits(an_agreement()).silence(3min);
  EXPECT_EQ(story.status(), order::Status::rejected);
  EXPECT_EQ(story.family().order.why_rejected->code, "no-answer");
  EXPECT_EQ(story.asks<stock::Release>().order, test::order_id());
  EXPECT_TRUE(story.wake_up()) << "until the release is answered the order keeps a clock";
  story.yes();
  EXPECT_TRUE(story.family().diary.to_undo.empty());
  EXPECT_EQ(story.wake_up(), std::nullopt);
}

TEST(Bodah, keeps_asking_for_a_release_until_it_is_answered) {
  auto story = Story().submits(an_agreement()).silence(3min);
  auto before = story.questions().size();
  story.silence(5min);
  EXPECT_GT(story.questions().size(), before);
  EXPECT_EQ(story.asks<stock::Release>().order, test::order_id());
}

TEST(Bodah, takes_no_notice_of_a_hold_that_is_answered_after_the_order_was_given_up) {
  auto story = Story().submits(an_agreement());
  auto hold = story.last_question().id;
  story.silence(3min).yes();
  auto events = story.events();
  EXPECT_NE(story.last_question().id, hold);
  EXPECT_EQ(story.status(), order::Status::rejected);
  EXPECT_EQ(story.events(), events);
}

TEST(Bodah, parks_for_a_person_when_a_promised_unit_cannot_be_allocated) {
  auto story = Story().submits(an_agreement()).yes().no("hold-unknown");
  EXPECT_EQ(story.status(), order::Status::confirmed) << "a promise is not taken back by a machine";
  ASSERT_TRUE(story.family().diary.parked);
  EXPECT_EQ(story.family().diary.parked->code, "hold-unknown");
}

TEST(Bodah, goes_on_after_a_crash_at_every_point_as_if_nothing_had_happened) {
  for (int crash_after = 0; crash_after < 3; ++crash_after) {
    auto story = Story().submits(an_agreement());
    if (crash_after == 0)
      story.crash();
    story.yes();
    if (crash_after == 1)
      story.crash();
    story.yes();
    if (crash_after == 2)
      story.crash();
    EXPECT_EQ(story.status(), order::Status::confirmed) << crash_after;
    EXPECT_EQ(story.family().fulfilments.size(), 1u) << crash_after;
    EXPECT_EQ(story.events(), 3u) << crash_after;
  }
}

TEST(Bodah, asks_the_same_question_after_a_crash) {
  auto story = Story().submits(an_agreement());
  auto before = story.last_question().id;
  story.crash();
  EXPECT_EQ(story.last_question().id, before);
}

TEST(Bodah, crashing_in_the_middle_of_taking_back_goes_on_taking_back) {
  auto story = Story().submits(an_agreement()).silence(3min).crash();
  EXPECT_EQ(story.asks<stock::Release>().order, test::order_id());
  story.yes();
  EXPECT_EQ(story.wake_up(), std::nullopt);
}

TEST(Bodah, an_unfinished_order_always_has_a_clock) {
  auto story = Story().submits(an_agreement());
  EXPECT_TRUE(story.wake_up());
  story.yes();
  EXPECT_TRUE(story.wake_up());
  story.yes();
  EXPECT_EQ(story.wake_up(), story.fulfilment().due - 2h) << "half of its time";
  story.silence(std::chrono::hours{100});
  EXPECT_GT(*story.wake_up(), story.now()) << "overdue work is looked at once a day";
}

} // namespace
} // namespace entrepot
