#include "persistence/webhooks/page_cursor.hpp"

#include <charconv>
#include <limits>

namespace entrepot::webhook {
namespace {

template <class Number>
bool take(std::string_view& text, Number& number) {
  auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc{})
    return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  if (text.starts_with('-'))
    text.remove_prefix(1);
  return true;
}

} // namespace

std::string to_text(const PageCursor& cursor) {
  return std::to_string(cursor.at.time_since_epoch().count()) + "-" + std::to_string(cursor.place.shard) + "-" + std::to_string(cursor.place.pos);
}

std::optional<PageCursor> page_cursor_from(std::string_view text) {
  if (text.empty())
    return PageCursor{Timestamp{}, {-1, 0}};
  std::int64_t at = 0;
  PageCursor cursor;
  constexpr std::int64_t latest = 253'402'300'800'000; // the year 10000
  if (!take(text, at) || !take(text, cursor.place.shard) || !take(text, cursor.place.pos) || !text.empty() || at < 0 || at > latest || cursor.place.shard < 0 ||
      cursor.place.shard >= shard_count || cursor.place.pos < 0)
    return {};
  cursor.at = Timestamp{Duration{at}};
  return cursor;
}

} // namespace entrepot::webhook
