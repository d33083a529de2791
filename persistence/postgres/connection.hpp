// One connection to PostgreSQL: binary parameters in, binary rows out, errors by kind. libpq is used directly, because a lane must know exactly what was
// sent, and may wait for an answer without end but not without being told to stop.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "persistence/postgres/parameters.hpp"

struct pg_conn;
struct pg_result;

namespace entrepot::journal::postgres {

/// The connection is gone; whether the statement was done is not known.
struct ConnectionLost : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// PostgreSQL refused the statement; nothing of it was done.
struct StatementFailed : std::runtime_error {
  StatementFailed(const std::string& message, std::string state, std::string constraint_name)
      : std::runtime_error(message), sqlstate(std::move(state)), constraint(std::move(constraint_name)) {}
  std::string sqlstate;   ///< five characters
  std::string constraint; ///< name of the violated constraint, if it was one

  bool in_class(std::string_view two) const { return std::string_view(sqlstate).substr(0, 2) == two; }
};

/// The answer to a statement.
class Rows {
public:
  explicit Rows(pg_result* result);
  int count() const;
  /// Rows changed by a statement that returns none.
  std::int64_t affected() const;
  bool is_null(int row, int column) const;
  bool boolean(int row, int column) const;
  std::int16_t int16(int row, int column) const;
  std::int32_t int32(int row, int column) const;
  std::int64_t int64(int row, int column) const;
  /// The value's bytes; valid as long as these rows. Empty if null.
  std::string_view bytes(int row, int column) const;
  Uuid uuid(int row, int column) const;

private:
  std::shared_ptr<pg_result> result_;
};

/// Where to connect, as whom, and what to set there.
struct ConnectionOptions {
  std::string conninfo;
  std::string application_name; ///< at most 63 bytes
  std::string settings = {};    ///< SET statements
  /// Asked a few times a second while an answer is awaited; true gives the connection up.
  std::function<bool()> give_up = {};
  /// The longest wait for an answer; none: without end.
  std::optional<std::chrono::milliseconds> patience = {};
};

/// Returns `conninfo`, key words or URL, with `database` in the place of the database it names, as key words. Throws std::invalid_argument if it is neither.
std::string with_database(const std::string& conninfo, const std::string& database);

/// How long a connection may take to be made.
inline constexpr std::chrono::seconds connect_patience{3};

class Connection {
public:
  /// Connects. Throws ConnectionLost.
  explicit Connection(ConnectionOptions options);

  /// Runs one statement and returns its rows. Throws ConnectionLost or StatementFailed.
  Rows run(const std::string& sql, const Parameters& parameters = {});
  /// Prepares a statement whose parameters have the types of `sample`.
  void prepare(const std::string& name, const std::string& sql, const Parameters& sample);
  Rows run_prepared(const std::string& name, const Parameters& parameters);
  /// Runs several statements without parameters.
  void script(const std::string& sql);

  /// Its file descriptor, to be waited on while nothing is asked: it becomes readable when the other side hangs up. Negative: there is none any more.
  int socket() const;

private:
  Rows answer();
  void wait(short events, std::chrono::steady_clock::time_point since);
  [[noreturn]] void lost(const std::string& doing);

  ConnectionOptions options_;
  std::shared_ptr<pg_conn> connection_;
};

/// Settings for connections whose plans must be the same on an empty table as on a full one: index scans in nested loops, planned once. Without them a
/// plan made on an empty table stays, at half the rate; and such plans look dear to PostgreSQL, so it must not compile them each time.
inline constexpr const char* pinned_plans =
    "set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off; set enable_bitmapscan = off; set plan_cache_mode = force_generic_plan; set jit = off;";

/// Connects and prepares again after a loss, later and later and never in step with others.
class Backoff {
public:
  explicit Backoff(std::function<std::uint64_t()> random) : random_(std::move(random)) {}
  /// Returns how long to wait before the next attempt: 10 ms, doubling up to a second, of which a random half.
  std::chrono::milliseconds next();
  void reset() { attempt_ = 0; }

private:
  std::function<std::uint64_t()> random_;
  int attempt_ = 0;
};

} // namespace entrepot::journal::postgres
