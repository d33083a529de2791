// What must be true of the journal in PostgreSQL when connections, clients and nodes fail at the worst moment.
#include <future>
#include <map>
#include <random>

#include <gtest/gtest.h>

#include "persistence/postgres_journal.hpp"
#include "tests/persistence/journal_entries.hpp"
#include "tests/support/relay.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/test_database.hpp"

namespace entrepot::test {
namespace {

using enum journal::Verdict;

class PostgresFaults : public ::testing::Test {
protected:
  std::unique_ptr<journal::Journal> open(const std::string& conninfo, const std::filesystem::path& folder, const std::string& name = "test") {
    return journal::open_postgres_journal({.conninfo = conninfo, .node_name = name, .state_folder = folder, .on_fenced = fenced_.next()});
  }
  std::int64_t events() { return std::stoll(database_.ask("select count(*) from event")); }
  /// Asks again and again until the answer is `expected`; false after half a minute.
  bool becomes(const std::string& query, const std::string& expected) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{30};
    auto connection = database_.connect();
    while (std::chrono::steady_clock::now() < deadline)
      if (connection.run("select (" + query + ")::text").bytes(0, 0) == expected)
        return true;
    return false;
  }

  TestDatabase database_;
  TemporaryFolder folder_, other_folder_;
  struct Fenced {
    std::function<void(const std::string&)> next() {
      return [tell = answers.next()](const std::string& reason) { tell(reason); };
    }
    Answers<std::string> answers;
  } fenced_;
};

TEST_F(PostgresFaults, a_late_request_of_a_broken_connection_writes_nothing) {
  Relay relay(database_.conninfo());
  const auto journal = open(relay.conninfo(), folder_.path());
  Writer writer(*journal);
  writer.append("first", family(0), 1, 1);
  writer.outcomes(1);
  relay.next_append(Mishap::request_held);
  writer.append("held", family(0), 2, 2);
  EXPECT_EQ(writer.outcomes(2).back(), (Outcome{"held", committed})) << "a broken connection is not seen by those who wait";
  EXPECT_EQ(events(), 2);
  ASSERT_TRUE(relay.deliver_held()); // now the old backend executes the old statement
  EXPECT_EQ(events(), 2);
  writer.append("after", family(0), 3, 3);
  EXPECT_EQ(writer.outcomes(3).back(), (Outcome{"after", committed}));
  EXPECT_TRUE(journal->may_answer());
  EXPECT_EQ(fenced_.answers.size(), 0u);
}

TEST_F(PostgresFaults, a_late_request_between_the_question_and_the_repetition_writes_nothing) {
  // The worst moment: the lane has asked, heard "not stored", and sends again; now the old backend executes the old statement first.
  Relay relay(database_.conninfo());
  const auto journal = open(relay.conninfo(), folder_.path());
  Writer writer(*journal);
  writer.append("first", family(0), 1, 1);
  writer.outcomes(1);
  relay.on_append([n = 0]() mutable { return ++n == 1 ? Mishap::request_held : n == 2 ? Mishap::behind_held : Mishap::none; });
  writer.append("twice sent", family(0), 2, 2);
  EXPECT_EQ(writer.outcomes(2).back(), (Outcome{"twice sent", committed}));
  writer.append("after", family(0), 3, 3);
  EXPECT_EQ(writer.outcomes(3).back(), (Outcome{"after", committed}));
  EXPECT_EQ(events(), 3);
  EXPECT_EQ(fenced_.answers.size(), 0u);
}

TEST_F(PostgresFaults, a_late_wake_up_does_not_undo_a_later_one) {
  Relay relay(database_.conninfo());
  const auto journal = open(relay.conninfo(), folder_.path());
  const auto woken = [](Timestamp due) {
    journal::Entry entry;
    entry.actor = family(0);
    entry.wake_up = journal::WakeUp{family(0), due};
    return entry;
  };
  Writer writer(*journal);
  relay.next_append(Mishap::request_held);
  writer.append("early", woken(nine_o_clock));
  writer.append("late", woken(nine_o_clock + std::chrono::hours{1}));
  ASSERT_EQ(writer.outcomes(2).size(), 2u);
  ASSERT_TRUE(relay.deliver_held());
  EXPECT_EQ(database_.ask("select extract(epoch from due)::bigint from wakeup"), std::to_string(nine_o_clock.time_since_epoch() / std::chrono::seconds{1} + 3600));
}

TEST_F(PostgresFaults, what_was_stored_without_an_answer_is_found) {
  Relay relay(database_.conninfo());
  const auto journal = open(relay.conninfo(), folder_.path());
  Writer writer(*journal);
  relay.next_append(Mishap::answer_lost);
  writer.append("answer lost", family(0), 1, 2);
  EXPECT_EQ(writer.outcomes(1), (std::vector<Outcome>{{"answer lost", committed}}));
  EXPECT_EQ(events(), 2);
  EXPECT_EQ(history(*journal, family(0))->size(), 2u);
}

TEST_F(PostgresFaults, a_wake_up_alone_survives_a_lost_answer) {
  Relay relay(database_.conninfo());
  const auto journal = open(relay.conninfo(), folder_.path());
  Writer writer(*journal);
  relay.next_append(Mishap::answer_lost);
  journal::Entry entry;
  entry.actor = family(0);
  entry.wake_up = journal::WakeUp{family(0), nine_o_clock};
  writer.append("woken", entry);
  EXPECT_EQ(writer.outcomes(1), (std::vector<Outcome>{{"woken", committed}}));
  EXPECT_EQ(database_.ask("select count(*) from wakeup"), "1");
}

TEST_F(PostgresFaults, a_history_waits_for_what_is_under_way) {
  const auto journal = open(database_.conninfo(), folder_.path());
  auto blocker = database_.connect();
  blocker.script("begin; select from lane where lane = 0 for update");
  Writer writer(*journal);
  writer.append("under way", family(0), 1, 1);
  Answers<std::optional<journal::History>> behind;
  journal->load({family(0), family(0)}, behind.next());
  EXPECT_TRUE(history(*journal, family(64))->empty()) << "another lane's histories come meanwhile";
  EXPECT_EQ(behind.size(), 0u);
  blocker.script("commit");
  ASSERT_EQ(behind.wait(1).size(), 1u);
  EXPECT_EQ(behind.wait(1).front()->records.size(), 1u);
}

TEST_F(PostgresFaults, a_snapshot_cut_short_leaves_the_one_before_it) {
  const auto journal = open(database_.conninfo(), folder_.path());
  const auto dc = named_stream(Kind::location, "dc-1");
  const std::vector first{page(0, 3, "cover"), page(1, 3, "one"), page(2, 3, "two"), page(3, 3, "three")};
  const std::vector second{page(0, 9, "next cover"), page(1, 9, "one"), page(2, 9, "two"), page(3, 9, "three")};
  ASSERT_TRUE(save(*journal, {.stream = dc, .base = {}, .pages = first, .gone = {}, .done = {}}));
  auto blocker = database_.connect();
  blocker.script("begin; select from snapshot where page = 2 for update"); // the statement gets so far and no further
  Answers<bool> stored;
  journal->save({.stream = dc, .base = "cover", .pages = second, .gone = {}, .done = stored.next()});
  ASSERT_TRUE(becomes("select count(*) from pg_stat_activity where application_name = 'entrepot snapshots' and wait_event_type = 'Lock'", "1"));
  Writer writer(*journal);
  writer.append("meanwhile", dc, 1, 1);
  EXPECT_EQ(writer.outcomes(1).size(), 1u) << "no append waits for a snapshot";
  database_.ask("select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name = 'entrepot snapshots'");
  EXPECT_EQ(stored.wait(1), std::vector<bool>{false});
  blocker.script("commit");
  EXPECT_EQ(portion(*journal, dc, {.from_snapshot = true})->snapshot->pages, first);
  ASSERT_TRUE(save(*journal, {.stream = dc, .base = "cover", .pages = second, .gone = {}, .done = {}})) << "the writer comes back by itself";
  EXPECT_EQ(portion(*journal, dc, {.from_snapshot = true})->snapshot->pages, second);
}

TEST_F(PostgresFaults, a_snapshot_written_late_by_a_node_of_before_does_not_mix_with_a_newer_one) {
  const auto journal = open(database_.conninfo(), folder_.path());
  const auto dc = named_stream(Kind::location, "dc-1");
  ASSERT_TRUE(save(*journal, {.stream = dc, .base = {}, .pages = {page(0, 3, "cover"), page(1, 3, "one")}, .gone = {}, .done = {}}));
  auto blocker = database_.connect(); // plays the newer node: its change is under way when the late one comes
  blocker.script("begin; update snapshot set seq = 9, data = 'newer'; insert into snapshot select shard, 1, 9, stream, 2, 'Stock', 'newer' from snapshot where page = 0");
  Answers<bool> late;
  journal->save({.stream = dc, .base = "cover", .pages = {page(0, 4, "late"), page(2, 4, "late")}, .gone = {1}, .done = late.next()});
  ASSERT_TRUE(becomes("select count(*) from pg_stat_activity where application_name = 'entrepot snapshots' and wait_event_type = 'Lock'", "1"));
  blocker.script("commit");
  EXPECT_EQ(late.wait(1), std::vector<bool>{false});
  EXPECT_EQ(portion(*journal, dc, {.from_snapshot = true})->snapshot->pages, (std::vector{page(0, 9, "newer"), page(1, 9, "newer"), page(2, 9, "newer")}));
}

/// Each stream's events in the database must be 1 to n, where n is what its writer was told.
void expect_what_was_told(TestDatabase& database, const std::map<StreamId, int>& told) {
  auto connection = database.connect();
  std::map<StreamId, int> stored;
  const auto rows = connection.run("select stream, count(*)::int, max(seq) from event group by stream");
  for (int row = 0; row < rows.count(); ++row) {
    EXPECT_EQ(rows.int32(row, 1), rows.int32(row, 2)) << "a hole in a stream";
    stored[{rows.int64(row, 0)}] = rows.int32(row, 1);
  }
  EXPECT_EQ(stored, told);
  EXPECT_EQ(database.ask("select count(*) from (select shard from event group by shard having count(*) <> max(pos)) as holes"), "0");
}

TEST_F(PostgresFaults, no_outcome_is_told_wrong_however_connections_break) {
  Relay relay(database_.conninfo());
  const auto journal = open(relay.conninfo(), folder_.path());
  std::mt19937 random(20261123);
  relay.on_append([random]() mutable {
    constexpr Mishap mishaps[] = {Mishap::request_lost, Mishap::request_held, Mishap::answer_lost, Mishap::cut, Mishap::cut};
    return random() % 3 == 0 ? mishaps[random() % std::size(mishaps)] : Mishap::none;
  });
  Writer writer(*journal);
  std::map<StreamId, int> told;
  std::size_t appended = 0;
  for (int round = 1; round <= 100; ++round) {
    for (int n = 0; n < 6; ++n) {
      const auto stream = family(n * 64, 0); // three in each lane
      writer.append("event", stream, round, round);
      told[stream] = round;
      ++appended;
    }
    if (round % 2 == 0) { // batches of several sizes; old requests arrive while new ones are under way
      const auto outcomes = writer.outcomes(appended);
      ASSERT_EQ(outcomes.size(), appended);
      ASSERT_TRUE(std::all_of(outcomes.begin(), outcomes.end(), [](const auto& one) { return one.verdict == committed; }));
      ASSERT_TRUE(relay.deliver_held());
    }
  }
  EXPECT_TRUE(relay.deliver_held());
  expect_what_was_told(database_, told);
  EXPECT_TRUE(relay.wait_for_mishaps(30)) << "a test of mishaps needs some";
}

TEST_F(PostgresFaults, terminated_backends_are_not_seen_by_those_who_wait) {
  const auto journal = open(database_.conninfo(), folder_.path());
  Writer writer(*journal);
  std::map<StreamId, int> told;
  std::size_t appended = 0;
  for (int round = 1; round <= 200; ++round) {
    for (int n = 0; n < 20; ++n, ++appended)
      writer.append("event", family(n * 64, 0), round, round), told[family(n * 64, 0)] = round;
    if (round % 10 == 0)
      database_.ask("select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name like 'entrepot lane%' and datname = current_database()");
  }
  const auto outcomes = writer.outcomes(appended);
  ASSERT_EQ(outcomes.size(), appended);
  EXPECT_TRUE(std::all_of(outcomes.begin(), outcomes.end(), [](const auto& one) { return one.verdict == committed; }));
  expect_what_was_told(database_, told);
}

TEST_F(PostgresFaults, a_woken_predecessor_writes_nothing) {
  const auto old = open(database_.conninfo(), folder_.path());
  Writer before(*old);
  before.append("in time", family(0), 1, 1);
  before.outcomes(1);
  const auto young = open(database_.conninfo(), other_folder_.path());
  before.append("too late", family(0), 2, 2);
  EXPECT_EQ(before.outcomes(2).back(), (Outcome{"too late", unavailable}));
  EXPECT_EQ(fenced_.answers.wait(1).size(), 1u);
  EXPECT_FALSE(old->may_answer());
  EXPECT_EQ(events(), 1);
  Writer after(*young);
  after.append("next", family(0), 2, 2);
  EXPECT_EQ(after.outcomes(1), (std::vector<Outcome>{{"next", committed}}));
  before.append("much too late", family(0), 3, 3, 2);
  EXPECT_EQ(before.outcomes(3).back(), (Outcome{"much too late", unavailable}));
  EXPECT_EQ(events(), 2);
  EXPECT_TRUE(young->may_answer());
}

TEST_F(PostgresFaults, an_idle_predecessor_hears_of_its_end_from_its_heartbeat) {
  const auto old = open(database_.conninfo(), folder_.path());
  const auto young = open(database_.conninfo(), other_folder_.path());
  EXPECT_EQ(fenced_.answers.wait(1).size(), 1u);
  EXPECT_FALSE(old->may_answer());
}

TEST_F(PostgresFaults, a_frozen_predecessor_does_not_block_its_successor) {
  Relay relay(database_.conninfo());
  const auto old = open(relay.conninfo(), folder_.path());
  Writer before(*old);
  before.append("in time", family(0), 1, 1);
  before.outcomes(1);
  relay.next_append(Mishap::torn); // the backend has executed it, holds its lock, and waits for the rest of the message
  before.append("torn", family(0), 2, 2);
  ASSERT_TRUE(relay.wait_for_mishaps(1));
  ASSERT_TRUE(becomes("select count(*) from pg_locks where relation = 'lane'::regclass and mode = 'RowShareLock' and granted", "1"));
  const auto young = open(database_.conninfo(), other_folder_.path());
  for (const auto& head : young->claimed())
    EXPECT_EQ(head.pos, head.shard == 0 ? 1 : 0);
  relay.thaw(); // too late: whatever it still sends must do nothing
  EXPECT_EQ(before.outcomes(2).back(), (Outcome{"torn", unavailable}));
  EXPECT_EQ(events(), 1);
}

TEST_F(PostgresFaults, heads_are_read_after_what_was_in_flight) {
  const auto old = open(database_.conninfo(), folder_.path());
  Writer before(*old);
  before.append("in time", family(0), 1, 1);
  before.outcomes(1);
  // An append in flight: it holds the lane's row until its commit.
  auto flight = database_.connect();
  flight.script("begin; select from lane where lane = 0 for share; insert into event (shard, version, seq, pos, stream, at, command, type, data) "
                "select shard, version, 2, 2, stream, at, command, type, data from event");
  auto opening = std::async(std::launch::async, [&] { return open(database_.conninfo(), other_folder_.path()); });
  ASSERT_TRUE(becomes("select count(*) > 0 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'", "true"));
  flight.script("commit");
  const auto young = opening.get();
  EXPECT_EQ(young->claimed().front().pos, 2);
}

TEST_F(PostgresFaults, a_fenced_lane_stores_nothing_at_all) {
  const auto journal = open(database_.conninfo(), folder_.path());
  database_.execute("update lane set fenced = true");
  auto entry = Writer::entry(family(0), 1, 1);
  entry.wake_up = journal::WakeUp{family(0), nine_o_clock};
  entry.submission = journal::Submission{digest(1), digest(2), family(0), true};
  entry.person_keys.push_back({family(0), {1}});
  Writer writer(*journal);
  writer.append("fenced", entry);
  writer.append("other lane", family(64), 1, 1);
  for (const auto& outcome : writer.outcomes(2))
    EXPECT_EQ(outcome.verdict, unavailable);
  EXPECT_EQ(database_.ask("(select count(*) from event) + (select count(*) from wakeup) + (select count(*) from submission) + (select count(*) from person_key)"), "0");
  EXPECT_EQ(fenced_.answers.wait(1).size(), 1u);
}

TEST_F(PostgresFaults, stops_when_another_writes_to_its_shard) {
  const auto journal = open(database_.conninfo(), folder_.path());
  Writer writer(*journal);
  writer.append("first", family(0), 1, 1);
  writer.outcomes(1);
  database_.execute("insert into event (shard, version, seq, pos, stream, at, command, type, data) "
                    "select shard, version, 1, 2, stream + 256, at, command, type, data from event");
  writer.append("second", family(0), 2, 2);
  EXPECT_EQ(writer.outcomes(2).back(), (Outcome{"second", unavailable}));
  EXPECT_EQ(fenced_.answers.wait(1).size(), 1u);
  EXPECT_EQ(events(), 2);
}

TEST_F(PostgresFaults, an_old_snapshot_does_not_swell_the_lanes) {
  const auto journal = open(database_.conninfo(), folder_.path());
  auto reader = database_.connect();
  reader.script("begin isolation level repeatable read; select count(*) from event");
  const auto pages = database_.ask("select pg_relation_size('lane')");
  Writer writer(*journal);
  for (int n = 1; n <= 1000; ++n) {
    writer.append("event", family(0), n, n);
    ASSERT_EQ(writer.outcomes(static_cast<std::size_t>(n)).size(), static_cast<std::size_t>(n));
  }
  EXPECT_EQ(database_.ask("select pg_relation_size('lane')"), pages);
  EXPECT_EQ(database_.ask("select max(ctid)::text from lane where epoch = 1"), database_.ask("select max(ctid)::text from lane"));
  reader.script("commit");
}

TEST_F(PostgresFaults, reads_through_indexes_though_its_plans_were_made_on_empty_tables) {
  // Building the tables' indexes counted as scans; only those after count.
  const std::string scans = "select coalesce(sum(seq_scan), 0) from pg_stat_user_tables where relname in ('event', 'wakeup', 'submission', 'lane', 'person_key')";
  const std::string sessions = "select count(*) from pg_stat_activity where datname = current_database() and application_name like 'entrepot %' and application_name <> 'entrepot test'";
  ASSERT_TRUE(becomes(sessions, "0")); // a session's counts are all there when it has ended
  const auto before = database_.ask(scans);
  {
    const auto journal = open(database_.conninfo(), folder_.path());
    Writer writer(*journal);
    for (int n = 0; n < 50; ++n) {
      auto entry = Writer::entry(family(n), 1, 2);
      entry.wake_up = journal::WakeUp{family(n), n % 2 ? std::optional(nine_o_clock) : std::nullopt};
      entry.submission = journal::Submission{digest(static_cast<std::uint8_t>(n)), digest(2), family(n), true};
      writer.append("event", entry);
      history(*journal, family(n));
      creation(*journal, shard_of(family(n)), digest(static_cast<std::uint8_t>(n)));
      journal->read(0, 0, 10);
    }
    ASSERT_EQ(writer.outcomes(50).size(), 50u);
    journal->close();
  }
  ASSERT_TRUE(becomes("select n_tup_ins from pg_stat_user_tables where relname = 'event'", "100"));
  ASSERT_TRUE(becomes(sessions, "0"));
  EXPECT_EQ(database_.ask(scans), before);
}

TEST_F(PostgresFaults, one_process_a_state_folder) {
  const auto journal = open(database_.conninfo(), folder_.path());
  EXPECT_THROW(open(database_.conninfo(), folder_.path()), journal::NodeRunning);
  EXPECT_TRUE(journal->may_answer());
}

TEST_F(PostgresFaults, shards_of_a_live_node_are_not_taken_those_of_a_dead_one_are) {
  auto first = open(database_.conninfo(), folder_.path(), "first");
  auto second = open(database_.conninfo(), other_folder_.path(), "second");
  EXPECT_TRUE(second->claimed().empty());
  Writer writer(*second);
  writer.append("not mine", family(0), 1, 1);
  EXPECT_EQ(writer.outcomes(1), (std::vector<Outcome>{{"not mine", unavailable}}));
  first->close(); // leaves
  second.reset();
  second = open(database_.conninfo(), other_folder_.path(), "second");
  EXPECT_EQ(second->claimed().size(), static_cast<std::size_t>(shard_count));
}

TEST_F(PostgresFaults, answers_from_memory_only_as_long_as_its_lease_lasts) {
  auto ahead = std::make_shared<std::atomic<std::int64_t>>(0);
  const auto journal = journal::open_postgres_journal({.conninfo = database_.conninfo(), .node_name = "test", .state_folder = folder_.path(), .monotonic = [ahead] {
                                                         return std::chrono::steady_clock::now().time_since_epoch() + std::chrono::seconds{*ahead};
                                                       }});
  EXPECT_TRUE(journal->may_answer());
  *ahead = 4; // as if the process had slept; its heartbeat will tell it soon
  EXPECT_FALSE(journal->may_answer());
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{10};
  while (!journal->may_answer() && std::chrono::steady_clock::now() < deadline)
    std::this_thread::yield();
  EXPECT_TRUE(journal->may_answer());
}

TEST_F(PostgresFaults, a_read_without_a_lease_is_proved_by_the_lane) {
  auto ahead = std::make_shared<std::atomic<std::int64_t>>(0);
  const auto journal = journal::open_postgres_journal({.conninfo = database_.conninfo(), .node_name = "test", .state_folder = folder_.path(), .monotonic = [ahead] {
                                                         return std::chrono::steady_clock::now().time_since_epoch() + std::chrono::hours{*ahead += 1};
                                                       }});
  journal::Entry read;
  read.actor = family(0);
  Writer writer(*journal);
  writer.append("read", read);
  EXPECT_EQ(writer.outcomes(1).back(), (Outcome{"read", committed}));
  database_.execute("update lane set fenced = true");
  writer.append("read after the fence", read);
  EXPECT_EQ(writer.outcomes(2).back(), (Outcome{"read after the fence", unavailable}));
}

} // namespace
} // namespace entrepot::test
