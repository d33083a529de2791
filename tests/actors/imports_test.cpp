// Rows of the past, taken through actors and journal: what they leave behind, and what a crash in the midst of one does.
#include <random>

#include "gateways/api/imports/orders.hpp"
#include "gateways/api/imports/returns.hpp"
#include "persistence/metadata.hpp"
#include "tests/support/node.hpp"

namespace entrepot {
namespace {

using api::imports::Outcome;
using test::count_of;
using test::money;
using test::Node;
using Status = Outcome::Status;

const api::Principal admin{.key_id = "admin", .role = http::Role::admin, .channels = {}, .stores = {}, .entities = {}, .person = {}};
const auto christmas = test::at("2010-12-24T11:30:00Z"), new_year = test::at("2011-01-03T09:00:00Z");

/// The file's channel: prices are told, everything is on account.
order::Definitions the_past() {
  auto channel = test::a_channel("past");
  channel.prices_as_told = true;
  channel.delivery = {{"std", "As it was", money(0), std::nullopt, {}, "", "", test::location("DC")}};
  channel.payment = {{.level = {}, .category = {}, .from = {}, .to = {}, .shares = {{payment::Moment::on_invoice, payment::Method::account, 100, 0}}}};
  return test::a_shop(channel, {test::a_product("MUG-1"), test::a_product("BOWL-1")});
}

/// Takes rows in as the route does.
class Importer {
public:
  explicit Importer(Node& node) : node_(node) {
    node.definitions = std::make_shared<const order::Definitions>(the_past());
    api::ApiOptions options;
    options.clock = [&node] { return node.now; };
    options.random = [](std::span<std::uint8_t> bytes) {
      static std::mt19937_64 chance{11};
      for (auto& byte : bytes)
        byte = static_cast<std::uint8_t>(chance());
    };
    inside_ = api::Shared(new api::Inside{*node.ports, options, api::ClientCounts(1000)});
  }

  /// Begins a row and returns where its outcome will be.
  std::shared_ptr<std::optional<Outcome>> begin(const std::string& row) {
    auto outcome = std::make_shared<std::optional<Outcome>>();
    auto done = [outcome](Outcome told) {
      EXPECT_FALSE(*outcome) << "a row is answered once";
      *outcome = std::move(told);
    };
    auto read = api::imports::read_row(row, admin, *node_.definitions, node_.now);
    if (auto* why = std::get_if<Rejection>(&read.content))
      *outcome = api::imports::refused(*why);
    else if (auto* order = std::get_if<api::imports::OrderRow>(&read.content))
      api::imports::import_order(inside_, origin_, std::move(*order), done);
    else
      api::imports::import_return(inside_, origin_, std::get<api::imports::ReturnRow>(read.content), done);
    return outcome;
  }

