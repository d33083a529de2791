#include "tests/support/orders.hpp"

namespace entrepot::test {

OrderId order_id(int number) {
  return {family_number(7, now, number)};
}

order::Basket a_basket() {
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

order::Agreement an_agreement() {
  return *order::draft(a_basket(), a_shop(), now);
}

order::Agreement an_agreement_on_account() {
  auto basket = a_basket();
  basket.customer = customer_number("C-1");
  basket.customer_level = "gold";
  return *order::draft(basket, a_shop(), now);
}

order::Agreement a_pickup(const std::vector<payment::Share>& shares) {
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

order::Agreement a_pickup_by_card() {
  return a_pickup({{payment::Moment::on_order, payment::Method::card, 100, 0}});
}

order::Agreement a_pickup_on_account() {
  return a_pickup({{payment::Moment::on_invoice, payment::Method::account, 100, 0}});
}

order::Agreement a_pickup_paid_at_the_counter() {
  return a_pickup({{payment::Moment::on_issue, payment::Method::card, 100, 0}});
}

OrderMother& OrderMother::after(const order::Event& event) {
  order::evolve(state_, event, now);
  return *this;
}

OrderMother an_order() {
  return {};
}

stock::State a_stocked_warehouse(const std::vector<std::pair<std::string, std::int32_t>>& units) {
  stock::State warehouse;
  stock::evolve(warehouse, stock::Defined{a_warehouse()}, now);
  stock::Received received{"ASN-1", {}};
  for (const auto& [code, count] : units)
    received.movements.push_back({{entity("SHOP"), sku(code)}, count});
  stock::evolve(warehouse, received, now);
  return warehouse;
}

stock::Hold a_hold(OrderId order, std::vector<stock::HoldLine> lines, std::int32_t round) {
  return {.order = order, .round = round, .lines = std::move(lines), .not_after = now + 1min};
}

stock::Hold a_hold(int order, std::string_view code, std::int32_t units) {
  return a_hold(order_id(order), {{1, sku(code), Quantity{units}}});
}

stock::Hold a_hold_to_send(int order, std::string_view code, std::int32_t units) {
  auto hold = a_hold(order, code, units);
  hold.takes_slot = true;
  return hold;
}

fulfilment::Plan a_plan() {
  return {location("DC"), {{1, sku("MUG-1"), Quantity{2}}, {2, sku("BOWL-1"), Quantity{1}}}, now};
}

} // namespace entrepot::test
