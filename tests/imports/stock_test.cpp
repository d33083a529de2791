// Stock from a file, and what people see meanwhile.
#include <gtest/gtest.h>
#include <sstream>

#include "gateways/imports/progress.hpp"
#include "gateways/imports/stock_import.hpp"
#include "tests/imports/import_run.hpp"

namespace entrepot::imports {
namespace {

using nlohmann::json;

StockImport stock_of(const std::string& lines) {
  StockImport stock;
  CsvRows csv([&](std::span<const std::string_view> fields, std::uint32_t line) { stock.add(fields, line + 1); });
  csv.take(lines);
  csv.end();
  return stock;
}

std::string codes_of(const StockImport& stock) {
  std::string codes;
  for (const auto& row : stock.rows())
    codes += (row.state == StockImport::Row::State::refused ? row.why.code : row.state == StockImport::Row::State::accepted ? "accepted" : "open") + " ";
  return codes;
}

TEST(StockImport, receives_a_locations_rows_under_a_name_that_is_the_same_at_each_run) {
  FakeImports server;
  auto lines = "DC-1,MUG,5\nYORK,MUG,2\n\"DC-1\", MUG ,1\nDC-1,CUP,3\n";
  for (int i = 0; i < 2; ++i) {
    auto stock = stock_of(lines);
    PatientCourier to(server);
    stock.send(to.courier, {});
    EXPECT_EQ(codes_of(stock), "accepted accepted accepted accepted ");
  }
  server.stop();
  auto receipts = sent(server, "receipt");
  ASSERT_EQ(receipts.size(), 4u);
  EXPECT_EQ(receipts[0]["location"], "DC-1");
  EXPECT_EQ(receipts[0]["movements"], json::parse(R"([{"sku":"CUP","units":3},{"sku":"MUG","units":6}])"));
  EXPECT_EQ(receipts[1]["location"], "YORK");
  EXPECT_EQ(server.done_once("receipt"), 2) << "the second run changes nothing";
}

TEST(StockImport, refuses_rows_that_cannot_be_read_and_those_that_the_server_names) {
  FakeImports::Options options;
  options.answer = [](const json& item) -> json {
    if (item["receipt"]["location"] == "NOWHERE")
      return {{"status", "refused"}, {"code", "location-unknown"}, {"text", "No such place."}};
    if (item["receipt"]["movements"][0]["sku"] == "CUP")
      return {{"status", "refused"}, {"code", "lines-invalid"}, {"text", "No."}, {"errors", {{{"pointer", "/receipt/movements/0/sku"}, {"code", "product-unknown"}, {"detail", "No such product."}}}}};
    return {};
  };
  FakeImports server(options);
  auto stock = stock_of("DC-1,MUG,5\nDC-1,CUP,1\nNOWHERE,MUG,1\nDC-1,MUG,0\nDC-1,MUG,many\nDC 1,MUG,1\nDC-1,M U G,1\nDC-1,MUG\n");
  PatientCourier to(server);
  stock.send(to.courier, {});
  EXPECT_EQ(codes_of(stock), "accepted product-unknown location-unknown units-invalid units-invalid location-invalid code-invalid columns-wrong ");
}

TEST(StockImport, sends_at_most_500_movements_in_a_receipt) {
  FakeImports server;
  std::string lines;
  for (int sku = 0; sku < 1'001; ++sku)
    lines += "DC-1," + std::to_string(sku) + ",1\n";
  auto stock = stock_of(lines);
  PatientCourier to(server);
  stock.send(to.courier, {});
  server.stop();
  EXPECT_EQ(sent(server, "receipt").size(), 3u);
  EXPECT_EQ(server.done_once("receipt"), 3) << "each by a name of its own";
  EXPECT_EQ(stock.open(), 0u);
}

/// A bar with a clock that a test moves.
struct Bar {
  explicit Bar(bool terminal) : progress(out, terminal, [this] { return clock; }) {}
  std::ostringstream out;
  Progress::Time clock = {};
  Progress progress;
};

TEST(Progress, shows_rows_rate_and_the_time_left_on_a_terminal_at_most_five_times_a_second) {
  Bar bar(true);
  bar.progress.begin(1'000, 541'000);
  bar.clock += std::chrono::milliseconds{199};
  bar.progress.show(2'000);
  EXPECT_EQ(bar.out.str(), "");
  bar.clock += std::chrono::milliseconds{9'801};
  bar.progress.show(271'000);
  EXPECT_EQ(bar.out.str(), "\r[###############               ] 271,000 of 541,000 rows, 27,000 rows/s, 0:10 left");
  bar.progress.show(271'001);
  EXPECT_EQ(std::ranges::count(bar.out.str(), '\r'), 1);
  bar.progress.end();
  EXPECT_TRUE(bar.out.str().ends_with(" \r"));
}

TEST(Progress, is_a_line_every_ten_seconds_in_a_log) {
  Bar bar(false);
  bar.progress.begin(0, 100);
  for (int second = 0; second < 25; ++second) {
    bar.clock += std::chrono::seconds{1};
    bar.progress.show(static_cast<std::uint64_t>(second));
  }
  EXPECT_EQ(std::ranges::count(bar.out.str(), '\n'), 2);
  EXPECT_EQ(std::ranges::count(bar.out.str(), '\r'), 0);
}

TEST(Progress, says_why_it_waits) {
  Bar bar(true);
  bar.clock += std::chrono::seconds{1};
  bar.progress.waiting("cannot connect");
  EXPECT_EQ(bar.out.str(), "\rwaiting: cannot connect");
}

TEST(Figures, are_written_for_people) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(541'909), "541,909");
  EXPECT_EQ(grouped(1'000), "1,000");
  EXPECT_EQ(pounds(1'054'923'766), "10,549,237.66 GBP");
  EXPECT_EQ(pounds(-5), "-0.05 GBP");
  EXPECT_EQ(clock_text(std::chrono::seconds{7}), "0:07");
  EXPECT_EQ(clock_text(std::chrono::seconds{3'723}), "1:02:03");
}

} // namespace
} // namespace entrepot::imports
