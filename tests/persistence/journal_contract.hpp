// A journal in memory or in PostgreSQL, for tests of what both promise.
#pragma once

#include <gtest/gtest.h>

#include "persistence/memory_journal.hpp"
#include "persistence/postgres_journal.hpp"
#include "tests/persistence/journal_entries.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/test_database.hpp"

namespace entrepot::test {

/// A place where journals are kept, so that one can be opened again.
struct Place {
  virtual ~Place() = default;
  virtual std::unique_ptr<journal::Journal> open() = 0;
};

struct InMemory : Place {
  std::unique_ptr<journal::Journal> open() override {
    return std::make_unique<journal::MemoryJournal>(journal::MemoryOptions{.drive = journal::Drive::by_thread, .store = store});
  }
  std::shared_ptr<journal::MemoryStore> store = std::make_shared<journal::MemoryStore>();
};

struct InPostgres : Place {
  std::unique_ptr<journal::Journal> open() override {
    return journal::open_postgres_journal({.conninfo = database.conninfo(), .node_name = "test", .state_folder = folder.path()});
  }
  TestDatabase database;
  TemporaryFolder folder;
};

class JournalContract : public ::testing::TestWithParam<std::string> {
protected:
  JournalContract() : place_(GetParam() == "memory" ? std::unique_ptr<Place>(std::make_unique<InMemory>()) : std::make_unique<InPostgres>()) { reopen(); }
  void reopen() {
    if (journal_)
      journal_->close();
    journal_.reset(); // one node at a time
    journal_ = place_->open();
  }
  journal::Journal& journal() { return *journal_; }
  journal::ShardHead head(int shard) {
    for (auto& head : journal().claimed())
      if (head.shard == shard)
        return head;
    return {};
  }

  std::unique_ptr<Place> place_;
  std::unique_ptr<journal::Journal> journal_;
};

} // namespace entrepot::test
