// Every rule of the house is seen red here, and green beside it.
#include "tests/tidy/rules.hpp"

#include <gtest/gtest.h>

namespace entrepot::tidy {
namespace {

struct Example {
  std::string path, text, rule; ///< rule: part of the sentence that is broken; empty: nothing is broken
};

void PrintTo(const Example& example, std::ostream* out) { *out << example.path << ": " << example.text; }

class HouseRule : public testing::TestWithParam<Example> {};

TEST_P(HouseRule, tells_a_bad_line_from_a_good_one) {
  const auto& [path, text, rule] = GetParam();
  auto found = findings_in(path, "\n" + text + "\n");
  if (rule.empty()) {
    EXPECT_TRUE(found.empty()) << found[0].rule;
    return;
  }
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].file, path);
  EXPECT_EQ(found[0].line, 2);
  EXPECT_NE(found[0].rule.find(rule), std::string::npos) << found[0].rule;
}

const auto domain = "domain/order/order.cpp";
const auto page = "gateways/http/server.cpp";
const auto actor = "actors/shard_actor.cpp";

INSTANTIATE_TEST_SUITE_P(Rooms, HouseRule, testing::Values(
    Example{domain, "#include \"domain/money.hpp\"", ""},
    Example{domain, "#include <vector>", ""},
    Example{domain, "#include \"workflows/workflows.hpp\"", "domain uses the standard library"},
    Example{domain, "  #  include \"persistence/journal.hpp\" // why", "domain uses the standard library"},
    Example{"workflows/bodah.cpp", "#include \"domain/order/order.hpp\"", ""},
    Example{"workflows/bodah.cpp", "#include \"actors/system.hpp\"", "workflows use"},
    Example{"persistence/codec.cpp", "#include \"domain/events.hpp\"", ""},
    Example{"persistence/codec.cpp", "#include \"gateways/ports.hpp\"", "persistence uses domain"},
    Example{"persistence/codec.cpp", "#include \"workflows/workflows.hpp\"", "persistence uses domain"},
    Example{actor, "#include \"persistence/journal.hpp\"", ""},
    Example{actor, "#include \"gateways/ports.hpp\"", "actors use domain"},
    Example{page, "#include \"gateways/ports.hpp\"", ""},
    Example{page, "#include \"actors/system.hpp\"", "the one that knows actors"},
    Example{page, "#include \"persistence/journal.hpp\"", "gateways use domain"},
    Example{"gateways/actor_bridge.cpp", "#include \"actors/system.hpp\"", ""},
    Example{"gateways/actor_bridge.cpp", "#include \"persistence/journal.hpp\"", "persistence and gateways never meet"},
    Example{"deploy/main.cpp", "#include \"persistence/journal.hpp\"", ""},
    Example{"tests/actors/a_test.cpp", "#include \"gateways/ports.hpp\"", ""},
    Example{domain, "#include \"money.hpp\"", "path from the root"},
    Example{domain, "#include \"../money.hpp\"", "path from the root"}));

