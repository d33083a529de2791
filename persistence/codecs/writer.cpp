#include "persistence/codecs/writer.hpp"

#include <array>

#include "persistence/codec.hpp"

namespace entrepot::codec {
namespace {

/// What a byte needs inside a JSON string: nothing, an escape, or a look at the UTF-8 sequence it begins.
enum class Care : std::uint8_t { none, escape, sequence };

constexpr std::array<Care, 256> care = [] {
  std::array<Care, 256> table{};
  for (std::size_t byte = 0; byte < 256; ++byte)
    table[byte] = byte >= 0x80 ? Care::sequence : byte < 0x20 || byte == '"' || byte == '\\' ? Care::escape : Care::none;
  return table;
}();

void write_escape(std::string& out, unsigned char c) {
  switch (c) {
  case '"': out += "\\\""; return;
  case '\\': out += "\\\\"; return;
  case '\b': out += "\\b"; return;
  case '\f': out += "\\f"; return;
  case '\n': out += "\\n"; return;
  case '\r': out += "\\r"; return;
  case '\t': out += "\\t"; return;
  case 0: throw Unencodable("a text has a NUL in it");
  default:
    constexpr char hex[] = "0123456789abcdef";
    out += "\\u00";
    out += hex[c >> 4];
    out += hex[c & 15];
  }
}

/// Returns the length of the UTF-8 sequence at `from`: no overlong forms, no surrogates, nothing past U+10FFFF.
std::size_t sequence_length(std::string_view text, std::size_t from) {
  auto byte = [&](std::size_t i) { return from + i < text.size() ? static_cast<unsigned char>(text[from + i]) : 0u; };
  auto tail = [&](std::size_t i) { return (byte(i) & 0xc0u) == 0x80u; };
  auto lead = byte(0), next = byte(1);
  if (lead >= 0xc2 && lead <= 0xdf && tail(1))
    return 2;
  if (lead >= 0xe0 && lead <= 0xef && tail(1) && tail(2) && (lead != 0xe0 || next >= 0xa0) && (lead != 0xed || next < 0xa0))
    return 3;
  if (lead >= 0xf0 && lead <= 0xf4 && tail(1) && tail(2) && tail(3) && (lead != 0xf0 || next >= 0x90) && (lead != 0xf4 || next < 0x90))
    return 4;
  throw Unencodable("a text is not UTF-8");
}

void put_digits(char* to, unsigned value, int digits) {
  for (int i = digits - 1; i >= 0; --i, value /= 10)
    to[i] = static_cast<char>('0' + value % 10);
}

} // namespace

void write_string(std::string& out, std::string_view text) {
  out += '"';
  std::size_t from = 0, at = 0;
  while (at < text.size()) {
    auto c = static_cast<unsigned char>(text[at]);
    switch (care[c]) {
    case Care::none: ++at; break;
    case Care::sequence: at += sequence_length(text, at); break;
    case Care::escape:
      out.append(text, from, at - from);
      write_escape(out, c);
      from = ++at;
    }
  }
  out.append(text, from, at - from);
  out += '"';
}

void write_timestamp(std::string& out, Timestamp at) {
  auto day = std::chrono::floor<std::chrono::days>(at);
  auto date = std::chrono::year_month_day{day};
  auto year = static_cast<int>(date.year());
  if (at < Timestamp{} || day > std::chrono::sys_days{std::chrono::year{9999} / 12 / 31} || year > 9999)
    throw Unencodable("an instant lies outside the years 1970 to 9999");
  auto millis = static_cast<unsigned>((at - day).count());
  char text[] = "\"0000-00-00T00:00:00.000Z\"";
  put_digits(text + 1, static_cast<unsigned>(year), 4);
  put_digits(text + 6, static_cast<unsigned>(date.month()), 2);
  put_digits(text + 9, static_cast<unsigned>(date.day()), 2);
  put_digits(text + 12, millis / 3'600'000, 2);
  put_digits(text + 15, millis / 60'000 % 60, 2);
  put_digits(text + 18, millis / 1'000 % 60, 2);
  put_digits(text + 21, millis % 1'000, 3);
  out.append(text, sizeof text - 1);
}

} // namespace entrepot::codec
