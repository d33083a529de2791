// Counts of units.
#pragma once

#include <cstdint>

#include "domain/check.hpp"

namespace entrepot {

/// How many units a line may ask for (design 4: 1 to 1,000,000).
inline constexpr std::int32_t max_line_quantity = 1'000'000;

/// A number of units: never negative. Subtracting more than there is breaks an invariant, so it is checked by who asks, not here.
class Quantity {
public:
  constexpr Quantity() = default;
  constexpr explicit Quantity(std::int32_t units) : units_(units) { check(units >= 0, "a quantity is not negative"); }

  constexpr std::int32_t units() const { return units_; }
  constexpr auto operator<=>(const Quantity&) const = default;

  friend constexpr Quantity operator+(Quantity a, Quantity b) {
    check(a.units_ <= INT32_MAX - b.units_, "a quantity fits into 32 bits");
    return Quantity{a.units_ + b.units_};
  }
  friend constexpr Quantity operator-(Quantity a, Quantity b) {
    check(a.units_ >= b.units_, "no more units leave than there are");
    return Quantity{a.units_ - b.units_};
  }
  constexpr Quantity& operator+=(Quantity b) { return *this = *this + b; }
  constexpr Quantity& operator-=(Quantity b) { return *this = *this - b; }
  constexpr explicit operator bool() const { return units_ != 0; }

private:
  std::int32_t units_ = 0;
};

} // namespace entrepot
