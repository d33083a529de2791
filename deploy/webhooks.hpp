// Webhooks put together: the workflows' names, JSON and HTTP of the gateways, the tables, the feed.
#pragma once

#include <functional>
#include <memory>
#include <random>
#include <span>
#include <string>

#include "persistence/webhooks/courier.hpp"

namespace entrepot {

/// The journal outlives it.
class WebhookCourier {
public:
  WebhookCourier(const std::string& database, journal::Journal& journal, std::function<Timestamp()> clock);

  void start() { courier_->start(); }
  void offer(int shard, std::span<const journal::Record> records) { courier_->offer(shard, records); }
  void close() { courier_->close(); }
  std::vector<webhook::EndpointFigures> figures() const { return courier_->figures(); }

private:
  std::mt19937_64 chance_{std::random_device{}()}; // by the courier's thread alone
  std::unique_ptr<webhook::Registry> registry_;
  std::unique_ptr<webhook::Courier> courier_;
};

} // namespace entrepot
