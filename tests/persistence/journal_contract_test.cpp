// What every journal promises, in memory and in PostgreSQL alike.
#include "tests/persistence/journal_contract.hpp"

namespace entrepot::test {
namespace {

using journal::Verdict;
using enum journal::Verdict;

const StreamId dc = named_stream(Kind::location, "dc-1");

TEST_P(JournalContract, gives_back_what_was_stored) {
  auto full = Writer::entry(family(1), 1, 1);
  full.records.front() = {.stream = family(1), .seq = 1, .pos = 0, .type = "OrderSubmitted", .version = 3, .at = nine_o_clock + std::chrono::milliseconds{7},
                          .command = {0x01fedcba98765432, 0x8000000000000001}, .causation = "123/4", .metadata = R"({"by":"key:web"})",
                          .data = R"({"name":"Zoë","emoji":"🚚"})", .event = {}};
  const auto expected = full.records.front();
  Writer writer(journal());
  writer.append("one", full);
  EXPECT_EQ(writer.outcomes(1), (std::vector<Outcome>{{"one", committed}}));
  const auto records = history(journal(), family(1));
  ASSERT_TRUE(records && records->size() == 1);
  const auto& stored = records->front();
  EXPECT_EQ(stored.stream, expected.stream);
  EXPECT_EQ(stored.seq, 1);
  EXPECT_EQ(stored.pos, 1);
  EXPECT_EQ(stored.type, expected.type);
  EXPECT_EQ(stored.version, 3);
  EXPECT_EQ(stored.at, expected.at);
  EXPECT_EQ(stored.command, expected.command);
  EXPECT_EQ(stored.causation, "123/4");
  EXPECT_EQ(stored.metadata, expected.metadata);
  EXPECT_EQ(stored.data, expected.data);
}

TEST_P(JournalContract, loads_a_whole_family_in_order_of_stream_and_number) {
  const auto order = family(5), payment = member(order, child::payment);
  Writer writer(journal());
  auto entry = Writer::entry(order, 1, 1);
  entry.records.push_back(record(payment, 1));
  entry.records.push_back(record(order, 2));
  writer.append("both", entry);
  writer.append("neighbour", family(5, 1), 1, 1);
  writer.outcomes(2);
  const auto records = history(journal(), order);
  ASSERT_TRUE(records);
  EXPECT_EQ(numbers(*records), (std::vector<std::pair<StreamId, int>>{{order, 1}, {order, 2}, {payment, 1}}));
}

TEST_P(JournalContract, gives_dense_positions_in_the_order_of_the_appends) {
  Writer writer(journal());
  for (int n = 0; n < 300; ++n)
    writer.append(std::to_string(n), family(7, n), 1, 2);
  ASSERT_EQ(writer.outcomes(300).size(), 300u);
  const auto records = journal().read(shard_of(family(7)), 0, 1000);
  ASSERT_EQ(records.size(), 600u);
  for (std::size_t at = 0; at < records.size(); ++at) {
    EXPECT_EQ(records[at].pos, static_cast<std::int64_t>(at) + 1);
    EXPECT_EQ(records[at].stream, family(7, static_cast<int>(at / 2)));
  }
}

TEST_P(JournalContract, reads_a_shard_in_pages_behind_a_position) {
  Writer writer(journal());
  writer.append("ten", family(7), 1, 10);
  writer.outcomes(1);
  const auto page = journal().read(shard_of(family(7)), 4, 3);
  ASSERT_EQ(page.size(), 3u);
  EXPECT_EQ(page.front().pos, 5);
  EXPECT_EQ(page.back().pos, 7);
  EXPECT_TRUE(journal().read(shard_of(family(7)), 10, 3).empty());
  EXPECT_TRUE(journal().read(shard_of(family(4000)), 0, 3).empty());
}

TEST_P(JournalContract, answers_the_entries_of_a_shard_in_order) {
  Writer writer(journal());
  std::vector<Outcome> expected;
  for (int n = 0; n < 500; ++n) {
    writer.append(std::to_string(n), family(3, n % 50), n / 50 + 1, n / 50 + 1);
    expected.push_back({std::to_string(n), committed});
  }
  EXPECT_EQ(writer.outcomes(500), expected);
}

TEST_P(JournalContract, an_entry_without_events_waits_for_those_before_it) {
  Writer writer(journal());
  writer.append("event", family(3), 1, 1);
  journal::Entry read;
  read.actor = family(3);
  read.activation = 1;
  writer.append("read", std::move(read));
  EXPECT_EQ(writer.outcomes(2), (std::vector<Outcome>{{"event", committed}, {"read", committed}}));
}

TEST_P(JournalContract, an_entry_without_events_is_answered_on_an_idle_journal) {
  Writer writer(journal());
  journal::Entry read;
  read.actor = family(3);
  writer.append("read", std::move(read));
  EXPECT_EQ(writer.outcomes(1), (std::vector<Outcome>{{"read", committed}}));
}

TEST_P(JournalContract, tells_the_listener_of_committed_events_before_their_entries_are_answered) {
  std::mutex mutex;
  std::vector<std::string> told;
  const auto tell = [&](std::string what) {
    std::lock_guard lock(mutex);
    told.push_back(std::move(what));
  };
  journal().on_commit([&](int shard, std::span<const journal::Record> records) {
    for (const auto& one : records)
      tell(std::to_string(shard) + "/" + std::to_string(one.pos));
  });
  Answers<Verdict> answers;
  auto entry = Writer::entry(family(64), 1, 2);
  entry.done = [&, next = answers.next()](Verdict verdict) {
    tell("answered");
    next(verdict);
  };
  journal().append(std::move(entry));
  answers.wait(1);
  std::lock_guard lock(mutex);
  EXPECT_EQ(told, (std::vector<std::string>{"1/1", "1/2", "answered"}));
}

TEST_P(JournalContract, keeps_the_last_wake_up_of_a_stream) {
  const auto woken = [](StreamId stream, std::optional<Timestamp> due) {
    journal::Entry entry;
    entry.actor = stream;
    entry.wake_up = journal::WakeUp{stream, due};
    return entry;
  };
  const auto soon = nine_o_clock + std::chrono::minutes{1}, later = nine_o_clock + std::chrono::hours{1};
  Writer writer(journal());
  writer.append("a", woken(family(0), soon));
  writer.append("a again", woken(family(0), later));
  writer.append("b", woken(family(0, 1), soon));
  writer.append("b never", woken(family(0, 1), {}));
  writer.append("c never", woken(family(0, 2), {}));
  writer.append("c", woken(family(0, 2), soon));
  writer.outcomes(6);
  reopen();
  auto wake_ups = head(0).wake_ups;
  std::sort(wake_ups.begin(), wake_ups.end(), [](const auto& a, const auto& b) { return a.stream < b.stream; });
  ASSERT_EQ(wake_ups.size(), 2u);
  EXPECT_EQ(wake_ups[0].stream, family(0));
  EXPECT_EQ(wake_ups[0].due, later);
  EXPECT_EQ(wake_ups[1].stream, family(0, 2));
  EXPECT_EQ(wake_ups[1].due, soon);
}

TEST_P(JournalContract, finds_a_creation_by_what_identifies_it) {
  auto entry = Writer::entry(family(9), 1, 1);
  entry.submission = journal::Submission{digest(1), digest(2), family(9), true};
  Writer writer(journal());
  writer.append("created", entry);
  writer.outcomes(1);
  const auto shard = shard_of(family(9));
  const auto found = creation(journal(), shard, digest(1));
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((*found)->family, family(9));
  EXPECT_EQ((*found)->body, digest(2));
  EXPECT_TRUE((*found)->for_ever);
  const auto nothing = creation(journal(), shard, digest(3));
  ASSERT_TRUE(nothing);
  EXPECT_FALSE(*nothing);
}

TEST_P(JournalContract, a_creation_is_stored_once) {
  auto first = Writer::entry(family(9), 1, 1), second = Writer::entry(family(9, 1), 1, 1), third = Writer::entry(family(9, 2), 1, 1);
  first.submission = journal::Submission{digest(1), digest(2), family(9), true};
  second.submission = journal::Submission{digest(1), digest(2), family(9, 1), true};
  Writer writer(journal());
  writer.append("first", first);
  writer.append("second", second);
  writer.append("third", third);
  EXPECT_EQ(writer.outcomes(3), (std::vector<Outcome>{{"first", committed}, {"second", dropped}, {"third", committed}}));
  EXPECT_TRUE(history(journal(), family(9, 1))->empty());
  EXPECT_EQ((*creation(journal(), shard_of(family(9)), digest(1)))->family, family(9));
}

TEST_P(JournalContract, a_persons_key_is_stored_once) {
  auto first = Writer::entry(family(9), 1, 1), second = Writer::entry(family(9, 1), 1, 1);
  first.person_keys.push_back({family(9), {1}});
  second.person_keys.push_back({family(9), {2}});
  Writer writer(journal());
  writer.append("first", first);
  writer.append("second", second);
  EXPECT_EQ(writer.outcomes(2), (std::vector<Outcome>{{"first", committed}, {"second", dropped}}));
}

TEST_P(JournalContract, stores_an_event_of_a_stream_once) {
  Writer writer(journal());
  writer.append("first", family(2), 1, 1, 1);
  writer.append("second writer", family(2), 1, 1, 2);
  writer.append("other", family(2, 1), 1, 1);
  EXPECT_EQ(writer.outcomes(3), (std::vector<Outcome>{{"first", committed}, {"second writer", dropped}, {"other", committed}}));
  EXPECT_EQ(history(journal(), family(2))->size(), 1u);
  const auto records = journal().read(shard_of(family(2)), 0, 10);
  EXPECT_EQ(numbers(records), (std::vector<std::pair<StreamId, int>>{{family(2), 1}, {family(2, 1), 1}}));
  EXPECT_EQ(records.back().pos, 2) << "what was dropped leaves no hole";
}

TEST_P(JournalContract, drops_what_was_decided_on_something_that_failed) {
  Writer writer(journal());
  writer.append("taken", family(2), 1, 1, 1);
  writer.append("fails", family(2), 1, 1, 2);        // a second writer
  writer.append("rests on it", family(2), 2, 2, 2);  // would fit behind what is stored
  writer.append("other", family(2, 1), 1, 1);
  writer.append("new activation", family(2), 2, 2, 3);
  EXPECT_EQ(writer.outcomes(5), (std::vector<Outcome>{{"taken", committed}, {"fails", dropped}, {"rests on it", dropped}, {"other", committed}, {"new activation", committed}}));
}

TEST_P(JournalContract, drops_an_event_that_does_not_follow_the_last_one) {
  Writer writer(journal());
  writer.append("first", family(2), 1, 1);
  writer.append("skips one", family(2), 3, 3);
  writer.append("would fit", family(2), 2, 2);
  writer.append("next activation", family(2), 2, 2, 2);
  writer.append("an old one", family(2), 3, 3, 1);
  EXPECT_EQ(writer.outcomes(5), (std::vector<Outcome>{{"first", committed}, {"skips one", dropped}, {"would fit", dropped}, {"next activation", committed}, {"an old one", dropped}}));
}

TEST_P(JournalContract, survives_text_that_cannot_be_stored) {
  const std::string poisons[] = {std::string("{\"a\":\"\0\"}", 9), "{\"a\":\"\xff\"}", "{\"a\":\"\xed\xa0\x80\"}", "{\"a\":\"\xc3\"}"};
  Writer writer(journal());
  std::vector<Outcome> expected;
  int slice = 0;
  for (const auto& poison : poisons) {
    for (int n = 0; n < 5; ++n)
      writer.append("before", family(slice, n), 1, 1), expected.push_back({"before", committed});
    auto bad = Writer::entry(family(slice, 10), 1, 1);
    bad.records.front().data = poison;
    writer.append("poison", bad), expected.push_back({"poison", dropped});
    writer.append("rests on it", family(slice, 10), 2, 2), expected.push_back({"rests on it", dropped});
    for (int n = 0; n < 5; ++n)
      writer.append("after", family(slice, n), 2, 2), expected.push_back({"after", committed});
    ++slice;
  }
  EXPECT_EQ(writer.outcomes(expected.size()), expected);
  EXPECT_EQ(journal().read(0, 0, 1000).size(), std::size(poisons) * 10);
}

TEST_P(JournalContract, a_history_is_loaded_behind_what_was_appended_before) {
  Writer writer(journal());
  for (int n = 1; n <= 200; ++n)
    writer.append("event", family(11), n, n);
  const auto records = history(journal(), family(11));
  ASSERT_TRUE(records);
  EXPECT_EQ(records->size(), 200u);
}

TEST_P(JournalContract, a_long_history_comes_whole) {
  Writer writer(journal());
  for (int n = 0; n < 200; ++n)
    writer.append("hundred", family(11), n * 100 + 1, n * 100 + 100);
  writer.outcomes(200);
  const auto records = history(journal(), family(11));
  ASSERT_TRUE(records);
  ASSERT_EQ(records->size(), 20'000u);
  for (std::size_t at = 0; at < records->size(); ++at)
    ASSERT_EQ((*records)[at].seq, static_cast<int>(at) + 1);
}

TEST_P(JournalContract, many_histories_are_loaded_together) {
  Writer writer(journal());
  for (int n = 0; n < 1000; ++n)
    writer.append("event", family(n % 64, n), 1, 1 + n % 3);
  writer.outcomes(1000);
  std::vector<Answers<std::optional<journal::History>>> answers(1000);
  for (int n = 0; n < 1000; ++n)
    journal().load({family(n % 64, n), member(family(n % 64, n), 255)}, answers[static_cast<std::size_t>(n)].next());
  for (int n = 0; n < 1000; ++n) {
    const auto got = answers[static_cast<std::size_t>(n)].wait(1);
    ASSERT_TRUE(got.size() == 1 && got.front());
    ASSERT_EQ(got.front()->records.size(), static_cast<std::size_t>(1 + n % 3));
    ASSERT_EQ(got.front()->records.front().stream, family(n % 64, n));
  }
}

TEST_P(JournalContract, a_history_without_snapshot_is_told_from_its_first_event) {
  Writer writer(journal());
  writer.append("events", dc, 1, 3);
  const auto history = portion(journal(), dc, {.from_snapshot = true});
  ASSERT_TRUE(history);
  EXPECT_FALSE(history->snapshot);
  EXPECT_FALSE(history->more);
  EXPECT_EQ(history->records.size(), 3u);
}

TEST_P(JournalContract, a_history_begins_with_its_snapshot_and_goes_on_behind_it) {
  Writer writer(journal());
  writer.append("events", dc, 1, 5);
  const std::string any_bytes("\0\xff\x01", 3);
  ASSERT_TRUE(save(journal(), {.stream = dc, .base = {}, .pages = {page(0, 3, "cover"), page(9, 3, "nine"), page(7, 3, any_bytes)}, .gone = {}, .done = {}}));
  reopen();
  const auto history = portion(journal(), dc, {.from_snapshot = true});
  ASSERT_TRUE(history && history->snapshot);
  EXPECT_EQ(history->snapshot->pages, (std::vector{page(0, 3, "cover"), page(7, 3, any_bytes), page(9, 3, "nine")}));
  EXPECT_EQ(numbers(history->records), (std::vector<std::pair<StreamId, int>>{{dc, 4}, {dc, 5}}));
  EXPECT_EQ(portion(journal(), dc, {})->records.size(), 5u) << "who does not ask for the snapshot is told everything";
}

TEST_P(JournalContract, the_next_snapshot_writes_what_changed_and_takes_away_what_is_gone) {
  ASSERT_TRUE(save(journal(), {.stream = dc, .base = {}, .pages = {page(0, 3, "cover"), page(1, 3, "same"), page(2, 3, "old"), page(3, 3, "goes")}, .gone = {}, .done = {}}));
  ASSERT_TRUE(save(journal(), {.stream = dc, .base = "cover", .pages = {page(0, 9, "next cover"), page(2, 9, "new"), page(4, 9, "comes")}, .gone = {3}, .done = {}}));
  const auto history = portion(journal(), dc, {.from_snapshot = true});
  ASSERT_TRUE(history && history->snapshot);
  EXPECT_EQ(history->snapshot->pages, (std::vector{page(0, 9, "next cover"), page(1, 3, "same"), page(2, 9, "new"), page(4, 9, "comes")}));
}

TEST_P(JournalContract, a_snapshot_that_rests_on_another_writes_nothing) {
  EXPECT_FALSE(save(journal(), {.stream = dc, .base = "cover", .pages = {page(0, 4, "late")}, .gone = {}, .done = {}})) << "there is none";
  ASSERT_TRUE(save(journal(), {.stream = dc, .base = {}, .pages = {page(0, 9, "newer"), page(1, 9, "one"), page(2, 9, "two")}, .gone = {}, .done = {}}));
  EXPECT_FALSE(save(journal(), {.stream = dc, .base = "cover", .pages = {page(0, 4, "late"), page(1, 4, "late"), page(3, 4, "late")}, .gone = {2}, .done = {}}));
  EXPECT_EQ(portion(journal(), dc, {.from_snapshot = true})->snapshot->pages, (std::vector{page(0, 9, "newer"), page(1, 9, "one"), page(2, 9, "two")}));
}

TEST_P(JournalContract, a_whole_snapshot_takes_the_place_of_whatever_stands_there) {
  ASSERT_TRUE(save(journal(), {.stream = dc, .base = {}, .pages = {page(0, 3, "cover"), page(1, 3, "one"), page(2, 3, "two")}, .gone = {}, .done = {}}));
  ASSERT_TRUE(save(journal(), {.stream = dc, .base = {}, .pages = {page(0, 5, "cover"), page(2, 5, "other")}, .gone = {}, .done = {}}));
  EXPECT_EQ(portion(journal(), dc, {.from_snapshot = true})->snapshot->pages, (std::vector{page(0, 5, "cover"), page(2, 5, "other")}));
}

TEST_P(JournalContract, a_long_history_comes_in_portions) {
  Writer writer(journal());
  for (int n = 0; n < 200; ++n)
    writer.append("hundred", dc, n * 100 + 1, n * 100 + 100);
  writer.append("neighbour", StreamId{dc.value + 1}, 1, 10);
  writer.outcomes(201);
  std::int32_t seq = 0;
  int portions = 0;
  for (bool more = true; more; ++portions) {
    const auto part = portion(journal(), dc, {.after = seq, .most = 5'000});
    ASSERT_TRUE(part);
    EXPECT_LE(part->records.size(), 15'000u) << "roughly what was asked for";
    for (const auto& record : part->records)
      ASSERT_EQ(std::pair(record.stream, record.seq), std::pair(dc, ++seq));
    more = part->more;
  }
  EXPECT_EQ(seq, 20'000);
  EXPECT_GE(portions, 2);
}

TEST_P(JournalContract, snapshots_are_a_streams_own) {
  EXPECT_ANY_THROW(journal().load({family(1), member(family(1), 255)}, [](auto) {}, {.from_snapshot = true}));
  EXPECT_ANY_THROW(save(journal(), {.stream = dc, .base = {}, .pages = {page(1, 3, "no cover")}, .gone = {}, .done = {}}));
}

TEST_P(JournalContract, stores_waiting_snapshots_when_it_closes_and_takes_no_more) {
  Answers<bool> stored;
  for (int n = 0; n < 20; ++n)
    journal().save({.stream = named_stream(Kind::location, "dc-" + std::to_string(n)), .base = {}, .pages = {page(0, 1, "cover")}, .gone = {}, .done = stored.next()});
  journal().close();
  EXPECT_EQ(stored.wait(20), std::vector<bool>(20, true));
  EXPECT_FALSE(save(journal(), {.stream = dc, .base = {}, .pages = {page(0, 1, "late")}, .gone = {}, .done = {}}));
}

TEST_P(JournalContract, goes_on_where_it_ended) {
  {
    Writer writer(journal());
    writer.append("old", family(130, 4), 1, 3);
    writer.append("older", family(130, 2), 1, 1);
    writer.append("thing", named_stream(Kind::location, "dc-1"), 1, 1);
    writer.outcomes(3);
  }
  reopen();
  const auto stands = head(shard_of(family(130)));
  EXPECT_EQ(stands.pos, 4 + (shard_of(named_stream(Kind::location, "dc-1")) == stands.shard));
  EXPECT_EQ(stands.newest_families, (std::vector<StreamId>{family(130, 4)}));
  Writer writer(journal());
  writer.append("next", family(130, 4), 4, 4);
  EXPECT_EQ(writer.outcomes(1), (std::vector<Outcome>{{"next", committed}}));
  EXPECT_EQ(history(journal(), family(130, 4))->back().pos, stands.pos + 1);
}

TEST_P(JournalContract, owns_all_shards_when_it_is_alone) {
  EXPECT_EQ(journal().claimed().size(), static_cast<std::size_t>(shard_count));
  EXPECT_TRUE(journal().may_answer());
  EXPECT_TRUE(journal().is_reachable());
}

TEST_P(JournalContract, stores_what_is_queued_when_it_closes_and_takes_no_more) {
  Writer writer(journal());
  std::vector<Outcome> expected;
  for (int n = 0; n < 2000; ++n) {
    writer.append("queued", family(n % 4096, n / 4096), 1, 1);
    expected.push_back({"queued", committed});
  }
  journal().close();
  EXPECT_EQ(writer.outcomes(2000), expected);
  writer.append("late", family(1), 2, 2);
  EXPECT_EQ(writer.outcomes(2001).back(), (Outcome{"late", unavailable}));
  EXPECT_FALSE(journal().may_answer());
  EXPECT_FALSE(journal().is_reachable());
}

TEST_P(JournalContract, refuses_when_too_much_is_queued_and_then_what_rests_on_it) {
  // The lane's thread is held in an answer, so that the queue fills.
  std::mutex held;
  held.lock();
  Answers<Verdict> first;
  auto entry = Writer::entry(family(0), 1, 1);
  entry.done = [&, next = first.next()](Verdict verdict) {
    next(verdict);
    std::lock_guard wait(held);
  };
  journal().append(std::move(entry));
  first.wait(1);
  Writer writer(journal());
  const int room = static_cast<int>(journal::max_queued_events);
  for (int n = 0; n < room; ++n)
    writer.append("fits", family(0, 1), n + 1, n + 1);
  EXPECT_EQ(writer.answered(), 0u);
  writer.append("too much", family(0, 2), 1, 1);
  EXPECT_EQ(writer.outcomes(1), (std::vector<Outcome>{{"too much", unavailable}}));
  held.unlock();
  EXPECT_EQ(writer.outcomes(static_cast<std::size_t>(room) + 1).back(), (Outcome{"fits", committed}));
  writer.append("rests on it", family(0, 2), 2, 2);
  writer.append("began anew", family(0, 2), 1, 1, 2);
  const auto all = writer.outcomes(static_cast<std::size_t>(room) + 3);
  EXPECT_EQ(all[all.size() - 2], (Outcome{"rests on it", dropped}));
  EXPECT_EQ(all.back(), (Outcome{"began anew", committed}));
}

TEST_P(JournalContract, refuses_an_entry_that_is_not_of_one_shard) {
  auto entry = Writer::entry(family(0), 1, 1);
  entry.records.push_back(record(family(4095), 1));
  Writer writer(journal());
  EXPECT_ANY_THROW(writer.append("two shards", entry));
  journal::Entry no_event;
  no_event.actor = family(0);
  no_event.submission = journal::Submission{digest(1), digest(2), family(0), true};
  EXPECT_ANY_THROW(writer.append("no event", no_event));
}

INSTANTIATE_TEST_SUITE_P(Journal, JournalContract, ::testing::Values("memory", "postgres"), [](const auto& test) { return test.param; });

} // namespace
} // namespace entrepot::test
