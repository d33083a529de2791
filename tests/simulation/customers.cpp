#include "tests/simulation/customers.hpp"

#include <algorithm>

#include "tests/simulation/codes.hpp"

namespace entrepot::simulation {

using test::channel_code;
using test::customer_number;

Customers::Customers(World& world) : world_(world) {
  world_.listen([this](const journal::Record& record, const AnyEvent& event) { note(record, event); });
  Chance chance(world.plan().seed, 1);
  const auto length = std::chrono::days{world.plan().days};
  for (int number = 0; number < world.plan().orders; ++number) {
    auto day = chance.between(0, world.plan().days - 1);
    auto at = opening + day * 24h + chance.between(Duration{6h}, Duration{23h}); // people sleep
    check(at < opening + length, "everybody comes while the shop is open");
    if (number < world.plan().first)
      world_.at(at, [this, number] { arrive(number); });
  }
}

order::Basket Customers::a_basket(Chance& chance, int number) const {
  order::Basket basket = test::a_basket();
  basket.lines.clear();
  auto lines = chance.mostly_small(1, 4);
  for (std::int64_t i = 0; i < lines; ++i) // one SKU may stand there twice
    basket.lines.push_back({skus()[static_cast<std::size_t>(chance.mostly_small(0, static_cast<std::int64_t>(skus().size()) - 1))],
                            Quantity{static_cast<std::int32_t>(chance.mostly_small(1, 4))}, std::nullopt});
  basket.near = stock::Point{static_cast<std::int32_t>(chance.between(50'000'000, 55'000'000)), static_cast<std::int32_t>(chance.between(-3'000'000, 1'000'000))};
  basket.delivery_option = chance.percent(70) ? "std" : "free";
  basket.payment_token = chance.percent(3) ? "tok_bad" : "tok_visa";
  if (auto level = chance.between(0, 9); level < 6) {
    basket.customer = customer_number("C-" + std::to_string(chance.between(1, 400)));
    basket.customer_level = std::vector<std::string>{"gold", "gold", "silver", "bronze", "plain", ""}[static_cast<std::size_t>(level)];
  }
  auto way = chance.between(0, 99);
  basket.channel = channel_code(way < 40 ? "web" : way < 50 ? "outlet" : way < 65 ? "shop" : "click");
  if (way >= 65) {
    basket.workflow = order::pick_up_in_store;
    basket.delivery_option.clear();
    basket.near = {};
    basket.pickup_store = chance.one_of(pickup_stores());
  }
  if (way < 8)
    basket.external_number = "M-" + std::to_string(number);
  return basket;
}

void Customers::arrive(int number) {
  Chance chance(world_.plan().seed, 1'000 + static_cast<std::uint64_t>(number));
  auto basket = a_basket(chance, number);
  auto key = "k" + std::to_string(number);
  const std::string client = "gw-" + basket.channel.text();
  auto repeats = chance.percent(8), changes_mind = chance.percent(18), at_once = chance.percent(20);
  ++came_;
  auto answered = [this, client, key, basket, repeats, changes_mind, at_once](const Said& said) {
    if (!said.done || !said.order)
      return;
    auto order = said.order->id;
    orders_.insert(order);
    if (repeats)
      world_.after(world_.chance().mostly_short(0ms, 48h), [this, client, key, basket, order] { repeat(client, key, basket, order); });
    if (changes_mind)
      world_.after(at_once ? world_.chance().mostly_short(0ms, 20s) : world_.chance().mostly_short(1min, 96h), [this, order] { change_mind(order); });
  };
  world_.submit(client, key, basket, 'b', answered);
  if (chance.percent(4)) // a double click
    world_.submit(client, key, basket, 'b', answered);
}

/// The same again is the same order; another basket under the same key is refused.
void Customers::repeat(const std::string& client, const std::string& key, const order::Basket& basket, StreamId first) {
  auto other = world_.chance().percent(30);
  world_.submit(client, key, basket, other ? 'x' : 'b', [other, first](const Said& said) {
    if (other && (said.done || said.code != "idempotency-key-reused"))
      throw Broken(first, "another basket was taken under the key of an order");
    if (!other && (!said.done || said.order->id != first))
      throw Broken(first, "the same request made another order");
  });
}

void Customers::change_mind(StreamId order) { cancel(order); }

void Customers::cancel(StreamId order) { world_.act(order, order::Command{order::Cancel{"customer-request", "changed my mind"}}, "customer"); }

void Customers::note(const journal::Record& record, const AnyEvent& event) {
  auto& chance = world_.chance();
  if (const auto* of_payment = std::get_if<payment::Event>(&event))
    if (const auto* declined = std::get_if<payment::Declined>(of_payment); declined && chance.percent(80))
      world_.after(chance.mostly_short(20s, 30min), [this, order = family_of(record.stream), number = declined->instalment] { give_another_card(order, number); });
  const auto* of_pickup = std::get_if<pickup::Event>(&event);
  if (of_pickup && std::holds_alternative<pickup::Staged>(*of_pickup) && chance.percent(world_.is_calm() ? 100 : 85))
    world_.after(chance.mostly_short(30min, 8 * 24h), [this, pickup = record.stream] { fetch(pickup, 0); });
}

void Customers::give_another_card(StreamId order, std::int32_t instalment) {
  world_.act(member(order, child::payment), payment::Command{payment::OfferTender{instalment, world_.chance().percent(90) ? "tok_other" : "tok_bad"}}, "customer");
}

void Customers::fetch(StreamId pickup, int tries) {
  auto& chance = world_.chance();
  const auto& state = world_.family(pickup)->pickups.at(child_of(pickup));
  if (pickup::is_terminal(state.status) || tries > 6)
    return;
  auto again = [this, pickup, tries](const Said& said) {
    if (!said.done)
      world_.after(world_.chance().mostly_short(10s, 4h), [this, pickup, tries] { fetch(pickup, tries + 1); });
  };
  if (world_.is_calm())
    return hand_over(pickup, tries);
  if (chance.percent(15))
    world_.act(pickup, pickup::Command{pickup::Arrive{"bay " + std::to_string(chance.between(1, 4))}}, "customer");
  if (chance.percent(6))
    return world_.act(pickup, pickup::Command{pickup::Extend{state.collect_until + pickup::collection_window}}, "customer", [this, pickup, tries](const Said&) {
      world_.after(world_.chance().mostly_short(1h, 10 * 24h), [this, pickup, tries] { fetch(pickup, tries + 1); });
    });
  if (chance.percent(5))
    return world_.act(pickup, pickup::Command{pickup::ResendCode{}}, "customer", again);
  if (chance.percent(4))
    return world_.act(pickup, pickup::Command{pickup::Refuse{}}, "customer", again);
  hand_over(pickup, tries);
}

void Customers::hand_over(StreamId pickup, int tries) {
  auto& chance = world_.chance();
  const auto& state = world_.family(pickup)->pickups.at(child_of(pickup));
  auto codes = codes_of(pickup);
  pickup::Proof proof{codes[static_cast<std::size_t>(state.issue - 1)], false};
  if (!world_.is_calm() && chance.percent(12))
    proof.code = "000000";
  if (world_.is_calm() || pickup::is_locked(state))
    proof = {{}, true};
  auto id = world_.new_id();
  pickup::Command command = pickup::HandOver{proof, codes};
  world_.act(pickup, command, "staff", [this, pickup, tries](const Said& said) {
    if (!said.done || world_.chance().percent(5)) // a second hand-over of the same bag is refused
      world_.after(world_.chance().mostly_short(5s, 4h), [this, pickup, tries] { fetch(pickup, tries + 1); });
  }, id);
}

} // namespace entrepot::simulation
