#include "gateways/imports/online_retail.hpp"

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>

#include "domain/ids.hpp"
#include "domain/quantity.hpp"
#include "gateways/imports/price.hpp"
#include "gateways/imports/uk_time.hpp"

namespace entrepot::imports::online_retail {
namespace {

constexpr std::array<std::string_view, 3> services = {"POST", "DOT", "C2"};
constexpr std::array<std::string_view, 3> manual = {"M", "A", "B"};
constexpr std::array<std::string_view, 5> no_sales = {"D", "BANK CHARGES", "AMAZONFEE", "S", "CRUK"};

constexpr std::array<std::pair<std::string_view, std::string_view>, 35> countries = {{
    {"Australia", "AU"},   {"Austria", "AT"},   {"Bahrain", "BH"},     {"Belgium", "BE"},   {"Brazil", "BR"},      {"Canada", "CA"},         {"Cyprus", "CY"},
    {"Czech Republic", "CZ"}, {"Denmark", "DK"}, {"EIRE", "IE"},       {"Finland", "FI"},   {"France", "FR"},      {"Germany", "DE"},        {"Greece", "GR"},
    {"Hong Kong", "HK"},   {"Iceland", "IS"},   {"Israel", "IL"},      {"Italy", "IT"},     {"Japan", "JP"},       {"Lebanon", "LB"},        {"Lithuania", "LT"},
    {"Malta", "MT"},       {"Netherlands", "NL"}, {"Norway", "NO"},    {"Poland", "PL"},    {"Portugal", "PT"},    {"RSA", "ZA"},            {"Saudi Arabia", "SA"},
    {"Singapore", "SG"},   {"Spain", "ES"},     {"Sweden", "SE"},      {"Switzerland", "CH"}, {"USA", "US"},       {"United Arab Emirates", "AE"}, {"United Kingdom", "GB"},
}};

bool begins_with(std::string_view invoice, char letter) { return !invoice.empty() && (invoice.front() == letter || invoice.front() == letter + 'a' - 'A'); }

std::string upper(std::string_view text) {
  std::string up(text);
  std::ranges::transform(up, up.begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return up;
}

/// The quantity with its sign; nothing if it is no whole number.
std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() && !text.empty() ? std::optional(value) : std::nullopt;
}

Reading refused(Reading reading, std::string code, std::string text) {
  reading.kind = Kind::refused;
  reading.refusal = {std::move(code), std::move(text)};
  return reading;
}

/// What no order is made of, by its invoice or code.
std::optional<Refusal> no_trade(std::string_view invoice, const std::string& code) {
  if (begins_with(invoice, 'A') || std::ranges::find(manual, code) != manual.end())
    return Refusal{"manual-posting", "A posting made by hand: nobody can tell which goods it was for."};
  if (std::ranges::find(no_sales, code) != no_sales.end())
    return Refusal{"not-a-sale", "A fee, discount, sample or donation: nothing was sold."};
  return {};
}

/// Quantity, price and customer of a row whose code can be sold.
Reading judged(Reading reading, const Row& row, bool is_service) {
  auto quantity = whole_number(trimmed(row.quantity));
  if (!quantity || *quantity > max_line_quantity || *quantity < -max_line_quantity)
    return refused(reading, "quantity-invalid", "The quantity is no whole number of up to 1,000,000 units.");
  auto is_guest = trimmed(row.customer).empty();
  auto goes_back = is_cancellation(trimmed(row.invoice));
  if (!goes_back && *quantity <= 0)
    return refused(reading, "stock-correction", "A quantity that is not positive, and no cancellation: stock was corrected.");
  auto price = Price::from(trimmed(row.price));
  if (!price || price->is_negative())
    return refused(reading, "price-invalid", "The price is no decimal number of at least 0.");
  if (is_guest && price->is_zero())
    return refused(reading, "stock-correction", "No price and no customer: stock was corrected.");
  if (is_guest && goes_back)
    return refused(reading, "return-without-customer", "A cancellation without a customer: nobody can tell what it cancels.");
  if (goes_back && *quantity >= 0)
    return refused(reading, "quantity-invalid", "A cancellation whose quantity is not negative.");
  reading.quantity = static_cast<std::int32_t>(goes_back ? -*quantity : *quantity);
  auto total = price->times(reading.quantity);
  if (!total)
    return refused(reading, "price-invalid", "The row's total is too large.");
  reading.total = *total;
  reading.kind = goes_back ? Kind::back : is_service ? Kind::service : Kind::goods;
  return reading;
}

} // namespace

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  auto from = text.find_first_not_of(blanks);
  return from == std::string_view::npos ? std::string_view{} : text.substr(from, text.find_last_not_of(blanks) - from + 1);
}

bool is_cancellation(std::string_view invoice) { return begins_with(invoice, 'C'); }

Reading read(const Row& row) {
  Reading reading;
  reading.at = from_uk_time(trimmed(row.time));
  reading.sku = trimmed(row.code);
  auto invoice = trimmed(row.invoice);
  auto code = upper(reading.sku);
  if (invoice.empty() || invoice.size() > invoice_bytes)
    return refused(reading, "invoice-invalid", "There is no invoice number, or it is too long.");
  if (auto why = no_trade(invoice, code))
    return refused(reading, std::move(why->code), std::move(why->text));
  if (!Sku::from(reading.sku))
    return refused(reading, "code-invalid", "The code is not 1 to 64 letters, digits, '.', '_' or '-'.");
  if (!reading.at)
    return refused(reading, "time-invalid", "The time is not written YYYY-MM-DD HH:MM:SS.");
  return judged(reading, row, std::ranges::find(services, code) != services.end());
}

std::string_view country_code(std::string_view name) {
  auto found = std::ranges::find(countries, name, &std::pair<std::string_view, std::string_view>::first);
  return found == countries.end() ? std::string_view{} : found->second;
}

Refusal columns_wrong(std::size_t columns) { return {"columns-wrong", "The row has " + std::to_string(columns) + " columns instead of 8."}; }
Refusal customer_differs() { return {"customer-differs", "The invoice begins with another customer."}; }
Refusal no_goods() { return {"no-goods", "No goods are left on the invoice, only services: there is nothing to ship."}; }
Refusal too_many_lines() { return {"too-many-lines", "The invoice has more lines than an order can have: 2,000."}; }
Refusal return_unmatched() { return {"return-unmatched", "The customer has not bought so many units of this code that have not come back already."}; }

} // namespace entrepot::imports::online_retail
