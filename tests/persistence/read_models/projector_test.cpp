#include "persistence/read_models/projector.hpp"

#include <algorithm>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "persistence/read_models/order_list.hpp"
#include "tests/persistence/codec_samples.hpp"
#include "tests/persistence/recorded.hpp"
#include "tests/support/test_database.hpp"

namespace entrepot {
namespace {

using namespace std::chrono_literals;
using read_models::OrderList;
using read_models::Projector;
using tests::instant;

const auto nine = instant("2026-03-10T09:00:00Z");

AnyEvent submitted() { return order::Event{order::Submitted{tests::full_agreement()}}; }
AnyEvent confirmed() { return order::Event{order::Confirmed{}}; }
AnyEvent rejected() { return order::Event{order::Rejected{"stock-short", "None left.", {}}}; }

StreamId an_order(int number, int slice = 100) { return family_number(slice, nine, number); }

class ReadModels : public testing::Test {
protected:
  std::unique_ptr<Projector> projector(std::size_t max_waiting = read_models::max_waiting_events) {
    auto made = std::make_unique<Projector>(read_models::ProjectorOptions{.conninfo = database.conninfo(), .shards = {}, .pace = 0ms, .max_waiting = max_waiting}, happened.memory);
    happened.memory.on_commit([p = made.get()](int shard, std::span<const journal::Record> records) { p->offer(shard, records); });
    return made;
  }
  void nobody_listens() { happened.memory.on_commit([](int, std::span<const journal::Record>) {}); }

  bool shown(Projector& by, StreamId stream) { return by.wait_for(shard_of(stream), happened.head(stream), 10s); }

  /// Each order's status in the list, as "<order> <status>".
  std::vector<std::string> listed() {
    OrderList list(database.conninfo());
    auto page = list.page("", {}, "", 200);
    std::vector<std::string> lines;
    for (const auto& item : page->items) {
      auto json = nlohmann::json::parse(item);
      lines.push_back(json["id"].get<std::string>() + " " + json["status"].get<std::string>());
    }
    std::ranges::sort(lines);
    return lines;
  }

  test::TestDatabase database;
  tests::Happened happened;
};

TEST_F(ReadModels, show_an_order_with_what_a_list_needs) {
  auto by = projector();
  by->start();
  auto family = an_order(1);
  happened.events({{family, submitted()}, {family, confirmed()}}, instant("2026-03-10T09:00:00.250Z"));
  ASSERT_TRUE(shown(*by, family));
  auto page = OrderList(database.conninfo()).page("confirmed", {}, "", 10);
  ASSERT_TRUE(page);
  ASSERT_EQ(page->items.size(), 1u);
  EXPECT_EQ(page->items[0], R"({"id":")" + to_text(OrderId{family}) +
                                R"(","status":"confirmed","channel":"web","external_number":"W-10001","customer":"C-77","total":{"amount":2945,"currency":"GBP"},)" +
                                R"("submitted_at":"2026-03-10T09:00:00.250Z","updated_at":"2026-03-10T09:00:00.250Z"})");
  EXPECT_EQ(page->next, "");
}

TEST_F(ReadModels, follow_an_order_that_changes_later) {
  auto by = projector();
  by->start();
  auto first = an_order(1), second = an_order(2);
  happened.event(first, submitted());
  happened.event(second, submitted());
  ASSERT_TRUE(shown(*by, second));
  EXPECT_EQ(listed(), (std::vector{to_text(OrderId{first}) + " submitted", to_text(OrderId{second}) + " submitted"}));
  happened.event(first, confirmed(), nine + 5s);
  happened.event(second, rejected(), nine + 6s);
  ASSERT_TRUE(shown(*by, second));
  EXPECT_EQ(listed(), (std::vector{to_text(OrderId{first}) + " confirmed", to_text(OrderId{second}) + " rejected"}));
  EXPECT_EQ(database.ask("select extract(epoch from updated_at - submitted_at)::int from order_list where status = 'confirmed'"), "5");
  EXPECT_EQ(database.ask("select max(pos) from order_list"), "4");
}

TEST_F(ReadModels, catch_up_with_what_was_stored_before_they_started) {
  for (int i = 0; i < 30; ++i)
    happened.event(an_order(i, i * 130), submitted());
  auto by = projector();
  by->start();
  for (int i = 0; i < 30; ++i)
    ASSERT_TRUE(shown(*by, an_order(i, i * 130)));
  EXPECT_EQ(listed().size(), 30u);
}

