// What must be true when PostgreSQL itself crashes, freezes or stays away.
#include <atomic>
#include <map>
#include <thread>

#include <gtest/gtest.h>

#include "persistence/postgres_journal.hpp"
#include "tests/persistence/journal_entries.hpp"
#include "tests/support/private_cluster.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/test_database.hpp"

namespace entrepot::test {
namespace {

using enum journal::Verdict;

class PostgresRestart : public ::testing::Test {
protected:
  std::unique_ptr<journal::Journal> open() {
    return journal::open_postgres_journal(
        {.conninfo = database_.conninfo(), .node_name = "test", .state_folder = folder_.path(), .close_patience = std::chrono::seconds{1}, .on_fenced = [this](const std::string&) { ++fenced_; }});
  }

  PrivateCluster cluster_;
  TestDatabase database_{Made::migrated, cluster_.conninfo()};
  TemporaryFolder folder_;
  std::atomic<int> fenced_{0};
};

TEST_F(PostgresRestart, a_crash_of_the_database_is_seen_as_nothing_but_time) {
  const auto journal = open();
  Writer writer(*journal);
  std::atomic<bool> enough{false};
  std::map<StreamId, int> told;
  std::size_t appended = 0;
  std::thread load([&] { // as many in flight as the answers allow
    for (int round = 1; !enough; ++round) {
      for (int n = 0; n < 20; ++n, ++appended)
        writer.append("event", family(n * 64), round, round), told[family(n * 64)] = round;
      writer.outcomes(appended > 200 ? appended - 200 : 0);
    }
  });
  for (int crash = 1; crash <= 3; ++crash) {
    EXPECT_FALSE(writer.outcomes(writer.answered() + 500).empty()); // it runs
    cluster_.stop("immediate");
    cluster_.start();
  }
  writer.outcomes(writer.answered() + 500);
  enough = true;
  load.join();
  const auto outcomes = writer.outcomes(appended);
  ASSERT_EQ(outcomes.size(), appended);
  EXPECT_TRUE(std::all_of(outcomes.begin(), outcomes.end(), [](const auto& one) { return one.verdict == committed; }));
  EXPECT_EQ(fenced_, 0);
  auto connection = database_.connect();
  const auto rows = connection.run("select stream, count(*)::int, max(seq) from event group by stream");
  std::map<StreamId, int> stored;
  for (int row = 0; row < rows.count(); ++row) {
    EXPECT_EQ(rows.int32(row, 1), rows.int32(row, 2));
    stored[{rows.int64(row, 0)}] = rows.int32(row, 1);
  }
  EXPECT_EQ(stored, told);
}

/// Waits until the journal says so, or gives up.
bool comes_to_be(const journal::Journal& journal, bool reachable) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{20};
  while (journal.is_reachable() != reachable && std::chrono::steady_clock::now() < deadline)
    std::this_thread::yield();
  return journal.is_reachable() == reachable;
}

TEST_F(PostgresRestart, a_dead_database_is_known_to_be_so_while_the_lease_still_lasts) {
  const auto journal = journal::open_postgres_journal({.conninfo = database_.conninfo(), .node_name = "test", .state_folder = folder_.path(),
                                                       .monotonic = [] { return std::chrono::hours{1}; }}); // the lease never ends
  EXPECT_TRUE(journal->is_reachable());
  cluster_.stop("immediate");
  EXPECT_TRUE(comes_to_be(*journal, false));
  EXPECT_TRUE(journal->may_answer());
  cluster_.start();
  EXPECT_TRUE(comes_to_be(*journal, true));
}

TEST_F(PostgresRestart, a_database_that_falls_silent_is_not_reachable_until_it_speaks_again) {
  const auto journal = open();
  cluster_.signal("STOP");
  EXPECT_TRUE(comes_to_be(*journal, false));
  cluster_.signal("CONT");
  EXPECT_TRUE(comes_to_be(*journal, true));
}

TEST_F(PostgresRestart, an_unreachable_database_is_told_to_readers_after_a_while) {
  const auto journal = open();
  Writer writer(*journal);
  writer.append("event", family(0), 1, 1);
  writer.outcomes(1);
  cluster_.stop("immediate");
  const auto since = std::chrono::steady_clock::now();
  writer.append("waits", family(0), 2, 2);
  Answers<std::optional<journal::History>> behind_the_entry, other;
  Answers<std::optional<std::optional<journal::Submission>>> found;
  journal->load({family(0), family(0)}, behind_the_entry.next());
  journal->load({family(64), family(64)}, other.next());
  journal->find(0, digest(1), found.next());
  EXPECT_THROW(journal->read(0, 0, 10), journal::Unavailable);
  ASSERT_EQ(behind_the_entry.wait(1).size(), 1u);
  ASSERT_EQ(other.wait(1).size(), 1u);
  ASSERT_EQ(found.wait(1).size(), 1u);
  EXPECT_FALSE(behind_the_entry.wait(1).front());
  EXPECT_FALSE(other.wait(1).front());
  EXPECT_FALSE(found.wait(1).front());
  EXPECT_LT(std::chrono::steady_clock::now() - since, std::chrono::seconds{15});
  EXPECT_FALSE(journal->may_answer());
  EXPECT_EQ(writer.answered(), 1u) << "what became of the entry is not known, so nothing is told";
  cluster_.start();
  EXPECT_EQ(writer.outcomes(2).back(), (Outcome{"waits", committed}));
  EXPECT_EQ(history(*journal, family(0))->size(), 2u);
  EXPECT_EQ(journal->read(0, 0, 10).size(), 2u);
  EXPECT_EQ(fenced_, 0);
}

TEST_F(PostgresRestart, closing_does_not_wait_for_ever_for_a_database_that_is_gone) {
  auto journal = open();
  Writer writer(*journal);
  writer.append("event", family(0), 1, 1);
  writer.outcomes(1);
  cluster_.signal("STOP"); // frozen: connections stay, nothing answers
  writer.append("under way", family(0), 2, 2);
  const auto since = std::chrono::steady_clock::now();
  journal->close();
  EXPECT_LT(std::chrono::steady_clock::now() - since, std::chrono::seconds{15});
  EXPECT_EQ(writer.answered(), 1u) << "nobody knows what became of it, so nobody is told";
  cluster_.signal("CONT");
  journal.reset();
}

} // namespace
} // namespace entrepot::test
