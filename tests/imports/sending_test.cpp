// A book of sales on its way to a server with scripted faults, over a real connection. Pauses are told to a clock of the test's own.
#include <algorithm>
#include <gtest/gtest.h>
#include <sstream>

#include "tests/imports/import_run.hpp"

namespace entrepot::imports {
namespace {

using nlohmann::json;
using Fate = FakeImports::Fate;

const std::string day = "2011-01-04 10:00:00";
std::string row(const std::string& invoice, const std::string& code, const std::string& quantity, const std::string& price, const std::string& customer,
                const std::string& time = day) {
  return invoice + "," + code + ",THING," + quantity + "," + time + "," + price + "," + customer + ",France\n";
}

TEST(OrdersImport, sends_products_then_stock_then_orders_with_growing_positions) {
  FakeImports server;
  ImportRun run(server, row("1", "22", "2", "1.50", "7") + row("1", "POST", "1", "3", "7") + row("2", "33", "4", "1", ""), {.channel = "import", .opening_stock = true});
  run.importing.run();
  server.stop();
  EXPECT_EQ(server.requests_heads()[0], (json{{"method", "POST"}, {"target", "/v1/imports"}, {"key", "Bearer secret"}, {"type", "application/x-ndjson"}}));
  std::int64_t last = 0;
  for (const auto& request : server.requests())
    for (const auto& item : request) {
      EXPECT_GT(item["position"].get<std::int64_t>(), last);
      last = item["position"];
    }
  ASSERT_EQ(server.requests().size(), 3u) << "products, stock and orders do not rest on each other's success in one request";
  EXPECT_EQ(sent(server, "product").size(), 2u);
  EXPECT_EQ(sent(server, "receipt")[0]["movements"], json::parse(R"([{"sku":"22","units":2},{"sku":"33","units":4}])"));
  auto orders = sent(server, "order");
  ASSERT_EQ(orders.size(), 2u);
  EXPECT_EQ(orders[0]["country"], "FR");
  EXPECT_EQ(orders[0]["customer_channel_id"], "7");
  EXPECT_FALSE(orders[1].contains("customer_channel_id")) << "a guest";
  EXPECT_TRUE(orders[0]["lines"][1]["service"].get<bool>());
  auto figures = figures_of(run.book);
  EXPECT_EQ(figures.accepted, 3u);
  EXPECT_EQ(figures.accepted_total, 300 + 300 + 400);
  EXPECT_EQ(run.importing.orders(), 2u);
}

TEST(OrdersImport, receives_the_same_opening_stock_under_the_same_references_at_each_run) {
  std::vector<json> references;
  for (int i = 0; i < 3; ++i) {
    FakeImports server;
    std::string lines;
    for (int sku = 100; sku < 1'200; ++sku)
      lines += row(std::to_string(sku / 10), std::to_string(sku), i == 2 && sku == 100 ? "2" : "1", "1", "7");
    ImportRun run(server, lines, {.channel = "import", .opening_stock = true});
    run.importing.run();
    server.stop();
    json names = json::array();
    for (const auto& receipt : sent(server, "receipt")) {
      EXPECT_LE(receipt["movements"].size(), 500u);
      names.push_back(receipt["reference"]);
    }
    EXPECT_EQ(names.size(), 3u);
    references.push_back(names);
  }
  EXPECT_EQ(references[0], references[1]);
  EXPECT_NE(references[0], references[2]) << "of other units";
}

TEST(OrdersImport, matches_a_return_to_the_lines_that_the_server_took) {
  FakeImports::Options options;
  options.answer = [](const json& item) -> json {
    if (item.contains("order") && item["order"]["external_number"] == "1")
      return {{"status", "done"}, {"refused_lines", {{{"line", 1}, {"code", "stock-short"}, {"text", "There are none."}}}}};
    return {};
  };
  FakeImports server(options);
  ImportRun run(server, row("1", "22", "2", "1", "7", "2011-01-04 10:00:00") + row("1", "33", "2", "1", "7", "2011-01-04 10:00:00") +
                      row("C2", "33", "-1", "1", "7", "2011-01-05 10:00:00") + row("C2", "22", "-1", "1", "7", "2011-01-05 10:00:00") +
                      row("3", "33", "5", "1", "7", "2011-01-06 10:00:00") + row("C4", "33", "-6", "1.01", "7", "2011-01-07 10:00:00") +
                      row("C5", "33", "-1", "1", "7", "2011-01-08 10:00:00"));
  run.importing.run();
  server.stop();
  auto returns = sent(server, "return");
  ASSERT_EQ(returns.size(), 2u);
  EXPECT_EQ(returns[0], json::parse(R"({"reference":"C2/4","channel":"import","occurred_at":"2011-01-05T10:00:00.000Z",)"
                                    R"("parts":[{"order":"ord_1","line":1,"quantity":1,"credit":{"amount":100,"currency":"GBP"}}]})"))
      << "line 1 of those that were taken";
  EXPECT_EQ(returns[1]["parts"], json::parse(R"([{"order":"ord_3","line":1,"quantity":5,"credit":{"amount":505,"currency":"GBP"}},)"
                                             R"({"order":"ord_1","line":1,"quantity":1,"credit":{"amount":101,"currency":"GBP"}}])"));
  EXPECT_EQ(run.code(0), "stock-short");
  EXPECT_EQ(run.code(1), "accepted");
  EXPECT_EQ(run.code(3), "return-unmatched") << "what was not taken cannot come back";
  EXPECT_EQ(run.code(6), "return-unmatched") << "all seven have come back";
  auto figures = figures_of(run.book);
  EXPECT_EQ(figures.accepted_total, 700);
  EXPECT_EQ(figures.returned_total, 100 + 606);
  EXPECT_EQ(figures.refused_by_code, (std::map<std::string, std::uint64_t>{{"return-unmatched", 2}, {"stock-short", 1}}));
  EXPECT_TRUE(run.importing.findings().empty());
  std::ostringstream report;
  write_report(report, run.book, run.importing.findings());
  EXPECT_EQ(report.str().substr(0, report.str().find("\n5")), "line,invoice,code,text\n2,1,stock-short,There are none.") << report.str();
}

TEST(OrdersImport, leaves_units_with_the_customer_whose_return_the_server_refuses) {
  FakeImports::Options options;
  options.answer = [](const json& item) -> json {
    if (item.contains("return") && item["return"]["reference"] == "C2/3")
      return {{"status", "refused"}, {"code", "return-not-possible"}, {"text", "No."}};
    return {};
  };
  FakeImports server(options);
  ImportRun run(server, row("1", "22", "2", "1", "7") + row("C2", "22", "-2", "1", "7", "2011-01-05 10:00:00") + row("C3", "22", "-2", "1", "7", "2011-01-05 11:00:00"));
  run.importing.run();
  EXPECT_EQ(run.code(1), "return-not-possible");
  EXPECT_EQ(run.code(2), "accepted");
}

TEST(OrdersImport, sends_an_invoice_again_without_the_lines_that_the_server_names) {
  FakeImports::Options options;
  options.answer = [](const json& item) -> json {
    json faults = json::array();
    if (item.contains("order"))
      for (std::size_t i = 0; i < item["order"]["lines"].size(); ++i)
        if (item["order"]["lines"][i]["sku"] == "33")
          faults.push_back({{"pointer", "/order/lines/" + std::to_string(i) + "/sku"}, {"code", "product-unknown"}, {"detail", "No such product."}});
    return faults.empty() ? json{} : json{{"status", "refused"}, {"code", "lines-invalid"}, {"text", "Some lines are wrong."}, {"errors", faults}};
  };
  FakeImports server(options);
  ImportRun run(server, row("1", "22", "1", "1", "7") + row("1", "33", "1", "1", "7") + row("2", "33", "1", "1", "7") + row("2", "POST", "1", "1", "7"));
  run.importing.run();
  EXPECT_EQ(run.code(0), "accepted");
  EXPECT_EQ(run.code(1), "product-unknown");
  EXPECT_EQ(run.code(2), "product-unknown");
  EXPECT_EQ(run.code(3), "no-goods");
}

TEST(OrdersImport, refuses_the_rows_of_a_product_that_the_server_does_not_take) {
  FakeImports::Options options;
  options.answer = [](const json& item) -> json {
    return item.contains("product") && item["product"]["sku"] == "33" ? json{{"status", "refused"}, {"code", "name-taken"}, {"text", "No."}} : json{};
  };
  FakeImports server(options);
  ImportRun run(server, row("1", "22", "1", "1", "7") + row("1", "33", "1", "1", "7") + row("2", "33", "1", "1", "7"), {.channel = "import", .opening_stock = true});
  run.importing.run();
  server.stop();
  EXPECT_EQ(run.code(0), "accepted");
  EXPECT_EQ(run.code(1), "name-taken");
  EXPECT_EQ(run.code(2), "name-taken");
  EXPECT_EQ(sent(server, "receipt")[0]["movements"].size(), 1u) << "a receipt with an unknown product would be refused whole";
}

TEST(OrdersImport, says_so_if_the_order_is_of_another_total_than_its_rows) {
  FakeImports::Options options;
  options.answer = [](const json& item) -> json {
    return item.contains("order") ? json{{"status", "done"}, {"total", {{"amount", 99}, {"currency", "GBP"}}}} : json{};
  };
  FakeImports server(options);
  ImportRun run(server, row("1", "22", "1", "1", "7"));
  run.importing.run();
  ASSERT_EQ(run.importing.findings().size(), 1u);
  EXPECT_EQ(run.importing.findings()[0].what.code, "total-differs");
  std::ostringstream report;
  write_report(report, run.book, run.importing.findings());
  EXPECT_NE(report.str().find("\n,1,total-differs,"), std::string::npos) << "no row is refused for it: " << report.str();
}

TEST(OrdersImport, changes_nothing_and_tells_the_same_figures_at_a_second_run) {
  FakeImports server;
  auto lines = row("1", "22", "2", "1", "7") + row("2", "22", "2", "1", "") + row("C3", "22", "-1", "1", "7", "2011-01-05 10:00:00");
  ImportRun first(server, lines), second(server, lines);
  first.importing.run();
  second.importing.run();
  server.stop();
  EXPECT_EQ(first.importing.replayed(), 0u);
  EXPECT_EQ(second.importing.replayed(), 3u);
  EXPECT_EQ(server.done_once("order"), 2);
  EXPECT_EQ(server.done_once("return"), 1);
  EXPECT_EQ(figures_of(first.book).accepted_total, figures_of(second.book).accepted_total);
}

TEST(OrdersImport, keeps_requests_within_the_servers_limits) {
  FakeImports server;
  std::string lines;
  for (int invoice = 1; invoice <= 1'000; ++invoice)
    for (int line = 0; line < (invoice <= 20 ? 900 : 1); ++line)
      lines += row(std::to_string(invoice), "22", "1", "1", "7");
  ImportRun run(server, lines);
  run.importing.run();
  server.stop();
  std::size_t most = 0;
  for (const auto& request : server.requests())
    most = std::max(most, request.size());
  EXPECT_EQ(most, limits::request_rows);
  EXPECT_EQ(sent(server, "order").size(), 1'000u) << "nothing was too large for the server";
  EXPECT_GT(server.requests().size(), 4u) << "large invoices fill a request before 400 rows";
}

// ---- a server that is busy, away or half-way ---------------------------------------------------------------------------------------------

std::string many_orders() {
  std::string lines;
  for (int invoice = 1; invoice <= 10; ++invoice)
    lines += row(std::to_string(invoice), "22", "1", "1", "");
  return lines;
}

TEST(Courier, goes_on_behind_the_last_position_answered) {
  FakeImports::Options options;
  options.fate = [](int request) { return request == 1 ? Fate::cut_within : Fate::answered; };
  FakeImports server(options);
  ImportRun run(server, many_orders());
  run.importing.run();
  server.stop();
  ASSERT_EQ(server.requests().size(), 3u) << "products, and the orders in two";
  auto again = server.requests()[2].size();
  EXPECT_GT(again, 0u);
  EXPECT_LT(again, 10u) << "what was answered is not sent again";
  EXPECT_EQ(server.done_once("order"), 10);
  EXPECT_EQ(run.importing.orders(), 10u);
  EXPECT_EQ(run.importing.replayed(), again) << "the server had done them already";
}

TEST(Courier, sends_the_same_rows_again_while_the_server_is_busy_or_away) {
  FakeImports::Options options;
  options.fate = [](int request) { return request >= 1 && request <= 8 ? (request % 2 ? Fate::busy_503 : Fate::cut_before) : Fate::answered; };
  FakeImports server(options);
  ImportRun run(server, many_orders());
  run.importing.run();
  server.stop();
  EXPECT_EQ(run.importing.orders(), 10u);
  ASSERT_GE(run.pauses.size(), 4u);
  EXPECT_EQ(run.pauses[0], limits::first_pause);
  EXPECT_EQ(run.pauses[1], 2 * limits::first_pause);
  EXPECT_LE(*std::ranges::max_element(run.pauses), limits::longest_pause);
  EXPECT_NE(run.reasons[0].find("503, overloaded"), std::string::npos) << run.reasons[0];
}

TEST(Courier, sends_only_unfinished_rows_again) {
  int asked = 0;
  FakeImports::Options options;
  options.answer = [&asked](const json& item) -> json {
    if (item.contains("order") && item["order"]["external_number"] == "3" && ++asked < 3)
      return {{"status", "again"}, {"code", "timed-out"}, {"text", "Not finished."}};
    return {};
  };
  FakeImports server(options);
  ImportRun run(server, many_orders());
  run.importing.run();
  server.stop();
  ASSERT_EQ(server.requests().size(), 4u);
  EXPECT_EQ(server.requests()[2].size(), 1u);
  EXPECT_EQ(server.requests()[2][0]["position"], server.requests()[1][2]["position"]) << "under its own position";
  EXPECT_EQ(run.importing.orders(), 10u);
}

TEST(Courier, gives_up_when_the_server_was_away_for_longer_than_its_patience_and_keeps_what_is_known) {
  FakeImports::Options options;
  options.fate = [](int request) { return request == 0 ? Fate::answered : Fate::cut_before; };
  FakeImports server(options);
  ImportRun run(server, many_orders() + row("11", "M", "1", "1", ""), {}, std::chrono::minutes{1});
  try {
    run.importing.run();
    FAIL() << "there is no server";
  } catch (const ImportStopped& why) {
    EXPECT_NE(std::string(why.what()).find("60 s"), std::string::npos) << why.what();
  }
  EXPECT_EQ(figures_of(run.book).refused, 1u);
  EXPECT_EQ(run.book.open(), 10u);
  EXPECT_LT(run.clock.time_since_epoch(), std::chrono::seconds{70});
}

TEST(Courier, stops_at_once_if_the_server_refuses_the_request_itself) {
  FakeImports::Options options;
  options.fate = [](int) { return Fate::forbidden_403; };
  FakeImports server(options);
  ImportRun run(server, many_orders());
  EXPECT_THROW(run.importing.run(), ImportStopped);
  EXPECT_TRUE(run.pauses.empty());
  EXPECT_THROW(post_to("127.0.0.1:8080", "k"), ImportStopped);
  EXPECT_THROW(post_to("http://localhost", "k"), ImportStopped);
}

} // namespace
} // namespace entrepot::imports
