// A server on a free port with the fake inside behind it, keys for every role, and a client: what most tests of the API need.
#pragma once

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "gateways/api/api.hpp"
#include "gateways/http/client.hpp"
#include "gateways/http/server.hpp"
#include "persistence/webhooks/memory_registry.hpp"
#include "tests/gateways/fake_ports.hpp"

namespace entrepot::test {

using Json = nlohmann::json;

inline constexpr auto now = Timestamp{std::chrono::sys_days{std::chrono::year{2026} / 3 / 10}} + std::chrono::hours{9};

/// Bytes that only look random: 1, 2, 3, ...
class CountingBytes {
public:
  void operator()(std::span<std::uint8_t> bytes) {
    std::lock_guard lock(*mutex_);
    for (auto& byte : bytes)
      byte = static_cast<std::uint8_t>(++*next_);
  }

private:
  std::shared_ptr<std::mutex> mutex_ = std::make_shared<std::mutex>();
  std::shared_ptr<unsigned> next_ = std::make_shared<unsigned>(0);
};

/// Fast clocks, so that nobody waits for a deadline to be tested.
http::ServerOptions quick();

class Shop {
public:
  explicit Shop(http::ServerOptions options = quick(), std::size_t requests_per_client = http::limits::requests_per_client, bool knows_partners = true);

  FakePorts ports;
  bool ready = true;
  webhook::MemoryRegistry registry; ///< of webhook endpoints
  std::shared_ptr<api::EventCounts> carrier_counts = std::make_shared<api::EventCounts>(), payment_counts = std::make_shared<api::EventCounts>();
  std::vector<std::string> logged;  ///< about the carrier's messages; read when nothing is under way
  std::vector<std::string> defects; ///< what the server told of; read when nothing is under way

  /// A client with the key of that name: "gw-web" (gateway, channel web), "gw-all", "staff-leeds" (store LEEDS), "finance", "operator", "auditor",
  /// "admin", "admin-acme" (entity ACME).
  http::Client client(const std::string& key = "gw-web");
  std::uint16_t port() const { return server->port(); }

private:
  static http::Routes routes(Shop& shop, std::size_t requests_per_client, bool knows_partners);
  http::Routes routes_;

public:
  std::unique_ptr<http::Server> server;
};

/// What the shop and its carrier agreed on.
inline constexpr auto carrier_secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
/// The same of its payment provider.
inline constexpr auto payment_secret = "whsec_cGF5bWVudC1wcm92aWRlci1vZi10aGUtc2hvcA==";

/// A body that is taken as it is: two mugs, on account, for a guest: nothing in it tells who she is.
Json good_order();
/// What every problem has; returns the document.
Json problem_of(const http::Answer& answer, int status, const std::string& code);
/// A fresh Idempotency-Key header.
http::Client::Headers fresh_key();

} // namespace entrepot::test
