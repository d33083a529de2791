#include "tests/simulation/world.hpp"

#include "persistence/codec.hpp"

namespace entrepot::simulation {
namespace {

constexpr Duration tick_pace = 1s;    // of deadlines
constexpr Duration retry_after = 15s; // of who was not answered
constexpr int most_tries = 200;
constexpr Duration longest_unsettled = 1s; // a slow database still answers within that

actors::Limits limits() {
  actors::Limits limits;
  limits.residents_per_shard = 25; // many orders are loaded again and again
  limits.snapshot_every = 300;
  limits.snapshot_at_rest = 50;
  limits.replayed_at_once = 500;
  return limits;
}

std::string digest_of(char body) { return std::string(16, body); }

} // namespace

World::World(const Plan& plan) : plan_(plan), chance_(plan.seed) {
  start_node();
  plan_crash();
}
World::~World() { ++life_; }

void World::start_node() {
  ++life_; // whoever is asked by a node that goes is not heard any more
  node_.reset();
  node_ = std::make_unique<test::Node>(
      store_, limits(), [this](fulfilment::LabelRequest request, std::function<void(fulfilment::LabelAnswer)> reply) { carrier(std::move(request), std::move(reply)); });
  node_->now = now_;
  node_->definitions = definitions();
  node_->provider = [this](const payment::ProviderRequest& request, std::function<void(payment::ProviderAnswer)> reply) { provider(request, std::move(reply)); };
  node_->journal.on_commit([this](int shard, std::span<const journal::Record> records) {
    node_->messenger.offer(shard, records);
    for (const auto& record : records)
      take_note(record);
  });
  for (const auto& shop : shops()) // a node looks at all its places when it starts
    node_->ports->read_location(shop.profile.code, {skus().front()}, [](auto) {});
}

void World::plan_crash() {
  after(chance_.between(Duration{6h}, Duration{30h}), [this] {
    if (calm_)
      return;
    dies_in_ = static_cast<int>(chance_.mostly_small(0, 6));
    plan_crash();
  });
}

const Family* World::family(StreamId stream) const {
  auto found = families_.find(family_of(stream));
  return found == families_.end() ? nullptr : &found->second;
}

/// What is committed is true: every invariant of the rules is checked here once more, on a state of our own.
void World::take_note(const journal::Record& record) {
  auto event = record.event ? record.event : std::make_shared<const AnyEvent>(codec::decode(record.type, record.version, record.data));
  if (source_of(record.command) == CommandSource::request) {
    auto [known, is_new] = done_.try_emplace(record.command, family_of(record.stream), record.at);
    if (!is_new && known->second != std::pair{family_of(record.stream), record.at})
      throw Broken(record.stream, "a command was done twice: " + record.type);
  }
  if (!is_named(record.stream)) {
    auto& family = families_[family_of(record.stream)];
    family.id = family_of(record.stream);
    evolve(family, child_of(record.stream), *event, record.at);
  }
  for (const auto& listener : listeners_)
    listener(record, *event);
}

std::optional<Timestamp> World::next_deadline() const {
  std::optional<Timestamp> next;
  for (const auto& wheel : node_->system.context().wheels)
    if (auto due = wheel.next(); due && (!next || *due < *next))
      next = due;
  return next;
}

void World::settle(bool fully) {
  for (;;) {
    node_->work();
    if (dies_in_ >= 0 && dies_in_-- == 0) {
      start_node();
      continue;
    }
    if (!fully && !calm_ && chance_.percent(20))
      return; // somebody is faster than the journal
    if (!node_->journal.step()) {
      node_->messenger.step(); // who must hear of it is told, and what comes of that is stored
      node_->work();
      if (node_->journal.queued() == 0)
        break;
    }
    node_->work();
  }
  if (trouble_)
    throw Broken({}, *trouble_);
  if (!node_->quarantined.empty())
    throw Broken(node_->quarantined.front().first, "a history cannot be folded: " + node_->quarantined.front().second);
  node_->calls.clear();
  for (const auto& act : at_rest_)
    act();
}

void World::run_until(Timestamp end) {
  for (;;) {
    auto act_at = agenda_.empty() ? end : agenda_.begin()->first.first;
    auto due = next_deadline();
    auto tick_at = due ? std::max(*due, ticked_ + tick_pace) : end;
    auto next = std::min({act_at, tick_at, end});
    if (node_->journal.queued() > 0 && next > now_ + longest_unsettled)
      settle();
    else if (next >= end)
      break;
    else {
      now_ = std::max(now_, next);
      node_->now = now_;
      if (act_at <= tick_at) {
        auto act = std::move(agenda_.begin()->second);
        agenda_.erase(agenda_.begin());
        act();
      } else {
        ticked_ = now_;
        node_->scheduler.advance_time(std::chrono::milliseconds{100});
      }
      settle(false);
    }
  }
  now_ = node_->now = end;
  settle();
}

/// Nothing is done in an answer but noting it: it may come from anywhere, also from a node that dies.
template <class T>
void World::ask(std::string by, std::function<void(gateway::Reply<T>)> send, Then then, int tries) {
  send([this, by, send, then, tries](gateway::Outcome<T> outcome) {
    if (std::holds_alternative<gateway::Fault>(outcome)) {
      if (tries >= most_tries)
        trouble_ = by + " is never answered";
      else
        after(retry_after, [this, by, send, then, tries] { ask<T>(by, send, then, tries + 1); });
      return;
    }
    Said answer{.done = true, .code = {}};
    if (const auto* why = std::get_if<Rejection>(&outcome))
      answer = {.done = false, .code = why->code};
    if constexpr (std::is_same_v<T, gateway::OrderView>)
      if (const auto* view = std::get_if<gateway::OrderView>(&outcome))
        answer.order = view->family;
    ++said[by + ": " + (answer.done ? "done" : answer.code)];
    if (then)
      after(0ms, [then, answer] { then(answer); });
  });
}

void World::act(StreamId member, AnyCommand command, std::string by, Then then, CommandId id) {
  if (!id)
    id = new_id();
  auto send = [this, member, command = std::move(command), by, id](gateway::Reply<gateway::OrderView> reply) {
    node_->ports->act(member, command, id, {.by = by, .traceparent = {}, .occurred_at = {}}, gateway::Until::stored, std::move(reply));
  };
  ask<gateway::OrderView>(std::move(by), std::move(send), std::move(then));
}

void World::command(const LocationCode& place, stock::Command command, std::string by, Then then) {
  auto send = [this, to = stream_of(place), command = AnyCommand{std::move(command)}, by, id = new_id()](gateway::Reply<std::int64_t> reply) {
    node_->ports->command(to, command, id, {.by = by, .traceparent = {}, .occurred_at = {}}, {}, std::move(reply));
  };
  ask<std::int64_t>(std::move(by), std::move(send), std::move(then));
}

void World::submit(const std::string& client, const std::string& key, const order::Basket& basket, char body, Then then) {
  auto send = [this, client, key, basket, body](gateway::Reply<gateway::OrderView> reply) {
    node_->ports->submit({.channel = basket.channel.text(), .external_number = basket.external_number, .client = client, .key = key, .body_digest = digest_of(body),
                          .draft = order::draft(basket, *definitions(), now_), .guest_key = {}},
                         {.by = client, .traceparent = {}, .occurred_at = {}}, gateway::Until::stored, std::move(reply));
  };
  ask<gateway::OrderView>("customer", std::move(send), std::move(then));
}

void World::provider_says(StreamId family, const std::string& key, const payment::ProviderAnswer& answer) {
  ask<gateway::OrderView>("provider", [this, family, key, answer](gateway::Reply<gateway::OrderView> reply) {
    node_->ports->provider_says({family}, key, answer, {.by = "provider", .traceparent = {}, .occurred_at = {}}, std::move(reply));
  }, {});
}

} // namespace entrepot::simulation