TEST_F(ReadModels, read_back_what_does_not_fit_into_memory) {
  auto by = projector(1);
  by->start();
  for (int i = 0; i < 50; ++i)
    happened.events({{an_order(i), submitted()}, {an_order(i), confirmed()}});
  ASSERT_TRUE(shown(*by, an_order(0)));
  EXPECT_EQ(listed().size(), 50u);
  EXPECT_EQ(database.ask("select count(*) from order_list where status = 'confirmed'"), "50");
}

TEST_F(ReadModels, read_back_what_they_were_not_told_of) {
  auto by = projector();
  by->start();
  happened.event(an_order(1), submitted());
  ASSERT_TRUE(shown(*by, an_order(1)));
  nobody_listens();
  happened.event(an_order(2), submitted());
  auto again = [p = by.get()](int shard, std::span<const journal::Record> records) { p->offer(shard, records); };
  happened.memory.on_commit(again);
  happened.event(an_order(3), submitted());
  ASSERT_TRUE(shown(*by, an_order(3)));
  EXPECT_EQ(listed().size(), 3u);
}

TEST_F(ReadModels, decode_what_is_committed_undecoded) {
  tests::Happened undecoded(false);
  Projector by({.conninfo = database.conninfo(), .shards = {}, .pace = 0ms}, undecoded.memory);
  undecoded.memory.on_commit([&](int shard, std::span<const journal::Record> records) { by.offer(shard, records); });
  by.start();
  undecoded.events({{an_order(1), submitted()}, {an_order(1), confirmed()}});
  ASSERT_TRUE(by.wait_for(shard_of(an_order(1)), 2, 10s));
  EXPECT_EQ(listed(), std::vector{to_text(OrderId{an_order(1)}) + " confirmed"});
}

TEST_F(ReadModels, go_on_where_they_stopped) {
  {
    auto by = projector();
    by->start();
    happened.event(an_order(1), submitted());
    ASSERT_TRUE(shown(*by, an_order(1)));
    by->close();
  }
  nobody_listens();
  database.connect().run("delete from order_list"); // what is done is not done again
  happened.event(an_order(2), submitted());
  auto by = projector();
  by->start();
  ASSERT_TRUE(shown(*by, an_order(2)));
  EXPECT_EQ(listed(), std::vector{to_text(OrderId{an_order(2)}) + " submitted"});
}

TEST_F(ReadModels, survive_the_loss_of_their_connection) {
  auto by = projector();
  by->start();
  happened.event(an_order(1), submitted());
  ASSERT_TRUE(shown(*by, an_order(1)));
  ASSERT_EQ(database.ask("select bool_or(pg_terminate_backend(pid)) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"), "true");
  happened.event(an_order(2), submitted());
  ASSERT_TRUE(shown(*by, an_order(2)));
  EXPECT_EQ(listed().size(), 2u);
  EXPECT_FALSE(by->stopped());
}

TEST_F(ReadModels, are_right_even_if_two_projectors_feed_them) {
  auto one = projector(), other = projector();
  happened.memory.on_commit([&](int shard, std::span<const journal::Record> records) {
    one->offer(shard, records);
    other->offer(shard, records);
  });
  one->start();
  other->start();
  for (int i = 0; i < 20; ++i)
    happened.event(an_order(i), submitted());
  for (int i = 0; i < 20; ++i)
    happened.event(an_order(i), confirmed());
  ASSERT_TRUE(shown(*one, an_order(1)));
  ASSERT_TRUE(shown(*other, an_order(1)));
  EXPECT_EQ(database.ask("select count(*) from order_list where status = 'confirmed'"), "20");
  EXPECT_EQ(database.ask("select pos from checkpoint where name = 'read_models' and shard = " + std::to_string(shard_of(an_order(1)))), "40");
}

TEST_F(ReadModels, stop_at_an_event_they_cannot_read) {
  auto by = projector();
  by->start();
  journal::Entry entry;
  entry.actor = an_order(1);
  entry.activation = 1;
  entry.records = {tests::recorded(an_order(1), 1, submitted(), nine, false)};
  entry.records[0].data = R"({"agreement":{}})";
  happened.raw(std::move(entry));
  EXPECT_FALSE(shown(*by, an_order(1)));
  ASSERT_TRUE(by->stopped());
  EXPECT_NE(by->stopped()->find("OrderSubmitted version 1"), std::string::npos) << *by->stopped();
}

