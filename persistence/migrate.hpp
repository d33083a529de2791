// Brings a database to this program's version, forward only.
#pragma once

#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace entrepot::journal {

/// A file of persistence/migrations: "0001_journal". Its number is its place, from 1.
struct Migration {
  std::string_view name;
  std::string_view sql;
};

/// Returns all migrations of this program, in order.
std::span<const Migration> migrations();

/// The database was written by a newer program; this one must not touch it.
struct NewerDatabase : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The database cannot be brought up to date, or has not been.
struct MigrationFailed : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Applies what is missing, each migration in a transaction of its own, one program at a time. Returns how many were applied, 0 if none was missing.
/// Throws NewerDatabase, MigrationFailed, or Unavailable if the database cannot be reached.
int migrate(const std::string& conninfo);

/// Throws NewerDatabase or MigrationFailed unless the database has exactly this program's migrations.
void require_migrated(const std::string& conninfo);

} // namespace entrepot::journal
