// Real rows, and a control sum that shares nothing with the program.
#include <array>
#include <cstdio>
#include <fstream>
#include <gtest/gtest.h>
#include <sstream>

#include "tests/imports/import_run.hpp"
#include "tests/support/temporary_folder.hpp"

namespace entrepot::imports {
namespace {

const std::string folder = std::string(ENTREPOT_ROOT) + "/tests/imports/";

std::string output_of(const std::string& command) {
  auto* pipe = popen(command.c_str(), "r");
  std::string output;
  std::array<char, 1024> piece;
  while (auto got = fread(piece.data(), 1, piece.size(), pipe))
    output.append(piece.data(), got);
  pclose(pipe);
  return output;
}

/// The excerpt's rows behind its header.
std::string excerpt_rows() {
  std::ostringstream text;
  text << std::ifstream(folder + "online_retail_excerpt.csv").rdbuf();
  return text.str().substr(text.str().find('\n') + 1);
}

TEST(Excerpt, is_imported_to_the_penny_that_a_control_sum_finds) {
  FakeImports::Options options;
  options.answer = [](const nlohmann::json& item) -> nlohmann::json { // the server runs short of what is sold in hundreds
    auto lines = nlohmann::json::array();
    if (item.contains("order"))
      for (std::size_t i = 0; i < item["order"]["lines"].size(); ++i)
        if (item["order"]["lines"].size() > 1 && item["order"]["lines"][i]["quantity"] > 30)
          lines.push_back({{"line", i + 1}, {"code", "stock-short"}, {"text", "There are not so many."}});
    return lines.empty() ? nlohmann::json{} : nlohmann::json{{"status", "done"}, {"refused_lines", lines}};
  };
  FakeImports server(options);
  ImportRun run(server, excerpt_rows(), {.channel = "import", .opening_stock = true});
  run.importing.run();
  test::TemporaryFolder work;
  auto report = work.path() / "report.csv";
  std::ofstream out(report);
  write_report(out, run.book, run.importing.findings());
  out.close();
  auto figures = figures_of(run.book);
  std::ostringstream expected;
  expected << "accepted_total " << figures.accepted_total << " returned_total " << figures.returned_total << " rows " << figures.read << " accepted " << figures.accepted << " refused "
           << figures.refused << "\n";
  EXPECT_EQ(output_of(folder + "control_total " + folder + "online_retail_excerpt.csv " + report.string()), expected.str());
  EXPECT_EQ(figures.accepted + figures.refused, figures.read);
  EXPECT_EQ(figures.read, 396u);
  EXPECT_GT(figures.returned_total, 0);
  EXPECT_GT(figures.refused_by_code["stock-short"], 0u);
  EXPECT_TRUE(run.importing.findings().empty());
}

TEST(Excerpt, hits_every_rule_that_real_rows_hit) {
  FakeImports server;
  ImportRun run(server, excerpt_rows());
  run.importing.run();
  server.stop();
  auto figures = figures_of(run.book);
  EXPECT_EQ(figures.refused_by_code, (std::map<std::string, std::uint64_t>{{"manual-posting", 5}, {"no-goods", 3}, {"not-a-sale", 6}, {"return-unmatched", 7}, {"return-without-customer", 2}, {"stock-correction", 4}}));
  EXPECT_EQ(run.book.duplicates(), 5u);
  EXPECT_EQ(figures.accepted_total, 772'802);
  EXPECT_EQ(figures.returned_total, 60'092);
  std::size_t services = 0, across = 0, guests = 0, free = 0;
  for (const auto& order : sent(server, "order")) {
    guests += order.contains("customer_channel_id") ? 0u : 1u;
    for (const auto& line : order["lines"]) {
      services += line.contains("service") ? 1u : 0u;
      free += line["total"]["amount"] == 0 ? 1u : 0u;
    }
  }
  for (const auto& back : sent(server, "return"))
    across += back["parts"].size() > 1 ? 1u : 0u;
  EXPECT_GT(services, 0u);
  EXPECT_GT(across, 0u) << "a return of several orders";
  EXPECT_GT(guests, 0u);
  EXPECT_GT(free, 0u);
}

} // namespace
} // namespace entrepot::imports
