#include "gateways/imports/uk_time.hpp"

#include <charconv>

namespace entrepot::imports {
namespace {

using namespace std::chrono;

std::optional<int> number(std::string_view text, std::size_t from, std::size_t digits) {
  int value = 0;
  auto part = text.substr(from, digits);
  auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), value);
  if (error != std::errc{} || end != part.data() + part.size() || part.size() != digits || part.front() == '-')
    return {};
  return value;
}

sys_days last_sunday(year of, month in) { return sys_days{of / in / Sunday[last]}; }

} // namespace

std::optional<Timestamp> from_uk_time(std::string_view text) {
  auto with_seconds = text.size() == 19;
  if ((text.size() != 16 && !with_seconds) || text[4] != '-' || text[7] != '-' || (text[10] != ' ' && text[10] != 'T') || text[13] != ':' || (with_seconds && text[16] != ':'))
    return {};
  auto y = number(text, 0, 4), mon = number(text, 5, 2), d = number(text, 8, 2), h = number(text, 11, 2), min = number(text, 14, 2);
  auto s = with_seconds ? number(text, 17, 2) : std::optional(0);
  if (!y || !mon || !d || !h || !min || !s || *y < 1996 || *y > 2999 || *h > 23 || *min > 59 || *s > 59)
    return {};
  auto date = year{*y} / month{static_cast<unsigned>(*mon)} / day{static_cast<unsigned>(*d)};
  if (!date.ok())
    return {};
  auto shown = sys_days{date} + hours{*h} + minutes{*min} + seconds{*s};
  auto begins = last_sunday(date.year(), March) + 2h; // the clock jumps from 01:00 to 02:00
  auto ends = last_sunday(date.year(), October) + 2h; // and falls back from 02:00 to 01:00
  return Timestamp{shown - (shown >= begins && shown < ends ? 1h : 0h)};
}

} // namespace entrepot::imports
