// Chance from a seed: the same on every machine and with every library, since a seed must reproduce what it has found.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <vector>

#include "domain/check.hpp"
#include "domain/time.hpp"

namespace entrepot::simulation {

class Chance {
public:
  explicit Chance(std::uint64_t seed) : state_(seed) {}
  /// One of several that come from the same seed and do not disturb each other.
  Chance(std::uint64_t seed, std::uint64_t subject) : state_(seed ^ (subject * 0x9e3779b97f4a7c15ULL)) { next(); }

  std::uint64_t next() { // splitmix64
    auto z = (state_ += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }
  /// Both included.
  std::int64_t between(std::int64_t low, std::int64_t high) {
    check(low <= high, "there is something to choose from");
    return low + static_cast<std::int64_t>(next() % static_cast<std::uint64_t>(high - low + 1));
  }
  Duration between(Duration low, Duration high) { return Duration{between(low.count(), high.count())}; }
  /// Small ones more often than large ones.
  std::int64_t mostly_small(std::int64_t low, std::int64_t high) { return between(low, between(low, high)); }
  Duration mostly_short(Duration low, Duration high) { return Duration{mostly_small(low.count(), high.count())}; }
  bool percent(int of_hundred) { return between(0, 99) < of_hundred; }
  template <class T>
  const T& one_of(const std::vector<T>& all) {
    return all[static_cast<std::size_t>(between(0, static_cast<std::int64_t>(all.size()) - 1))];
  }
  template <class T>
  T one_of(std::initializer_list<T> all) {
    return *(all.begin() + between(0, static_cast<std::int64_t>(all.size()) - 1));
  }

private:
  std::uint64_t state_;
};

} // namespace entrepot::simulation
