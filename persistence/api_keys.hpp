// Who may call: API keys, of which only hashes are kept.
#pragma once

#include <array>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <vector>

#include "domain/result.hpp"

namespace entrepot {

/// What a key may be used for. Routes name one of these.
inline constexpr std::array<std::string_view, 6> api_roles{"gateway", "staff", "finance", "operator", "auditor", "admin"};

struct ApiKey {
  std::string id;     ///< 1 to 64 of letters, digits, '.', '-'; for logs and records
  std::string role;   ///< one of api_roles
  std::vector<std::string> channels, stores, entities; ///< codes it is confined to; none: not confined
  std::string person; ///< who or which device holds it; empty: a program
  bool operator==(const ApiKey&) const = default;
};

struct ListedApiKey {
  ApiKey key;
  std::string created_at, revoked_at; ///< RFC 3339; not revoked: empty
};

/// How long a change of a key may take to be seen by a running server.
inline constexpr std::chrono::milliseconds api_key_refresh{1'000};

/// Random bytes from where secrets may be made of.
using RandomBytes = std::function<void(std::uint8_t* to, std::size_t count)>;

/// Stores a new key and returns its secret, "ek_<id>_<32 digits of base 32>": the only time it is seen. Refuses `role-unknown`, `id-invalid`,
/// `scope-invalid` (a code that is none), `id-taken`. Throws journal::Unavailable.
Result<std::string> create_api_key(const std::string& conninfo, const ApiKey& key, const RandomBytes& random);

/// Ends a key; false if there is none of that id that is not revoked. Throws journal::Unavailable.
bool revoke_api_key(const std::string& conninfo, const std::string& id);

/// Returns all keys, also revoked ones, by id. Throws journal::Unavailable.
std::vector<ListedApiKey> list_api_keys(const std::string& conninfo);

/// The keys in force, in memory. Its own thread reads them anew once in `refresh`, so a look-up never waits for PostgreSQL; while that is away the last
/// known keys hold.
class ApiKeys {
public:
  /// Reads the keys and starts the thread. Throws journal::Unavailable if they cannot be read.
  explicit ApiKeys(std::string conninfo, std::chrono::milliseconds refresh = api_key_refresh);
  ~ApiKeys();

  using Digest = std::array<std::uint8_t, 32>;

  /// Returns the key whose secret has this SHA-256; null if there is none in force. Any thread; never blocks for long.
  std::shared_ptr<const ApiKey> find(const Digest& sha256_of_secret) const;

  /// Has the keys read anew now and waits for it; false if PostgreSQL is away.
  bool refresh_now();

private:
  struct DigestHash {
    std::size_t operator()(const Digest& digest) const noexcept;
  };
  using Keys = std::unordered_map<Digest, std::shared_ptr<const ApiKey>, DigestHash>;

  Keys read();
  void run();

  const std::string conninfo_;
  const std::chrono::milliseconds refresh_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::shared_ptr<const Keys> keys_;
  std::uint64_t asked_ = 0, answered_ = 0; // refreshes
  bool last_worked_ = true, closing_ = false;
  struct Link;
  std::unique_ptr<Link> link_; // of the thread
  std::thread thread_;
};

} // namespace entrepot
