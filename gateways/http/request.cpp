#include "gateways/http/request.hpp"

#include <algorithm>

namespace entrepot::http {
namespace {

constexpr std::size_t kept_body_bytes = 64 * 1024; ///< of memory, from one request to the next

int hex_digit(char c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  if (c >= 'a' && c <= 'f')
    return c - 'a' + 10;
  if (c >= 'A' && c <= 'F')
    return c - 'A' + 10;
  return -1;
}

/// Returns how many bytes the character at the front of `text` takes; 0 if it is none.
std::size_t utf8_length(std::string_view text) {
  auto at = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  auto tail = [&](std::size_t i, unsigned low = 0x80, unsigned high = 0xbf) { return at(i) >= low && at(i) <= high; };
  auto lead = at(0);
  if (lead < 0x80)
    return 1;
  if (lead >= 0xc2 && lead <= 0xdf)
    return tail(1) ? 2 : 0;
  if (lead >= 0xe0 && lead <= 0xef)
    return tail(1, lead == 0xe0 ? 0xa0 : 0x80, lead == 0xed ? 0x9f : 0xbf) && tail(2) ? 3 : 0;
  if (lead >= 0xf0 && lead <= 0xf4)
    return tail(1, lead == 0xf0 ? 0x90 : 0x80, lead == 0xf4 ? 0x8f : 0xbf) && tail(2) && tail(3) ? 4 : 0;
  return 0;
}

} // namespace

std::string_view name_of(Method method) {
  switch (method) {
  case Method::get:
    return "GET";
  case Method::head:
    return "HEAD";
  case Method::post:
    return "POST";
  case Method::put:
    return "PUT";
  case Method::patch:
    return "PATCH";
  case Method::del:
    return "DELETE";
  case Method::options:
    return "OPTIONS";
  case Method::other:
    break;
  }
  return "OTHER";
}

std::string_view Request::header(std::string_view name) const {
  for (const auto& field : fields_)
    if (view(field.name) == name)
      return view(field.value);
  return {};
}

std::size_t Request::count(std::string_view name) const {
  return static_cast<std::size_t>(std::ranges::count_if(fields_, [&](const auto& field) { return view(field.name) == name; }));
}

std::string_view Request::param(std::string_view name) const {
  for (const auto& [known, value] : params_)
    if (known == name)
      return value;
  return {};
}

std::optional<std::vector<std::pair<std::string, std::string>>> Request::query() const {
  std::vector<std::pair<std::string, std::string>> found;
  auto mark = target().find('?');
  if (mark == std::string_view::npos)
    return found;
  auto rest = target().substr(mark + 1);
  while (!rest.empty()) {
    auto part = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(rest.size(), part.size() + 1));
    auto equals = part.find('=');
    auto name = percent_decoded(part.substr(0, equals), true);
    auto value = percent_decoded(equals == std::string_view::npos ? "" : part.substr(equals + 1), true);
    if (!name || !value)
      return {};
    found.emplace_back(std::move(*name), std::move(*value));
  }
  return found;
}

void Request::clear() {
  method_ = Method::other;
  text_.clear();
  target_ = {};
  fields_.clear();
  if (body_.capacity() > kept_body_bytes)
    body_ = {}; // ten thousand idle connections must not each keep a megabyte
  body_.clear();
  params_.clear();
}

void Request::start(Method method, std::string_view target) {
  method_ = method;
  target_ = keep(target);
}

void Request::add_header(std::string_view name, std::string_view value) {
  auto kept = keep(name);
  for (auto i = kept.at; i < kept.at + kept.size; ++i)
    if (text_[i] >= 'A' && text_[i] <= 'Z')
      text_[i] = static_cast<char>(text_[i] - 'A' + 'a');
  fields_.push_back({kept, keep(value)});
}

Request::Span Request::keep(std::string_view text) {
  Span span{static_cast<std::uint32_t>(text_.size()), static_cast<std::uint32_t>(text.size())};
  text_ += text;
  return span;
}

std::optional<std::string> percent_decoded(std::string_view text, bool plus_is_space) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto c = text[i];
    if (c == '%') {
      auto high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
      auto low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
      if (high < 0 || low < 0)
        return {};
      c = static_cast<char>(high * 16 + low);
      i += 2;
    } else if (plus_is_space && c == '+') {
      c = ' ';
    }
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
      return {};
    decoded += c;
  }
  if (!is_utf8(decoded))
    return {};
  return decoded;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    auto length = utf8_length(text);
    if (length == 0)
      return false;
    text.remove_prefix(length);
  }
  return true;
}

} // namespace entrepot::http
