// Prices as files write them: decimal texts with any number of decimals. Exact digits, never floats.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace entrepot::imports {

/// A decimal as it was written: "2.55", "0.001", "-11062.06", "7".
class Price {
public:
  /// Reads an optional sign, digits and, behind a point, more digits; at most `max_digits` of them. Nothing if the text is something else.
  static std::optional<Price> from(std::string_view text);
  static constexpr std::size_t max_digits = 64;

  bool is_negative() const { return negative_; }
  bool is_zero() const { return digits_.empty(); }

  /// Returns this many times the price in minor units of a currency with two decimals, half-up ("half a penny is a penny").
  /// Nothing unless the price is at least 0, the quantity 1 to 1,000,000 and the total below domain's `price_limit`.
  std::optional<std::int64_t> times(std::int64_t quantity) const;

private:
  bool negative_ = false;
  std::string digits_;       ///< without the point and leading zeros; empty: 0
  std::size_t decimals_ = 0; ///< how many of them stand behind the point
};

} // namespace entrepot::imports
