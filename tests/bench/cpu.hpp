// What the machine worked for an order: CPU time of the server, the sandbox and every process of PostgreSQL, from /proc.
#pragma once

#include <map>
#include <optional>
#include <string>

namespace entrepot::bench {

/// CPU time used since they began, with that of their children that have ended; in ticks.
struct Ticks {
  int pid = 0;
  long long own = 0;    ///< user and system
  long long waited = 0; ///< of children that have ended
};

/// Reads /proc/PID/stat; nothing if there is no such process.
std::optional<Ticks> ticks_of(int pid);

/// Reads one line of a stat file: the name in it may hold spaces and brackets. `parent` gets the parent's pid if it is not null.
std::optional<Ticks> parse_stat(const std::string& line, int* parent = nullptr);

struct CpuMs {
  std::optional<double> server, sandbox, postgres;
  /// Nothing unless both server and PostgreSQL could be read; there may be no sandbox.
  std::optional<double> sum() const;
};

/// Measures between start and stop. Processes are found by DIR/server.pid, DIR/sandbox.pid and DIR/postgres/postmaster.pid; PostgreSQL's children are
/// the postmaster's, those that end meanwhile are in its own record. A process that is another one at the end gives no figure rather than a wrong
/// one.
class CpuMeter {
public:
  /// `data` empty: there are no figures.
  explicit CpuMeter(std::string data) : data_(std::move(data)) {}
  void start() { before_ = read(); }
  void stop() { after_ = read(); }
  CpuMs spent() const;

private:
  struct Reading {
    std::optional<Ticks> server, sandbox, postgres;
  };
  Reading read() const;
  std::string data_;
  Reading before_, after_;
};

/// CPU time of this process so far, in milliseconds.
double own_cpu_ms();

} // namespace entrepot::bench
