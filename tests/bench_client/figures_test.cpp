// The figures' arithmetic: a bench that computes wrongly is worse than none.
#include <gtest/gtest.h>

#include <numeric>

#include "tests/bench/counts.hpp"
#include "tests/bench/cpu.hpp"
#include "tests/bench/latencies.hpp"
#include "tests/bench/report.hpp"
#include "tests/bench/zipf.hpp"

namespace entrepot::bench {
namespace {

using namespace std::chrono_literals;

TEST(Latencies, percentile_is_the_smallest_that_so_many_did_not_exceed) {
  Latencies latencies;
  for (int ms = 1000; ms >= 1; --ms)
    latencies.add(std::chrono::milliseconds(ms));
  EXPECT_DOUBLE_EQ(latencies.percentile_ms(50), 500);
  EXPECT_DOUBLE_EQ(latencies.percentile_ms(99), 990);
  EXPECT_DOUBLE_EQ(latencies.percentile_ms(99.9), 999);
  EXPECT_DOUBLE_EQ(latencies.percentile_ms(100), 1000);
  EXPECT_DOUBLE_EQ(latencies.percentile_ms(0.01), 1);
}

TEST(Latencies, one_slow_answer_of_a_hundred_is_the_hundredth_percentile_only) {
  Latencies latencies;
  for (int i = 0; i < 99; ++i)
    latencies.add(1ms);
  latencies.add(2s);
  EXPECT_DOUBLE_EQ(latencies.percentile_ms(99), 1);
  EXPECT_DOUBLE_EQ(latencies.percentile_ms(99.5), 2000);
}

TEST(Latencies, nothing_measured_is_zero) { EXPECT_DOUBLE_EQ(Latencies().percentile_ms(99), 0); }

TEST(Zipf, same_seed_orders_the_same_products) {
  Zipf zipf(1000, 1);
  Random one(7), other(7), third(8);
  std::vector<std::size_t> first, second, different;
  for (int i = 0; i < 1000; ++i) {
    first.push_back(zipf(one));
    second.push_back(zipf(other));
    different.push_back(zipf(third));
  }
  EXPECT_EQ(first, second);
  EXPECT_NE(first, different);
}

TEST(Zipf, numbers_are_those_published_for_splitmix64) {
  Random random(1234567);
  EXPECT_EQ(random(), 6457827717110365317ULL);
  EXPECT_EQ(random(), 3203168211198807973ULL);
}

TEST(Zipf, draws_as_often_as_its_law_says) {
  constexpr int draws = 200'000;
  Zipf zipf(1000, 1);
  Random random(1);
  std::vector<int> drawn(1000);
  for (int i = 0; i < draws; ++i)
    ++drawn[zipf(random)];
  EXPECT_NEAR(zipf.share(0), 1 / 7.485, 0.001); // the harmonic number of 1,000
  EXPECT_NEAR(static_cast<double>(drawn[0]) / draws, zipf.share(0), 0.005);
  EXPECT_NEAR(static_cast<double>(drawn[9]) / draws, zipf.share(9), 0.002);
  EXPECT_EQ(std::accumulate(drawn.begin(), drawn.end(), 0), draws);
}

TEST(Zipf, without_skew_all_products_are_alike) {
  Zipf zipf(10, 0);
  for (std::size_t i = 0; i < 10; ++i)
    EXPECT_NEAR(zipf.share(i), 0.1, 1e-9);
}

TEST(Counts, only_a_confirmation_counts_as_an_order) {
  Counts counts;
  auto judge = [&](int http, std::string_view body) { return counts.take({.http = http, .body = body, .counts = true}, told(body)); };
  EXPECT_EQ(judge(201, R"({"id":"ord_1","status":"confirmed"})"), Outcome::confirmed);
  EXPECT_EQ(judge(200, R"({"id":"ord_1","status":"confirmed"})"), Outcome::confirmed);
  EXPECT_EQ(judge(409, R"({"status":409,"code":"stock-short","order":"ord_2"})"), Outcome::short_of_stock);
  EXPECT_EQ(judge(201, R"({"id":"ord_3","status":"submitted"})"), Outcome::failed);
  EXPECT_EQ(judge(202, R"({"id":"ord_3","status":"confirmed"})"), Outcome::failed);
  EXPECT_EQ(judge(409, R"({"status":409,"code":"price-changed"})"), Outcome::failed);
  EXPECT_EQ(judge(422, R"({"status":422,"code":"product-unknown"})"), Outcome::failed);
  EXPECT_EQ(counts.confirmed, 2u);
  EXPECT_EQ(counts.short_of_stock, 1u);
  EXPECT_EQ(counts.errors, 4u);
  EXPECT_EQ(counts.error_samples.size(), 3u);
}

TEST(Counts, answers_of_the_warm_up_are_not_measured_but_their_errors_are_told) {
  Counts counts;
  counts.take({.http = 201, .body = {}, .counts = false}, {.id = "ord_1", .status = "confirmed", .code = {}, .order = {}});
  counts.take({.http = 500, .body = "down", .counts = false}, {});
  EXPECT_EQ(counts.confirmed, 0u);
  EXPECT_EQ(counts.confirmed_ever, 1u);
  EXPECT_EQ(counts.errors, 1u);
  EXPECT_EQ(counts.error_samples.front(), "HTTP 500 down");
}

TEST(Cpu, stat_line_is_read_behind_a_name_with_brackets) {
  int parent = 0;
  auto ticks = parse_stat("4711 (postgres: a (b) c) S 4000 1 1 0 -1 4194304 10 20 30 40 500 60 7000 800 20 0 1 0 99 0 0", &parent);
  ASSERT_TRUE(ticks);
  EXPECT_EQ(ticks->pid, 4711);
  EXPECT_EQ(ticks->own, 560);
  EXPECT_EQ(ticks->waited, 7800);
  EXPECT_EQ(parent, 4000);
}

TEST(Cpu, no_data_folder_gives_no_figure) {
  CpuMeter meter({});
  meter.start();
  meter.stop();
  EXPECT_FALSE(meter.spent().sum());
}

TEST(Report, lag_is_that_of_the_slowest_read_model) {
  EXPECT_DOUBLE_EQ(*read_model_lag_ms("# HELP entrepot_read_model_lag_seconds lag\n"
                                      "entrepot_read_model_lag_seconds{model=\"orders\",quantile=\"0.5\"} 0.9\n"
                                      "entrepot_read_model_lag_seconds{model=\"orders\",quantile=\"0.99\"} 0.012\n"
                                      "entrepot_read_model_lag_seconds{quantile=\"0.99\",model=\"stock\"} 0.25\n"),
                   250);
  EXPECT_FALSE(read_model_lag_ms("entrepot_orders_total 3\n"));
  EXPECT_FALSE(read_model_lag_ms("entrepot_read_model_lag_seconds{quantile=\"0.99\"} NaN\n"));
}

} // namespace
} // namespace entrepot::bench
