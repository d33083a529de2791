// Money: whole minor units of one currency. No floats, no mixed sums.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace entrepot {

/// An ISO 4217 code of three capital letters, e.g. "GBP".
class Currency {
public:
  constexpr Currency() = default;

  /// Returns the currency that `code` names; nothing unless it is three capital letters.
  static std::optional<Currency> from(std::string_view code);

  std::string_view code() const { return {letters_.data(), letters_.size()}; }
  bool operator==(const Currency&) const = default;

private:
  std::array<char, 3> letters_{'X', 'X', 'X'}; // ISO 4217's own code for "no currency"
};

/// An amount in minor units (pence, cents). May be negative: a credit.
struct Money {
  std::int64_t amount = 0;
  Currency currency = {};
  bool operator==(const Money&) const = default;
};

inline constexpr std::int64_t price_limit = 100'000'000'000; ///< every list price and charge is below it, in minor units

/// Sum and difference. Check: one currency, no overflow.
Money operator+(Money a, Money b);
Money operator-(Money a, Money b);
Money operator-(Money a);
/// `a` times a count. Check: no overflow.
Money operator*(Money a, std::int64_t count);
/// Compares amounts. Check: one currency.
bool less(Money a, Money b);
inline Money& operator+=(Money& a, Money b) { return a = a + b; }
inline Money& operator-=(Money& a, Money b) { return a = a - b; }

/// Returns `a` times numerator / denominator, half away from zero ("half-up per line"). Check: denominator > 0.
Money share(Money a, std::int64_t numerator, std::int64_t denominator);

/// Splits `total` in proportion to `weights` so that the parts add up exactly: everybody gets the floor, the rest goes a minor unit each
/// to the largest remainders, earlier parts first. All weights zero: everything to the first. Check: weights not empty, none negative.
std::vector<Money> split_by_largest_remainder(Money total, std::span<const std::int64_t> weights);

/// Returns "121.00 GBP", for people. Currencies without minor units are shown as ISO 4217 says (JPY: "121 JPY").
std::string to_text(Money money);

} // namespace entrepot
