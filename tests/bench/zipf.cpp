#include "tests/bench/zipf.hpp"

#include <algorithm>
#include <cmath>

#include "domain/check.hpp"

namespace entrepot::bench {

Zipf::Zipf(std::size_t count, double skew) {
  check(count > 0, "there must be something to draw");
  up_to_.reserve(count);
  double sum = 0;
  for (std::size_t i = 0; i < count; ++i)
    up_to_.push_back(sum += 1 / std::pow(static_cast<double>(i + 1), skew));
  for (double& share : up_to_)
    share /= sum;
}

std::size_t Zipf::operator()(Random& random) const {
  auto found = std::upper_bound(up_to_.begin(), up_to_.end(), random.unit());
  return found == up_to_.end() ? up_to_.size() - 1 : static_cast<std::size_t>(found - up_to_.begin());
}

} // namespace entrepot::bench
