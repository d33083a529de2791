#include "persistence/read_models/lag.hpp"

#include <algorithm>
#include <bit>

namespace entrepot::read_models {

std::size_t LagHistogram::bucket_of(std::uint64_t micros) { // the power of two, then the next three bits
  auto value = std::clamp<std::uint64_t>(micros, 8, (std::uint64_t{1} << 35) - 1);
  auto power = static_cast<unsigned>(std::bit_width(value)) - 1;
  return (power - 3) * 8 + ((value >> (power - 3)) & 7);
}

std::chrono::microseconds LagHistogram::upper_bound(std::size_t bucket) {
  auto shift = bucket / 8;
  return std::chrono::microseconds{((std::int64_t{9} + static_cast<std::int64_t>(bucket % 8)) << shift) - 1};
}

void LagHistogram::add(std::chrono::microseconds lag, std::uint64_t events) {
  buckets_[bucket_of(static_cast<std::uint64_t>(std::max<std::int64_t>(lag.count(), 0)))] += events;
  events_ += events;
  longest_ = std::max(longest_, lag);
}

std::chrono::microseconds LagHistogram::quantile(double part) const {
  auto wanted = static_cast<std::uint64_t>(static_cast<double>(events_) * part);
  std::uint64_t seen = 0;
  for (std::size_t bucket = 0; bucket < buckets_.size(); ++bucket)
    if (seen += buckets_[bucket]; seen > wanted)
      return std::min(upper_bound(bucket), longest_);
  return longest_;
}

LagStats LagHistogram::stats() const { return {events_, quantile(0.5), quantile(0.99), longest_, 0}; }

} // namespace entrepot::read_models
