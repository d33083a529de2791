#include <gtest/gtest.h>

#include "tests/support/orders.hpp"

namespace entrepot::order {
namespace {

using test::an_agreement;
using test::an_order;
using test::now;

Agreement another_agreement() {
  auto agreement = an_agreement();
  agreement.external_number = "W-2";
  return agreement;
}

/// What a cell of the machine does: "Submitted" (an event), "-" (already so), or the code it is refused with.
std::string answer(const State& order, const Command& command) {
  auto decision = decide(order, command, now);
  if (!decision)
    return decision.error().code;
  if (decision->empty())
    return "-";
  EXPECT_EQ(decision->size(), 1U);
  return std::visit(Overload{[](const Submitted&) { return "Submitted"; }, [](const Confirmed&) { return "Confirmed"; },
                             [](const Rejected&) { return "Rejected"; }},
                    decision->front());
}

TEST(Order, answers_every_command_in_every_status) {
  const Submit submit{an_agreement()}, submit_other{another_agreement()};
  const Reject reject_it{"stock-short", "too few", {}};
  struct Row {
    State order;
    std::string submit, submit_other, confirm, reject;
  };
  const std::vector<Row> rows{
      {State{}, "Submitted", "Submitted", "order-unknown", "Rejected"},
      {an_order().submitted().state(), "-", "order-already-submitted", "Confirmed", "Rejected"},
      {an_order().submitted().confirmed().state(), "-", "order-already-submitted", "-", "order-not-open"},
      {an_order().submitted().rejected().state(), "-", "order-already-submitted", "order-not-open", "-"},
  };
  ASSERT_EQ(rows.size(), static_cast<std::size_t>(Status::rejected) + 1);
  for (const auto& row : rows) {
    EXPECT_EQ(answer(row.order, submit), row.submit) << name_of(row.order.status);
    EXPECT_EQ(answer(row.order, submit_other), row.submit_other) << name_of(row.order.status);
    EXPECT_EQ(answer(row.order, Confirm{}), row.confirm) << name_of(row.order.status);
    EXPECT_EQ(answer(row.order, reject_it), row.reject) << name_of(row.order.status);
  }
}

TEST(Order, says_in_words_why_it_refuses) {
  auto decision = decide(an_order().submitted().rejected().state(), Confirm{}, now);
  EXPECT_EQ(decision.error().text, "the order is rejected: confirm is not possible");
}

TEST(Order, remembers_what_was_agreed_and_when) {
  auto order = an_order().submitted().state();
  EXPECT_EQ(order.status, Status::submitted);
  EXPECT_EQ(order.agreement, an_agreement());
  EXPECT_EQ(order.submitted_at, now);
}

TEST(Order, has_every_unit_open_when_it_is_submitted) {
  auto order = an_order().submitted().state();
  ASSERT_EQ(order.units.size(), 2U);
  EXPECT_EQ(order.units[0].ordered, Quantity{2});
  EXPECT_EQ(order.units[0].open, Quantity{2});
  EXPECT_EQ(order.units[0].held, Quantity{0});
}

TEST(Order, has_its_goods_held_when_it_is_confirmed) {
  auto order = an_order().submitted().confirmed().state();
  EXPECT_EQ(order.status, Status::confirmed);
  EXPECT_EQ(order.units[0].open, Quantity{0});
  EXPECT_EQ(order.units[0].held, Quantity{2});
  EXPECT_EQ(order.units[1].held, Quantity{1});
}

TEST(Order, keeps_transport_open_when_it_is_confirmed) {
  auto basket = test::a_basket();
  basket.delivery_option = "24h";
  auto order = an_order().after(Submitted{*draft(basket, test::a_shop(), now)}).confirmed().state();
  ASSERT_EQ(order.units.size(), 3U);
  EXPECT_EQ(order.units[2].open, Quantity{1});
  EXPECT_EQ(order.units[2].held, Quantity{0});
}

TEST(Order, leaves_nothing_open_when_it_is_rejected) {
  auto order = an_order().submitted().rejected().state();
  EXPECT_EQ(order.units[0].open, Quantity{0});
  EXPECT_EQ(order.units[0].cancelled, Quantity{2});
  ASSERT_TRUE(order.why_rejected);
  EXPECT_EQ(order.why_rejected->code, "stock-short");
}

TEST(Order, can_be_refused_before_there_is_an_agreement) {
  auto order = an_order().rejected().state();
  EXPECT_EQ(order.status, Status::rejected);
  EXPECT_EQ(order.submitted_at, now);
  EXPECT_TRUE(order.units.empty());
}

TEST(Order, notices_units_that_do_not_add_up) {
  auto order = an_order().submitted().state();
  order.units[0].held = Quantity{1};
  EXPECT_THROW(evolve(order, Confirmed{}, now), BrokenInvariant);
  order = an_order().submitted().state();
  order.units[0].delivered = Quantity{1};
  EXPECT_THROW(evolve(order, Confirmed{}, now), BrokenInvariant);
  order = an_order().submitted().state();
  order.units[0].returned = Quantity{1};
  EXPECT_THROW(evolve(order, Confirmed{}, now), BrokenInvariant);
}

TEST(Order, is_over_when_it_is_rejected_only) {
  EXPECT_TRUE(is_terminal(Status::rejected));
  EXPECT_FALSE(is_terminal(Status::submitted));
  EXPECT_FALSE(is_terminal(Status::confirmed));
}

TEST(Order, has_a_word_for_every_status) {
  for (auto word : {"none", "submitted", "confirmed", "rejected"}) {
    ASSERT_TRUE(status_from(word)) << word;
    EXPECT_EQ(name_of(*status_from(word)), word);
  }
  EXPECT_FALSE(status_from("Confirmed"));
}

TEST(Family, gives_each_event_to_its_member) {
  Family family;
  family.id = test::order_id().family;
  evolve(family, child::order, order::Event{Submitted{an_agreement()}}, now);
  auto plan = test::a_plan();
  evolve(family, child::first_fulfilment, fulfilment::Event{fulfilment::Accepted{plan.location, plan.lines, plan.due}}, now);
  EXPECT_EQ(family.order.status, Status::submitted);
  ASSERT_EQ(family.fulfilments.size(), 1U);
  EXPECT_EQ(family.fulfilments.at(child::first_fulfilment).status, fulfilment::Status::accepted);
}

TEST(Family, refuses_events_of_strangers) {
  Family family;
  EXPECT_THROW(evolve(family, child::payment, order::Event{Confirmed{}}, now), BrokenInvariant);
  EXPECT_THROW(evolve(family, child::order, fulfilment::Event{}, now), BrokenInvariant);
  EXPECT_THROW(evolve(family, child::last_fulfilment + 1, fulfilment::Event{}, now), BrokenInvariant);
  EXPECT_THROW(evolve(family, child::order, product::Event{}, now), BrokenInvariant);
}

} // namespace
} // namespace entrepot::order
