#include "persistence/migrate.hpp"

#include <future>

#include <gtest/gtest.h>

#include "persistence/postgres_journal.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/test_database.hpp"

namespace entrepot::test {
namespace {

TEST(Migrate, applies_each_migration_once) {
  TestDatabase database(Made::empty);
  const auto all = static_cast<int>(journal::migrations().size());
  EXPECT_EQ(journal::migrate(database.conninfo()), all);
  EXPECT_EQ(journal::migrate(database.conninfo()), 0);
  EXPECT_EQ(database.ask("select count(*) from schema_migration"), std::to_string(all));
  EXPECT_NO_THROW(journal::require_migrated(database.conninfo()));
}

TEST(Migrate, two_programs_at_once_do_it_once) {
  TestDatabase database(Made::empty);
  auto other = std::async(std::launch::async, [&] { return journal::migrate(database.conninfo()); });
  const int here = journal::migrate(database.conninfo());
  EXPECT_EQ(here + other.get(), static_cast<int>(journal::migrations().size()));
}

TEST(Migrate, leaves_the_database_of_a_newer_program_alone) {
  TestDatabase database;
  database.execute("insert into schema_migration (version, name) values (" + std::to_string(journal::migrations().size() + 1) + ", '9999_tomorrow')");
  TemporaryFolder folder;
  EXPECT_THROW(journal::migrate(database.conninfo()), journal::NewerDatabase);
  EXPECT_THROW(journal::open_postgres_journal({.conninfo = database.conninfo(), .state_folder = folder.path()}), journal::NewerDatabase);
}

TEST(Migrate, a_journal_is_not_opened_on_a_database_that_was_not_migrated) {
  TestDatabase database(Made::empty);
  TemporaryFolder folder;
  EXPECT_THROW(journal::open_postgres_journal({.conninfo = database.conninfo(), .state_folder = folder.path()}), journal::MigrationFailed);
}

TEST(Migrate, refuses_a_history_that_is_not_its_own) {
  TestDatabase database;
  database.execute("update schema_migration set name = 'another' where version = 1");
  EXPECT_THROW(journal::migrate(database.conninfo()), journal::MigrationFailed);
}

TEST(Migrate, files_are_numbered_from_one_without_a_gap) {
  const auto all = journal::migrations();
  for (std::size_t at = 0; at < all.size(); ++at)
    EXPECT_EQ(std::stoi(std::string(all[at].name.substr(0, 4))), static_cast<int>(at) + 1) << all[at].name;
}

TEST(Migrate, an_unreachable_database_is_told_apart_from_a_wrong_one) {
  TemporaryFolder nobody;
  EXPECT_THROW(journal::migrate("host=" + nobody.path().string()), journal::Unavailable);
}

} // namespace
} // namespace entrepot::test
