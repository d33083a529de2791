// Goods brought to a store, on a node with real places: whatever dies when, every unit is in one place's stock or on its way, and nobody has it twice.
#include <gtest/gtest.h>

#include "tests/support/node.hpp"

namespace entrepot::test {
namespace {

constexpr auto bag = child::first_fulfilment + 1, parcel = child::transfer_of(bag);

std::shared_ptr<const order::Definitions> a_bringing_shop() {
  auto channel = a_channel();
  channel.workflows.push_back("bopis");
  channel.pickup_stores = {location("LEEDS")};
  channel.payment = {{.level = {}, .category = {}, .from = {}, .to = {}, .shares = {{payment::Moment::on_order, payment::Method::card, 100, 0}}}};
  channel.transfer_from = {{.location = location("DC"), .group = {}, .transit = 24h}};
  return std::make_shared<const order::Definitions>(a_shop(channel, {a_product("MUG-1", money(1250)), a_product("BOWL-1", money(2000))}));
}

struct BringingNode : Node {
  explicit BringingNode(std::shared_ptr<journal::MemoryStore> kept = std::make_shared<journal::MemoryStore>()) : Node(std::move(kept)) { definitions = a_bringing_shop(); }

  void open_places() {
    open_warehouse(10);
    command(stream_of(location("LEEDS")), stock::Command{stock::Define{a_store()}});
    settle();
  }
  StreamId order() {
    auto basket = a_basket();
    basket.workflow = order::pick_up_in_store;
    basket.delivery_option.clear();
    basket.pickup_store = location("LEEDS");
    auto placed = submit("k1", order::draft(basket, *definitions, now));
    settle();
    return placed.value().family->id;
  }
  Family family(StreamId id) {
    auto seen = read({id});
    settle();
    return *seen.value().family;
  }
  stock::Row mugs_at(const char* place) {
    Awaited<gateway::LocationView> awaited;
    ports->read_location(location(place), {sku("MUG-1")}, awaited.reply());
    settle();
    return awaited.value().rows.empty() ? stock::Row{} : awaited.value().rows.front().second;
  }
  void act(StreamId member, AnyCommand command, int id) {
    Awaited<gateway::OrderView> awaited;
    ports->act(member, std::move(command), {std::uint64_t{1} << 56, static_cast<std::uint64_t>(id)}, {.by = "staff", .traceparent = {}, .occurred_at = {}}, gateway::Until::stored, awaited.reply());
    settle();
  }
};

TEST(GoodsForAStore, are_held_sent_received_and_handed_over_and_every_unit_is_somewhere) {
  BringingNode node;
  node.open_places();
  const auto id = node.order();
  ASSERT_EQ(node.family(id).order.status, order::Status::confirmed);
  EXPECT_EQ(node.family(id).pickups.at(bag).status, pickup::Status::awaiting_transfer);
  EXPECT_EQ(node.mugs_at("DC").allocated, 2);
  node.act(member(id, parcel), transfer::Command{transfer::Ship{}}, 1);
  EXPECT_EQ(node.mugs_at("DC").on_hand, 8);
  EXPECT_EQ(node.mugs_at("DC").allocated, 0);
  EXPECT_EQ(node.mugs_at("LEEDS").on_hand, 0) << "on their way they are nobody's";
  EXPECT_EQ(transfer::on_its_way(node.family(id).transfers.at(parcel), 0), Quantity{2});
  node.act(member(id, parcel), transfer::Command{transfer::Receive{}}, 2);
  EXPECT_EQ(node.mugs_at("LEEDS").on_hand, 2);
  EXPECT_EQ(node.mugs_at("LEEDS").allocated, 2) << "they are the order's";
  EXPECT_EQ(node.family(id).pickups.at(bag).status, pickup::Status::picked);
  node.act(member(id, bag), pickup::Command{pickup::Stage{"B-7", node.now + pickup::collection_window}}, 3);
  node.act(member(id, bag), pickup::Command{pickup::HandOver{{{}, true}, codes}}, 4);
  EXPECT_EQ(node.family(id).order.status, order::Status::completed);
  EXPECT_EQ(node.mugs_at("LEEDS").on_hand, 0);
}

TEST(GoodsForAStore, that_are_cancelled_on_their_way_are_the_stores_when_they_come) {
  BringingNode node;
  node.open_places();
  const auto id = node.order();
  node.act(member(id, parcel), transfer::Command{transfer::Ship{}}, 1);
  node.act(id, order::Command{order::Cancel{"customer-request", "changed my mind"}}, 2);
  EXPECT_EQ(node.family(id).order.status, order::Status::cancelled);
  node.act(member(id, parcel), transfer::Command{transfer::Receive{}}, 3);
  EXPECT_EQ(node.mugs_at("LEEDS").available(), 2);
  EXPECT_EQ(node.mugs_at("DC").on_hand, 8);
}

/// The node dies after the `crash`-th thing that people do; another takes over and what was asked is asked again.
TEST(GoodsForAStore, are_booked_once_whenever_a_node_dies) {
  for (int crash = 0; crash < 3; ++crash)
    for (bool answered : {true, false}) {
      auto store = std::make_shared<journal::MemoryStore>();
      auto node = std::make_unique<BringingNode>(store);
      node->open_places();
      const auto id = node->order();
      auto dies = [&](int at) {
        if (at != crash)
          return;
        const auto then = node->now;
        node.reset();
        node = std::make_unique<BringingNode>(store);
        node->now = then + 1s;
        node->family(id);
        node->pass(5s);
      };
      auto acts = [&](StreamId stream, AnyCommand command, int number) {
        if (number == crash && !answered) { // stored, and what it would let go dies with the node
          Awaited<gateway::OrderView> lost;
          node->ports->act(stream, command, {std::uint64_t{1} << 56, static_cast<std::uint64_t>(number + 1)}, {.by = "staff", .traceparent = {}, .occurred_at = {}}, gateway::Until::stored, lost.reply());
          node->work();
        } else {
          node->act(stream, command, number + 1);
        }
        dies(number);
        node->act(stream, command, number + 1); // who was not answered asks again, under the same key
        node->pass(3s);
      };
      acts(member(id, parcel), transfer::Command{transfer::Ship{{{1, Quantity{1}}}}}, 0);
      EXPECT_EQ(node->mugs_at("DC").on_hand, 9);
      EXPECT_EQ(node->mugs_at("DC").available(), 0) << "what could not be found is not to be had";
      acts(member(id, parcel), transfer::Command{transfer::Receive{}}, 1);
      EXPECT_EQ(node->mugs_at("LEEDS").on_hand, 1);
      EXPECT_EQ(node->mugs_at("LEEDS").allocated, 1);
      acts(member(id, bag), pickup::Command{pickup::Stage{"B-7", node->now + pickup::collection_window}}, 2);
      EXPECT_EQ(node->family(id).pickups.at(bag).status, pickup::Status::staged) << crash << answered;
      EXPECT_EQ(count_of(*store, "StockTransferredOut"), 1);
      EXPECT_EQ(count_of(*store, "StockTransferredIn"), 1);
      EXPECT_TRUE(node->quarantined.empty());
    }
}

} // namespace
} // namespace entrepot::test