INSTANTIATE_TEST_SUITE_P(Libraries, HouseRule, testing::Values(
    Example{domain, "#include <nlohmann/json.hpp>", "JSON stays"},
    Example{"persistence/journal.hpp", "#include <nlohmann/json.hpp>", "JSON stays"},
    Example{"persistence/codecs/orders.cpp", "#include <nlohmann/json.hpp>", ""},
    Example{"gateways/api/orders.cpp", "#include <nlohmann/json.hpp>", ""},
    Example{page, "#include <nlohmann/json.hpp>", "JSON stays"},
    Example{"gateways/imports/answers.cpp", "#include <nlohmann/json.hpp>", ""},
    Example{"gateways/imports/courier.cpp", "#include <nlohmann/json.hpp>", "JSON stays"},
    Example{"gateways/imports/text_source.cpp", "#include <archive_entry.h>", ""},
    Example{"gateways/imports/csv_rows.cpp", "#include <archive.h>", "libarchive stays"},
    Example{"gateways/imports/csv_rows.cpp", "#include <csv.h>", ""},
    Example{"gateways/imports/sales_book.cpp", "#include <csv.h>", "libcsv stays"},
    Example{actor, "#include <caf/actor.hpp>", ""},
    Example{"gateways/actor_bridge.cpp", "#include <caf/send.hpp>", ""},
    Example{"gateways/actor_bridge.hpp", "#include <caf/send.hpp>", "CAF stays"},
    Example{page, "#include <caf/send.hpp>", "CAF stays"},
    Example{actor, "#include <caf/all.hpp>", "caf/all.hpp is not included"},
    Example{"tests/actors/a_test.cpp", "#include <caf/all.hpp>", "caf/all.hpp is not included"},
    Example{page, "#include <boost/asio/write.hpp>", ""},
    Example{"gateways/http/server.hpp", "#include <boost/asio/write.hpp>", "Boost stays"},
    Example{"gateways/partners/payment.cpp", "#include <boost/beast/http.hpp>", ""},
    Example{"gateways/api/orders.cpp", "#include <boost/url.hpp>", "Boost stays"},
    Example{"persistence/postgres/lane.cpp", "#include <libpq-fe.h>", ""},
    Example{"persistence/postgres/lane.hpp", "#include <libpq-fe.h>", "libpq and libpqxx stay"},
    Example{"persistence/pqxx_compat.hpp", "#include <pqxx/pqxx>", ""},
    Example{"persistence/read_models/order_list.cpp", "#include <pqxx/pqxx>", ""},
    Example{actor, "#include <pqxx/pqxx>", "libpq and libpqxx stay"},
    Example{"gateways/api/people.cpp", "#include <openssl/evp.h>", ""},
    Example{"gateways/api/people.hpp", "#include <openssl/evp.h>", "OpenSSL stays"},
    Example{"workflows/bodah.cpp", "#include <spdlog/spdlog.h>", "logging stays"},
    Example{domain, "#include <unistd.h>", "operating system"},
    Example{domain, "#include <stdio.h>", "no rule of tests/tidy"},
    Example{"gateways/api/people.cpp", "#include <curl/curl.h>", "no rule of tests/tidy"},
    Example{"deploy/demo_company.cpp", "#include <toml++/toml.h>", ""}));

INSTANTIATE_TEST_SUITE_P(Words, HouseRule, testing::Values(
    Example{actor, "auto now = std::chrono::system_clock::now();", "wall clock"},
    Example{"tests/actors/a_test.cpp", "auto now = system_clock::now();", "wall clock"},
    Example{"deploy/node.cpp", "auto now = std::chrono::system_clock::now();", ""},
    Example{actor, "auto now = std::chrono::steady_clock::now();", ""},
    Example{actor, "// system_clock::now() is not for us", ""},
    Example{"tests/actors/a_test.cpp", "std::this_thread::sleep_for(1s);", "tests do not sleep"},
    Example{"tests/bench/load.cpp", "std::this_thread::sleep_for(1s);", ""},
    Example{actor, "self->request(other, 1s, x).await([] {});", "await is not used"},
    Example{actor, "self->request(other, 1s, x).then([] {});", ""},
    Example{actor, "say(\"request(x).await(y)\");", ""},
    Example{"tests/domain/a_test.cpp", "GTEST" "_SKIP();", "skipped or disabled"},
    Example{"tests/domain/a_test.cpp", "TEST(Order, DISABLED" "_is_fine) {}", "skipped or disabled"},
    Example{domain, "// TO" "DO: later", "unfinished"},
    Example{domain, "auto n = 1'000; auto c = '\"'; // system_clock::now", ""},
    Example{domain, "auto s = R\"x(#include <caf/all.hpp> )\" system_clock::now)x\";", ""}));

TEST(HouseRules, know_a_file_that_is_too_long) {
  std::string lines(longest_file, '\n');
  EXPECT_TRUE(findings_in(domain, lines).empty());
  EXPECT_EQ(findings_in(domain, lines + "\n"), (std::vector<Finding>{{domain, longest_file + 1, "a file has at most 500 lines: look for its second subject"}}));
}

TEST(HouseRules, keep_lines_where_they_were_when_comments_go) {
  EXPECT_EQ(code_of("a /* b\nc */ d // e\n\"f\" g"), "a     \n     d     \n\"   g");
}

TEST(HouseRules, know_which_files_a_pattern_means) {
  EXPECT_TRUE(matches("gateways/http/a.cpp", "gateways/http/*.cpp"));
  EXPECT_TRUE(matches("persistence/read_models/a.cpp", "persistence/*.cpp"));
  EXPECT_FALSE(matches("gateways/http/a.hpp", "gateways/http/*.cpp"));
  EXPECT_FALSE(matches("gateways", "gateways/*"));
}

} // namespace
} // namespace entrepot::tidy
