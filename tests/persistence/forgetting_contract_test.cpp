// What every journal promises about old creations, in memory and in PostgreSQL alike.
#include "persistence/forgetting.hpp"
#include "tests/persistence/journal_contract.hpp"

namespace entrepot::test {
namespace {

using enum journal::Verdict;

class ForgettingContract : public JournalContract {};

/// A creation stored at `at`; its external number is remembered for ever.
journal::Entry created(StreamId order, std::uint8_t pair, Timestamp at, bool for_ever) {
  auto entry = Writer::entry(order, 1, 1);
  entry.records.front().at = at;
  entry.submission = journal::Submission{digest(pair), digest(200), order, for_ever};
  return entry;
}

TEST_P(ForgettingContract, a_creation_without_external_number_is_forgotten_after_thirty_days) {
  auto now = nine_o_clock;
  journal::Forgetting forgetting({.now = [&] { return now; }}, journal());
  Writer writer(journal());
  writer.append("old", created(family(9), 1, now, false));
  writer.append("old, for ever", created(family(9, 1), 2, now, true));
  writer.append("young", created(family(9, 2), 3, now + std::chrono::hours{1}, false));
  writer.append("of another shard", created(family(4000), 4, now, false));
  writer.outcomes(4);
  const auto is_known = [&](StreamId order, std::uint8_t pair) { return creation(journal(), shard_of(order), digest(pair))->has_value(); };
  now += journal::submission_memory;
  EXPECT_EQ(forgetting.go_round(), 0u) << "thirty days are not over before they are over";
  now += std::chrono::milliseconds{1};
  EXPECT_EQ(forgetting.go_round(), 2u);
  EXPECT_EQ(forgetting.forgotten(), 2u);
  EXPECT_FALSE(is_known(family(9), 1) || is_known(family(4000), 4));
  EXPECT_TRUE(is_known(family(9, 1), 2) && is_known(family(9, 2), 3));
  EXPECT_EQ(history(journal(), family(9))->size(), 1u) << "the order stays";
  writer.append("again", created(family(9, 3), 1, now, false));
  EXPECT_EQ(writer.outcomes(5).back(), (Outcome{"again", committed})) << "the key makes a new order";
  now += journal::submission_memory * 12;
  EXPECT_EQ(forgetting.go_round(), 2u);
  EXPECT_TRUE(is_known(family(9, 1), 2)) << "an external number is never forgotten";
}

TEST_P(ForgettingContract, creations_are_forgotten_a_page_at_a_time_and_none_is_left_out) {
  Writer writer(journal());
  for (std::uint8_t n = 1; n <= 25; ++n)
    writer.append("creation", created(family(9, n), n, nine_o_clock, n % 5 == 0));
  writer.outcomes(25);
  const auto shard = shard_of(family(9));
  const auto late = nine_o_clock + std::chrono::hours{1};
  const auto first = journal().forget_submissions(shard, late, {}, 10);
  EXPECT_EQ(first.looked_at, 10u);
  EXPECT_EQ(first.forgotten, 8u);
  ASSERT_TRUE(first.last);
  EXPECT_EQ(*first.last, digest(10));
  const auto now = late + journal::submission_memory;
  EXPECT_EQ(journal::Forgetting({.now = [&] { return now; }, .at_once = 4, .pause = {}}, journal()).go_round(), 12u);
  for (std::uint8_t n = 1; n <= 25; ++n)
    EXPECT_EQ(creation(journal(), shard, digest(n))->has_value(), n % 5 == 0) << int{n};
}

INSTANTIATE_TEST_SUITE_P(Journals, ForgettingContract, testing::Values("memory", "postgres"), [](const auto& about) { return about.param; });

} // namespace
} // namespace entrepot::test
