// The one wake-up row of an order, across the lives of its node.
#include <gtest/gtest.h>

#include "tests/support/node.hpp"

namespace entrepot::test {
namespace {

TEST(AnOrderThatIsLoadedToEnd, leaves_no_wake_up_behind) {
  auto store = std::make_shared<journal::MemoryStore>();
  auto time = now;
  {
    Node node(store);
    node.command(stream_of(location("LEEDS")), stock::Command{stock::Define{a_store()}});
    node.command(stream_of(location("LEEDS")), stock::Command{stock::Receive{"ASN-1", {{{entity("SHOP"), sku("MUG-1")}, 9}, {{entity("SHOP"), sku("BOWL-1")}, 9}}}});
    node.settle();
    node.submit("k1", a_pickup_on_account());
    node.settle();
    node.now += 20min;
    node.pass(1s);
    node.now += 24h; // the store has not answered
    node.pass(1s);
    ASSERT_EQ(count_of(*store, "PickupRejected"), 1);
    ASSERT_EQ(store->wake_ups.size(), 1u) << "the customer has a day to choose";
    time = node.now + 25h;
  }
  Node next(store);
  next.now = time;
  next.pass(1s); // its first turn in this life is its last
  ASSERT_EQ(count_of(*store, "OrderCancelled"), 1);
  EXPECT_TRUE(store->wake_ups.empty()) << "nothing is left to be woken for";
}

} // namespace
} // namespace entrepot::test
