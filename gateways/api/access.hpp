// Who asks, and what they may: API keys, roles and scopes.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "gateways/api/digest.hpp"
#include "gateways/http/routes.hpp"
#include "gateways/ports.hpp"

namespace entrepot::api {

using http::Role;

/// Whose key it is. An empty list of a scope: all.
struct Principal {
  std::string key_id; ///< "gw-web"
  Role role = Role::gateway;
  std::vector<std::string> channels, stores, entities;
  std::string person; ///< or device; empty: the key is a machine's

  /// "gw-web" or "staff-leeds/till-2", for the record.
  std::string by() const { return person.empty() ? key_id : key_id + "/" + person; }
  bool may_channel(std::string_view code) const { return within(channels, code); }
  bool may_store(std::string_view code) const { return within(stores, code); }
  bool may_entity(std::string_view code) const { return within(entities, code); }

private:
  static bool within(const std::vector<std::string>& scope, std::string_view code);
};

/// Finds the owner of a key by the SHA-256 of its text: keys themselves are stored nowhere. Any thread.
using KeyLookup = std::function<std::optional<Principal>(const Digest& sha256_of_key)>;

/// Returns who sent it; refuses `key-missing`, `key-unknown`, `role-not-allowed`.
Result<Principal> authenticate(const http::Request& request, const KeyLookup& keys, const http::Allowed& allowed);

/// Counts the requests under way of each key, so that one client cannot take the place of all.
class ClientCounts {
public:
  explicit ClientCounts(std::size_t most) : most_(most) {}

  /// Returns a token that counts as one request of that client as long as it lives; nullptr: the client has as many as it may.
  std::shared_ptr<void> begin(const std::string& client);

private:
  using Count = std::shared_ptr<std::atomic<std::size_t>>;
  std::size_t most_;
  std::mutex mutex_;
  std::unordered_map<std::string, Count> counts_; ///< one entry a key: as many as have been given out
};

} // namespace entrepot::api
