// Which products customers want: few of them often, most of them seldom. The same seed draws the same on every machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace entrepot::bench {

/// Numbers by splitmix64: four operations each, and the same everywhere, which the distributions of the standard library do not promise.
class Random {
public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t operator()() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }
  /// Returns a number from 0, included, to 1, excluded.
  double unit() { return static_cast<double>((*this)() >> 11) * 0x1.0p-53; }

private:
  std::uint64_t state_;
};

/// Draws 0 to count-1; the i-th is drawn in proportion to 1 / (i+1)^skew. A skew of 0 draws all alike.
class Zipf {
public:
  Zipf(std::size_t count, double skew);
  std::size_t operator()(Random& random) const;
  /// Returns how likely `index` is, 0 to 1.
  double share(std::size_t index) const { return up_to_[index] - (index == 0 ? 0 : up_to_[index - 1]); }

private:
  std::vector<double> up_to_; ///< how likely an index of at most this one is
};

} // namespace entrepot::bench
