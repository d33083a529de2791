// Where the server is that is measured, and what may be known of it.
#pragma once

#include <string>

namespace entrepot::bench {

/// As given on the command line: a URL and a key, or the data folder of deploy/run, where both are found and the processes and the database, too.
struct Target {
  std::string url, key;
  std::string data;     ///< folder; empty: no figures of CPU, and of rows only with `database`
  std::string database; ///< connection URI; empty: the one in the data folder, if any
};

/// Returns the target with what its data folder knows filled in; what was given stays. The key is the admin's: a bench sets up its own channel.
/// Throws std::runtime_error, saying what is missing, if there is no URL or key then.
Target found(Target target);

/// Returns the first line of a file without white space around it; empty if there is no such file.
std::string first_line(const std::string& path);

} // namespace entrepot::bench
