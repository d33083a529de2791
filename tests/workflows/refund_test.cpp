// Money that is owed to a customer: tried again with growing pauses, then left to a person, and never forgotten.
#include "tests/support/tales.hpp"

namespace entrepot {
namespace {

using namespace std::chrono_literals;
using namespace test;

const AnyCommand a_retry = process::Command{process::Retry{}};

/// Cancelled after the money was taken: the provider has been asked to give it back.
Story owing() {
  auto story = a_delivery();
  cancel(story);
  return story;
}
Story given_up() {
  auto story = owing();
  story.provider(Said::refund_failed, "card-closed");
  while (!story.family().diary.parked && story.wake_up())
    story.silence(*story.wake_up() - story.now()).provider(Said::refund_failed, "card-closed");
  return story;
}

TEST(Refund, that_fails_is_tried_again_with_pauses_that_grow_and_five_times_in_all) {
  auto story = owing();
  EXPECT_EQ(story.status(), order::Status::cancelled) << "the order does not wait for the bank";
  std::vector<Duration> pauses;
  story.provider(Said::refund_failed, "card-closed");
  while (!story.family().diary.parked && story.wake_up()) {
    pauses.push_back(*story.wake_up() - story.now());
    story.silence(pauses.back()).provider(Said::refund_failed, "card-closed");
  }
  EXPECT_EQ(pauses, (std::vector<Duration>{20min, 80min, 320min, 1280min}));
  EXPECT_EQ(story.tender().refunds, 5);
  ASSERT_TRUE(story.family().diary.parked);
  EXPECT_EQ(story.family().diary.parked->code, "refund-failed");
}

TEST(Refund, each_try_has_a_key_of_its_own_and_the_whole_amount) {
  auto story = given_up();
  std::vector<std::string> keys;
  for (const auto& call : story.calls())
    if (call.kind == payment::ProviderRequest::Kind::refund) {
      EXPECT_EQ(call.amount, an_agreement().total);
      keys.push_back(call.key);
    }
  EXPECT_EQ(keys.size(), 5u);
  std::ranges::sort(keys);
  EXPECT_EQ(std::ranges::adjacent_find(keys), keys.end());
}

TEST(Refund, that_a_person_lets_go_on_is_tried_at_once) {
  auto story = given_up();
  story.tells(child::process, a_retry);
  EXPECT_EQ(story.tender().status, payment::Status::refunding);
  story.provider(Said::refunded);
  expect_cancelled(story);
}

TEST(Refund, that_fails_again_is_left_to_the_person_again) {
  auto story = given_up();
  story.tells(child::process, a_retry).provider(Said::refund_failed, "card-closed");
  ASSERT_TRUE(story.family().diary.parked);
  story.tells(child::process, a_retry).provider(Said::refunded);
  expect_cancelled(story);
}

TEST(Refund, of_which_the_provider_says_nothing_is_asked_for_under_the_same_key) {
  auto story = owing();
  auto key = story.calls().back().key;
  story.provider(Said::no_answer).silence(3h);
  EXPECT_EQ(story.calls().back().key, key);
  EXPECT_EQ(story.tender().refunds, 1);
  story.provider(Said::never_heard).silence(2h).provider(Said::refunded);
  expect_cancelled(story);
}

TEST(Refund, unknown_for_a_day_is_left_to_a_person_and_still_listened_to) {
  auto story = owing();
  while (!story.family().diary.parked && story.now() < now + std::chrono::days{3})
    story.provider(Said::no_answer).silence(*story.wake_up() - story.now());
  ASSERT_TRUE(story.family().diary.parked);
  EXPECT_EQ(story.family().diary.parked->code, "payment-unknown");
  story.provider(Said::refunded);
  EXPECT_EQ(story.tender().status, payment::Status::refunded);
  EXPECT_EQ(story.wake_up(), std::nullopt);
}

TEST(Refund, answered_twice_is_given_back_once) {
  auto story = owing();
  story.provider(Said::refunded);
  auto events = story.events();
  story.provider(Said::refunded).provider(Said::refund_failed);
  EXPECT_EQ(story.events(), events);
}

TEST(Refund, goes_on_after_a_crash_between_the_tries) {
  auto story = owing();
  story.provider(Said::refund_failed, "card-closed").crash();
  EXPECT_EQ(story.wake_up(), story.now() + 20min);
  story.silence(20min).crash().provider(Said::refunded);
  expect_cancelled(story);
}

TEST(Refund, a_retry_is_refused_while_nobody_is_needed) {
  auto story = owing();
  EXPECT_EQ(story.refused(child::process, a_retry), "process-not-parked");
}

} // namespace
} // namespace entrepot
