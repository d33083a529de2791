// Writes JSON straight into a string. Rendering answers is on the path of every order: no tree is built.
#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace entrepot::http {

/// Appends `text` (UTF-8) with its quotes.
inline void append_json_text(std::string& out, std::string_view text) {
  static constexpr char hex[] = "0123456789abcdef";
  out += '"';
  std::size_t from = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto c = static_cast<unsigned char>(text[i]);
    if (c >= 0x20 && c != '"' && c != '\\') [[likely]]
      continue;
    out.append(text, from, i - from);
    from = i + 1;
    if (c == '"' || c == '\\') {
      out += '\\';
      out += static_cast<char>(c);
    } else {
      out += "\\u00";
      out += hex[c >> 4];
      out += hex[c & 15];
    }
  }
  out.append(text, from, text.size() - from);
  out += '"';
}

inline void append_number(std::string& out, std::int64_t number) {
  char digits[24];
  auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  out.append(digits, static_cast<std::size_t>(end - digits));
}

/// Objects and arrays are opened and closed by hand; commas come by themselves.
class JsonWriter {
public:
  explicit JsonWriter(std::string& out) : out_(out), begin_(out.size()) {}

  JsonWriter& open(char bracket = '{') { comma(); out_ += bracket; return *this; }
  JsonWriter& close(char bracket = '}') { out_ += bracket; return *this; }
  JsonWriter& key(std::string_view name) { comma(); out_ += '"'; out_ += name; out_ += "\":"; return *this; } // names are ours: nothing to escape
  JsonWriter& text(std::string_view value) { comma(); append_json_text(out_, value); return *this; }
  JsonWriter& number(std::int64_t value) { comma(); append_number(out_, value); return *this; }
  JsonWriter& truth(bool value) { comma(); out_ += value ? "true" : "false"; return *this; }
  JsonWriter& null() { comma(); out_ += "null"; return *this; }
  JsonWriter& raw(std::string_view json) { comma(); out_ += json; return *this; }

  JsonWriter& field(std::string_view name, std::string_view value) { return key(name).text(value); }
  JsonWriter& field(std::string_view name, std::int64_t value) { return key(name).number(value); }
  JsonWriter& flag(std::string_view name, bool value) { return key(name).truth(value); }
  /// Empty becomes null.
  JsonWriter& field_or_null(std::string_view name, std::string_view value) { return value.empty() ? key(name).null() : field(name, value); }

private:
  void comma() {
    if (out_.size() > begin_ && out_.back() != '{' && out_.back() != '[' && out_.back() != ':')
      out_ += ',';
  }
  std::string& out_;
  std::size_t begin_;
};

} // namespace entrepot::http