TEST_F(ReadModels, stop_where_their_checkpoint_is_ahead_of_the_journal) {
  database.connect().run("insert into checkpoint (name, shard, pos) values ('read_models', 3, 17)");
  auto by = projector();
  by->start();
  EXPECT_FALSE(by->wait_for(3, 18, 10s));
  ASSERT_TRUE(by->stopped());
  EXPECT_NE(by->stopped()->find("shard 3"), std::string::npos);
  by->close();
  read_models::start_over(database.conninfo());
  auto again = projector();
  again->start();
  happened.event(an_order(1), submitted());
  EXPECT_TRUE(shown(*again, an_order(1)));
  EXPECT_FALSE(again->stopped());
}

TEST_F(ReadModels, stop_where_the_database_was_restored) {
  {
    auto by = projector();
    by->start();
    happened.event(an_order(1), submitted());
    ASSERT_TRUE(shown(*by, an_order(1)));
  }
  nobody_listens();
  database.connect().run("update shard set generation = 2");
  auto by = projector();
  by->start();
  EXPECT_FALSE(by->wait_for(shard_of(an_order(1)), 2, 10s));
  EXPECT_TRUE(by->stopped());
}

TEST_F(ReadModels, are_rebuilt_without_being_away) {
  auto by = projector();
  by->start();
  for (int i = 0; i < 10; ++i)
    happened.events({{an_order(i), submitted()}, {an_order(i), confirmed()}});
  ASSERT_TRUE(shown(*by, an_order(1)));
  database.connect().run("update order_list set status = 'submitted', total = 0");
  EXPECT_EQ(read_models::rebuild("order_list", database.conninfo(), happened.memory), 20u);
  EXPECT_EQ(database.ask("select count(*) from order_list where status = 'confirmed' and total = 2945"), "10");
  happened.event(an_order(10), submitted()); // the projector goes on with the new table
  happened.event(an_order(10), confirmed());
  ASSERT_TRUE(shown(*by, an_order(1)));
  EXPECT_EQ(database.ask("select count(*) from order_list where status = 'confirmed'"), "11");
  EXPECT_EQ(read_models::rebuild("order_list", database.conninfo(), happened.memory), 22u); // and again, whatever the indexes are called now
  EXPECT_EQ(database.ask("select count(*) from pg_indexes where tablename = 'order_list'"), "3");
}

TEST_F(ReadModels, are_rebuilt_up_to_where_the_projector_stands) {
  auto by = projector();
  by->start();
  happened.event(an_order(1), submitted());
  ASSERT_TRUE(shown(*by, an_order(1)));
  by->close();
  nobody_listens();
  happened.event(an_order(1), confirmed());
  EXPECT_EQ(read_models::rebuild("order_list", database.conninfo(), happened.memory), 1u);
  EXPECT_EQ(listed(), std::vector{to_text(OrderId{an_order(1)}) + " submitted"});
  auto again = projector();
  again->start();
  ASSERT_TRUE(shown(*again, an_order(1)));
  EXPECT_EQ(listed(), std::vector{to_text(OrderId{an_order(1)}) + " confirmed"});
}

TEST_F(ReadModels, rebuild_definitions_too) {
  auto by = projector();
  by->start();
  auto stream = stream_of(*Sku::from("MUG-1"));
  happened.event(stream, product::Event{product::Defined{{.sku = *Sku::from("MUG-1"), .name = "Mug \"with\\quotes\"", .category = {}, .tax_class = "standard", .weight_grams = 0, .prices = {}}}});
  ASSERT_TRUE(shown(*by, stream));
  auto before = database.ask("select data from product");
  database.connect().run("delete from product");
  read_models::rebuild("definitions", database.conninfo(), happened.memory);
  EXPECT_EQ(database.ask("select data from product"), before);
  EXPECT_THROW(read_models::rebuild("nothing", database.conninfo(), happened.memory), std::invalid_argument);
}

TEST_F(ReadModels, know_how_far_behind_they_are) {
  auto by = projector();
  happened.event(an_order(1), submitted());
  EXPECT_EQ(by->lag().behind, 1);
  EXPECT_EQ(by->lag().events, 0u);
  by->start();
  ASSERT_TRUE(shown(*by, an_order(1)));
  for (int i = 2; by->lag().events == 0 && i < 1'000; ++i) { // until the first catching up is over: what is read back is not measured
    happened.event(an_order(i), submitted());
    ASSERT_TRUE(shown(*by, an_order(i)));
  }
  auto lag = by->lag();
  EXPECT_EQ(lag.behind, 0);
  EXPECT_GE(lag.events, 1u);
  EXPECT_GT(lag.p99.count(), 0);
  EXPECT_LE(lag.p50, lag.p99);
  EXPECT_LE(lag.p99, lag.longest);
}

