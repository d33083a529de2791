#include <gtest/gtest.h>

#include "tests/support/cells.hpp"
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

constexpr int place = child::first_fulfilment;
std::vector<LineUnits> mugs(std::int32_t units) { return {{1, Quantity{units}}}; }
const std::vector<LineUnits> all_goods{{1, Quantity{2}}, {2, Quantity{1}}};

/// Orders of two mugs and a bowl, one for every status and for every condition.
std::vector<std::pair<std::string, State>> orders_of_every_kind() {
  auto confirmed = [] { return an_order().submitted().confirmed(); };
  auto picking = [&] {
    auto order = confirmed().state();
    begin_fulfilment(order);
    return order;
  };
  auto then = [](State order, const std::vector<Event>& events) {
    for (const auto& event : events)
      evolve(order, event, now);
    return order;
  };
  const UnitsStopped all_stopped{place, all_goods};
  const UnitsCancelled all_cancelled{all_goods, "customer"};
  const UnitsIssued all_issued{place, all_goods};
  const UnitsDelivered all_delivered{place, all_goods};
  const CancellationBegun cancel{"customer", ""};
  const PlacedOnHold on_hold{"manual", "look at it"};
  return {{"none", State{}},
          {"submitted", an_order().submitted().state()},
          {"confirmed", confirmed().state()},
          {"confirmed without a place", then(confirmed().state(), {all_stopped})},
          {"in work", picking()},
          {"issued", then(picking(), {all_issued})},
          {"delivered", then(picking(), {all_issued, all_delivered})},
          {"coming back", then(picking(), {all_issued, all_delivered, UnitsReturnPending{"R-1", mugs(2)}})},
          {"without a place", then(picking(), {all_stopped})},
          {"cancelling", then(confirmed().state(), {cancel})},
          {"cancelling, stopped", then(confirmed().state(), {cancel, all_stopped})},
          {"cancelling, nothing left", then(confirmed().state(), {cancel, all_stopped, all_cancelled})},
          {"cancelling, issued", then(confirmed().state(), {cancel, all_issued})},
          {"completed", then(picking(), {all_issued, all_delivered, Completed{}})},
          {"completed, coming back", then(picking(), {all_issued, all_delivered, Completed{}, UnitsReturnPending{"R-1", mugs(2)}})},
          {"cancelled", then(confirmed().state(), {cancel, all_stopped, all_cancelled, Cancelled{}})},
          {"rejected", an_order().submitted().rejected().state()},
          {"submitted, on hold", then(an_order().submitted().state(), {on_hold})},
          {"confirmed, on hold", then(confirmed().state(), {on_hold})},
          {"in work, on hold", then(picking(), {on_hold})},
          {"cancelling, on hold", then(confirmed().state(), {on_hold, cancel})}};
}

