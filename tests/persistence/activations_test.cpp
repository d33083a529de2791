#include "persistence/activations.hpp"

#include <gtest/gtest.h>

#include "persistence/storable_text.hpp"
#include "tests/persistence/journal_entries.hpp"

namespace entrepot::test {
namespace {

TEST(Activations, admit_what_follows) {
  journal::Activations activations;
  EXPECT_TRUE(activations.admit(Writer::entry(family(0), 5, 6)));
  EXPECT_TRUE(activations.admit(Writer::entry(family(0), 7, 7)));
  EXPECT_FALSE(activations.admit(Writer::entry(family(0), 9, 9)));
  EXPECT_FALSE(activations.admit(Writer::entry(family(0), 8, 8))) << "one that did not follow closes the activation";
  EXPECT_TRUE(activations.admit(Writer::entry(family(0), 8, 8, 2)));
  EXPECT_FALSE(activations.admit(Writer::entry(family(0), 9, 9, 1)));
  EXPECT_TRUE(activations.admit(Writer::entry(family(0), 9, 9, 2)));
}

TEST(Activations, closing_one_leaves_the_next_open) {
  journal::Activations activations;
  activations.close(Writer::entry(family(0), 1, 1, 3));
  EXPECT_FALSE(activations.admit(Writer::entry(family(0), 1, 1, 2)));
  EXPECT_FALSE(activations.admit(Writer::entry(family(0), 1, 1, 3)));
  EXPECT_TRUE(activations.admit(Writer::entry(family(0), 1, 1, 4)));
}

TEST(Activations, forget_in_the_end) {
  journal::Recent<int, int> recent(10);
  for (int key = 0; key < 1000; ++key) {
    recent.put(key, key);
    EXPECT_LE(recent.size(), 20u);
    EXPECT_NE(recent.find(std::max(0, key - 3)), nullptr);
    EXPECT_NE(recent.find(0), nullptr) << "what is used is kept";
  }
  EXPECT_EQ(recent.find(500), nullptr);
}

TEST(StorableText, is_what_postgresql_takes) {
  for (const char* good : {"", "a", "Zoë", "🚚", "\x7f", "\xf4\x8f\xbf\xbf"})
    EXPECT_TRUE(journal::is_storable(good)) << good;
  for (const std::string& bad : {std::string("\0", 1), std::string("\x80"), std::string("\xc0\x80"), std::string("\xc3"), std::string("\xe0\x80\x80"), std::string("\xed\xa0\x80"),
                                 std::string("\xf4\x90\x80\x80"), std::string("\xf0\x80\x80\x80"), std::string("\xff"), std::string("a\xe2\x82")})
    EXPECT_FALSE(journal::is_storable(bad)) << bad;
}

} // namespace
} // namespace entrepot::test
