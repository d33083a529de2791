#include "tests/support/node.hpp"

namespace entrepot {
namespace {

using namespace std::chrono_literals;
using test::count_of;
using test::Node;

TEST(OrderActor, confirms_an_order_and_shows_it) {
  Node node;
  node.open_warehouse();
  auto order = node.submit("k1");
  node.settle();
  EXPECT_EQ(order.value().family->order.status, order::Status::confirmed);
  auto seen = node.read({order.value().family->id});
  node.settle();
  EXPECT_EQ(seen.value().family->order.status, order::Status::confirmed);
  EXPECT_EQ(seen.value().family->fulfilments.size(), 1u);
  EXPECT_EQ(node.stock_of("MUG-1"), (stock::Row{100, 0, 2}));
}

TEST(OrderActor, answers_only_after_the_journal_has_it) {
  Node node;
  node.open_warehouse();
  auto order = node.submit("k1", test::an_agreement(), false);
  node.work();
  EXPECT_FALSE(order.answered());
  ASSERT_TRUE(node.journal.step());
  EXPECT_TRUE(order.answered());
}

TEST(OrderActor, costs_five_rows_on_account_and_seven_with_a_card) {
  Node node;
  node.open_warehouse();
  auto before = count_of(*node.store, "StockReceived") + count_of(*node.store, "LocationDefined");
  auto rows = [&] {
    int all = 0;
    for (auto& shard : node.store->shards)
      all += static_cast<int>(shard.size());
    return all;
  };
  node.submit("k1", test::an_agreement_on_account());
  node.settle();
  EXPECT_EQ(rows() - before, 5);
  node.submit("k2", test::an_agreement());
  node.settle();
  EXPECT_EQ(rows() - before, 5 + 7);
}

TEST(OrderActor, refuses_an_order_that_the_warehouse_cannot_fill) {
  Node node;
  node.open_warehouse(1);
  auto order = node.submit("k1");
  node.settle();
  EXPECT_EQ(order.value().family->order.status, order::Status::rejected);
  EXPECT_EQ(order.value().family->order.why_rejected->code, "stock-short");
  EXPECT_EQ(node.stock_of("MUG-1"), (stock::Row{1, 0, 0}));
}

TEST(OrderActor, a_thousand_repeats_make_one_order) {
  Node node;
  node.open_warehouse();
  std::vector<test::Awaited<gateway::OrderView>> orders;
  for (int i = 0; i < 1000; ++i)
    orders.push_back(node.submit("k1"));
  node.settle();
  EXPECT_EQ(count_of(*node.store, "OrderSubmitted"), 1);
  auto first = orders.front().value().family->id;
  int replayed = 0;
  for (auto& order : orders) {
    ASSERT_TRUE(order.answered());
    EXPECT_EQ(order.value().family->id, first);
    EXPECT_EQ(order.value().family->order.status, order::Status::confirmed);
    replayed += order.value().replayed;
  }
  EXPECT_EQ(replayed, 999);
}

TEST(OrderActor, the_same_key_gives_the_same_order_after_a_restart) {
  auto store = std::make_shared<journal::MemoryStore>();
  StreamId first;
  {
    Node node(store);
    node.open_warehouse();
    auto order = node.submit("k1");
    node.settle();
    first = order.value().family->id;
  }
  Node node(store);
  auto again = node.submit("k1");
  node.settle();
  EXPECT_EQ(again.value().family->id, first);
  EXPECT_TRUE(again.value().replayed);
  EXPECT_TRUE(again.value().family->fulfilments.empty()) << "as of its first settled event, when nobody had the work yet";
  EXPECT_EQ(count_of(*store, "OrderSubmitted"), 1);
}

TEST(OrderActor, the_same_key_with_another_body_is_refused) {
  Node node;
  node.open_warehouse();
  node.submit("k1");
  auto together = node.submit("k1", test::an_agreement(), true, 'x');
  node.settle();
  auto later = node.submit("k1", test::an_agreement(), true, 'y');
  node.settle();
  EXPECT_EQ(together.refusal().code, "idempotency-key-reused");
  EXPECT_EQ(later.refusal().code, "idempotency-key-reused");
  EXPECT_EQ(count_of(*node.store, "OrderSubmitted"), 1);
}

TEST(OrderActor, what_cannot_be_ordered_leaves_nothing_behind_and_the_key_free) {
  Node node;
  node.open_warehouse();
  auto refused = node.submit("k1", reject("product-unknown", "no such product"));
  node.settle();
  EXPECT_EQ(refused.refusal().code, "product-unknown");
  EXPECT_EQ(count_of(*node.store, "OrderSubmitted"), 0);
  auto order = node.submit("k1");
  node.settle();
  EXPECT_EQ(order.value().family->order.status, order::Status::confirmed);
}

TEST(OrderActor, a_failed_append_takes_down_everything_decided_on_it) {
  Node node;
  node.open_warehouse();
  auto dc = stream_of(test::location("DC"));
  node.journal.drop_next(dc);
  auto lost = node.command(dc, stock::Command{stock::Receive{"ASN-2", {{{test::entity("SHOP"), test::sku("MUG-1")}, 50}}}});
  auto rested_on_it = node.command(dc, stock::Command{stock::Receive{"ASN-3", {{{test::entity("SHOP"), test::sku("MUG-1")}, 7}}}});
  node.settle();
  EXPECT_TRUE(lost.faulted());
  EXPECT_TRUE(rested_on_it.faulted());
  node.pass(1s);
  EXPECT_EQ(node.stock_of("MUG-1").on_hand, 100);
}

TEST(OrderActor, goes_on_by_itself_after_a_lost_append) {
  Node node;
  node.open_warehouse();
  auto order = node.submit("k1", test::an_agreement(), false);
  node.work();
  ASSERT_TRUE(node.journal.step());
  auto family = order.value().family->id;
  node.journal.drop_next(family); // the confirmation will be lost
  node.settle();
  EXPECT_EQ(count_of(*node.store, "OrderConfirmed"), 0);
  node.pass(1s);
  auto seen = node.read({family});
  node.settle();
  EXPECT_EQ(seen.value().family->order.status, order::Status::confirmed);
  EXPECT_EQ(count_of(*node.store, "StockHeld"), 1);
}

TEST(OrderActor, an_order_interrupted_by_a_crash_is_finished_after_the_restart) {
  auto store = std::make_shared<journal::MemoryStore>();
  StreamId family;
  {
    Node node(store);
    node.open_warehouse();
    auto order = node.submit("k1", test::an_agreement(), false);
    node.work();
    node.journal.step(); // the submission is stored, the hold is not
    family = order.value().family->id;
  }
  EXPECT_EQ(count_of(*store, "StockHeld"), 0);
  Node node(store);
  node.pass(15s); // its wake-up row brings it back
  auto seen = node.read({family});
  node.settle();
  EXPECT_EQ(seen.value().family->order.status, order::Status::confirmed);
  EXPECT_EQ(count_of(*store, "StockHeld"), 1);
}

TEST(OrderActor, a_reader_never_sees_what_might_not_last) {
  Node node;
  node.open_warehouse();
  auto order = node.submit("k1", test::an_agreement(), false);
  node.work();
  node.journal.step();
  auto family = order.value().family->id;
  node.work(); // the hold is decided, not stored
  auto reader = node.read({family});
  node.work();
  EXPECT_TRUE(reader.answered()) << "nothing of this order is under way";
  EXPECT_EQ(reader.value().family->order.status, order::Status::submitted);
}

TEST(OrderActor, a_node_in_doubt_about_its_lease_answers_only_through_the_journal) {
  Node node;
  node.open_warehouse();
  auto order = node.submit("k1");
  node.settle();
  node.journal.lose_lease(true);
  auto reader = node.read({order.value().family->id});
  node.work();
  EXPECT_FALSE(reader.answered());
  node.settle();
  EXPECT_TRUE(reader.answered());
}

TEST(OrderActor, is_unknown_if_it_was_never_made) {
  Node node;
  auto reader = node.read(test::order_id(9));
  node.settle();
  EXPECT_EQ(reader.refusal().code, "order-unknown");
}

} // namespace
} // namespace entrepot
