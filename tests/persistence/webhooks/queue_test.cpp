// What one endpoint is told, by hand: no thread, no clock.
#include "persistence/webhooks/queue.hpp"

#include <gtest/gtest.h>

namespace entrepot::webhook {
namespace {

using namespace std::chrono_literals;
using Outcome = Queue::Outcome;

const Timestamp nine = *from_rfc3339("2026-03-10T09:00:00Z");

class ToldInOrder : public testing::Test {
protected:
  /// The `pos`-th event of shard 3, of an order.
  Delivery event(std::int64_t pos, int order) {
    return {.place = {3, pos}, .id = "evt_" + std::to_string(pos), .family = family_number(200, nine, order), .type = "order.confirmed.v1", .at = nine, .body = "body " + std::to_string(pos)};
  }
  void happens(std::int64_t pos, int order) {
    queue.add(event(pos, order), now);
    read[3] = pos;
  }
  /// What is sent now, by position; 0: nothing.
  std::int64_t sent() {
    auto delivery = queue.take_due(now);
    return delivery ? delivery->place.pos : 0;
  }
  Outcome answered(std::int64_t pos, int status, std::optional<std::chrono::seconds> retry_after = {}) { return queue.settle({3, pos}, {status, retry_after}, now); }
  std::int64_t checkpoint() const { return queue.acknowledged(read)[3]; }

