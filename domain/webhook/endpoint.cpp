#include "domain/webhook/endpoint.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace entrepot::webhook {
namespace {

constexpr std::array<std::string_view, 3> status_names{"active", "paused", "gone"};
constexpr int last_port = 65'535;

bool is_visible(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7f && c != '\\' && c != '"' && c != '<' && c != '>'; });
}

bool is_port(std::string_view text) {
  if (text.empty() || text.size() > 5 || !std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; }))
    return false;
  auto number = std::stoi(std::string(text));
  return number >= 1 && number <= last_port;
}

bool is_host(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_'; });
}

bool is_ipv6(std::string_view text) {
  return text.find(':') != std::string_view::npos &&
         std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || (c >= '0' && c <= '9') || c == ':' || c == '.'; });
}

Rejection invalid() { return reject("url-invalid", "An address is http:// or https:// with a host, without user, password or fragment, of at most 1,024 visible ASCII characters."); }

} // namespace

std::string_view name_of(Status status) { return status_names[static_cast<std::size_t>(status)]; }

std::optional<Status> status_from(std::string_view name) {
  auto found = std::ranges::find(status_names, name);
  if (found == status_names.end())
    return {};
  return static_cast<Status>(found - status_names.begin());
}

bool wants_type(const Endpoint& endpoint, std::string_view type) { return endpoint.types.empty() || std::ranges::find(endpoint.types, type) != endpoint.types.end(); }

bool wants_channel(const Endpoint& endpoint, std::string_view channel) {
  return endpoint.channels.empty() || std::ranges::find(endpoint.channels, channel) != endpoint.channels.end();
}

Result<Address> address_from(std::string_view url) {
  if (url.size() > max_url_bytes || !is_visible(url))
    return invalid();
  Address address;
  if (url.starts_with("https://"))
    address.tls = true;
  else if (!url.starts_with("http://"))
    return invalid();
  url.remove_prefix(address.tls ? 8 : 7);
  auto authority = url.substr(0, std::min(url.find_first_of("/?#"), url.size()));
  auto rest = url.substr(authority.size());
  if (authority.find('@') != std::string_view::npos || rest.find('#') != std::string_view::npos)
    return invalid();
  auto is_bracketed = authority.starts_with('[');
  auto host_ends = is_bracketed ? authority.find(']') : authority.find(':');
  auto host = authority.substr(is_bracketed ? 1 : 0, host_ends == std::string_view::npos ? host_ends : host_ends - (is_bracketed ? 1 : 0));
  auto behind = host_ends == std::string_view::npos ? std::string_view{} : authority.substr(host_ends + (is_bracketed ? 1 : 0));
  if ((is_bracketed && host_ends == std::string_view::npos) || !(is_bracketed ? is_ipv6(host) : is_host(host)))
    return invalid();
  if (!behind.empty() && (behind[0] != ':' || !is_port(behind.substr(1))))
    return invalid();
  address.host = host;
  address.port = behind.empty() ? (address.tls ? "443" : "80") : std::string(behind.substr(1));
  address.target = rest.starts_with('/') ? std::string(rest) : "/" + std::string(rest);
  return address;
}

std::vector<Secret> signing_secrets(const Endpoint& endpoint, Timestamp now) {
  std::vector<Secret> secrets{endpoint.secret};
  if (!endpoint.former_secret.empty() && endpoint.former_until && now < *endpoint.former_until)
    secrets.push_back(endpoint.former_secret);
  return secrets;
}

void rotate(Endpoint& endpoint, Secret fresh, Timestamp now) {
  endpoint.former_secret = std::exchange(endpoint.secret, std::move(fresh));
  endpoint.former_until = now + former_secret_signs;
}

} // namespace entrepot::webhook
