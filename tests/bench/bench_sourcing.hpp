// `entrepot bench sourcing`: what a choice of places costs where there are many, while orders arrive and take units. In memory: no server, no journal.
#pragma once

#include <cstdint>
#include <iosfwd>

namespace entrepot::bench {

struct BenchSourcing {
  int stores = 200;
  int skus = 20'000;      ///< each lies in every other store, and in the warehouse
  double rate = 1'000;    ///< orders a second; 0: as fast as they are decided
  double seconds = 10;
  int lines = 2;          ///< of an order; SKUs by Zipf
  std::uint64_t seed = 1;
  bool json = false;
};

/// Lets orders arrive, chooses places for each by four rules (warehouse, one store within 50 km, any store, two places) from the view that nodes use, takes the units, and prints
/// the figures to `out`: decisions_per_s, p50_ms, p99_ms (CPU of the deciding thread), placed, split, nowhere. Returns 0.
int bench_sourcing(const BenchSourcing& options, std::ostream& out);

} // namespace entrepot::bench
