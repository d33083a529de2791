// Mothers: baskets and orders with fixed data, and stock for them.
#pragma once

#include "domain/order/family.hpp"
#include "tests/support/definitions.hpp"

namespace entrepot::test {

/// The `number`-th order of the tests; its slice is fixed.
inline OrderId order_id(int number = 1) { return {family_number(7, now, number)}; }

/// Two mugs and a bowl, brought to a guest's door without a promise, paid by card at once: 45.00 GBP.
inline order::Basket a_basket() {
  return {.channel = channel_code("web"),
          .external_number = {},
          .customer = {},
          .customer_level = {},
          .contact = {.name = {"sealed name"}, .email = {"sealed e-mail"}, .phone = {}},
          .lines = {{sku("MUG-1"), Quantity{2}, std::nullopt}, {sku("BOWL-1"), Quantity{1}, std::nullopt}},
          .delivery_option = "std",
          .address = {"sealed address"},
          .payment_method = std::nullopt,
          .payment_token = "tok_visa"};
}

/// What the two sides agree on for `a_basket()` in `a_shop()`.
inline order::Agreement an_agreement() { return *order::draft(a_basket(), a_shop(), now); }

/// The same for a gold customer: nothing is due at once, all of it is billed later.
inline order::Agreement an_agreement_on_account() {
  auto basket = a_basket();
  basket.customer = customer_number("C-1");
  basket.customer_level = "gold";
  return *order::draft(basket, a_shop(), now);
}

/// The same goods, fetched in the store in Leeds: 45.00 GBP, paid as `shares` say.
inline order::Agreement a_pickup(const std::vector<payment::Share>& shares) {
  auto channel = a_channel();
  channel.workflows.push_back("bopis");
  channel.pickup_stores = {location("LEEDS")};
  channel.payment = {{.level = {}, .category = {}, .from = {}, .to = {}, .shares = shares}};
  auto basket = a_basket();
  basket.workflow = order::pick_up_in_store;
  basket.delivery_option.clear();
  basket.pickup_store = location("LEEDS");
  return *order::draft(basket, a_shop(channel, {a_product("MUG-1", money(1250)), a_product("BOWL-1", money(2000))}), now);
}
inline order::Agreement a_pickup_by_card() { return a_pickup({{payment::Moment::on_order, payment::Method::card, 100, 0}}); }
inline order::Agreement a_pickup_on_account() { return a_pickup({{payment::Moment::on_invoice, payment::Method::account, 100, 0}}); }
inline order::Agreement a_pickup_paid_at_the_counter() { return a_pickup({{payment::Moment::on_issue, payment::Method::card, 100, 0}}); }

/// The codes of a pickup: the first is sent with the order, each other with a new issue.
inline const pickup::Codes codes{"1111", "2222", "3333", "4444", "5555"};

/// An order to tell stories about: `an_order().submitted().confirmed().state()`.
class OrderMother {
public:
  OrderMother& submitted() { return after(order::Submitted{an_agreement()}); }
  OrderMother& confirmed() { return after(order::Confirmed{}); }
  OrderMother& rejected() { return after(order::Rejected{"stock-short", "0 of MUG-1 available at DC", {}}); }
  OrderMother& after(const order::Event& event) {
    order::evolve(state_, event, now);
    return *this;
  }
  const order::State& state() const { return state_; }

private:
  order::State state_;
};
inline OrderMother an_order() { return {}; }

/// A location with stock, and what happens there: `a_stocked_warehouse({{"MUG-1", 10}})`.
inline stock::State a_stocked_warehouse(const std::vector<std::pair<std::string, std::int32_t>>& units) {
  stock::State warehouse;
  stock::evolve(warehouse, stock::Defined{a_warehouse()}, now);
  stock::Received received{"ASN-1", {}};
  for (const auto& [code, count] : units)
    received.movements.push_back({{entity("SHOP"), sku(code)}, count});
  stock::evolve(warehouse, received, now);
  return warehouse;
}

/// A question for `lines` of one order, good for a minute.
inline stock::Hold a_hold(OrderId order, std::vector<stock::HoldLine> lines, std::int32_t round = 0) {
  return {.order = order, .round = round, .lines = std::move(lines), .not_after = now + 1min};
}
inline stock::Hold a_hold(int order, std::string_view code, std::int32_t units) { return a_hold(order_id(order), {{1, sku(code), Quantity{units}}}); }

/// The same for an order that is to be sent from there: it takes one of the day's slots.
inline stock::Hold a_hold_to_send(int order, std::string_view code, std::int32_t units) {
  auto hold = a_hold(order, code, units);
  hold.takes_slot = true;
  return hold;
}

inline fulfilment::Plan a_plan() { return {location("DC"), {{1, sku("MUG-1"), Quantity{2}}, {2, sku("BOWL-1"), Quantity{1}}}, now}; }

/// Applies what a decision caused. Throws if it was refused.
template <class State, class Event>
void apply(State& state, const Decision<Event>& decision, Timestamp when = now) {
  for (const auto& event : *decision)
    evolve(state, event, when);
}

} // namespace entrepot::test
