// Endpoints and their deliveries in memory, for tests and simulation.
#pragma once

#include <map>
#include <memory>
#include <mutex>

#include "domain/webhook/registry.hpp"
#include "persistence/consequences/checkpoint.hpp"

namespace entrepot::webhook {

/// Any thread. `heads` tells where the journal stands when an endpoint is made.
class MemoryRegistry : public Registry {
public:
  explicit MemoryRegistry(std::function<consequences::Positions()> heads = [] { return consequences::Positions{}; }) : heads_(std::move(heads)) {}

  Result<Endpoint> create(const Endpoint& endpoint, From from) override;
  std::vector<Endpoint> list() override;
  std::optional<Endpoint> find(const std::string& id) override;
  Result<Endpoint> change(const std::string& id, const std::function<std::optional<Rejection>(Endpoint&)>& act) override;
  bool remove(const std::string& id) override;
  std::vector<Version> versions() override;
  void keep(const std::string& endpoint, std::span<const Delivery> deliveries) override;
  void forget(const std::string& endpoint, std::span<const Place> places) override;
  std::vector<Delivery> waiting(const std::string& endpoint, std::size_t most) override;
  std::string body(const std::string& endpoint, Place place) override;
  Result<DeliveryPage> page(const std::string& endpoint, Fate fate, const std::string& after, std::size_t most) override;
  Result<std::int64_t> replay(const std::string& endpoint, const std::string& delivery, Timestamp now) override;

  /// How far the endpoint has been told. It lives no longer than this.
  std::unique_ptr<consequences::Checkpoint> checkpoint(const std::string& endpoint);

private:
  struct Kept {
    Endpoint endpoint;
    std::map<Place, Delivery> deliveries;
    consequences::MemoryCheckpoint checkpoint;
  };
  class Marker;
  const std::function<consequences::Positions()> heads_;
  std::mutex mutex_;
  std::map<std::string, Kept> kept_;
};

} // namespace entrepot::webhook
