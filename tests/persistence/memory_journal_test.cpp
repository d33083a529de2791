// What the journal in memory offers beyond the contract: to be driven by hand, and to fail when asked.
#include "persistence/memory_journal.hpp"

#include <gtest/gtest.h>

#include "tests/persistence/journal_entries.hpp"

namespace entrepot::test {
namespace {

using enum journal::Verdict;

TEST(MemoryJournal, stores_and_answers_nothing_until_it_is_stepped) {
  journal::MemoryJournal journal;
  Writer writer(journal);
  writer.append("event", family(0), 1, 1);
  EXPECT_EQ(writer.answered(), 0u);
  EXPECT_TRUE(journal.read(0, 0, 10).empty());
  EXPECT_TRUE(journal.step());
  EXPECT_EQ(writer.answered(), 1u);
  EXPECT_EQ(journal.read(0, 0, 10).size(), 1u);
  EXPECT_FALSE(journal.step());
}

TEST(MemoryJournal, takes_as_much_in_a_step_as_a_batch_has_room_for) {
  journal::MemoryJournal journal({.batch_events = 4});
  Writer writer(journal);
  writer.append("three", family(0), 1, 3);
  writer.append("two", family(0, 1), 1, 2);
  writer.append("ten", family(0, 2), 1, 10);
  journal.step();
  EXPECT_EQ(writer.answered(), 1u);
  EXPECT_EQ(journal.run(), 2);
  EXPECT_EQ(writer.answered(), 3u);
}

TEST(MemoryJournal, loads_at_once_when_nothing_is_queued_and_behind_the_queue_otherwise) {
  journal::MemoryJournal journal;
  Answers<std::optional<journal::History>> at_once, behind;
  journal.load({family(0), family(0)}, at_once.next());
  EXPECT_EQ(at_once.size(), 1u);
  Writer writer(journal);
  writer.append("event", family(0), 1, 1);
  journal.load({family(0), family(0)}, behind.next());
  EXPECT_EQ(behind.size(), 0u);
  journal.run();
  EXPECT_EQ(behind.wait(1).front()->records.size(), 1u);
}

TEST(MemoryJournal, fails_the_entry_it_is_told_to) {
  journal::MemoryJournal journal;
  Writer writer(journal);
  journal.drop_next(family(0));
  writer.append("fails", family(0), 1, 1);
  writer.append("rests on it", family(0), 2, 2);
  writer.append("other", family(0, 1), 1, 1);
  writer.append("anew", family(0), 1, 1, 2);
  journal.run();
  EXPECT_EQ(writer.outcomes(4), (std::vector<Outcome>{{"fails", dropped}, {"rests on it", dropped}, {"other", committed}, {"anew", committed}}));
}

TEST(MemoryJournal, refuses_when_told_to) {
  journal::MemoryJournal journal;
  Writer writer(journal);
  journal.refuse_appends(true);
  writer.append("refused", family(0), 1, 1);
  journal.refuse_appends(false);
  writer.append("rests on it", family(0), 2, 2);
  journal.run();
  EXPECT_EQ(writer.outcomes(2), (std::vector<Outcome>{{"refused", unavailable}, {"rests on it", dropped}}));
  journal.refuse_reads(true);
  EXPECT_FALSE(history(journal, family(0)));
  EXPECT_FALSE(creation(journal, 0, digest(1)));
  EXPECT_THROW(journal.read(0, 0, 1), journal::Unavailable);
  journal.lose_lease(true);
  EXPECT_FALSE(journal.may_answer());
}

TEST(MemoryJournal, loses_what_was_queued_in_a_crash_and_keeps_what_was_stored) {
  const auto store = std::make_shared<journal::MemoryStore>();
  {
    journal::MemoryJournal journal({.store = store});
    Writer writer(journal);
    writer.append("stored", family(0), 1, 1);
    journal.run();
    writer.append("queued", family(0), 2, 2);
  }
  journal::MemoryJournal journal({.store = store});
  EXPECT_EQ(journal.claimed().front().pos, 1);
  EXPECT_EQ(history(journal, family(0))->size(), 1u);
}

} // namespace
} // namespace entrepot::test
