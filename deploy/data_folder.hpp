// The folder of one installation (deploy/run's --data): where its server answers, where its database is, which keys it was given.
#pragma once

#include <filesystem>
#include <string>

namespace CLI {
class App;
}

namespace entrepot {

/// How a command finds the database: named, or through the data folder.
struct DatabaseOption {
  std::filesystem::path data;
  std::string database;
  void add_to(CLI::App& command);
  /// Returns a libpq connection string. Throws std::runtime_error with a sentence if neither option leads to one.
  std::string conninfo() const;
};

/// How a command finds a server and a key for it.
struct ServerOption {
  std::filesystem::path data;
  std::string url, key;
  void add_to(CLI::App& command);
  std::string server_url() const;
  /// Returns the key given, or the data folder's demo key for `role`.
  std::string key_for(const std::string& role) const;
};

/// Returns the first line of a file. Throws std::runtime_error with a sentence if it cannot be read.
std::string first_line_of(const std::filesystem::path& file);
/// Writes a file whole or not at all.
void write_whole(const std::filesystem::path& file, const std::string& text);

} // namespace entrepot
