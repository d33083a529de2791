// Where endpoints are kept, with what they have not taken yet: the port. Memory and PostgreSQL stand behind it and pass one contract suite.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "domain/webhook/delivery.hpp"
#include "domain/webhook/endpoint.hpp"

namespace entrepot::webhook {

/// What an endpoint is told first: what happens from its making on, or everything that is stored.
enum class From : std::uint8_t { now, beginning };

struct DeliveryPage {
  std::vector<Delivery> deliveries; ///< the oldest first, without bodies
  std::string next;                 ///< cursor; empty: the last page
};

/// What of an endpoint's may have changed since somebody looked.
struct Version {
  std::string id;
  std::int64_t version = 0;
  bool operator==(const Version&) const = default;
};

/// Everything blocks and throws std::exception if the database cannot be reached. For one thread at a time.
class Registry {
public:
  virtual ~Registry() = default;

  /// Keeps a new endpoint, and where it begins. One that is there under its id is returned as it is. Refuses `idempotency-key-reused` (it was made by another
  /// request), `webhook-endpoints-exhausted` (there are `max_endpoints`).
  virtual Result<Endpoint> create(const Endpoint& endpoint, From from) = 0;
  /// By id.
  virtual std::vector<Endpoint> list() = 0;
  virtual std::optional<Endpoint> find(const std::string& id) = 0;
  /// Has `act` change an endpoint, all or nothing, one at a time; its version grows unless nothing changed. Refuses `webhook-endpoint-unknown`, and what `act` refuses.
  virtual Result<Endpoint> change(const std::string& id, const std::function<std::optional<Rejection>(Endpoint&)>& act) = 0;
  /// Forgets an endpoint with all that waits for it; false: there is none.
  virtual bool remove(const std::string& id) = 0;
  /// What there is, by id: cheap, for who looks again and again.
  virtual std::vector<Version> versions() = 0;

  /// Keeps deliveries; of those that are there all but the body is written anew. Of an endpoint that is no more nothing is kept.
  virtual void keep(const std::string& endpoint, std::span<const Delivery> deliveries) = 0;
  /// Forgets deliveries that were acknowledged.
  virtual void forget(const std::string& endpoint, std::span<const Place> places) = 0;
  /// Returns up to `most` of those that wait, the oldest events of each shard first, without bodies.
  virtual std::vector<Delivery> waiting(const std::string& endpoint, std::size_t most) = 0;
  /// Returns a delivery's body; empty: it is no longer kept.
  virtual std::string body(const std::string& endpoint, Place place) = 0;
  /// Returns a page of those with that fate. Refuses `parameter-invalid` (the cursor), `webhook-endpoint-unknown`.
  virtual Result<DeliveryPage> page(const std::string& endpoint, Fate fate, const std::string& after, std::size_t most) = 0;
  /// Has what died sent again, one delivery or, without an id, all of them; returns how many. Refuses `webhook-endpoint-unknown`, `webhook-delivery-unknown` (none that is dead has that id).
  virtual Result<std::int64_t> replay(const std::string& endpoint, const std::string& delivery, Timestamp now) = 0;
};

} // namespace entrepot::webhook
