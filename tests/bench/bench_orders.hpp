// `entrepot bench orders`: how many orders a second are confirmed, how long that takes, and what it costs.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>

#include "tests/bench/place.hpp"

namespace entrepot::bench {

struct BenchOrders {
  Target target;
  int clients = 64;
  double seconds = 10;
  double warm_up = 1;              ///< seconds before them, not counted
  double rate = 0;                 ///< orders meant to be placed per second; 0: as fast as each client is answered
  std::string payment = "account"; ///< or "card"
  std::string token = "tok_bench"; ///< the customer's card, with "card"
  int skus = 1000;                 ///< 2 to 10,000
  double skew = 1;                 ///< of Zipf's law
  std::uint64_t seed = 1;          ///< the same seed orders the same products
  std::string answers;             ///< file that gets a line for each answer; empty: none
  bool ride_out = false;           ///< go on while the server is down, each client with the order it has not been answered
  std::string run;                 ///< part of every key and external number; 12 digits; empty: drawn
  bool json = false;
  bool progress = true; ///< a bar on the terminal
};

/// Sets up the bench's shop, places orders over HTTP and prints the figures to `out`. Returns 0, or 1 if there were errors or nothing was confirmed.
/// Throws std::exception if it cannot be set up.
int bench_orders(const BenchOrders& options, std::ostream& out);

} // namespace entrepot::bench
