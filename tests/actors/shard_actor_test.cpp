#include "tests/support/node.hpp"

namespace entrepot {
namespace {

using namespace std::chrono_literals;
using test::count_of;
using test::Node;

TEST(Shard, lets_the_idle_go_and_brings_them_back_with_the_same_answers) {
  Node node(std::make_shared<journal::MemoryStore>(), {.residents_per_shard = 1});
  node.open_warehouse(1000);
  std::vector<StreamId> families;
  for (int i = 0; i < 200; ++i) {
    auto order = node.submit("k" + std::to_string(i));
    node.settle();
    families.push_back(order.value().family->id);
  }
  for (auto family : families) {
    auto seen = node.read({family});
    node.settle();
    EXPECT_EQ(seen.value().family->order.status, order::Status::confirmed);
  }
  EXPECT_EQ(node.stock_of("MUG-1").allocated, 400);
}

TEST(Shard, refuses_early_when_too_much_is_under_way) {
  Node node(std::make_shared<journal::MemoryStore>(), {.requests_per_shard = 5});
  node.open_warehouse();
  std::vector<test::Awaited<gateway::OrderView>> readers;
  for (int i = 0; i < 8; ++i)
    readers.push_back(node.read(test::order_id(1)));
  int refused = 0;
  for (auto& reader : readers)
    refused += reader.faulted();
  EXPECT_EQ(refused, 3);
  node.settle();
  auto later = node.read(test::order_id(1));
  node.settle();
  EXPECT_FALSE(later.faulted());
}

TEST(Shard, leaves_a_history_that_cannot_be_read_to_a_person_and_serves_the_others) {
  auto store = std::make_shared<journal::MemoryStore>();
  StreamId broken, sound;
  {
    Node node(store);
    node.open_warehouse();
    auto one = node.submit("k1");
    auto two = node.submit("k2");
    node.settle();
    broken = one.value().family->id;
    sound = two.value().family->id;
  }
  for (auto& shard : store->shards)
    for (auto& record : shard)
      if (record.stream == broken)
        record.data = "{\"what\":1}";
  Node node(store);
  for (int i = 0; i < 5; ++i) {
    auto reader = node.read({broken});
    node.settle();
    EXPECT_TRUE(reader.faulted());
    node.pass(2s);
  }
  ASSERT_EQ(node.quarantined.size(), 1u);
  EXPECT_EQ(node.quarantined.front().first, broken);
  auto reader = node.read({sound});
  node.settle();
  EXPECT_TRUE(reader.answered() && !reader.faulted());
}

TEST(Shard, answers_not_now_while_the_journal_cannot_be_read_and_recovers_by_itself) {
  Node node;
  node.open_warehouse();
  node.journal.refuse_reads(true);
  auto order = node.submit("k1");
  node.settle();
  EXPECT_TRUE(order.faulted());
  node.journal.refuse_reads(false);
  auto again = node.submit("k1");
  node.settle();
  EXPECT_EQ(again.value().family->order.status, order::Status::confirmed);
  EXPECT_EQ(count_of(*node.store, "OrderSubmitted"), 1);
}

TEST(Shard, a_full_journal_refuses_the_order_and_leaves_nothing_half_done) {
  Node node;
  node.open_warehouse();
  node.journal.refuse_appends(true);
  auto order = node.submit("k1");
  node.settle();
  EXPECT_TRUE(order.faulted());
  node.journal.refuse_appends(false);
  node.pass(1s);
  auto again = node.submit("k1");
  node.settle();
  EXPECT_EQ(again.value().family->order.status, order::Status::confirmed);
  EXPECT_FALSE(again.value().replayed);
  EXPECT_EQ(node.stock_of("MUG-1").allocated, 2);
}

TEST(Shard, a_receipt_sent_twice_is_booked_once) {
  Node node;
  node.open_warehouse(10);
  auto dc = stream_of(test::location("DC"));
  stock::Command receipt = stock::Receive{"ASN-7", {{{test::entity("SHOP"), test::sku("MUG-1")}, 5}}};
  auto first = node.command(dc, receipt, 77);
  auto second = node.command(dc, receipt, 77);
  node.settle();
  EXPECT_EQ(first.value(), second.value());
  EXPECT_EQ(node.stock_of("MUG-1").on_hand, 15);
}

TEST(Shard, sells_the_last_unit_once) {
  Node node;
  node.open_warehouse(10); // an order takes two mugs
  std::vector<test::Awaited<gateway::OrderView>> orders;
  for (int i = 0; i < 64; ++i)
    orders.push_back(node.submit("k" + std::to_string(i)));
  node.settle();
  int confirmed = 0;
  for (auto& order : orders)
    confirmed += order.value().family->order.status == order::Status::confirmed;
  EXPECT_EQ(confirmed, 5);
  EXPECT_EQ(node.stock_of("MUG-1").available(), 0);
}

} // namespace
} // namespace entrepot
