// Mothers: baskets and orders with fixed data, and stock for them.
#pragma once

#include "domain/order/family.hpp"
#include "tests/support/definitions.hpp"

namespace entrepot::test {

/// The `number`-th order of the tests; its slice is fixed.
OrderId order_id(int number = 1);

/// Two mugs and a bowl, brought to a guest's door without a promise, paid by card at once: 45.00 GBP.
order::Basket a_basket();

/// What the two sides agree on for `a_basket()` in `a_shop()`.
order::Agreement an_agreement();

/// The same for a gold customer: nothing is due at once, all of it is billed later.
order::Agreement an_agreement_on_account();

/// The same goods, fetched in the store in Leeds: 45.00 GBP, paid as `shares` say.
order::Agreement a_pickup(const std::vector<payment::Share>& shares);
order::Agreement a_pickup_by_card();
order::Agreement a_pickup_on_account();
order::Agreement a_pickup_paid_at_the_counter();

/// The codes of a pickup: the first is sent with the order, each other with a new issue.
inline const pickup::Codes codes{"1111", "2222", "3333", "4444", "5555"};

/// An order to tell stories about: `an_order().submitted().confirmed().state()`.
class OrderMother {
public:
  OrderMother& submitted() { return after(order::Submitted{an_agreement()}); }
  OrderMother& confirmed() { return after(order::Confirmed{}); }
  OrderMother& rejected() { return after(order::Rejected{"stock-short", "0 of MUG-1 available at DC", {}}); }
  OrderMother& after(const order::Event& event);
  const order::State& state() const { return state_; }

private:
  order::State state_;
};
OrderMother an_order();

/// A location with stock, and what happens there: `a_stocked_warehouse({{"MUG-1", 10}})`.
stock::State a_stocked_warehouse(const std::vector<std::pair<std::string, std::int32_t>>& units);

/// A question for `lines` of one order, good for a minute.
stock::Hold a_hold(OrderId order, std::vector<stock::HoldLine> lines, std::int32_t round = 0);
stock::Hold a_hold(int order, std::string_view code, std::int32_t units);

/// The same for an order that is to be sent from there: it takes one of the day's slots.
stock::Hold a_hold_to_send(int order, std::string_view code, std::int32_t units);

fulfilment::Plan a_plan();

/// Applies what a decision caused. Throws if it was refused.
template <class State, class Event>
void apply(State& state, const Decision<Event>& decision, Timestamp when = now) {
  for (const auto& event : *decision)
    evolve(state, event, when);
}

} // namespace entrepot::test
