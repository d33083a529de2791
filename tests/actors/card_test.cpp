// Orders paid by card, through actors and journal.
#include "tests/support/node.hpp"

namespace entrepot {
namespace {

using namespace std::chrono_literals;
using test::count_of;
using test::Node;
using Asked = payment::ProviderRequest::Kind;
using Said = payment::ProviderAnswer::Kind;

void declines_every_card(const payment::ProviderRequest& request, const std::function<void(payment::ProviderAnswer)>& reply) {
  reply({request.kind == Asked::void_ ? Said::voided : Said::declined, "P-1", "insufficient-funds", request.amount});
}

TEST(CardOrder, is_confirmed_when_the_money_is_ours) {
  Node node;
  node.open_warehouse();
  auto order = node.submit("k1");
  node.settle();
  EXPECT_EQ(order.value().family->order.status, order::Status::confirmed);
  EXPECT_EQ(order.value().family->payment.tenders[0].status, payment::Status::captured);
  EXPECT_EQ(node.calls.size(), 1u);
}

TEST(CardOrder, the_provider_is_asked_only_after_the_intent_is_stored) {
  Node node;
  node.open_warehouse();
  node.submit("k1");
  while (count_of(*node.store, "CaptureAsked") == 0) {
    EXPECT_TRUE(node.calls.empty());
    node.work();
    ASSERT_TRUE(node.journal.step());
  }
  EXPECT_EQ(node.calls.size(), 1u);
}

TEST(CardOrder, a_declined_card_is_told_and_another_one_confirms_the_order) {
  Node node;
  node.open_warehouse();
  node.provider = [](const payment::ProviderRequest& request, const auto& reply) {
    reply({request.token == "tok_good" ? Said::captured : Said::declined, "P-1", "insufficient-funds", request.amount});
  };
  auto order = node.submit("k1");
  node.settle();
  ASSERT_TRUE(order.answered());
  EXPECT_EQ(order.value().family->order.status, order::Status::submitted);
  EXPECT_EQ(node.stock_of("MUG-1").held, 2) << "the units wait for the other card";
  test::Awaited<gateway::OrderView> paid;
  node.ports->act(member(order.value().family->id, child::payment), payment::Command{payment::OfferTender{1, "tok_good"}}, {std::uint64_t{1} << 56, 5}, {.by = "gw", .traceparent = {}, .occurred_at = {}}, gateway::Until::settled, paid.reply());
  node.settle();
  EXPECT_EQ(paid.value().family->order.status, order::Status::confirmed);
}

TEST(CardOrder, a_crash_between_asking_and_answer_takes_the_money_once) {
  auto store = std::make_shared<journal::MemoryStore>();
  StreamId family;
  {
    Node node(store);
    node.open_warehouse();
    node.provider = {}; // the answer never comes back
    auto order = node.submit("k1", test::an_agreement(), false);
    node.settle();
    family = order.value().family->id;
    EXPECT_EQ(node.calls.size(), 1u);
  }
  Node node(store);
  node.pass(20s);
  auto seen = node.read({family});
  node.settle();
  EXPECT_EQ(seen.value().family->order.status, order::Status::confirmed);
  ASSERT_FALSE(node.calls.empty());
  for (auto& call : node.calls)
    EXPECT_EQ(call.kind, Asked::enquire);
  EXPECT_EQ(count_of(*store, "CaptureAsked"), 1);
  EXPECT_EQ(count_of(*store, "InstalmentCaptured"), 1);
}

/// The provider says unasked what has become of a key.
test::Awaited<gateway::OrderView> tell(Node& node, OrderId order, const std::string& key, Said what, Money amount) {
  test::Awaited<gateway::OrderView> heard;
  node.ports->provider_says(order, key, {what, "P-1", {}, amount}, {.by = "provider", .traceparent = {}, .occurred_at = {}}, heard.reply());
  node.settle();
  return heard;
}

TEST(CardOrder, whose_outcome_is_unknown_is_confirmed_when_the_provider_tells_it_by_itself) {
  Node node;
  node.open_warehouse();
  node.provider = [](const payment::ProviderRequest&, const auto& reply) { reply({Said::no_answer, {}, {}, {}}); };
  auto order = node.submit("k1");
  auto made = node.submit("k1", test::an_agreement(), false);
  node.settle();
  EXPECT_FALSE(order.answered());
  ASSERT_EQ(node.calls.size(), 1u);
  auto call = node.calls[0];
  auto id = made.value().family->id;
  auto heard = tell(node, {id}, call.key, Said::captured, call.amount);
  EXPECT_EQ(heard.value().family->order.status, order::Status::confirmed);
  EXPECT_EQ(order.value().family->order.status, order::Status::confirmed);
  auto again = tell(node, {id}, call.key, Said::captured, call.amount);
  EXPECT_EQ(again.value().version, order.value().version + 1) << "the allocation, and nothing of the second telling";
  EXPECT_EQ(count_of(*node.store, "InstalmentCaptured"), 1);
  EXPECT_EQ(node.calls.size(), 1u) << "nobody has to enquire";
}

TEST(CardOrder, that_is_over_takes_no_notice_of_what_the_provider_tells_late) {
  Node node;
  node.open_warehouse();
  node.provider = declines_every_card;
  auto order = node.submit("k1");
  node.settle();
  node.pass(16min);
  auto id = order.value().family->id;
  auto before = count_of(*node.store, "InstalmentDeclined");
  auto heard = tell(node, {id}, node.calls[0].key, Said::captured, node.calls[0].amount);
  EXPECT_EQ(heard.value().family->order.status, order::Status::rejected);
  EXPECT_EQ(count_of(*node.store, "InstalmentCaptured"), 0);
  EXPECT_EQ(count_of(*node.store, "InstalmentDeclined"), before);
}

TEST(CardOrder, that_there_is_not_is_told_nothing_by_a_provider) {
  Node node;
  auto heard = tell(node, test::order_id(), "ord_1cj37r03x0000/1/1", Said::captured, {});
  EXPECT_EQ(heard.refusal().code, "order-unknown");
  node.settle();
  EXPECT_EQ(node.store->shards[static_cast<std::size_t>(shard_of(test::order_id().family))].size(), 0u);
}

TEST(CardOrder, an_order_given_up_holds_no_money_and_no_stock) {
  Node node;
  node.open_warehouse();
  node.provider = declines_every_card;
  auto order = node.submit("k1");
  node.settle();
  node.pass(16min);
  auto seen = node.read({order.value().family->id});
  node.settle();
  EXPECT_EQ(seen.value().family->order.status, order::Status::rejected);
  EXPECT_EQ(node.stock_of("MUG-1"), (stock::Row{100, 0, 0}));
}

} // namespace
} // namespace entrepot
