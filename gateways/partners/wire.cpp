#include "gateways/partners/wire.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "gateways/http/json_writer.hpp"

namespace entrepot::partners {
namespace {

constexpr std::size_t longest_code = 64;

} // namespace

void append_percent_encoded(std::string& out, std::string_view text) {
  static constexpr char hex[] = "0123456789ABCDEF";
  for (auto c : text) {
    auto plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == '~';
    if (plain) {
      out += c;
      continue;
    }
    auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += hex[byte >> 4];
    out += hex[byte & 15];
  }
}

void append_get(std::string& out, std::string_view path, std::string_view host) {
  out += "GET ";
  out += path;
  out += " HTTP/1.1\r\nHost: ";
  out += host;
  out += "\r\n\r\n";
}

void append_post(std::string& out, std::string_view path, std::string_view host, std::string_view key, std::string_view body) {
  out += "POST ";
  out += path;
  out += " HTTP/1.1\r\nHost: ";
  out += host;
  if (!key.empty()) {
    out += "\r\nIdempotency-Key: ";
    out += key;
  }
  out += "\r\nContent-Type: application/json\r\nContent-Length: ";
  http::append_number(out, static_cast<std::int64_t>(body.size()));
  out += "\r\n\r\n";
  out += body;
}

std::string text_in(const nlohmann::json& body, const char* name) {
  if (!body.is_object())
    return {};
  auto found = body.find(name);
  return found != body.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

std::string code_in(const nlohmann::json& body) {
  auto code = text_in(body, "code");
  auto is_plain = std::ranges::all_of(code, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
  return is_plain && code.size() <= longest_code ? code : std::string{};
}

} // namespace entrepot::partners
