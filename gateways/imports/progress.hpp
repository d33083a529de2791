// How far an import is: a bar on a terminal, a line now and then in a log.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <ostream>
#include <string>

namespace entrepot::imports {

class Progress {
public:
  using Time = std::chrono::steady_clock::time_point;
  static constexpr std::chrono::milliseconds bar_every{200};
  static constexpr std::chrono::milliseconds line_every{10'000};

  /// `terminal`: whether `out` is one. The time counts from now.
  Progress(std::ostream& out, bool terminal, std::function<Time()> now);

  /// Shows a sentence about work whose end is not known yet, if it is time.
  void reading(std::uint64_t rows);
  /// The rows that are done before the first is sent do not count for the rate.
  void begin(std::uint64_t done, std::uint64_t all);
  /// Shows how many rows are done, if it is time.
  void show(std::uint64_t done);
  /// Shows that the rows have to wait, and why, if it is time.
  void waiting(const std::string& why);
  /// Wipes the bar.
  void end();

private:
  bool is_time();
  void say(const std::string& text);

  std::ostream& out_;
  bool terminal_, shown_ = false;
  std::function<Time()> now_;
  Time began_, last_;
  std::uint64_t at_first_ = 0, all_ = 0;
  std::size_t width_ = 0; ///< of what is shown
};

/// Returns "1,234,567".
std::string grouped(std::uint64_t number);
/// Returns "0:07", "12:34" or "1:02:03".
std::string clock_text(std::chrono::seconds time);
/// Returns pence as "1,234.56 GBP".
std::string pounds(std::int64_t pence);

} // namespace entrepot::imports
