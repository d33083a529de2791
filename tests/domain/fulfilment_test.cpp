#include <gtest/gtest.h>

#include "tests/support/orders.hpp"

namespace entrepot::fulfilment {
namespace {

using test::a_plan;
using test::now;

State accepted() {
  State fulfilment;
  test::apply(fulfilment, decide(fulfilment, a_plan(), now));
  return fulfilment;
}

TEST(Fulfilment, answers_every_command_in_every_status) {
  auto other = a_plan();
  other.location = test::location("LEEDS");
  auto from_none = decide(State{}, a_plan(), now);
  ASSERT_TRUE(from_none);
  EXPECT_EQ(*from_none, (std::vector<Event>{Accepted{a_plan().location, a_plan().lines, a_plan().due}}));
  EXPECT_TRUE(decide(accepted(), a_plan(), now)->empty());
  EXPECT_EQ(decide(accepted(), other, now).error().code, "fulfilment-already-planned");
}

TEST(Fulfilment, knows_what_is_to_be_done_where_and_by_when) {
  auto fulfilment = accepted();
  EXPECT_EQ(fulfilment.status, Status::accepted);
  EXPECT_EQ(fulfilment.location, test::location("DC"));
  EXPECT_EQ(fulfilment.lines, a_plan().lines);
  EXPECT_EQ(fulfilment.due, now);
}

TEST(Fulfilment, is_not_planned_without_work) {
  auto plan = a_plan();
  plan.lines[0].quantity = Quantity{0};
  EXPECT_THROW(static_cast<void>(decide(State{}, plan, now)), BrokenInvariant);
  plan.lines.clear();
  EXPECT_THROW(static_cast<void>(decide(State{}, plan, now)), BrokenInvariant);
}

TEST(Fulfilment, has_a_word_for_every_status) {
  EXPECT_EQ(name_of(Status::none), "none");
  EXPECT_EQ(name_of(Status::accepted), "accepted");
  EXPECT_EQ(status_from("accepted"), Status::accepted);
  EXPECT_FALSE(status_from("packed up"));
}

} // namespace
} // namespace entrepot::fulfilment
