// Customers and their keys as actors: who is first, what a crash leaves behind, and credit as a process asks for it.
#include <random>

#include "gateways/api/resolution.hpp"
#include "tests/support/node.hpp"

namespace entrepot {
namespace {

using test::count_of;
using test::money;
using test::Node;

const auto email = *identity::email_key("ann@x.com");
const auto phone = *identity::phone_key("+447400123456");
CustomerNumber number(std::string_view text) { return test::customer_number(text); }

/// A resolver whose chance is the same in every run of the tests; within one, no number comes twice.
api::Resolver resolver_of(Node& node) {
  api::ApiOptions options;
  options.random = [](std::span<std::uint8_t> bytes) {
    static std::mt19937_64 chance{7};
    for (auto& byte : bytes)
      byte = static_cast<std::uint8_t>(chance());
  };
  return {api::Shared(new api::Inside{*node.ports, options, api::ClientCounts(1000)}), {.by = "gw", .traceparent = {}, .occurred_at = {}}};
}

test::Awaited<api::Resolved> resolve(const api::Resolver& resolver, std::vector<identity::Key> keys) {
  test::Awaited<api::Resolved> awaited;
  api::resolve_or_register(resolver, std::move(keys),
                           [](const CustomerNumber&) { return api::Introduction{{{"sealed name"}, {"sealed e-mail"}, {}}, {1, 2, 3}, test::channel_code("web")}; },
                           awaited.reply());
  return awaited;
}

/// Lets the journal store one batch after the other until `done` holds.
template <class Done>
void settle_until(Node& node, Done done) {
  node.work();
  while (!done() && node.journal.step())
    node.work();
}

TEST(CustomerActor, identity_i9_a_thousand_first_orders_at_once_make_one_customer) {
  Node node;
  auto resolver = resolver_of(node);
  std::vector<test::Awaited<api::Resolved>> orders;
  for (int i = 0; i < 1000; ++i)
    orders.push_back(resolve(resolver, {email, phone}));
  node.settle();
  for (const auto& order : orders)
    EXPECT_EQ(order.value().number, orders.front().value().number);
  EXPECT_EQ(count_of(*node.store, "CustomerRegistered"), 1);
  EXPECT_EQ(count_of(*node.store, "IdentityClaimed"), 2);
  EXPECT_EQ(node.store->person_keys.size(), 1U);
  test::Awaited<gateway::CustomerView> seen;
  node.ports->read_customer(orders.front().value().number, seen.reply());
  node.settle();
  EXPECT_EQ(seen.value().customer.identities.size(), 2U);
}

TEST(CustomerActor, a_crash_between_claim_and_registration_is_finished_by_the_next_order) {
  auto store = std::make_shared<journal::MemoryStore>();
  {
    Node node(store);
    auto resolver = resolver_of(node);
    auto lost = resolve(resolver, {email, phone});
    settle_until(node, [&] { return count_of(*store, "IdentityClaimed") == 1; });
    EXPECT_FALSE(lost.answered());
  }
  ASSERT_EQ(count_of(*store, "IdentityClaimed"), 1);
  ASSERT_EQ(count_of(*store, "CustomerRegistered"), 0);
  Node node(store);
  auto resolver = resolver_of(node);
  test::Awaited<CustomerNumber> claimed;
  node.ports->read_identity(email.stream, claimed.reply());
  auto order = resolve(resolver, {email, phone});
  node.settle();
  EXPECT_EQ(order.value().number, claimed.value());
  EXPECT_EQ(count_of(*store, "IdentityClaimed"), 2);
  EXPECT_EQ(count_of(*store, "CustomerRegistered"), 1);
  auto again = resolve(resolver, {phone});
  node.settle();
  EXPECT_EQ(again.value().number, claimed.value());
}

TEST(CustomerActor, a_crash_at_any_moment_of_a_first_order_leaves_one_customer) {
  for (int batches = 0; batches < 5; ++batches) {
    auto store = std::make_shared<journal::MemoryStore>();
    {
      Node node(store);
      auto resolver = resolver_of(node);
      auto one = resolve(resolver, {email, phone}), other = resolve(resolver, {email});
      node.work();
      for (int i = 0; i < batches && node.journal.step(); ++i)
        node.work();
    }
    Node node(store);
    auto resolver = resolver_of(node);
    auto one = resolve(resolver, {email, phone}), other = resolve(resolver, {email});
    node.settle();
    EXPECT_EQ(one.value().number, other.value().number) << batches;
    EXPECT_EQ(count_of(*store, "CustomerRegistered"), 1) << batches;
    EXPECT_EQ(store->person_keys.size(), 1U) << batches;
  }
}

TEST(CustomerActor, of_two_who_tell_only_their_number_in_the_channel_the_second_knows_that_it_came_second) {
  Node node;
  auto resolver = resolver_of(node);
  auto one = resolve(resolver, {email}), other = resolve(resolver, {email}); // with the same contact: as if both were empty
  node.settle();
  EXPECT_NE(one.value().known.has_value(), other.value().known.has_value()) << "whose key is stored seals what the order holds";
}

TEST(CustomerActor, a_known_customer_is_found_without_a_write) {
  Node node;
  auto resolver = resolver_of(node);
  auto first = resolve(resolver, {email});
  node.settle();
  auto again = resolve(resolver, {email});
  node.work();
  ASSERT_TRUE(again.answered()) << "nothing was to be stored";
  EXPECT_EQ(again.value().number, first.value().number);
  EXPECT_TRUE(again.value().known);
}

TEST(CustomerActor, a_key_is_claimed_by_one_of_two) {
  Node node;
  auto one = node.command(email.stream, identity::Command{identity::Claim{email.form, number("C-1")}});
  auto other = node.command(email.stream, identity::Command{identity::Claim{email.form, number("C-2")}});
  node.settle();
  EXPECT_EQ(one.value(), 1);
  EXPECT_EQ(other.refusal().code, "identity-taken");
}

TEST(CustomerActor, payment_p1_credit_is_reserved_for_an_order_once_and_comes_back_after_a_restart) {
  auto store = std::make_shared<journal::MemoryStore>();
  auto customer = stream_of(number("C-1"));
  auto ask = [&](Node& node, customer::Command what) { return node.command(customer, std::move(what)); };
  {
    Node node(store);
    ask(node, customer::Register{number("C-1"), {}, {}, test::channel_code("web")});
    ask(node, customer::SetCreditLimit{money(50000)});
    ask(node, customer::ReserveCredit{test::order_id(1), money(30000)});
    ask(node, customer::ReserveCredit{test::order_id(1), money(30000)});
    auto too_much = ask(node, customer::ReserveCredit{test::order_id(2), money(24700)});
    node.settle();
    EXPECT_EQ(too_much.refusal().code, "credit-limit-exceeded");
    EXPECT_EQ(count_of(*store, "CustomerCreditReserved"), 1);
  }
  Node node(store);
  ask(node, customer::SetCreditLimit{money(60000)});
  auto taken = ask(node, customer::ReserveCredit{test::order_id(2), money(24700)});
  ask(node, customer::SettleCredit{test::order_id(1)});
  test::Awaited<gateway::CustomerView> seen;
  node.ports->read_customer(number("C-1"), seen.reply());
  node.settle();
  EXPECT_TRUE(std::holds_alternative<std::int64_t>(gateway::Outcome<std::int64_t>(taken.value())));
  EXPECT_EQ(seen.value().customer.credit_used, money(24700));
}

/// A gold customer with a limit of 500.00, of which 300.00 are used, and an order over 247.00 on account.
struct NearTheLimit {
  NearTheLimit() {
    node.open_warehouse();
    node.command(customer, customer::Command{customer::Register{number("C-1"), {}, "gold", test::channel_code("web")}});
    node.command(customer, customer::Command{customer::SetCreditLimit{money(50000)}});
    node.command(customer, customer::Command{customer::ReserveCredit{test::order_id(1), money(30000)}});
    node.settle();
    auto agreement = test::an_agreement_on_account();
    agreement.credit_limited = true;
    agreement.lines.front().total = money(24700 - (agreement.total.amount - agreement.lines.front().total.amount));
    agreement.total = agreement.instalments.front().amount = money(24700);
    order = node.submit("k1", agreement);
    node.settle();
  }
  order::State seen() {
    auto view = node.read(OrderId{order.value().family->id});
    node.settle();
    return view.value().family->order;
  }
  Money used() {
    test::Awaited<gateway::CustomerView> view;
    node.ports->read_customer(number("C-1"), view.reply());
    node.settle();
    return view.value().customer.credit_used;
  }
  Node node;
  StreamId customer = stream_of(number("C-1"));
  test::Awaited<gateway::OrderView> order;
};

TEST(CustomerActor, payment_p1_an_order_beyond_the_limit_is_answered_on_hold_and_goes_on_when_the_limit_is_raised) {
  NearTheLimit gold;
  ASSERT_TRUE(gold.order.answered()) << "the customer is told at once";
  ASSERT_TRUE(order::on_hold(gold.seen()));
  EXPECT_EQ(order::on_hold(gold.seen())->code, "credit_limit");
  EXPECT_EQ(gold.node.stock_of("MUG-1").held, 2) << "the units wait";
  gold.node.command(gold.customer, customer::Command{customer::SetCreditLimit{money(60000)}});
  gold.node.pass(std::chrono::minutes{16});
  EXPECT_EQ(gold.seen().status, order::Status::confirmed);
  EXPECT_FALSE(order::on_hold(gold.seen()));
  EXPECT_EQ(gold.used(), money(30000 + 24700));
}

TEST(CustomerActor, a_cancelled_order_gives_the_customers_credit_back) {
  NearTheLimit gold;
  gold.node.command(gold.customer, customer::Command{customer::SetCreditLimit{money(60000)}});
  gold.node.pass(std::chrono::minutes{16});
  ASSERT_EQ(gold.used(), money(30000 + 24700));
  test::Awaited<gateway::OrderView> cancelled;
  gold.node.ports->act(gold.order.value().family->id, order::Command{order::Cancel{"customer", "no longer wanted"}}, {std::uint64_t{1} << 56, 5},
                       {.by = "gw", .traceparent = {}, .occurred_at = {}}, gateway::Until::ended, cancelled.reply());
  gold.node.settle();
  EXPECT_EQ(gold.seen().status, order::Status::cancelled);
  EXPECT_EQ(gold.used(), money(30000));
}

} // namespace
} // namespace entrepot
