#include "domain/money.hpp"

#include <algorithm>
#include <numeric>

#include "domain/check.hpp"

namespace entrepot {
namespace {

using Wide = __int128; // products of two amounts do not fit into 64 bits

std::int64_t narrow(Wide value) {
  check(value >= INT64_MIN && value <= INT64_MAX, "an amount of money fits into 64 bits");
  return static_cast<std::int64_t>(value);
}

Wide floor_div(Wide a, Wide b) { return a >= 0 ? a / b : -((-a + b - 1) / b); }

/// Decimals of a currency's minor unit (ISO 4217, table A.1); two for all not named here.
int minor_digits(Currency currency) {
  for (auto code : {"BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"})
    if (currency.code() == code)
      return 0;
  for (auto code : {"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"})
    if (currency.code() == code)
      return 3;
  return 2;
}

} // namespace

std::optional<Currency> Currency::from(std::string_view code) {
  if (code.size() != 3 || !std::ranges::all_of(code, [](char c) { return c >= 'A' && c <= 'Z'; }))
    return {};
  Currency currency;
  std::ranges::copy(code, currency.letters_.begin());
  return currency;
}

Money operator+(Money a, Money b) {
  check(a.currency == b.currency, "only money of one currency is added");
  return {narrow(Wide{a.amount} + b.amount), a.currency};
}

Money operator-(Money a, Money b) {
  check(a.currency == b.currency, "only money of one currency is subtracted");
  return {narrow(Wide{a.amount} - b.amount), a.currency};
}

Money operator-(Money a) { return {narrow(-Wide{a.amount}), a.currency}; }

Money operator*(Money a, std::int64_t count) { return {narrow(Wide{a.amount} * count), a.currency}; }

bool less(Money a, Money b) {
  check(a.currency == b.currency, "only money of one currency is compared");
  return a.amount < b.amount;
}

Money share(Money a, std::int64_t numerator, std::int64_t denominator) {
  check(denominator > 0, "a share has a positive denominator");
  auto product = Wide{a.amount} * numerator;
  auto magnitude = product < 0 ? -product : product;
  auto rest = magnitude % denominator; // not doubled before the division: the largest product would overflow
  auto rounded = magnitude / denominator + (rest >= denominator - rest ? 1 : 0);
  return {narrow(product < 0 ? -rounded : rounded), a.currency};
}

std::vector<Money> split_by_largest_remainder(Money total, std::span<const std::int64_t> weights) {
  check(!weights.empty(), "money is split into at least one part");
  check(std::ranges::all_of(weights, [](auto w) { return w >= 0; }), "a weight is not negative");
  Wide sum = 0;
  for (auto weight : weights)
    sum += weight;
  std::vector<Money> parts(weights.size(), Money{0, total.currency});
  if (sum == 0) {
    parts.front() = total;
    return parts;
  }
  std::vector<Wide> remainders(weights.size());
  Wide given = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    auto exact = Wide{total.amount} * weights[i];
    auto part = floor_div(exact, sum);
    parts[i].amount = narrow(part);
    remainders[i] = exact - part * sum;
    given += part;
  }
  std::vector<std::size_t> order(weights.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, [&](auto a, auto b) { return remainders[a] > remainders[b]; });
  auto rest = static_cast<std::size_t>(Wide{total.amount} - given); // less than the number of parts, never negative
  for (std::size_t i = 0; i < rest; ++i)
    ++parts[order[i]].amount;
  return parts;
}

std::string to_text(Money money) {
  auto digits = minor_digits(money.currency);
  auto magnitude = money.amount < 0 ? -static_cast<Wide>(money.amount) : static_cast<Wide>(money.amount);
  auto text = std::to_string(static_cast<std::uint64_t>(magnitude));
  if (digits > 0) {
    if (text.size() <= static_cast<std::size_t>(digits))
      text.insert(0, static_cast<std::size_t>(digits) + 1 - text.size(), '0');
    text.insert(text.size() - static_cast<std::size_t>(digits), ".");
  }
  return (money.amount < 0 ? "-" : "") + text + " " + std::string(money.currency.code());
}

} // namespace entrepot
