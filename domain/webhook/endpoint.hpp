// A webhook endpoint: an address outside that is told what happens to orders, and the secrets its messages are signed with.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/result.hpp"
#include "domain/time.hpp"

namespace entrepot::webhook {

inline constexpr std::size_t max_endpoints = 20;     ///< of an installation: each is a queue of its own
inline constexpr std::size_t max_url_bytes = 1'024;
inline constexpr std::size_t max_types = 64;         ///< that one endpoint names
inline constexpr std::size_t max_channels = 64;      ///< that one endpoint names
inline constexpr std::size_t secret_bytes = 32;      ///< of those made here
inline constexpr auto former_secret_signs = std::chrono::days{1}; ///< for so long after a rotation messages carry both signatures

enum class Status : std::uint8_t {
  active,
  paused, ///< by a person: what happens meanwhile is sent when it is active again
  gone,   ///< it answered 410: nobody is told there until a person makes it active again
};
std::string_view name_of(Status status);
std::optional<Status> status_from(std::string_view name);

using Secret = std::vector<unsigned char>;

struct Endpoint {
  std::string id;                    ///< "whe_..."
  std::string url;                   ///< http or https, without user or password
  std::vector<std::string> types;    ///< names of published events; none: every one
  std::vector<std::string> channels; ///< codes; none: every one
  Status status = Status::active;
  Secret secret;                     ///< never in a log, a metric or an answer but that of its making
  Secret former_secret = {};         ///< empty: none
  std::optional<Timestamp> former_until = {}; ///< how long it signs, too
  std::string request = {};          ///< digest of the request that made it: a repeat finds the same
  std::string rotation = {};         ///< id of the request that changed the secret last: a repeat changes nothing
  std::string created_by = {}, changed_by = {};
  Timestamp created_at = {}, changed_at = {};
  std::int64_t version = 1;          ///< grows with every change, and with every replay of what died
  bool operator==(const Endpoint&) const = default;
};

/// Whether events of that published name, of orders of that channel, are told there.
bool wants_type(const Endpoint& endpoint, std::string_view type);
bool wants_channel(const Endpoint& endpoint, std::string_view channel);

/// Where an address leads.
struct Address {
  bool tls = false;
  std::string host, port; ///< port as digits; host without the brackets of an IPv6 address
  std::string target;     ///< path and query, at least "/"
};
/// Reads an address. Refuses `url-invalid`: not http or https, a user or password in it, a fragment, no host, a port that is none, other than visible ASCII, or too long.
Result<Address> address_from(std::string_view url);

/// The secrets that sign a message now, the newest first: two for `former_secret_signs` after a rotation.
std::vector<Secret> signing_secrets(const Endpoint& endpoint, Timestamp now);
/// Gives the endpoint a new secret; the old one signs as well for `former_secret_signs`.
void rotate(Endpoint& endpoint, Secret fresh, Timestamp now);

} // namespace entrepot::webhook
