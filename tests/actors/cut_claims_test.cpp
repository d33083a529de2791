// A place is counted and has fewer units than it has promised: the node's orders hear of it, once in effect, whoever dies in between (F36).
#include <gtest/gtest.h>

#include "tests/support/node.hpp"

namespace entrepot::test {
namespace {

const stock::Item mugs{entity("SHOP"), sku("MUG-1")};

std::shared_ptr<const order::Definitions> a_sourcing_shop() {
  auto channel = a_channel();
  for (auto& option : channel.delivery)
    option.ship_from = {};
  channel.sourcing.rules = {{.name = "two places", .otherwise = sourcing::After::split}};
  return std::make_shared<const order::Definitions>(a_shop(channel, {a_product("MUG-1", money(1250)), a_product("BOWL-1", money(2000))}));
}

/// A warehouse with so many mugs, and a store with plenty of them, farther away than the warehouse is from anybody.
struct CountedNode : Node {
  explicit CountedNode(std::shared_ptr<journal::MemoryStore> kept = std::make_shared<journal::MemoryStore>()) : Node(std::move(kept)) { definitions = a_sourcing_shop(); }

  void open(std::int32_t in_warehouse, std::int32_t in_store) {
    for (auto [place, units] : {std::pair{a_warehouse(), in_warehouse}, {a_store(), in_store}}) {
      command(stream_of(place.code), stock::Command{stock::Define{place}});
      command(stream_of(place.code), stock::Command{stock::Receive{"ASN-1", {{mugs, units}}}});
      settle();
    }
  }
  OrderId order(const std::string& key, std::int32_t units = 1) {
    auto basket = a_basket();
    basket.customer = customer_number("C-1");
    basket.customer_level = "gold";
    basket.lines = {{sku("MUG-1"), Quantity{units}, std::nullopt}};
    auto placed = submit(key, order::draft(basket, *definitions, now));
    settle();
    return {placed.value().family->id};
  }
  Family family(OrderId order) {
    auto seen = read(order);
    settle();
    return *seen.value().family;
  }
  LocationCode place_of(OrderId order) {
    auto all = family(order);
    auto place = all.fulfilments.begin()->second.location;
    for (const auto& [child, fulfilment] : all.fulfilments)
      if (any_going(fulfilment))
        place = fulfilment.location;
    return place;
  }
  stock::Row at(const char* place) {
    Awaited<gateway::LocationView> awaited;
    ports->read_location(location(place), {sku("MUG-1")}, awaited.reply());
    settle();
    return awaited.value().rows.front().second;
  }
};

stock::Command a_count_of(std::int32_t units, Timestamp taken_at = now) { return stock::Count{"CNT-1", taken_at, {{{{}, sku("MUG-1")}, units}}}; }

TEST(CutClaims, worked_s8_a_reset_to_three_with_four_live_allocations_sends_the_newest_from_elsewhere) {
  CountedNode node;
  node.open(4, 10);
  std::vector<OrderId> orders;
  for (int i = 0; i < 4; ++i) {
    orders.push_back(node.order("k" + std::to_string(i)));
    node.pass(1s);
  }
  ASSERT_EQ(node.at("DC"), (stock::Row{4, 0, 4}));
  auto reset = node.command(stream_of(location("DC")), stock::Command{stock::Feed{"wms", 1, true, node.now, {{mugs, 3}}}});
  node.settle();
  EXPECT_TRUE(reset.answered() && !reset.is_refused()) << "facts are never refused";
  node.pass(1s);
  EXPECT_EQ(node.at("DC"), (stock::Row{3, 0, 3}));
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(node.place_of(orders[static_cast<std::size_t>(i)]), location("DC"));
  EXPECT_EQ(node.place_of(orders[3]), location("LEEDS"));
  EXPECT_EQ(node.at("LEEDS"), (stock::Row{10, 0, 1}));
  EXPECT_EQ(node.family(orders[3]).order.units.front().held, Quantity{1});
}

TEST(CutClaims, a_receipt_of_an_offline_till_is_taken_and_the_order_that_was_promised_the_unit_is_sent_from_elsewhere) {
  CountedNode node;
  node.open(1, 10);
  auto order = node.order("k1");
  auto sold = node.command(stream_of(location("DC")), stock::Command{stock::Sell{.till = "T-1", .receipt = "R-1", .occurred_at = now, .lines = {{mugs, Quantity{1}, money(900)}}, .offline = true}});
  node.pass(1s);
  EXPECT_FALSE(sold.is_refused());
  EXPECT_EQ(node.at("DC"), stock::Row{});
  EXPECT_EQ(node.place_of(order), location("LEEDS"));
}

TEST(CutClaims, a_picked_unit_stays_with_its_order_and_the_one_promised_before_it_gives_way) {
  CountedNode node;
  node.open(2, 10);
  auto older = node.order("k1");
  node.pass(1s);
  auto newer = node.order("k2");
  node.command(member(newer.family, child::first_fulfilment), fulfilment::Command{fulfilment::Pick{}}, 7);
  node.settle();
  node.command(stream_of(location("DC")), a_count_of(1));
  node.pass(2s);
  EXPECT_EQ(node.place_of(newer), location("DC"));
  EXPECT_EQ(node.place_of(older), location("LEEDS"));
  EXPECT_EQ(node.at("DC"), (stock::Row{1, 0, 1}));
  EXPECT_EQ(count_of(*node.store, "StockReclaimed"), 1);
}

TEST(CutClaims, what_was_counted_away_while_it_lay_in_a_bag_lies_there_after_all) {
  CountedNode node;
  node.open(1, 10);
  auto order = node.order("k1");
  node.command(member(order.family, child::first_fulfilment), fulfilment::Command{fulfilment::Pick{}}, 7);
  node.settle();
  node.command(stream_of(location("DC")), a_count_of(0));
  node.pass(1s);
  EXPECT_EQ(node.at("DC"), (stock::Row{1, 0, 1}));
  EXPECT_EQ(node.place_of(order), location("DC"));
}

TEST(CutClaims, nobody_is_told_twice_whose_command_is_remembered) {
  auto store = std::make_shared<journal::MemoryStore>();
  OrderId order;
  {
    CountedNode node(store);
    node.open(1, 10);
    order = node.order("k1");
    node.command(stream_of(location("DC")), a_count_of(0));
    node.pass(1s);
  }
  const auto before = count_of(*store, "ProcessClaimCut");
  EXPECT_EQ(before, 1);
  CountedNode next(store); // begins with an empty checkpoint, and tells all of it again
  next.pass(1s);
  EXPECT_EQ(count_of(*store, "ProcessClaimCut"), before);
  EXPECT_EQ(next.place_of(order), location("LEEDS"));
}

/// The node dies after the `crash`-th batch that is stored once somebody has counted; another takes over.
std::string ends_after_crash(int crash, int* batches = nullptr) {
  auto store = std::make_shared<journal::MemoryStore>();
  auto node = std::make_unique<CountedNode>(store);
  node->open(2, 10);
  auto older = node->order("k1");
  node->pass(1s);
  auto newer = node->order("k2");
  auto stored = [&] {
    std::size_t all = 0;
    for (const auto& shard : store->shards)
      all += shard.size();
    return all;
  };
  node->command(stream_of(location("DC")), a_count_of(1), 9);
  int grown = 0;
  for (int rounds = 0; rounds < 200; ++rounds) {
    node->work();
    const auto before = stored();
    if (!node->journal.step()) {
      node->messenger.step();
      node->work();
      if (node->journal.queued() == 0) {
        node->pass(1s);
        break;
      }
      continue;
    }
    if (stored() > before && grown++ == crash) {
      const auto moment = node->now;
      node = std::make_unique<CountedNode>(store);
      node->now = moment;
      node->at("LEEDS"); // a node looks at all its places when it starts
      node->at("DC");
    }
  }
  for (int i = 0; i < 10; ++i)
    node->pass(2s);
  if (batches)
    *batches = grown;
  return "DC " + std::to_string(node->at("DC").on_hand) + "/" + std::to_string(node->at("DC").allocated) + ", LEEDS " + std::to_string(node->at("LEEDS").allocated) + ", older from " +
         node->place_of(older).text() + ", newer from " + node->place_of(newer).text() + ", told " + std::to_string(count_of(*store, "ProcessClaimCut"));
}

TEST(CutClaims, ends_the_same_whatever_batch_the_node_dies_after) {
  int batches = 0;
  const auto undisturbed = ends_after_crash(-1, &batches);
  EXPECT_EQ(undisturbed, "DC 1/1, LEEDS 1, older from DC, newer from LEEDS, told 1");
  EXPECT_GE(batches, 4);
  for (int crash = 0; crash < batches; ++crash)
    EXPECT_EQ(ends_after_crash(crash), undisturbed) << "died after batch " << crash;
}

} // namespace
} // namespace entrepot::test
