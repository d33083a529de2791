#include "gateways/api/idempotency.hpp"

#include <algorithm>
#include <charconv>

#include "gateways/api/digest.hpp"
#include "gateways/http/limits.hpp"

namespace entrepot::api {
namespace {

/// A command id of 16 bytes whose first says who made it.
CommandId id_from(std::span<const std::uint8_t> bytes, CommandSource source = CommandSource::request) {
  CommandId id;
  for (std::size_t i = 0; i < 8; ++i) {
    id.high = (id.high << 8) | bytes[i];
    id.low = (id.low << 8) | bytes[i + 8];
  }
  id.high = (id.high & 0x00ff'ffff'ffff'ffffULL) | (std::uint64_t{static_cast<std::uint8_t>(source)} << 56);
  return id;
}

std::string_view trimmed(std::string_view text) {
  auto from = text.find_first_not_of(" \t");
  if (from == std::string_view::npos)
    return {};
  return text.substr(from, text.find_last_not_of(" \t") - from + 1);
}

/// "wait=10" -> 10; nothing if it is another preference, or no number.
std::optional<std::int64_t> wait_of(std::string_view preference) {
  preference = trimmed(preference.substr(0, preference.find(';')));
  auto equals = preference.find('=');
  auto name = trimmed(preference.substr(0, equals));
  if (equals == std::string_view::npos || name.size() != 4 ||
      !std::ranges::equal(name, std::string_view("wait"), [](char a, char b) { return (a | 0x20) == b; }))
    return {};
  auto value = trimmed(preference.substr(equals + 1));
  if (value.size() >= 2 && value.front() == '"' && value.back() == '"')
    value = value.substr(1, value.size() - 2);
  std::int64_t seconds = 0;
  auto [end, ec] = std::from_chars(value.data(), value.data() + value.size(), seconds);
  if (ec != std::errc{} || end != value.data() + value.size() || value.front() == '-')
    return {};
  return seconds;
}

} // namespace

Result<std::string> idempotency_key(const http::Request& request) {
  auto key = request.header("idempotency-key");
  if (key.empty())
    return reject("idempotency-key-missing", "Send an Idempotency-Key header, so that the request can be repeated safely.");
  auto is_plain = std::ranges::all_of(key, [](char c) { return c >= 0x20 && c < 0x7f; });
  if (key.size() > http::limits::key_bytes || !is_plain || request.count("idempotency-key") != 1)
    return reject("idempotency-key-invalid", "An Idempotency-Key is one header of 1 to 255 ASCII characters.");
  return std::string(key);
}

CommandId request_command(std::string_view client, std::string_view key, std::string_view route) {
  auto digest = sha256({client, key, route});
  return id_from(std::span(digest).first(16));
}

CommandId import_command(std::string_view what, std::string_view row) {
  auto digest = sha256({"import", what, row});
  return id_from(std::span(digest).first(16), CommandSource::import);
}

CommandId fresh_command(const RandomBytes& random) {
  std::array<std::uint8_t, 16> bytes{};
  random(bytes);
  return id_from(bytes);
}

Result<CommandId> request_command(const http::Request& request, std::string_view client, const RandomBytes& random) {
  if (request.count("idempotency-key") == 0)
    return fresh_command(random);
  auto key = idempotency_key(request);
  if (!key)
    return key.error();
  return request_command(client, *key, std::string(name_of(request.method())) + " " + std::string(request.path()));
}

std::string body_digest(const JsonDocument& body) {
  auto digest = sha256({body.canonical()});
  return {reinterpret_cast<const char*>(digest.data()), 16};
}

std::chrono::seconds preferred_wait(const http::Request& request) {
  auto rest = request.header("prefer");
  while (!rest.empty()) {
    auto preference = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(rest.size(), preference.size() + 1));
    if (auto wait = wait_of(preference))
      return std::chrono::seconds(std::clamp<std::int64_t>(*wait, 0, http::limits::wait.count()));
  }
  return std::chrono::seconds{0};
}

} // namespace entrepot::api