  Outcome take(const std::string& row) {
    auto outcome = begin(row);
    node_.settle();
    EXPECT_TRUE(*outcome);
    return outcome->value_or(Outcome{});
  }

private:
  Node& node_;
  api::Shared inside_;
  gateway::Origin origin_{.by = "admin", .traceparent = {}, .occurred_at = {}};
};

std::string line(const std::string& sku, int quantity, int total, const std::string& more = "") {
  return R"({"sku":")" + sku + R"(","quantity":)" + std::to_string(quantity) + R"(,"total":{"amount":)" + std::to_string(total) + R"(,"currency":"GBP"})" + more + "}";
}
std::string order_row(const std::string& lines, const std::string& number = "536365") {
  return R"({"position":1,"order":{"channel":"past","external_number":")" + number + R"(","occurred_at":"2010-12-24T11:30:00Z","customer_channel_id":"17850","country":"GB","lines":[)" + lines + "]}}";
}
std::string part(const Outcome& order, int line, int quantity, int credit) {
  return R"({"order":")" + to_text(*order.order) + R"(","line":)" + std::to_string(line) + R"(,"quantity":)" + std::to_string(quantity) + R"(,"credit":{"amount":)" + std::to_string(credit) +
         R"(,"currency":"GBP"}})";
}
std::string return_row(const std::string& parts, const std::string& reference = "C536379/141") {
  return R"({"position":2,"return":{"reference":")" + reference + R"(","channel":"past","occurred_at":"2011-01-03T09:00:00Z","parts":[)" + parts + "]}}";
}
const std::string two_lines = line("MUG-1", 6, 1530) + "," + line("BOWL-1", 2, 333);

std::size_t events_in(const Node& node) {
  std::size_t count = 0;
  for (const auto& shard : node.store->shards)
    count += shard.size();
  return count;
}
Family family_of(Node& node, const Outcome& outcome) {
  auto order = node.read(*outcome.order);
  node.settle();
  return *order.value().family;
}

TEST(Import, an_order_of_the_past_is_completed_and_billed_at_what_it_cost_then) {
  Node node;
  node.open_warehouse();
  auto outcome = Importer(node).take(order_row(two_lines));
  ASSERT_EQ(outcome.status, Status::done) << outcome.why->text;
  EXPECT_EQ(outcome.total, money(1863));
  EXPECT_FALSE(outcome.replayed);
  auto family = family_of(node, outcome);
  EXPECT_EQ(family.order.status, order::Status::completed);
  EXPECT_EQ(family.payment.tenders.at(0).status, payment::Status::billed);
  EXPECT_EQ(family.payment.tenders.at(0).due, money(1863));
  EXPECT_EQ(node.stock_of("MUG-1").on_hand, 94);
  EXPECT_EQ(node.stock_of("BOWL-1"), (stock::Row{.on_hand = 98}));
}

TEST(Import, everything_that_an_order_of_the_past_leads_to_happened_then) {
  Node node;
  node.open_warehouse();
  auto before = events_in(node);
  auto outcome = Importer(node).take(order_row(two_lines));
  int told = 0;
  for (const auto& shard : node.store->shards)
    for (const auto& record : shard)
      told += journal::decode_metadata(record.metadata).occurred_at == christmas;
  EXPECT_EQ(static_cast<std::size_t>(told), events_in(node) - before);
  auto family = family_of(node, outcome);
  EXPECT_EQ(family.order.agreement.occurred_at, christmas);
  EXPECT_EQ(family.order.agreement.delivery.issue_at, christmas);
  EXPECT_EQ(family.order.submitted_at, node.now) << "deadlines are of today";
}

TEST(Import, an_order_of_the_past_leaves_no_deadline_behind) {
  Node node;
  node.open_warehouse();
  Importer(node).take(order_row(two_lines));
  EXPECT_TRUE(node.store->wake_ups.empty());
}

TEST(Import, the_same_row_again_changes_nothing_and_is_answered_as_before) {
  Node node;
  node.open_warehouse();
  auto first = Importer(node).take(order_row(two_lines));
  auto events = events_in(node);
  auto again = Importer(node).take(order_row(two_lines));
  EXPECT_EQ(again.status, Status::done);
  EXPECT_TRUE(again.replayed);
  EXPECT_EQ(again.order, first.order);
  EXPECT_EQ(again.total, first.total);
  EXPECT_EQ(events_in(node), events);
}

TEST(Import, another_order_under_the_same_number_is_refused) {
  Node node;
  node.open_warehouse();
  Importer(node).take(order_row(two_lines));
  auto other = Importer(node).take(order_row(line("MUG-1", 7, 1785)));
  EXPECT_EQ(other.status, Status::refused);
  EXPECT_EQ(other.why->code, "idempotency-key-reused");
}

TEST(Import, orders_of_one_customer_number_are_one_customers) {
  Node node;
  node.open_warehouse();
  Importer importer(node);
  auto one = importer.take(order_row(two_lines)), two = importer.take(order_row(two_lines, "536366"));
  EXPECT_TRUE(family_of(node, one).order.agreement.customer);
  EXPECT_EQ(family_of(node, one).order.agreement.customer, family_of(node, two).order.agreement.customer);
  EXPECT_EQ(count_of(*node.store, "CustomerRegistered"), 1);
}

TEST(Import, postage_is_charged_and_moves_no_stock) {
  Node node;
  node.open_warehouse();
  auto outcome = Importer(node).take(order_row(line("MUG-1", 1, 255) + "," + line("POST", 3, 5400, R"(,"service":true,"name":"POSTAGE")")));
  ASSERT_EQ(outcome.status, Status::done) << outcome.why->text;
  EXPECT_EQ(outcome.total, money(5655));
  auto family = family_of(node, outcome);
  EXPECT_EQ(family.order.agreement.lines.at(1).name, "POSTAGE");
  EXPECT_EQ(family.order.units.at(1).delivered, Quantity{3});
}

TEST(Import, goods_given_for_free_are_delivered_and_cost_nothing) {
  Node node;
  node.open_warehouse();
  auto outcome = Importer(node).take(order_row(line("MUG-1", 1, 0)));
  ASSERT_EQ(outcome.status, Status::done) << outcome.why->text;
  EXPECT_EQ(outcome.total, money(0));
  EXPECT_EQ(node.stock_of("MUG-1").on_hand, 99);
}

TEST(Import, a_line_that_cannot_be_is_left_out_and_the_rest_goes_in) {
  Node node;
  node.open_warehouse(5);
  auto rows = order_row(line("MUG-1", 6, 1530) + "," + line("NO-SUCH", 1, 100) + "," + line("BOWL-1", 4, 666) + "," + line("BOWL-1", 2, 333));
  auto outcome = Importer(node).take(rows);
  ASSERT_EQ(outcome.status, Status::done) << outcome.why->text;
  EXPECT_EQ(outcome.total, money(666));
  std::vector<std::pair<int, std::string>> refused;
  for (const auto& line : outcome.refused_lines)
    refused.emplace_back(line.line, line.code);
  EXPECT_EQ(refused, (std::vector<std::pair<int, std::string>>{{1, "stock-short"}, {2, "product-unknown"}, {4, "stock-short"}}));
  EXPECT_EQ(Importer(node).take(rows).refused_lines.size(), 3U) << "and the same is said again";
}

TEST(Import, an_order_of_which_nothing_is_left_is_refused_and_may_come_again) {
  Node node;
  node.open_warehouse(5);
  auto outcome = Importer(node).take(order_row(line("MUG-1", 6, 1530)));
  EXPECT_EQ(outcome.status, Status::refused);
  EXPECT_EQ(outcome.why->code, "stock-short");
  EXPECT_EQ(count_of(*node.store, "OrderSubmitted"), 0);
  node.command(stream_of(test::location("DC")), stock::Command{stock::Receive{"ASN-2", {{{test::entity("SHOP"), test::sku("MUG-1")}, 1}}}});
  node.settle();
  EXPECT_EQ(Importer(node).take(order_row(line("MUG-1", 6, 1530))).status, Status::done);
}

TEST(Import, a_crash_at_any_moment_of_an_order_is_made_good_by_sending_the_row_again) {
  Node whole;
  whole.open_warehouse();
  Importer(whole).take(order_row(two_lines));
  int crashes = 0;
  for (int steps = 1;; ++steps) {
    auto store = std::make_shared<journal::MemoryStore>();
    bool over = false;
    {
      Node node(store);
      node.open_warehouse();
      auto outcome = Importer(node).begin(order_row(two_lines));
      node.work();
      for (int step = 0; step < steps && node.journal.step(); ++step)
        node.work();
      over = outcome->has_value();
    }
    Node node(store);
    auto outcome = Importer(node).take(order_row(two_lines));
    ASSERT_EQ(outcome.status, Status::done) << "after " << steps << " batches: " << outcome.why->code;
    EXPECT_EQ(events_in(node), events_in(whole)) << "after " << steps << " batches";
    EXPECT_EQ(node.stock_of("MUG-1"), (stock::Row{.on_hand = 94}));
    if (over)
      break;
    ++crashes;
  }
  EXPECT_GT(crashes, 8);
}

// ---- returns -------------------------------------------------------------------------------------------------------------------------------

TEST(ImportedReturn, brings_units_back_into_stock_and_credits_what_was_billed) {
  Node node;
  node.open_warehouse();
  Importer importer(node);
  auto sold = importer.take(order_row(two_lines));
  auto outcome = importer.take(return_row(part(sold, 1, 2, 510)));
  ASSERT_EQ(outcome.status, Status::done) << outcome.why->text;
  auto family = family_of(node, sold);
  EXPECT_EQ(family.order.units.at(0).returned, Quantity{2});
  EXPECT_EQ(family.payment.tenders.at(0).credited, money(510));
  EXPECT_EQ(node.stock_of("MUG-1").on_hand, 96);
}

TEST(ImportedReturn, sent_again_changes_nothing) {
  Node node;
  node.open_warehouse();
  Importer importer(node);
  auto sold = importer.take(order_row(two_lines));
  auto row = return_row(part(sold, 1, 6, 1530)); // all of them: a second time it could not be
  importer.take(row);
  auto events = events_in(node);
  auto again = importer.take(row);
  EXPECT_EQ(again.status, Status::done) << again.why->code;
  EXPECT_TRUE(again.replayed);
  EXPECT_EQ(events_in(node), events);
}

TEST(ImportedReturn, of_more_than_was_sold_is_refused_and_none_of_its_parts_is_booked) {
  Node node;
  node.open_warehouse();
  Importer importer(node);
  auto one = importer.take(order_row(two_lines)), two = importer.take(order_row(two_lines, "536366"));
  auto events = events_in(node);
  auto outcome = importer.take(return_row(part(one, 1, 6, 1530) + "," + part(two, 1, 7, 1785)));
  EXPECT_EQ(outcome.status, Status::refused);
  EXPECT_EQ(outcome.why->code, "quantity-exceeded");
  EXPECT_EQ(events_in(node), events);
}

TEST(ImportedReturn, of_more_money_than_is_owed_is_refused_and_books_nothing) {
  Node node;
  node.open_warehouse();
  Importer importer(node);
  auto sold = importer.take(order_row(two_lines));
  auto events = events_in(node);
  auto outcome = importer.take(return_row(part(sold, 1, 1, 1864)));
  EXPECT_EQ(outcome.status, Status::refused);
  EXPECT_EQ(outcome.why->code, "credit-exceeds-bill");
  EXPECT_EQ(events_in(node), events);
}

TEST(ImportedReturn, of_postage_is_credited_and_moves_no_stock) {
  Node node;
  node.open_warehouse();
  Importer importer(node);
  auto sold = importer.take(order_row(line("MUG-1", 1, 255) + "," + line("POST", 1, 1800, R"(,"service":true)")));
  ASSERT_EQ(importer.take(return_row(part(sold, 2, 1, 1800))).status, Status::done);
  EXPECT_EQ(family_of(node, sold).payment.tenders.at(0).credited, money(1800));
  EXPECT_EQ(count_of(*node.store, "StockReturned"), 0);
}

TEST(ImportedReturn, a_crash_at_any_moment_is_made_good_by_sending_the_row_again) {
  int crashes = 0;
  for (int steps = 1;; ++steps) {
    auto store = std::make_shared<journal::MemoryStore>();
    bool over = false;
    Outcome one, two;
    std::string row;
    {
      Node node(store);
      node.open_warehouse();
      Importer importer(node);
      one = importer.take(order_row(two_lines));
      two = importer.take(order_row(two_lines, "536366"));
      row = return_row(part(one, 1, 6, 1530) + "," + part(two, 1, 1, 255));
      auto outcome = importer.begin(row);
      node.work();
      for (int step = 0; step < steps && node.journal.step(); ++step)
        node.work();
      over = outcome->has_value();
    }
    Node node(store);
    auto outcome = Importer(node).take(row);
    ASSERT_EQ(outcome.status, Status::done) << "after " << steps << " batches: " << outcome.why->code;
    EXPECT_EQ(node.stock_of("MUG-1").on_hand, 95) << "after " << steps << " batches";
    EXPECT_EQ(family_of(node, one).payment.tenders.at(0).credited, money(1530));
    EXPECT_EQ(family_of(node, two).payment.tenders.at(0).credited, money(255));
    EXPECT_EQ(family_of(node, two).order.units.at(0).returned, Quantity{1});
    if (over)
      break;
    ++crashes;
  }
  EXPECT_GT(crashes, 5);
}

} // namespace
} // namespace entrepot
