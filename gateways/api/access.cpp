#include "gateways/api/access.hpp"

#include <algorithm>

namespace entrepot::api {
namespace {

/// The key in "Bearer KEY"; empty: none. The scheme's letters may be of either case (RFC 9110).
std::string_view bearer_key(std::string_view header) {
  constexpr std::string_view scheme = "bearer ";
  if (header.size() <= scheme.size())
    return {};
  for (std::size_t i = 0; i < scheme.size(); ++i)
    if ((header[i] | 0x20) != scheme[i])
      return {};
  return header.substr(scheme.size());
}

} // namespace

bool Principal::within(const std::vector<std::string>& scope, std::string_view code) {
  return scope.empty() || std::ranges::find(scope, code) != scope.end();
}

Result<Principal> authenticate(const http::Request& request, const KeyLookup& keys, const http::Allowed& allowed) {
  auto key = bearer_key(request.header("authorization"));
  if (key.empty() || request.count("authorization") != 1)
    return reject("key-missing", "Send an API key: 'Authorization: Bearer KEY'.");
  auto principal = keys(sha256({key}));
  if (!principal)
    return reject("key-unknown", "This API key is not known, or has been revoked.");
  if (!allowed.has(principal->role))
    return reject("role-not-allowed", "Keys with the role '" + std::string(name_of(principal->role)) + "' may not do this.");
  return std::move(*principal);
}

std::shared_ptr<void> ClientCounts::begin(const std::string& client) {
  Count count;
  {
    std::lock_guard lock(mutex_);
    auto& known = counts_[client];
    if (!known)
      known = std::make_shared<std::atomic<std::size_t>>(0);
    count = known;
  }
  if (count->fetch_add(1) >= most_) {
    --*count;
    return nullptr;
  }
  auto* counter = count.get();
  return {counter, [count = std::move(count)](void*) { --*count; }};
}

} // namespace entrepot::api
