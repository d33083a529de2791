// `entrepot bench hot-sku`: everybody wants one product of which there is little. It must be sold exactly as often as it is there, and the others
// must be told so fast.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>

#include "tests/bench/place.hpp"

namespace entrepot::bench {

struct BenchHotSku {
  Target target;
  int clients = 64;
  double seconds = 10;
  std::uint64_t requests = 0; ///< stop after so many; 0: when the time is over
  std::int32_t stock = 100;   ///< 1 to 1,000,000
  std::string run;            ///< part of the product's name and of every key; 12 digits; empty: drawn
  bool json = false;
  bool progress = true;
};

/// Makes a product, lets the clients order one unit each again and again, and prints the figures to `out`. Returns 0 if exactly the stock was sold
/// (or every order got one, if there were fewer) and exactly so many clients were told that they got one; else 1. Throws std::exception if it cannot
/// be set up.
int bench_hot_sku(const BenchHotSku& options, std::ostream& out);

} // namespace entrepot::bench
