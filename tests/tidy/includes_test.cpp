// Reads the whole tree and fails with file, line and the rule that is broken.
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <set>
#include <sstream>

#include "tests/tidy/rules.hpp"

namespace entrepot::tidy {
namespace {

const std::filesystem::path root = ENTREPOT_ROOT;
const std::vector<std::string> rooms = {"domain", "workflows", "persistence", "actors", "gateways", "deploy", "tests"};

std::string read(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

TEST(House, breaks_no_rule_of_its_own) {
  std::size_t read_files = 0;
  for (const auto& room : rooms)
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root / room)) {
      auto extension = entry.path().extension();
      if (extension != ".cpp" && extension != ".hpp")
        continue;
      ++read_files;
      for (const auto& finding : findings_in(entry.path().lexically_relative(root).generic_string(), read(entry.path())))
        ADD_FAILURE() << finding.file << ':' << finding.line << ": " << finding.rule;
    }
  EXPECT_GT(read_files, 20u) << "the tree was not found at " << root;
}

TEST(House, has_a_readme_in_every_room) {
  EXPECT_GT(read(root / "README.md").size(), 100u);
  for (const auto& room : rooms)
    EXPECT_GT(read(root / room / "README.md").size(), 100u) << room << "/README.md is missing: every room says what it is for";
}

// That they need nothing else is proved by the linker, see tests/tidy/stands_alone.
TEST(House, links_domain_and_workflows_to_nothing_but_each_other) {
  auto libraries = [](std::string list) {
    std::set<std::string> names;
    std::istringstream in(list);
    for (std::string name; std::getline(in, name, ',');)
      names.insert(name);
    return names;
  };
  EXPECT_EQ(libraries(ENTREPOT_DOMAIN_LINKS), (std::set<std::string>{"entrepot_options"}));
  EXPECT_EQ(libraries(ENTREPOT_WORKFLOWS_LINKS), (std::set<std::string>{"entrepot_domain", "entrepot_options"}));
}

} // namespace
} // namespace entrepot::tidy
