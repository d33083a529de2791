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
  explicit Node(std::shared_ptr<journal::MemoryStore> kept = std::make_shared<journal::MemoryStore>(), actors::Limits limits = {}, fulfilment::Carrier carrier = {})
      : store(std::move(kept)), own_journal_(std::make_unique<journal::MemoryJournal>(journal::MemoryOptions{.drive = journal::Drive::by_hand, .store = store})),
        journal(*own_journal_), system(journal, {.now = [this] { return now; }, .limits = limits, .by_hand = true,
                         .on_quarantine = [this](StreamId stream, const std::string& why) { quarantined.emplace_back(stream, why); },
                         .provider = [this](payment::ProviderRequest request, std::function<void(payment::ProviderAnswer)> reply) {
                           calls.push_back(request);
                           if (provider)
                             provider(request, std::move(reply));
                         }, .carrier = std::move(carrier), .definitions = [this] { return definitions; }}),
        messenger({.draw = workflow::consequences_of, .interest = {workflow::has_consequences, workflow::may_have_consequences}, .give = actors::giving(system.context()),
                   .now = [this] { return now; }}, journal, checkpoint_),
        scheduler(dynamic_cast<caf::scheduler::test_coordinator&>(system.actors().scheduler())),
        ports(gateway::make_actor_bridge(system.context(), {.definitions = [this] { return definitions; }, .list_orders = {},
                                                                       .person_key = [this](StreamId person, gateway::Reply<std::optional<gateway::PersonKey>> reply) { reply(key_of(person)); }})) {
    journal.on_commit([this](int shard, std::span<const journal::Record> records) { messenger.offer(shard, records); });
  }

  ~Node() {
    for (auto& shard : system.context().shards)
      caf::anon_send_exit(shard, caf::exit_reason::kill);
    scheduler.run();
    scheduler.clock().cancel_all();
    scheduler.run();
    own_journal_.reset(); // what was queued goes as in a crash, while those who wait for it still stand
  }

  /// Lets the actors work until all of them wait for the journal.
  void work() { scheduler.run(); }
  /// Lets everything happen that can happen without time going by.
  void settle() {
    do {
      do
        work();
      while (journal.step());
      messenger.step();
      work();
    } while (journal.queued() > 0);
  }
  /// Time goes by, a tenth of a second at a time.
  void pass(Duration length) {
    for (auto end = now + length; now < end; settle()) {
      now += std::chrono::milliseconds{100};
      scheduler.advance_time(std::chrono::milliseconds{100});
    }
  }

  Awaited<gateway::OrderView> submit(const std::string& key, Result<order::Agreement> draft = an_agreement(), bool settled = true, char body = 'b') {
    Awaited<gateway::OrderView> awaited;
    ports->submit({.channel = "web", .external_number = {}, .client = "gw", .key = key, .body_digest = std::string(16, body), .draft = std::move(draft), .guest_key = {}},
                  {.by = "gw", .traceparent = {}, .occurred_at = {}}, settled ? gateway::Until::settled : gateway::Until::stored, awaited.reply());
    return awaited;
  }
  Awaited<std::int64_t> command(StreamId to, AnyCommand command, int id = 0) {
    Awaited<std::int64_t> awaited;
    CommandId request = id == 0 ? CommandId{} : CommandId{std::uint64_t{1} << 56, static_cast<std::uint64_t>(id)};
    ports->command(to, std::move(command), request, {.by = "admin", .traceparent = {}, .occurred_at = {}}, {}, awaited.reply());
    return awaited;
  }
  Awaited<gateway::OrderView> read(OrderId order) {
    Awaited<gateway::OrderView> awaited;
    ports->read_order(order, awaited.reply());
    return awaited;
  }
  stock::Row stock_of(std::string_view code) {
    Awaited<gateway::LocationView> awaited;
    ports->read_location(location("DC"), {sku(code)}, awaited.reply());
    settle();
    return awaited.value().rows.empty() ? stock::Row{} : awaited.value().rows.front().second;
  }
  /// Opens the warehouse with so many units of what `an_agreement()` asks for.
  Node& open_warehouse(std::int32_t units = 100) {
    command(stream_of(location("DC")), stock::Command{stock::Define{a_warehouse()}});
    command(stream_of(location("DC")), stock::Command{stock::Receive{"ASN-1", {{{entity("SHOP"), sku("MUG-1")}, units}, {{entity("SHOP"), sku("BOWL-1")}, units}}}});
    settle();
    return *this;
  }

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
  std::optional<gateway::PersonKey> key_of(StreamId person) const {
    auto found = store->person_keys.find(person);
    return found == store->person_keys.end() ? std::nullopt : std::optional(found->second.key);
  }

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
inline int count_of(const journal::MemoryStore& store, std::string_view type) {
  int count = 0;
  for (auto& shard : store.shards)
    for (auto& record : shard)
      count += record.type == type;
  return count;
}

} // namespace entrepot::test
