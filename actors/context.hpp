// What every actor of a node is given: the journal, the clock, the other actors' addresses. Built once, by system.cpp.
#pragma once

#include <array>
#include <atomic>
#include <caf/actor.hpp>
#include <functional>

#include "actors/envelope.hpp"
#include "actors/limits.hpp"
#include "actors/stock_view.hpp"
#include "actors/waiting_orders.hpp"
#include "actors/wheel.hpp"
#include "domain/order/draft.hpp"

namespace entrepot::actors {

using Clock = std::function<Timestamp()>;

/// A stream that cannot be replayed: its history is at odds with the rules. A person must look.
struct Quarantined {
  StreamId stream;
  std::string why;
};

struct Context {
  journal::Journal& journal;
  Clock now;
  Limits limits;
  std::array<Wheel, shard_count> wheels = {};
  std::array<caf::actor, shard_count> shards = {}; ///< strong: an actor that nobody holds dies silently
  std::array<std::atomic<int>, shard_count> admitted{}; ///< gateways' requests under way
  std::atomic<std::uint64_t> activations{0};
  std::function<void(const Quarantined&)> on_quarantine = {};
  payment::Provider provider = {}; ///< none: every question about money stays without answer
  fulfilment::Carrier carrier = {}; ///< none: no labels are asked for
  std::function<std::shared_ptr<const order::Definitions>()> definitions = {}; ///< none: no places are found for orders
  StockView stock = {};
  WaitingOrders waiting = {};

  /// Sends to the actor that `envelope->to` names, waking it if need be.
  void send(EnvelopePtr envelope) const;
};

} // namespace entrepot::actors
