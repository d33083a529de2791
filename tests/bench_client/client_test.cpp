// The load client against a server with scripted faults.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <thread>
#include <unistd.h>

#include "tests/bench/bench_hot_sku.hpp"
#include "tests/bench/bench_orders.hpp"
#include "tests/bench/load.hpp"
#include "tests/bench/shop.hpp"
#include "tests/bench_client/fake_shop.hpp"

namespace entrepot::bench {
namespace {

using nlohmann::json;
using Fate = FakeShop::Fate;

/// A file name that is gone afterwards.
class FileName {
public:
  FileName() {
    char name[] = "/tmp/entrepot-answers-XXXXXX";
    int file = mkstemp(name);
    close(file);
    path_ = name;
  }
  ~FileName() { unlink(path_.c_str()); }
  const std::string& path() const { return path_; }
  std::vector<json> lines() const {
    std::vector<json> found;
    std::ifstream file(path_);
    for (std::string line; std::getline(file, line);)
      found.push_back(json::parse(line));
    return found;
  }

private:
  std::string path_;
};

BenchOrders short_run(const FakeShop& shop) {
  BenchOrders options;
  options.target = {.url = shop.url(), .key = "k", .data = {}, .database = {}};
  options.clients = 4;
  options.seconds = 0.2;
  options.warm_up = 0.05;
  options.skus = 20;
  options.json = true;
  options.progress = false;
  return options;
}

json figures_of(const std::ostringstream& out) { return json::parse(out.str()); }

TEST(BenchOrders, prints_one_object_with_the_agreed_figures) {
  FakeShop shop;
  std::ostringstream out;
  EXPECT_EQ(bench_orders(short_run(shop), out), 0);
  auto figures = figures_of(out);
  EXPECT_GT(figures["orders_per_s"].get<double>(), 0);
  EXPECT_GT(figures["p50_ms"].get<double>(), 0);
  EXPECT_LE(figures["p50_ms"].get<double>(), figures["p99_ms"].get<double>());
  EXPECT_EQ(figures["errors"], 0);
  EXPECT_EQ(figures["p99_read_model_lag_ms"], 12.5);
  for (auto unknown : {"cpu_ms_per_order", "rows_per_order", "commits_deep"})
    EXPECT_TRUE(figures.at(unknown).is_null()) << unknown;
}

TEST(BenchOrders, counts_only_what_was_answered_while_measuring) {
  FakeShop shop;
  std::ostringstream out;
  bench_orders(short_run(shop), out);
  auto figures = figures_of(out);
  shop.stop();
  EXPECT_LT(figures["orders"].get<int>(), shop.orders_made()) << "the warm-up is not among them";
  EXPECT_EQ(figures["placed"], shop.orders_made());
}

TEST(BenchOrders, every_order_has_two_products_and_a_number_of_its_own) {
  FakeShop shop;
  std::ostringstream out;
  bench_orders(short_run(shop), out);
  shop.stop();
  std::set<std::string> keys, numbers;
  for (const auto& asked : shop.orders_asked()) {
    auto body = json::parse(asked.body);
    keys.insert(asked.key);
    numbers.insert(body["external_number"]);
    ASSERT_EQ(body["lines"].size(), 2u);
    EXPECT_NE(body["lines"][0]["sku"], body["lines"][1]["sku"]);
    EXPECT_EQ(body["channel"], "bench");
    EXPECT_EQ(body["customer"], "C-BENCH");
  }
  EXPECT_GT(keys.size(), 4u);
  EXPECT_EQ(keys.size(), shop.orders_asked().size());
  EXPECT_EQ(numbers.size(), shop.orders_asked().size());
}

TEST(BenchOrders, same_seed_orders_the_same_in_another_run_under_other_numbers) {
  auto first_orders = [] {
    FakeShop shop;
    auto options = short_run(shop);
    options.clients = 1;
    options.seed = 42;
    std::ostringstream out;
    bench_orders(options, out);
    shop.stop();
    return std::vector(shop.orders_asked().begin(), shop.orders_asked().begin() + 10);
  };
  auto one = first_orders(), other = first_orders();
  for (std::size_t i = 0; i < one.size(); ++i) {
    EXPECT_EQ(json::parse(one[i].body)["lines"], json::parse(other[i].body)["lines"]);
    EXPECT_NE(one[i].key, other[i].key);
  }
}

TEST(BenchOrders, card_is_due_on_order_and_account_on_invoice) {
  FakeShop shop;
  auto options = short_run(shop);
  std::ostringstream out;
  bench_orders(options, out);
  options.payment = "card";
  bench_orders(options, out);
  shop.stop();
  auto definitions = shop.channel_definitions();
  ASSERT_EQ(definitions.size(), 2u);
  auto share = [&](std::size_t i) { return json::parse(definitions[i])["payment"][0]["shares"][0]; };
  EXPECT_EQ(share(0)["method"], "account");
  EXPECT_EQ(share(0)["moment"], "on_invoice");
  EXPECT_EQ(share(1)["method"], "card");
  EXPECT_EQ(share(1)["moment"], "on_order");
  EXPECT_FALSE(json::parse(shop.orders_asked().front().body).contains("payment"));
  EXPECT_EQ(json::parse(shop.orders_asked().back().body)["payment"]["method"], "card");
}

TEST(BenchOrders, answer_is_on_file_before_its_client_asks_again) {
  FileName file;
  std::map<int, std::string> last_key; // of a connection, which is a client as long as nothing is cut
  int missing = 0, looked = 0;
  FakeShop shop({.fate = [&](const FakeShop::Asked& asked) {
    if (auto last = last_key.find(asked.connection); last != last_key.end() && looked < 200) {
      auto lines = file.lines();
      ++looked;
      missing += std::none_of(lines.begin(), lines.end(), [&](const json& line) { return line["key"] == last->second; });
    }
    last_key[asked.connection] = asked.key;
    return Fate::answered;
  }});
  auto options = short_run(shop);
  options.answers = file.path();
  std::ostringstream out;
  EXPECT_EQ(bench_orders(options, out), 0);
  shop.stop();
  EXPECT_GT(looked, 10);
  EXPECT_EQ(missing, 0);
  auto lines = file.lines();
  EXPECT_EQ(lines.size(), shop.orders_asked().size());
  EXPECT_EQ(lines[0]["http"], 201);
  EXPECT_EQ(lines[0]["status"], "confirmed");
  EXPECT_EQ(lines[0]["external_number"], lines[0]["key"]);
  EXPECT_EQ(lines[0]["id"].get<std::string>().substr(0, 4), "ord_");
}

/// Runs with a fault for every seventh request and expects that each order was asked for until it was answered.
void expect_rides_through(Fate fault, bool closes_each = false) {
  FileName file;
  FakeShop shop({.fate = [&](const FakeShop::Asked& asked) { return asked.nth % 7 == 3 ? fault : Fate::answered; }, .closes_each = closes_each});
  auto options = short_run(shop);
  options.answers = file.path();
  std::ostringstream out;
  EXPECT_EQ(bench_orders(options, out), 0);
  shop.stop();
  auto figures = figures_of(out);
  std::set<std::string> asked, answered;
  for (const auto& request : shop.orders_asked())
    asked.insert(request.key);
  for (const auto& line : file.lines())
    answered.insert(line["key"].get<std::string>());
  EXPECT_EQ(asked, answered);
  EXPECT_EQ(static_cast<int>(asked.size()), shop.orders_made()) << "no order twice";
  EXPECT_EQ(figures["errors"], 0);
  EXPECT_GT(figures["retries"].get<int>(), 0);
  EXPECT_EQ(figures["retries"], shop.orders_asked().size() - asked.size());
}

TEST(BenchOrders, busy_server_is_asked_again_with_the_same_key) { expect_rides_through(Fate::busy_503); }
TEST(BenchOrders, cut_connection_is_asked_again_with_the_same_key) { expect_rides_through(Fate::cut_before); }
TEST(BenchOrders, order_whose_answer_was_lost_is_asked_for_again_with_the_same_key) { expect_rides_through(Fate::cut_after); }
TEST(BenchOrders, server_that_closes_every_connection_gets_new_ones) { expect_rides_through(Fate::cut_after, true); }

TEST(BenchOrders, without_riding_out_a_dead_order_is_an_error_in_the_end) {
  FakeShop shop({.fate = [](const FakeShop::Asked&) { return Fate::busy_503; }});
  auto options = short_run(shop);
  options.clients = 1;
  std::ostringstream out;
  EXPECT_EQ(bench_orders(options, out), 1);
  auto figures = figures_of(out);
  EXPECT_EQ(figures["errors"], 1);
  EXPECT_EQ(figures["retries"], attempts_at_most - 1);
  EXPECT_NE(figures["error_samples"][0].get<std::string>().find("overloaded"), std::string::npos);
}

TEST(BenchOrders, riding_out_outlasts_a_server_that_comes_back) {
  // The first server ends in the midst of the run; its successor listens on the same port and lets the answers come.
  FileName file;
  auto first = std::make_unique<FakeShop>();
  auto port = first->port();
  auto options = short_run(*first);
  options.seconds = 1;
  options.ride_out = true;
  options.answers = file.path();
  std::ostringstream out;
  std::set<std::string> asked;
  int exit_code = -1;
  {
    std::thread client([&] { exit_code = bench_orders(options, out); });
    while (file.lines().size() < 20)
      std::this_thread::yield();
    first->stop();
    for (const auto& request : first->orders_asked())
      asked.insert(request.key);
    first.reset();
    // The new server has forgotten the stock, so what is asked of it is refused: an answer, too.
    FakeShop second({.port = port});
    client.join();
    second.stop();
    for (const auto& request : second.orders_asked())
      asked.insert(request.key);
  }
  std::set<std::string> answered;
  for (const auto& line : file.lines())
    answered.insert(line["key"].get<std::string>());
  EXPECT_EQ(asked, answered);
  auto figures = figures_of(out);
  EXPECT_EQ(exit_code, figures["orders"].get<int>() > 0 ? 0 : 1);
  EXPECT_EQ(figures["errors"], 0);
  EXPECT_GT(figures["retries"].get<int>(), 0);
}

TEST(BenchOrders, steady_rate_places_so_many_and_no_more) {
  FakeShop shop;
  auto options = short_run(shop);
  options.rate = 200;
  options.warm_up = 0;
  options.seconds = 0.5;
  std::ostringstream out;
  EXPECT_EQ(bench_orders(options, out), 0);
  auto placed = figures_of(out)["placed"].get<int>();
  EXPECT_LE(placed, 101);
  EXPECT_GE(placed, 50) << "a machine with other work may be late at the end";
}

TEST(BenchOrders, steady_rate_measures_from_when_the_order_was_meant_to_be_sent) {
  // One client, 10 ms apart, and a server that is busy for the first one: those behind it wait, and that is their latency.
  FakeShop shop(
      {.fate = [](const FakeShop::Asked& asked) { return asked.nth < 6 ? Fate::busy_503 : Fate::answered; }}); // 10 + 20 + 40 + 80 + 160 + 320 ms
  auto options = short_run(shop);
  options.clients = 1;
  options.rate = 100;
  options.warm_up = 0;
  options.seconds = 0.3;
  std::ostringstream out;
  bench_orders(options, out);
  auto figures = figures_of(out);
  EXPECT_GE(figures["max_ms"].get<double>(), 600);
  EXPECT_EQ(figures["placed"], 1) << "the only client was busy until the end";
}

TEST(Shop, opening_it_again_changes_nothing) {
  FakeShop shop;
  Caller caller{endpoint_of(shop.url()), "k"};
  open_shop(caller, Payment::account, 1000, "000000000001", false);
  auto stock = stock_of(caller, bench_sku(999));
  open_shop(caller, Payment::account, 1000, "000000000002", false);
  EXPECT_GE(stock.available, ample_stock);
  EXPECT_EQ(stock_of(caller, bench_sku(999)).available, stock.available);
  shop.stop();
  EXPECT_EQ(shop.products(), 1000);
}

TEST(Shop, refusal_of_its_set_up_is_told) {
  Caller caller{{"127.0.0.1", "1"}, "k"}; // nobody listens there
  EXPECT_THROW(open_shop(caller, Payment::account, 2, "000000000001", false), std::runtime_error);
}

BenchHotSku rush(const FakeShop& shop) {
  BenchHotSku options;
  options.target = {.url = shop.url(), .key = "k", .data = {}, .database = {}};
  options.clients = 16;
  options.seconds = 5;
  options.requests = 500;
  options.json = true;
  options.progress = false;
  return options;
}

TEST(BenchHotSku, sells_exactly_what_there_is_and_refuses_the_others) {
  FakeShop shop;
  std::ostringstream out;
  EXPECT_EQ(bench_hot_sku(rush(shop), out), 0);
  auto figures = figures_of(out);
  EXPECT_EQ(figures["stock"], 100);
  EXPECT_EQ(figures["sold"], 100);
  EXPECT_EQ(figures["sold_answered"], 100);
  EXPECT_EQ(figures["refused"], 400);
  EXPECT_EQ(figures["errors"], 0);
}

TEST(BenchHotSku, fewer_wishes_than_units_are_all_fulfilled) {
  FakeShop shop;
  auto options = rush(shop);
  options.requests = 30;
  std::ostringstream out;
  EXPECT_EQ(bench_hot_sku(options, out), 0);
  EXPECT_EQ(figures_of(out)["sold"], 30);
}

TEST(BenchHotSku, lost_answers_are_asked_for_again_and_sell_nothing_twice) {
  FakeShop shop({.fate = [](const FakeShop::Asked& asked) { return asked.nth % 5 == 1 ? Fate::cut_after : Fate::answered; }});
  std::ostringstream out;
  EXPECT_EQ(bench_hot_sku(rush(shop), out), 0);
  EXPECT_EQ(figures_of(out)["sold_answered"], 100);
}

TEST(BenchHotSku, fails_when_clients_were_told_less_than_was_sold) {
  // A unit that nobody was told of: its order was made, but all that follows for that key is "busy".
  std::string lost;
  FakeShop shop({.fate = [&](const FakeShop::Asked& asked) {
    if (asked.nth == 5)
      lost = asked.key;
    if (asked.key != lost)
      return Fate::answered;
    return asked.nth == 5 ? Fate::cut_after : Fate::busy_503;
  }});
  std::ostringstream out;
  EXPECT_EQ(bench_hot_sku(rush(shop), out), 1);
  auto figures = figures_of(out);
  EXPECT_EQ(figures["sold"], 100);
  EXPECT_EQ(figures["sold_answered"], 99);
  EXPECT_EQ(figures["errors"], 1);
}

} // namespace
} // namespace entrepot::bench
