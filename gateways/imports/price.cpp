#include "gateways/imports/price.hpp"

#include "domain/money.hpp"
#include "domain/quantity.hpp"

namespace entrepot::imports {
namespace {

constexpr std::size_t decimals_kept = 2; // of a currency with pence
bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// The digits of a decimal number times a count, as digits again: exact however long they are.
std::string multiplied(std::string_view digits, std::uint64_t count) {
  std::string product;
  std::uint64_t carry = 0;
  for (auto at = digits.rbegin(); at != digits.rend(); ++at) {
    carry += static_cast<std::uint64_t>(*at - '0') * count;
    product.insert(product.begin(), static_cast<char>('0' + carry % 10));
    carry /= 10;
  }
  for (; carry > 0; carry /= 10)
    product.insert(product.begin(), static_cast<char>('0' + carry % 10));
  return product;
}

} // namespace

std::optional<Price> Price::from(std::string_view text) {
  Price price;
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
    price.negative_ = text.front() == '-';
    text.remove_prefix(1);
  }
  auto point = false;
  std::size_t digits = 0;
  for (char c : text) {
    if (c == '.' && !point) {
      point = true;
      continue;
    }
    if (!is_digit(c) || ++digits > max_digits)
      return {};
    price.decimals_ += point ? 1u : 0u;
    if (c != '0' || !price.digits_.empty())
      price.digits_ += c;
  }
  if (digits == 0)
    return {};
  if (price.is_zero())
    price.negative_ = false;
  return price;
}

std::optional<std::int64_t> Price::times(std::int64_t quantity) const {
  if (negative_ || quantity < 1 || quantity > max_line_quantity)
    return {};
  auto product = multiplied(digits_, static_cast<std::uint64_t>(quantity));
  if (decimals_ < decimals_kept)
    product.append(decimals_kept - decimals_, '0');
  auto dropped = decimals_ > decimals_kept ? decimals_ - decimals_kept : 0;
  if (product.size() < dropped + 1)
    product.insert(0, dropped + 1 - product.size(), '0');
  auto kept = product.size() - dropped;
  std::int64_t total = 0;
  for (char c : std::string_view(product).substr(0, kept)) {
    total = total * 10 + (c - '0');
    if (total >= price_limit)
      return {};
  }
  if (dropped > 0 && product[kept] >= '5') // the first digit that goes decides, whatever follows it
    ++total;
  return total < price_limit ? std::optional(total) : std::nullopt;
}

} // namespace entrepot::imports
