// A node of actors on the memory journal, run by hand: nothing happens but when a test says so, and time stands still until it is moved.
#pragma once

#include <caf/actor_system.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <gtest/gtest.h>
#include <memory>

#include "actors/context.hpp"
#include "actors/messages.hpp"
#include "actors/system.hpp"
#include "actors/telling.hpp"
#include "gateways/actor_bridge.hpp"
#include "persistence/memory_journal.hpp"
#include "tests/support/orders.hpp"
#include "workflows/consequences.hpp"

namespace entrepot::test {

/// What came back for a request: nothing yet, or one outcome.
template <class T>
class Awaited {
public:
  gateway::Reply<T> reply() {
    return [outcome = outcome_](gateway::Outcome<T> told) {
      EXPECT_FALSE(*outcome) << "a request is answered once";
      *outcome = std::move(told);
    };
  }
  bool answered() const { return outcome_->has_value(); }
  const T& value() const { return std::get<T>(outcome_->value()); }
  const Rejection& refusal() const { return std::get<Rejection>(outcome_->value()); }
  bool is_refused() const { return answered() && std::holds_alternative<Rejection>(**outcome_); }
  bool faulted() const { return answered() && std::holds_alternative<gateway::Fault>(**outcome_); }

private:
  std::shared_ptr<std::optional<gateway::Outcome<T>>> outcome_ = std::make_shared<std::optional<gateway::Outcome<T>>>();
};

class Node {
public:
  explicit Node(std::shared_ptr<journal::MemoryStore> kept = std::make_shared<journal::MemoryStore>(), actors::Limits limits = {}, fulfilment::Carrier carrier = {});
  ~Node();

  /// Lets the actors work until all of them wait for the journal.
  void work() { scheduler.run(); }
  /// Lets everything happen that can happen without time going by.
  void settle();
  /// Time goes by, a tenth of a second at a time.
  void pass(Duration length);

  Awaited<gateway::OrderView> submit(const std::string& key, Result<order::Agreement> draft = an_agreement(), bool settled = true, char body = 'b');
  Awaited<std::int64_t> command(StreamId to, AnyCommand command, int id = 0);
  Awaited<gateway::OrderView> read(OrderId order);
  stock::Row stock_of(std::string_view code);
  /// Opens the warehouse with so many units of what `an_agreement()` asks for.
  Node& open_warehouse(std::int32_t units = 100);

  Timestamp now = test::now;
  std::shared_ptr<const order::Definitions> definitions = std::make_shared<const order::Definitions>();
  std::vector<std::pair<StreamId, std::string>> quarantined;
  std::vector<payment::ProviderRequest> calls; ///< what the payment provider was asked
  /// How the provider answers; none: it is silent. By default it takes every card.
  payment::Provider provider = [](const payment::ProviderRequest& request, const std::function<void(payment::ProviderAnswer)>& reply) {
    reply({payment::ProviderAnswer::Kind::captured, "P-1", {}, request.amount});
  };
  std::shared_ptr<journal::MemoryStore> store;

private:
  std::optional<gateway::PersonKey> key_of(StreamId person) const;

  std::unique_ptr<journal::MemoryJournal> own_journal_;
  consequences::MemoryCheckpoint checkpoint_; ///< a node that takes over begins anew: everybody knows what he was told

public:
  journal::MemoryJournal& journal;
  actors::System system;
  consequences::Messenger messenger;
  caf::scheduler::test_coordinator& scheduler;
  std::unique_ptr<gateway::Ports> ports;
};

/// How many events of that type the store holds.
int count_of(const journal::MemoryStore& store, std::string_view type);

} // namespace entrepot::test