  Timestamp now = nine;
  double chance = 1.0;
  consequences::Positions read{};
  Queue queue{[this] { return chance; }, {.fresh = 100, .set_aside = 100, .in_flight = 4}};
};

TEST_F(ToldInOrder, an_orders_next_event_waits_for_the_former_and_other_orders_do_not) {
  happens(1, 1);
  happens(2, 1);
  happens(3, 2);
  EXPECT_EQ(sent(), 1);
  EXPECT_EQ(sent(), 3);
  EXPECT_EQ(sent(), 0);
  EXPECT_EQ(answered(3, 200), Outcome::acknowledged);
  EXPECT_EQ(sent(), 0) << "order 1 has one on its way";
  EXPECT_EQ(answered(1, 204), Outcome::acknowledged);
  EXPECT_EQ(sent(), 2);
}

TEST_F(ToldInOrder, the_checkpoint_passes_what_was_acknowledged_or_written_and_no_more) {
  happens(1, 1);
  happens(2, 1);
  happens(3, 2);
  EXPECT_EQ(checkpoint(), 0);
  EXPECT_EQ(sent(), 1);
  EXPECT_EQ(sent(), 3);
  answered(3, 200);
  EXPECT_EQ(checkpoint(), 0) << "the first is on its way";
  answered(1, 500);
  auto changed = queue.take_changed();
  ASSERT_EQ(changed.size(), 2u) << "with what follows of the order";
  EXPECT_EQ(changed[0].body, "body 1");
  EXPECT_EQ(changed[0].tries, 1);
  EXPECT_EQ(changed[0].last_status, 500);
  EXPECT_EQ(checkpoint(), 3);
  happens(4, 1);
  EXPECT_EQ(queue.take_changed().size(), 1u) << "it follows one that is set aside";
  EXPECT_EQ(checkpoint(), 4);
}

TEST_F(ToldInOrder, a_failure_is_tried_again_after_a_pause_that_doubles) {
  happens(1, 1);
  EXPECT_EQ(sent(), 1);
  EXPECT_EQ(answered(1, 0), Outcome::failed);
  EXPECT_EQ(queue.next_due(now), now + first_pause);
  now += first_pause - 1ms;
  EXPECT_EQ(sent(), 0);
  now += 1ms;
  EXPECT_EQ(sent(), 1);
  answered(1, 302);
  EXPECT_EQ(queue.next_due(now), now + 2 * first_pause);
}

TEST_F(ToldInOrder, a_half_of_every_pause_is_chance) {
  chance = 0.25;
  happens(1, 1);
  EXPECT_EQ(sent(), 1);
  answered(1, 500);
  EXPECT_EQ(queue.next_due(now), now + first_pause / 2 + first_pause / 8);
}

TEST_F(ToldInOrder, the_table_has_the_body_of_what_is_set_aside) {
  happens(1, 1);
  EXPECT_EQ(queue.take_due(now)->body, "body 1");
  answered(1, 500);
  queue.take_changed();
  now += 1h;
  EXPECT_EQ(queue.take_due(now)->body, "");
  answered(1, 200);
  EXPECT_EQ(queue.take_acknowledged(), (std::vector<Place>{{3, 1}}));
  EXPECT_EQ(queue.size(), 0u);
}

TEST_F(ToldInOrder, what_was_taken_at_once_never_comes_to_the_table) {
  happens(1, 1);
  sent();
  answered(1, 200);
  EXPECT_TRUE(queue.take_changed().empty());
  EXPECT_TRUE(queue.take_acknowledged().empty());
}

TEST_F(ToldInOrder, after_three_days_it_is_a_dead_letter_and_the_next_of_the_order_goes) {
  happens(1, 1);
  happens(2, 1);
  sent();
  answered(1, 500);
  queue.take_changed();
  now += give_up_after - 1ms;
  EXPECT_EQ(sent(), 1);
  EXPECT_EQ(answered(1, 500), Outcome::failed);
  queue.take_changed();
  now += longest_pause;
  EXPECT_EQ(sent(), 1);
  EXPECT_EQ(answered(1, 500), Outcome::died);
  auto changed = queue.take_changed();
  ASSERT_EQ(changed.size(), 1u);
  EXPECT_EQ(changed[0].fate, Fate::dead);
  EXPECT_EQ(changed[0].tries, 3);
  EXPECT_EQ(sent(), 2);
}

TEST_F(ToldInOrder, what_is_replayed_goes_before_what_waits_of_its_order) {
  happens(5, 1);
  happens(6, 1);
  queue.restore(event(2, 1));
  queue.restore(event(3, 1));
  EXPECT_EQ(sent(), 2);
  EXPECT_EQ(sent(), 0);
  queue.restore(event(1, 1));
  answered(2, 200);
  EXPECT_EQ(sent(), 1);
  answered(1, 200);
  EXPECT_EQ(sent(), 3);
  answered(3, 200);
  EXPECT_EQ(sent(), 5);
}

TEST_F(ToldInOrder, what_the_table_had_is_not_added_a_second_time_by_the_feed) {
  queue.restore(event(1, 1));
  happens(1, 1);
  EXPECT_EQ(queue.size(), 1u);
  EXPECT_EQ(checkpoint(), 1);
}

TEST_F(ToldInOrder, an_endpoint_that_does_not_answer_is_left_alone_and_then_tried_with_one) {
  for (int order = 1; order <= 20; ++order)
    happens(order, order);
  for (int i = 0; i < 4; ++i)
    sent();
  for (int pos = 1; pos <= 4; ++pos)
    answered(pos, 0);
  EXPECT_FALSE(queue.is_resting(now));
  EXPECT_EQ(sent(), 5);
  answered(5, 0);
  EXPECT_TRUE(queue.is_resting(now));
  EXPECT_EQ(sent(), 0);
  EXPECT_EQ(queue.next_due(now), now + first_rest);
  now += first_rest;
  auto probe = sent();
  EXPECT_NE(probe, 0);
  EXPECT_EQ(sent(), 0) << "one at a time";
  answered(probe, 0);
  EXPECT_EQ(queue.next_due(now), now + 2 * first_rest);
  EXPECT_LE(queue.set_aside(), 6u) << "what was never tried waits in the journal";
  now += 2 * first_rest;
  answered(sent(), 200);
  EXPECT_FALSE(queue.is_resting(now));
  for (int i = 0; i < 4; ++i)
    EXPECT_NE(sent(), 0);
}

TEST_F(ToldInOrder, when_it_answers_again_those_that_failed_do_not_wait_out_their_pause) {
  for (int order = 1; order <= 5; ++order)
    happens(order, order);
  EXPECT_EQ(sent(), 1);
  answered(1, 500, 3'600s);
  for (int pos = 2; pos <= 5; ++pos) {
    EXPECT_EQ(sent(), pos);
    answered(pos, 0);
  }
  now += first_rest;
  EXPECT_EQ(sent(), 2);
  answered(2, 200);
  for (int pos = 3; pos <= 5; ++pos)
    EXPECT_EQ(sent(), pos);
  EXPECT_EQ(sent(), 0);
  for (int pos = 3; pos <= 5; ++pos)
    answered(pos, 200);
  EXPECT_EQ(queue.next_due(now), now + first_pause) << "and not in an hour";
}

TEST_F(ToldInOrder, the_endpoint_may_say_when_to_come_back_within_bounds) {
  happens(1, 1);
  happens(2, 2);
  sent();
  answered(1, 503, 120s);
  EXPECT_EQ(queue.next_due(now), now + 120s) << "it speaks of itself: the other order waits too";
  now += 120s;
  EXPECT_EQ(sent(), 2) << "whose turn was earlier";
  answered(2, 429, 1'000'000s);
  EXPECT_EQ(queue.next_due(now), now + longest_retry_after);
}

TEST_F(ToldInOrder, what_an_endpoint_says_of_one_message_holds_for_that_within_bounds) {
  happens(1, 1);
  sent();
  answered(1, 500, 1'000'000s);
  EXPECT_EQ(queue.next_due(now), now + longest_retry_after);
  now += longest_retry_after;
  sent();
  answered(1, 500, 0s);
  EXPECT_EQ(queue.next_due(now), now + shortest_retry_after);
}

TEST_F(ToldInOrder, what_happens_while_one_is_on_its_way_waits_for_it) {
  happens(1, 1);
  EXPECT_EQ(sent(), 1);
  happens(2, 1);
  EXPECT_EQ(sent(), 0);
  answered(1, 500);
  EXPECT_EQ(sent(), 0);
  now += first_pause;
  EXPECT_EQ(sent(), 1);
  EXPECT_EQ(sent(), 0);
  answered(1, 200);
  EXPECT_EQ(sent(), 2);
}

TEST_F(ToldInOrder, memory_is_bounded) {
  for (int order = 1; order <= 100; ++order)
    happens(order, order);
  EXPECT_TRUE(queue.is_full());
  sent();
  answered(1, 200);
  EXPECT_FALSE(queue.is_full());
}

TEST_F(ToldInOrder, the_oldest_that_waits_is_known) {
  EXPECT_FALSE(queue.oldest());
  happens(1, 1);
  EXPECT_EQ(queue.oldest(), nine);
}

} // namespace
} // namespace entrepot::webhook
