// Orders whose places are found by rules, on a node: locations tell what they could give, and orders that wait are told when something comes.
#include <gtest/gtest.h>

#include "tests/support/node.hpp"

namespace entrepot::test {
namespace {

/// The shop finds places: one that has everything, else two, else it promises for later.
std::shared_ptr<const order::Definitions> a_sourcing_shop() {
  auto channel = a_channel();
  for (auto& option : channel.delivery)
    option.ship_from = {};
  channel.sourcing.rules = {{.name = "two places", .otherwise = sourcing::After::split}, {.name = "later", .otherwise = sourcing::After::back_order, .patience = 14 * 24h}};
  return std::make_shared<const order::Definitions>(a_shop(channel, {a_product("MUG-1", money(1250)), a_product("BOWL-1", money(2000))}));
}

struct SourcingNode : Node {
  explicit SourcingNode(std::shared_ptr<journal::MemoryStore> kept = std::make_shared<journal::MemoryStore>()) : Node(std::move(kept)) { definitions = a_sourcing_shop(); }

  void define(const stock::Profile& profile) {
    command(stream_of(profile.code), stock::Command{stock::Define{profile}});
    settle();
  }
  void receive(const char* place, const char* code, std::int32_t units) {
    command(stream_of(location(place)), stock::Command{stock::Receive{{}, {{{entity("SHOP"), sku(code)}, units}}}});
    settle();
  }
  Awaited<gateway::OrderView> order(const std::string& key, std::int32_t mugs, std::int32_t bowls) {
    auto basket = a_basket();
    basket.customer = customer_number("C-1");
    basket.customer_level = "gold"; // on account
    basket.lines = {{sku("MUG-1"), Quantity{mugs}, std::nullopt}, {sku("BOWL-1"), Quantity{bowls}, std::nullopt}};
    auto placed = submit(key, order::draft(basket, *definitions, now));
    settle();
    return placed;
  }
  stock::Row at(const char* place, const char* code) {
    Awaited<gateway::LocationView> awaited;
    ports->read_location(location(place), {sku(code)}, awaited.reply());
    settle();
    return awaited.value().rows.empty() ? stock::Row{} : awaited.value().rows.front().second;
  }
  Family family(const Awaited<gateway::OrderView>& placed) {
    auto seen = read({placed.value().family->id});
    settle();
    return *seen.value().family;
  }
};

TEST(ASourcedOrder, goes_where_the_units_lie_and_is_split_if_they_lie_apart) {
  SourcingNode node;
  node.define(a_warehouse());
  node.define(a_store());
  node.receive("DC", "MUG-1", 2);
  node.receive("LEEDS", "BOWL-1", 1);
  auto placed = node.order("k1", 2, 1);
  ASSERT_TRUE(placed.answered() && !placed.is_refused());
  EXPECT_EQ(placed.value().family->order.status, order::Status::confirmed);
  EXPECT_EQ(node.at("DC", "MUG-1").allocated, 2);
  EXPECT_EQ(node.at("LEEDS", "BOWL-1").allocated, 1);
  EXPECT_EQ(node.family(placed).fulfilments.size(), 2u);
}

TEST(ASourcedOrder, never_takes_a_unit_that_another_has) {
  SourcingNode node;
  node.define(a_warehouse());
  node.define(a_store());
  node.receive("DC", "MUG-1", 3);
  node.receive("DC", "BOWL-1", 9);
  node.receive("LEEDS", "MUG-1", 2);
  node.receive("LEEDS", "BOWL-1", 9);
  std::vector<Awaited<gateway::OrderView>> orders;
  for (int i = 0; i < 8; ++i) {
    auto basket = a_basket();
    basket.customer = customer_number("C-1");
    basket.customer_level = "gold";
    basket.lines = {{sku("MUG-1"), Quantity{1}, std::nullopt}};
    orders.push_back(node.submit("k" + std::to_string(i), order::draft(basket, *node.definitions, node.now)));
  }
  node.settle(); // all of them at once: each is chosen a place by what was known before the others came
  int held = 0, waiting = 0;
  for (const auto& placed : orders) {
    auto family = node.family(placed);
    held += family.order.units.front().held.units();
    waiting += family.order.units.front().open.units();
  }
  EXPECT_EQ(held, 5);
  EXPECT_EQ(waiting, 3) << "promised for later";
  EXPECT_EQ(node.at("DC", "MUG-1").available() + node.at("LEEDS", "MUG-1").available(), 0);
}

TEST(ASourcedOrder, is_told_at_once_when_units_come_the_earliest_first) {
  SourcingNode node;
  node.define(a_warehouse());
  node.receive("DC", "BOWL-1", 9);
  auto first = node.order("k1", 1, 1);
  node.now += 1s;
  auto second = node.order("k2", 1, 1);
  ASSERT_EQ(node.family(first).order.units.front().open, Quantity{1});
  node.receive("DC", "MUG-1", 1);
  EXPECT_EQ(node.family(first).order.units.front().held, Quantity{1}) << "no time has gone by";
  EXPECT_EQ(node.family(second).order.units.front().open, Quantity{1});
  node.receive("DC", "MUG-1", 1);
  EXPECT_EQ(node.family(second).order.units.front().held, Quantity{1});
}

TEST(ASourcedOrder, takes_what_came_while_its_node_was_dead) {
  auto store = std::make_shared<journal::MemoryStore>();
  StreamId waiting;
  {
    SourcingNode node(store);
    node.define(a_warehouse());
    node.receive("DC", "BOWL-1", 9);
    auto placed = node.order("k1", 1, 1);
    waiting = placed.value().family->id;
    EXPECT_EQ(node.family(placed).order.units.front().open, Quantity{1});
  }
  SourcingNode next(store);
  next.receive("DC", "MUG-1", 1); // nobody is known to wait: the order has not been loaded
  next.now += 15min;
  next.pass(1s);
  auto seen = next.read({waiting});
  next.settle();
  EXPECT_EQ(seen.value().family->order.units.front().held, Quantity{1}) << "it looks again by itself";
}

TEST(ASourcedOrder, worked_s3_of_ten_at_once_one_gets_the_last_place_of_the_day_and_nine_go_elsewhere) {
  SourcingNode node;
  auto store = a_store();
  store.orders_a_day = 1;
  auto york = a_store("YORK");
  node.define(store);
  node.define(york);
  for (const auto* place : {"LEEDS", "YORK"}) {
    node.receive(place, "MUG-1", 50);
    node.receive(place, "BOWL-1", 50);
  }
  std::vector<Awaited<gateway::OrderView>> orders;
  for (int i = 0; i < 10; ++i) {
    auto basket = a_basket();
    basket.customer = customer_number("C-1");
    basket.customer_level = "gold";
    orders.push_back(node.submit("k" + std::to_string(i), order::draft(basket, *node.definitions, node.now)));
  }
  node.settle();
  for (const auto& placed : orders)
    EXPECT_EQ(node.family(placed).order.status, order::Status::confirmed);
  EXPECT_EQ(node.at("LEEDS", "BOWL-1").allocated, 1);
  EXPECT_EQ(node.at("YORK", "BOWL-1").allocated, 9);
}

} // namespace
} // namespace entrepot::test
