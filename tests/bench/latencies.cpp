#include "tests/bench/latencies.hpp"

#include <algorithm>
#include <cmath>

#include "domain/check.hpp"

namespace entrepot::bench {

double Latencies::percentile_ms(double percent) const {
  check(percent > 0 && percent <= 100, "a percentile lies above 0 and is at most 100");
  if (all_.empty())
    return 0;
  // The nearest rank. The small allowance keeps 99.9 % of 1,000 at the 999th although 99.9 has no exact binary form.
  auto rank = static_cast<std::size_t>(std::ceil(percent / 100 * static_cast<double>(all_.size()) - 1e-6));
  auto place = all_.begin() + static_cast<std::ptrdiff_t>(std::clamp<std::size_t>(rank, 1, all_.size()) - 1);
  std::nth_element(all_.begin(), place, all_.end());
  return std::chrono::duration<double, std::milli>(*place).count();
}

} // namespace entrepot::bench
