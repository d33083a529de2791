#include "actors/shard_actor.hpp"

#include "actors/event_sourced.hpp"
#include "actors/rules.hpp"

namespace entrepot::actors {
namespace {

constexpr int slices_of_shard = slice_count / shard_count;

StreamId root_of(StreamId stream) { return is_named(stream) ? stream : family_of(stream); }

Rejection key_reused() {
  return reject("idempotency-key-reused", "this key has been used for another request; the first one stands", {});
}

caf::actor wake(caf::event_based_actor& shard, Context& context, StreamId stream, std::uint64_t activation, bool known_empty,
                 const QueueLength& queued) {
  auto of = [&]<class Unit>(std::type_identity<Unit>) {
    return caf::actor{shard.home_system().spawn<EventSourced<Unit>, caf::lazy_init>(std::ref(context), stream, activation, known_empty, queued)};
  };
  if (!is_named(stream))
    return of(std::type_identity<FamilyUnit>{});
  switch (kind_of(stream)) {
  case Kind::location:
    return of(std::type_identity<AggregateUnit<LocationRules>>{});
  case Kind::customer:
    return of(std::type_identity<AggregateUnit<CustomerRules>>{});
  case Kind::product:
    return of(std::type_identity<AggregateUnit<ProductRules>>{});
  case Kind::channel:
    return of(std::type_identity<AggregateUnit<ChannelRules>>{});
  case Kind::identity_key:
    return of(std::type_identity<AggregateUnit<IdentityRules>>{});
  }
  throw BrokenInvariant("every kind of stream has an actor");
}

} // namespace

int slice_of_pair(const journal::Digest& pair) {
  return slice_for(std::string_view(reinterpret_cast<const char*>(pair.data()), pair.size()));
}

void Context::send(EnvelopePtr envelope) const {
  auto& shard = shards[static_cast<std::size_t>(shard_of(envelope->to))];
  caf::anon_send(shard, Deliver{std::move(envelope)});
}

ShardActor::ShardActor(caf::actor_config& config, Context& context, journal::ShardHead head)
    : caf::event_based_actor(config), context_(context), shard_(head.shard) {
  for (auto family : head.newest_families)
    newest_family_[slice_of(family)] = family_of(family);
  auto& wheel = context_.wheels[static_cast<std::size_t>(shard_)];
  for (auto& wake_up : head.wake_ups)
    wheel.set(wake_up.stream, wake_up.due);
}

caf::behavior ShardActor::make_behavior() {
  return {
      [this](const Deliver& message) { deliver(message.envelope); },
      [this](const Create& message) { create(message); },
      [this](const Found& message) { found(message); },
      [this](const Stored& message) { stored(message); },
      [this](const Ended& message) { ended(message); },
      [this](const Tick&) { tick(); },
  };
}

void ShardActor::on_exit() {
  residents_ = {};
  making_.clear();
}

void ShardActor::deliver(const EnvelopePtr& envelope) {
  auto root = root_of(envelope->to);
  auto* resident = residents_.find(root);
  if (!resident)
    resident = activate(root, false);
  if (resident)
    forward(*resident, envelope);
}

void ShardActor::forward(Resident& resident, EnvelopePtr envelope) {
  residents_.used(resident);
  if (envelope->of_gateway && *resident.queued >= context_.limits.requests_per_actor)
    return; // let go: whoever waits learns that it cannot be now
  if (resident.leaving)
    return resident.waiting.push_back(std::move(envelope));
  ++*resident.queued;
  caf::anon_send(resident.actor, Deliver{std::move(envelope)});
}

/// Returns the new actor, or null while the stream must not be woken: what was meant for it is let go, and whoever waits learns of a fault.
Resident* ShardActor::activate(StreamId stream, bool known_empty) {
  auto failure = failures_.find(stream);
  if (failure != failures_.end() &&
      (failure->second.unreadable >= context_.limits.loads_before_quarantine || context_.now() < failure->second.not_before))
    return nullptr;
  make_room();
  auto activation = ++context_.activations;
  auto queued = std::make_shared<std::atomic<std::size_t>>(0);
  return &residents_.add(stream, wake(*this, context_, stream, activation, known_empty, queued), activation, queued);
}

void ShardActor::make_room() {
  if (residents_.size() < context_.limits.residents_per_shard)
    return;
  auto stream = residents_.idlest();
  auto* idle = stream ? residents_.find(*stream) : nullptr;
  if (!idle)
    return;
  residents_.used(*idle); // the next one to be asked is another
  if (std::exchange(idle->leaving, true))
    return;
  caf::anon_send(idle->actor, Passivate{});
}

void ShardActor::ended(const Ended& message) {
  auto* resident = residents_.find(message.stream);
  if (!resident || resident->activation != message.activation)
    return; // of an earlier life
  resident->leaving = false;
  auto waiting = std::exchange(resident->waiting, {});
  if (message.how != Ended::How::still_busy)
    residents_.remove(message.stream);
  if (message.how == Ended::How::failed || message.how == Ended::How::unreadable)
    failed(message);
  for (auto& envelope : waiting)
    deliver(envelope);
}

/// Starts again after a pause that doubles; a history that cannot be folded is left to a person after some tries.
void ShardActor::failed(const Ended& message) {
  std::erase_if(making_, [&](auto& entry) { return entry.second.order && entry.second.order->family == message.stream; });
  auto& failure = failures_[message.stream];
  failure.why = message.why;
  failure.unreadable += message.how == Ended::How::unreadable;
  failure.not_before = context_.now() + context_.limits.reload_pause * (1 << std::min(failure.failures, 8));
  ++failure.failures;
  if (failure.unreadable >= context_.limits.loads_before_quarantine) {
    if (context_.on_quarantine)
      context_.on_quarantine({message.stream, message.why});
    return;
  }
  if (!is_named(message.stream)) // its open questions were in memory: it must be woken to ask them again
    context_.wheels[static_cast<std::size_t>(shard_)].set(message.stream, failure.not_before);
}

void ShardActor::tick() {
  auto now = context_.now();
  for (auto stream : context_.wheels[static_cast<std::size_t>(shard_)].take_due(now, context_.limits.deadlines_per_tick))
    deliver(std::make_shared<Envelope>(Envelope{.to = stream, .payload = Wake{}, .id = deadline_command(stream, now), .by = "deadline"}));
  std::erase_if(failures_, [&](auto& entry) {
    return entry.second.unreadable == 0 && now > entry.second.not_before + std::chrono::minutes{10};
  });
  delayed_send(this, context_.limits.tick, Tick{});
}

// --- making orders -------------------------------------------------------------------------------------------------

void ShardActor::create(const Create& message) {
  auto [place, is_new] = making_.try_emplace(message.pair);
  auto& making = place->second;
  if (!is_new) {
    if (making.order)
      return join(*making.order, message.body, message.envelope);
    making.waiting.push_back(message);
    return;
  }
  making.first = message;
  context_.journal.find(shard_, message.pair, [me = caf::actor_cast<caf::actor>(this), pair = message.pair](auto row) {
    caf::anon_send(me, Found{pair, std::move(row)});
  });
}

void ShardActor::found(const Found& message) {
  auto place = making_.find(message.pair);
  if (place == making_.end())
    return;
  auto& making = place->second;
  if (!message.row) { // the journal cannot be read: nothing is known, nothing is done
    making_.erase(place);
    return;
  }
  auto waiting = std::exchange(making.waiting, {});
  if (auto& known = *message.row) {
    join(*known, making.first.body, making.first.envelope);
    making_.erase(place);
  } else if (!*making.first.draft) { // cannot be made, and nothing is stored: the pair is still free
    making.first.envelope->reply->refused(making.first.draft->error())();
    making_.erase(place);
  } else {
    make(making);
  }
  for (auto& next : waiting)
    create(next);
}

void ShardActor::make(Making& making) {
  auto family = mint(making.first.pair);
  making.order = journal::Submission{making.first.pair, making.first.body, family, making.first.for_ever};
  auto& envelope = making.first.envelope;
  envelope->to = family;
  envelope->payload = Command{order::Command{order::Submit{**making.first.draft}}};
  envelope->submission = making.order;
  if (envelope->person_key)
    envelope->person_key->person = family;
  if (auto* resident = activate(family, true))
    forward(*resident, envelope);
  making.first = {};
}

/// The order of this pair exists: answers as of its first settled event, or refuses another body.
void ShardActor::join(const journal::Submission& order, const journal::Digest& body, EnvelopePtr envelope) {
  if (order.body != body)
    return envelope->reply->refused(key_reused())();
  envelope->to = order.family;
  envelope->payload = Look{};
  envelope->person_key.reset();
  envelope->replayed = true;
  deliver(envelope);
}

StreamId ShardActor::mint(const journal::Digest& pair) {
  auto slice = slice_of_pair(pair);
  check(slice / slices_of_shard == shard_, "an order is made by the shard of its pair");
  auto& newest = newest_family_[slice];
  auto now = context_.now();
  auto second = family_number(slice, now, 0);
  newest = second > newest ? second : StreamId{newest.value + 0x100}; // the next counter; a full second runs over into the next
  return newest;
}

/// From here on the journal itself knows the pair, or will never know it.
void ShardActor::stored(const Stored& message) { making_.erase(message.pair); }

} // namespace entrepot::actors