TEST(Order, answers_every_command_in_every_status) {
  test::Cells<State, Command> cells{.states = orders_of_every_kind(),
                                    .commands = {{"submit", Submit{an_agreement()}},
                                                 {"submit something else", Submit{another_agreement()}},
                                                 {"confirm", Confirm{}},
                                                 {"reject", Reject{"stock-short", "too few", {}}},
                                                 {"cancel", Cancel{"customer", ""}},
                                                 {"stop a mug", StopUnits{place, mugs(1)}},
                                                 {"cancel a mug", CancelUnits{mugs(1), "customer"}},
                                                 {"issue a mug", IssueUnits{place, mugs(1)}},
                                                 {"deliver a mug", DeliverUnits{place, mugs(1)}},
                                                 {"hand a mug over", HandOverUnits{place, mugs(1)}},
                                                 {"finish the cancellation", FinishCancellation{}},
                                                 {"end the cancellation", EndCancellation{}},
                                                 {"complete", Complete{}},
                                                 {"announce the return of a mug", ReserveForReturn{"R-2", mugs(1)}},
                                                 {"take a mug back", TakeBack{"R-1", mugs(1)}},
                                                 {"confirm, a mug comes later", Confirm{mugs(1)}},
                                                 {"confirm, a hundred mugs come later", Confirm{mugs(100)}},
                                                 {"hold a mug", HoldUnits{place, mugs(1)}},
                                                 {"choose for a mug", Choose{{}, mugs(1)}},
                                                 {"choose for nothing", Choose{}},
                                                 {"put on hold", PutOnHold{"manual", "look at it"}},
                                                 {"release from hold", ReleaseFromHold{"manual"}},
                                                 {"lose a mug", LoseUnits{place, mugs(1), "lost-on-the-way", true}}}};
  EXPECT_EQ(cells.text([](const State& order, const Command& command) { return decide(order, command, now); }), R"(submit: Submitted in none; else already so
submit something else: Submitted in none; else order-already-submitted
confirm: order-unknown in none; Confirmed in submitted, submitted, on hold; already so in confirmed, confirmed without a place, confirmed, on hold; else order-not-open
reject: Rejected in none, submitted, submitted, on hold; already so in rejected; else order-not-open
cancel: order-unknown in none; units-issued in issued, delivered, coming back, completed, completed, coming back; already so in cancelling, cancelling, stopped, cancelling, nothing left, cancelling, issued, cancelled, cancelling, on hold; order-not-open in rejected; else CancellationBegun
stop a mug: order-not-open in none, submitted, completed, completed, coming back, cancelled, rejected, submitted, on hold; UnitsStopped in confirmed, in work, cancelling, confirmed, on hold, in work, on hold, cancelling, on hold; else units-not-held
cancel a mug: order-not-open in none, submitted, completed, completed, coming back, cancelled, rejected, submitted, on hold; UnitsCancelled in confirmed without a place, without a place, cancelling, stopped; else units-not-open
issue a mug: order-not-open in none, submitted, completed, completed, coming back, cancelled, rejected, submitted, on hold; UnitsIssued in confirmed, in work, cancelling, confirmed, on hold, in work, on hold, cancelling, on hold; else units-not-held
deliver a mug: UnitsDelivered in issued, cancelling, issued; else units-not-issued
hand a mug over: order-not-open in none, submitted, completed, completed, coming back, cancelled, rejected, submitted, on hold; UnitsHandedOver in confirmed, in work, cancelling, confirmed, on hold, in work, on hold, cancelling, on hold; else units-not-held
finish the cancellation: units-issued in cancelling, cancelling, stopped, cancelling, issued, cancelling, on hold; Cancelled in cancelling, nothing left; already so in cancelled; else order-not-cancelling
end the cancellation: CancellationEnded in cancelling, cancelling, stopped, cancelling, issued, cancelling, on hold; nothing-left in cancelling, nothing left; else order-not-cancelling
complete: units-outstanding in in work, issued, without a place, in work, on hold; Completed in delivered, coming back; already so in completed, completed, coming back; else order-not-in-fulfilment
announce the return of a mug: quantity-exceeded in in work, issued, coming back, without a place, completed, coming back, in work, on hold; UnitsReturnPending in delivered, completed; else units-not-delivered
take a mug back: quantity-exceeded in in work, issued, delivered, without a place, completed, in work, on hold; UnitsReturned in coming back, completed, coming back; else units-not-delivered
confirm, a mug comes later: order-unknown in none; Confirmed in submitted, submitted, on hold; already so in confirmed, confirmed without a place, confirmed, on hold; else order-not-open
confirm, a hundred mugs come later: order-unknown in none; units-not-open in submitted, submitted, on hold; already so in confirmed, confirmed without a place, confirmed, on hold; else order-not-open
hold a mug: units-not-open in confirmed, in work, issued, delivered, coming back, confirmed, on hold, in work, on hold; UnitsHeld in confirmed without a place, without a place; else order-not-open
choose for a mug: nothing-to-choose in confirmed, in work, issued, delivered, coming back, confirmed, on hold, in work, on hold; CustomerChose in confirmed without a place, without a place; else order-not-open
choose for nothing: nothing-to-choose in confirmed, confirmed without a place, in work, issued, delivered, coming back, without a place, confirmed, on hold, in work, on hold; else order-not-open
put on hold: PlacedOnHold in submitted, confirmed, confirmed without a place, in work, issued, delivered, coming back, without a place; already-on-hold in submitted, on hold, confirmed, on hold, in work, on hold; else order-not-open
release from hold: ReleasedFromHold in submitted, on hold, confirmed, on hold, in work, on hold, cancelling, on hold; else not-on-hold
lose a mug: UnitsLost in issued, cancelling, issued; else units-not-issued
)");
  EXPECT_EQ(cells.untried(transitions(), static_cast<std::size_t>(Status::rejected) + 1), "");
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

TEST(Order, transport_comes_from_no_place_and_cannot_be_taken_from_one) {
  auto basket = test::a_basket();
  basket.delivery_option = "24h";
  auto order = an_order().after(Submitted{*draft(basket, test::a_shop(), now)}).confirmed().state();
  auto stopped = decide(order, StopUnits{place, {{3, Quantity{1}}}}, now);
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, "units-not-held");
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

TEST(Order, is_over_when_it_is_completed_cancelled_or_rejected) {
  for (auto status : {Status::completed, Status::cancelled, Status::rejected})
    EXPECT_TRUE(is_terminal(status)) << name_of(status);
  for (auto status : {Status::none, Status::submitted, Status::confirmed, Status::in_fulfilment, Status::cancelling})
    EXPECT_FALSE(is_terminal(status)) << name_of(status);
}

TEST(Order, has_a_word_for_every_status) {
  for (auto word : {"none", "submitted", "confirmed", "in_fulfilment", "cancelling", "completed", "cancelled", "rejected"}) {
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
