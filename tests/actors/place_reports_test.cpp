// Counts, sales and feeds of a place on a node: what the gateways ask for and are told, also after the node has gone and another has taken over.
#include <gtest/gtest.h>

#include "tests/support/node.hpp"

namespace entrepot::test {
namespace {

using namespace std::chrono_literals;

const auto dc = location("DC");
const stock::Item mugs{entity("SHOP"), sku("MUG-1")};

stock::Command a_count(std::int32_t counted) { return stock::Count{"CNT-1", now, {{mugs, counted}}}; }
stock::Command a_sale(std::int32_t units) { return stock::Sell{"T-1", "R-1", now, {{mugs, Quantity{units}, money(1250)}}, false}; }

stock::WaitingCounts waiting_at(Node& node) {
  Awaited<gateway::CountsView> awaited;
  node.ports->read_counts(dc, awaited.reply());
  node.settle();
  return awaited.value().waiting;
}
Awaited<std::vector<stock::Event>> foreseen_by(Node& node, stock::Command command, const LocationCode& place = dc) {
  Awaited<std::vector<stock::Event>> awaited;
  node.ports->foresee(place, std::move(command), node.now, awaited.reply());
  node.settle();
  return awaited;
}

TEST(APlace, keeps_a_count_that_waits_over_the_death_of_its_node) {
  auto store = std::make_shared<journal::MemoryStore>();
  {
    Node node(store);
    node.open_warehouse(100).command(stream_of(dc), a_count(50));
    node.settle();
    EXPECT_EQ(node.stock_of("MUG-1").on_hand, 100);
  }
  Node next(store);
  ASSERT_EQ(waiting_at(next).size(), 1U);
  auto approved = next.command(stream_of(dc), stock::Command{stock::ApproveCount{"CNT-1"}});
  next.settle();
  EXPECT_TRUE(approved.answered() && !approved.is_refused());
  EXPECT_EQ(next.stock_of("MUG-1").on_hand, 50);
  EXPECT_TRUE(waiting_at(next).empty());
}

TEST(APlace, foresees_a_sale_and_books_nothing) {
  Node node;
  node.open_warehouse(10);
  node.submit("order-1");
  node.settle();
  auto foreseen = foreseen_by(node, a_sale(9));
  ASSERT_EQ(foreseen.value().size(), 2U);
  EXPECT_EQ(std::get<stock::ClaimsCut>(foreseen.value().front()).lines.front().quantity, Quantity{1});
  EXPECT_EQ(node.stock_of("MUG-1").on_hand, 10);
  EXPECT_EQ(foreseen_by(node, a_sale(1), location("NOWHERE")).refusal().code, "location-unknown");
}

} // namespace
} // namespace entrepot::test