TEST(Lag, is_never_shown_shorter_than_it_is) {
  read_models::LagHistogram histogram;
  for (int i = 1; i <= 1'000; ++i)
    histogram.add(std::chrono::milliseconds{i}, 1);
  auto stats = histogram.stats();
  EXPECT_GE(stats.p50, 501ms);
  EXPECT_LE(stats.p50, 565ms);
  EXPECT_GE(stats.p99, 991ms);
  EXPECT_LE(stats.p99, 1'000ms);
  EXPECT_EQ(stats.longest, 1'000ms);
}

TEST_F(ReadModels, list_the_newest_orders_first_page_by_page) {
  auto by = projector();
  by->start();
  std::vector<StreamId> orders;
  for (int i = 0; i < 7; ++i)
    orders.push_back(an_order(i, i % 2 ? 9 : 4'000));
  for (int i = 0; i < 7; ++i)
    happened.event(orders[static_cast<std::size_t>(i)], submitted(), nine + std::chrono::milliseconds{i / 2}); // pairs at one instant
  for (auto order : orders)
    ASSERT_TRUE(shown(*by, order));
  OrderList list(database.conninfo());
  std::vector<std::string> seen;
  std::string after;
  int pages = 0;
  do {
    auto page = list.page("", {}, after, 3);
    ASSERT_TRUE(page);
    for (const auto& item : page->items)
      seen.push_back(nlohmann::json::parse(item)["submitted_at"].get<std::string>() + nlohmann::json::parse(item)["id"].get<std::string>());
    after = page->next;
    ++pages;
  } while (!after.empty());
  EXPECT_EQ(pages, 3);
  ASSERT_EQ(seen.size(), 7u);
  EXPECT_TRUE(std::ranges::is_sorted(seen, std::greater<>{}));
}

TEST_F(ReadModels, list_orders_of_one_status) {
  auto by = projector();
  by->start();
  happened.event(an_order(1), submitted());
  happened.events({{an_order(2), submitted()}, {an_order(2), rejected()}});
  ASSERT_TRUE(shown(*by, an_order(2)));
  OrderList list(database.conninfo());
  EXPECT_EQ(list.page("rejected", {}, "", 10)->items.size(), 1u);
  EXPECT_EQ(list.page("submitted", {}, "", 10)->items.size(), 1u);
  EXPECT_EQ(list.page("confirmed", {}, "", 10)->items.size(), 0u);
}

TEST_F(ReadModels, list_orders_of_some_channels) {
  auto by = projector();
  by->start();
  happened.event(an_order(1), submitted());
  ASSERT_TRUE(shown(*by, an_order(1)));
  OrderList list(database.conninfo());
  EXPECT_EQ(list.page("", {"app", "web"}, "", 10)->items.size(), 1u);
  EXPECT_EQ(list.page("", {"app"}, "", 10)->items.size(), 0u);
  EXPECT_EQ(list.page("submitted", {"app"}, "", 10)->items.size(), 0u);
}

TEST_F(ReadModels, refuse_what_is_no_page) {
  OrderList list(database.conninfo());
  EXPECT_EQ(list.page("", {}, "", 0).error().code, "limit-invalid");
  EXPECT_EQ(list.page("", {}, "", 201).error().code, "limit-invalid");
  for (auto cursor : {"x", "12", "12.", ".ord_0000000000000", "12.ord_", "-1.ord_00000000000g0", "99999999999999999.ord_00000000000g0"})
    EXPECT_EQ(list.page("", {}, cursor, 10).error().code, "cursor-invalid") << cursor;
}

TEST_F(ReadModels, list_again_after_a_lost_connection) {
  OrderList list(database.conninfo());
  EXPECT_TRUE(list.page("", {}, "", 10));
  database.ask("select bool_or(pg_terminate_backend(pid)) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()");
  EXPECT_THROW((void)list.page("", {}, "", 10), journal::Unavailable);
  EXPECT_TRUE(list.page("", {}, "", 10));
}

} // namespace
} // namespace entrepot
