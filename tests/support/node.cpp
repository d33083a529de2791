#include "tests/support/node.hpp"

namespace entrepot::test {

Node::Node(std::shared_ptr<journal::MemoryStore> kept, actors::Limits limits, fulfilment::Carrier carrier)
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

Node::~Node() {
  for (auto& shard : system.context().shards)
    caf::anon_send_exit(shard, caf::exit_reason::kill);
  scheduler.run();
  scheduler.clock().cancel_all();
  scheduler.run();
  own_journal_.reset(); // what was queued goes as in a crash, while those who wait for it still stand
}

void Node::settle() {
  do {
    do
      work();
    while (journal.step());
    messenger.step();
    work();
  } while (journal.queued() > 0);
}

void Node::pass(Duration length) {
  for (auto end = now + length; now < end; settle()) {
    now += std::chrono::milliseconds{100};
    scheduler.advance_time(std::chrono::milliseconds{100});
  }
}

Awaited<gateway::OrderView> Node::submit(const std::string& key, Result<order::Agreement> draft, bool settled, char body) {
  Awaited<gateway::OrderView> awaited;
  ports->submit({.channel = "web", .external_number = {}, .client = "gw", .key = key, .body_digest = std::string(16, body), .draft = std::move(draft), .guest_key = {}},
                {.by = "gw", .traceparent = {}, .occurred_at = {}}, settled ? gateway::Until::settled : gateway::Until::stored, awaited.reply());
  return awaited;
}

Awaited<std::int64_t> Node::command(StreamId to, AnyCommand command, int id) {
  Awaited<std::int64_t> awaited;
  CommandId request = id == 0 ? CommandId{} : CommandId{std::uint64_t{1} << 56, static_cast<std::uint64_t>(id)};
  ports->command(to, std::move(command), request, {.by = "admin", .traceparent = {}, .occurred_at = {}}, {}, awaited.reply());
  return awaited;
}

Awaited<gateway::OrderView> Node::read(OrderId order) {
  Awaited<gateway::OrderView> awaited;
  ports->read_order(order, awaited.reply());
  return awaited;
}

stock::Row Node::stock_of(std::string_view code) {
  Awaited<gateway::LocationView> awaited;
  ports->read_location(location("DC"), {sku(code)}, awaited.reply());
  settle();
  return awaited.value().rows.empty() ? stock::Row{} : awaited.value().rows.front().second;
}

Node& Node::open_warehouse(std::int32_t units) {
  command(stream_of(location("DC")), stock::Command{stock::Define{a_warehouse()}});
  command(stream_of(location("DC")), stock::Command{stock::Receive{"ASN-1", {{{entity("SHOP"), sku("MUG-1")}, units}, {{entity("SHOP"), sku("BOWL-1")}, units}}}});
  settle();
  return *this;
}

std::optional<gateway::PersonKey> Node::key_of(StreamId person) const {
  auto found = store->person_keys.find(person);
  return found == store->person_keys.end() ? std::nullopt : std::optional(found->second.key);
}

int count_of(const journal::MemoryStore& store, std::string_view type) {
  int count = 0;
  for (auto& shard : store.shards)
    for (auto& record : shard)
      count += record.type == type;
  return count;
}

} // namespace entrepot::test
