#include "domain/time.hpp"

#include <cstdio>

namespace entrepot {
namespace {

/// Reads exactly `digits` decimal digits at `from`; nothing if there are fewer.
std::optional<int> number_at(std::string_view text, std::size_t from, std::size_t digits) {
  if (text.size() < from + digits)
    return {};
  int value = 0;
  for (auto c : text.substr(from, digits)) {
    if (c < '0' || c > '9')
      return {};
    value = value * 10 + (c - '0');
  }
  return value;
}

bool has(std::string_view text, std::size_t at, char c) { return at < text.size() && text[at] == c; }

/// Reads ".123456" at `from`, which moves behind it; milliseconds, or nothing if there is a dot without digits.
std::optional<int> fraction_at(std::string_view text, std::size_t& from) {
  if (!has(text, from, '.'))
    return 0;
  int millis = 0;
  std::size_t digits = 0;
  for (++from; from < text.size() && text[from] >= '0' && text[from] <= '9'; ++from, ++digits)
    if (digits < 3)
      millis = millis * 10 + (text[from] - '0');
  if (digits == 0 || digits > 9)
    return {};
  for (; digits < 3; ++digits)
    millis *= 10;
  return millis;
}

/// Reads "Z" or "+01:00" at `from`, to the end of the text.
std::optional<std::chrono::minutes> offset_at(std::string_view text, std::size_t from) {
  if ((has(text, from, 'Z') || has(text, from, 'z')) && text.size() == from + 1)
    return std::chrono::minutes{0};
  if (!has(text, from, '+') && !has(text, from, '-'))
    return {};
  auto hours = number_at(text, from + 1, 2);
  auto minutes = number_at(text, from + 4, 2);
  if (!hours || !minutes || !has(text, from + 3, ':') || text.size() != from + 6 || *hours > 23 || *minutes > 59)
    return {};
  auto offset = std::chrono::minutes{*hours * 60 + *minutes};
  return text[from] == '-' ? -offset : offset;
}

} // namespace

std::string to_rfc3339(Timestamp at) {
  auto day = std::chrono::floor<std::chrono::days>(at);
  auto date = std::chrono::year_month_day{day};
  auto clock = std::chrono::hh_mm_ss{at - day};
  char text[40];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
  return text;
}

std::optional<Timestamp> from_rfc3339(std::string_view text) {
  auto year = number_at(text, 0, 4), month = number_at(text, 5, 2), day = number_at(text, 8, 2);
  auto hour = number_at(text, 11, 2), minute = number_at(text, 14, 2), second = number_at(text, 17, 2);
  if (!year || !month || !day || !hour || !minute || !second || *year < 1970)
    return {};
  if (!has(text, 4, '-') || !has(text, 7, '-') || !(has(text, 10, 'T') || has(text, 10, 't')) || !has(text, 13, ':') ||
      !has(text, 16, ':'))
    return {};
  auto date = std::chrono::year{*year} / *month / *day;
  if (!date.ok() || *hour > 23 || *minute > 59 || *second > 59)
    return {};
  std::size_t from = 19;
  auto millis = fraction_at(text, from);
  if (!millis)
    return {};
  auto offset = offset_at(text, from);
  if (!offset)
    return {};
  return Timestamp{std::chrono::sys_days{date}} + std::chrono::hours{*hour} + std::chrono::minutes{*minute} +
         std::chrono::seconds{*second} + Duration{*millis} - *offset;
}

} // namespace entrepot
