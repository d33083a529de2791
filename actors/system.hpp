// Builds the actors of a node in order: the scheduler, the context, a shard for each claimed head. The one thing that main and tests call.
#pragma once

#include <caf/fwd.hpp>
#include <functional>
#include <memory>

#include "actors/limits.hpp"
#include "domain/fulfilment/carrier.hpp"
#include "domain/order/draft.hpp"
#include "domain/payment/provider.hpp"
#include "persistence/journal.hpp"

namespace entrepot::actors {

struct Context;

struct Options {
  std::function<Timestamp()> now; ///< the clock of business rules and deadlines
  Limits limits = {};
  std::size_t workers = 2;        ///< threads of the scheduler
  bool by_hand = false;           ///< tests: CAF's test scheduler, which runs an actor only when it is told to
  std::function<void(StreamId, const std::string& why)> on_quarantine = {};
  payment::Provider provider = {};
  fulfilment::Carrier carrier = {};
  std::function<std::shared_ptr<const order::Definitions>()> definitions = {}; ///< in force: places are found by their rules
};

/// A running node. Destroy it after the journal was closed: then nothing is under way any more.
class System {
public:
  /// Claims the journal's shards and starts them.
  System(journal::Journal& journal, Options options);
  ~System();
  System(const System&) = delete;
  System& operator=(const System&) = delete;

  Context& context();

  /// For metrics.
  struct Figures {
    int admitted = 0;          ///< gateways' requests that actors have not answered yet
    std::size_t deadlines = 0; ///< streams that wait for a clock
  };
  Figures figures() const;

  /// For tests that run the scheduler by hand.
  caf::actor_system& actors();

private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

} // namespace entrepot::actors
