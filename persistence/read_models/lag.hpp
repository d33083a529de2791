// How far behind the journal the read models are, as their readers see it.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>

namespace entrepot::read_models {

/// From the commit of an event to its being visible, since the start of the program.
struct LagStats {
  std::uint64_t events = 0;             ///< measured; those read back from the journal are not
  std::chrono::microseconds p50{}, p99{}; ///< not below the true value, at most an eighth above it
  std::chrono::microseconds longest{};
  std::int64_t behind = 0;              ///< events committed and not yet visible
};

/// Counts durations in buckets an eighth apart, from a microsecond to an hour.
class LagHistogram {
public:
  void add(std::chrono::microseconds lag, std::uint64_t events);
  /// `behind` is not known here.
  LagStats stats() const;

private:
  static std::size_t bucket_of(std::uint64_t micros);
  static std::chrono::microseconds upper_bound(std::size_t bucket);
  std::chrono::microseconds quantile(double part) const;

  std::array<std::uint64_t, 33 * 8> buckets_{};
  std::uint64_t events_ = 0;
  std::chrono::microseconds longest_{};
};

} // namespace entrepot::read_models
