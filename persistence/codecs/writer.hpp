// JSON straight into a string: encoding is on the way of every order, so nothing is built in between.
#pragma once

#include <charconv>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "domain/time.hpp"

namespace entrepot::codec {

/// Appends `text` as a JSON string. Throws Unencodable if it is not UTF-8 or has a NUL in it.
void write_string(std::string& out, std::string_view text);

/// Appends `at` as a JSON string, RFC 3339 in UTC with milliseconds. Throws Unencodable outside the years 1970 to 9999.
void write_timestamp(std::string& out, Timestamp at);

/// Appends decimal digits.
inline void write_integer(std::string& out, std::int64_t value) {
  char digits[24];
  auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  out.append(digits, static_cast<std::size_t>(end - digits));
}

/// Closes an object or array whose members were each followed by a comma.
inline void close(std::string& out, char bracket) {
  if (out.back() == ',')
    out.back() = bracket;
  else
    out += bracket;
}

} // namespace entrepot::codec
