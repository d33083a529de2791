// What a bench shows: a bar while it runs, then its figures, as one JSON object or as lines for people.
#pragma once

#include <chrono>
#include <cstdint>
#include <iosfwd>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

namespace entrepot::bench {

/// A bar on the terminal at stderr; silent if that is none.
class ProgressBar {
public:
  explicit ProgressBar(std::string title);
  ~ProgressBar(); ///< wipes it
  void show(double done, std::uint64_t answers);

private:
  std::string title_;
  bool terminal_, shown_ = false;
  std::chrono::steady_clock::time_point last_;
  std::uint64_t last_answers_ = 0;
};

/// Prints an object: as it is on one line, or a line for each figure.
void print(const nlohmann::ordered_json& figures, bool as_json, std::ostream& out);

/// Rounds to `places` decimal places, so that figures look like figures; null if there is none.
nlohmann::ordered_json figure(std::optional<double> value, int places);

/// Returns the longest of the read models' 99th percentile lags, in milliseconds, from a text of metrics (lines
/// `entrepot_read_model_lag_seconds{...quantile="0.99"...} 0.012`).
std::optional<double> read_model_lag_ms(const std::string& metrics);

} // namespace entrepot::bench
