// How long answers took. Every one is kept: a percentile of a sample would hide the very answers it is asked for.
#pragma once

#include <chrono>
#include <cstddef>
#include <vector>

namespace entrepot::bench {

class Latencies {
public:
  void reserve(std::size_t count) { all_.reserve(count); }
  void add(std::chrono::nanoseconds took) { all_.push_back(took); }
  std::size_t count() const { return all_.size(); }

  /// Returns the smallest latency, in milliseconds, that at least `percent` (above 0, at most 100) of all answers did not exceed; 0 if there are
  /// none.
  double percentile_ms(double percent) const;

private:
  mutable std::vector<std::chrono::nanoseconds> all_; ///< percentile_ms reorders, no more
};

} // namespace entrepot::bench
