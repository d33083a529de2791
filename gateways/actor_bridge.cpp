#include "gateways/actor_bridge.hpp"

#include <caf/send.hpp>
#include <unordered_set>

#include "actors/messages.hpp"
#include "actors/context.hpp"
#include "actors/settled.hpp"
#include "actors/shard_actor.hpp"
#include "gateways/api/digest.hpp"

namespace entrepot::gateway {
namespace {

using actors::Answer;
using actors::Context;
using actors::Envelope;

/// Hands an actor's answer to whoever asked at the gateway. One that goes away untold answers a fault: nobody waits for ever.
/// As long as it lives it counts as one request under way in its shard.
template <class T>
class GatewayReply final : public actors::ReplyTo, public std::enable_shared_from_this<GatewayReply<T>> {
public:
  using Read = std::function<Outcome<T>(const Answer&)>; ///< what the asker gets to see of the state

  GatewayReply(std::atomic<int>& admitted, Reply<T> deliver, Read read) : admitted_(admitted), deliver_(std::move(deliver)), read_(std::move(read)) { ++admitted_; }
  ~GatewayReply() override {
    --admitted_;
    if (deliver_)
      deliver_(Fault{Fault::Kind::unavailable, "not done now; the same request may be sent again"});
  }
  actors::Release accepted(const Answer& answer) override { return tell(read_(answer)); }
  actors::Release refused(const Rejection& why) override { return tell(why); }

private:
  actors::Release tell(Outcome<T> outcome) {
    return [self = this->shared_from_this(), outcome = std::move(outcome)] {
      if (auto deliver = std::exchange(self->deliver_, nullptr))
        deliver(outcome);
    };
  }
  std::atomic<int>& admitted_;
  Reply<T> deliver_;
  Read read_;
};

template <class State>
const State& state_in(const Answer& answer) {
  auto* state = std::get_if<const State*>(&answer.state);
  check(state, "an answer shows the state of the thing that was asked");
  return **state;
}

/// What identifies a creation for ever: (channel, external number) if it has one, else (client, key).
journal::Digest pair_of(const Creation& creation) {
  auto whole = creation.external_number.empty() ? api::sha256({"key", creation.client, creation.key})
                                                : api::sha256({"number", creation.channel, creation.external_number});
  journal::Digest pair;
  std::copy_n(whole.begin(), pair.size(), pair.begin());
  return pair;
}

journal::Digest body_of(const Creation& creation) {
  journal::Digest body;
  check(creation.body_digest.size() == body.size(), "a body's digest has 16 bytes");
  std::copy_n(creation.body_digest.begin(), body.size(), body.begin());
  return body;
}

/// The id of the command that makes a pair's order.
CommandId request_of(const journal::Digest& pair) {
  CommandId id;
  for (std::size_t i = 0; i < 8; ++i) {
    id.high = (id.high << 8) | (i == 0 ? static_cast<std::uint8_t>(CommandSource::request) : pair[i]);
    id.low = (id.low << 8) | pair[i + 8];
  }
  return id;
}

actors::Until actors_word(Until until) {
  switch (until) {
  case Until::stored:
    return actors::Until::stored;
  case Until::settled:
    return actors::Until::settled;
  case Until::at_work:
    return actors::Until::at_work;
  default:
    return actors::Until::ended;
  }
}

Outcome<OrderView> seen_order(const Answer& answer) {
  if (answer.version == 0)
    return reject("order-unknown", "there is no such order");
  return OrderView{std::make_shared<const Family>(state_in<Family>(answer)), answer.version, answer.replayed};
}

class ActorBridge final : public Ports {
public:
  ActorBridge(Context& context, Queries queries) : context_(context), queries_(std::move(queries)) {}

  void submit(Creation creation, Origin origin, Until until, Reply<OrderView> reply) override {
    auto pair = pair_of(creation);
    auto shard = shard_of_slice(actors::slice_of_pair(pair));
    auto envelope = letter<OrderView>(shard, std::move(origin), until <= Until::settled ? as_it_was(std::move(reply)) : std::move(reply), [](const Answer& answer) -> Outcome<OrderView> {
      return OrderView{std::make_shared<const Family>(state_in<Family>(answer)), answer.version, answer.replayed};
    });
    if (!envelope)
      return;
    envelope->id = request_of(pair);
    envelope->until = actors_word(until);
    if (creation.guest_key)
      envelope->person_key = journal::PersonKey{{}, *creation.guest_key};
    caf::anon_send(context_.shards[static_cast<std::size_t>(shard)],
                   actors::Create{pair, body_of(creation), !creation.external_number.empty(),
                                  std::make_shared<const Result<order::Agreement>>(std::move(creation.draft)), std::move(envelope)});
  }

  void act(StreamId member, AnyCommand command, CommandId id, Origin origin, Until until, Reply<OrderView> reply) override {
    auto envelope = letter<OrderView>(shard_of(member), std::move(origin), std::move(reply), seen_order);
    if (!envelope)
      return;
    envelope->to = member;
    envelope->id = id;
    envelope->until = actors_word(until);
    envelope->payload = actors::Command{std::move(command)};
    context_.send(std::move(envelope));
  }

  void provider_says(OrderId order, std::string key, payment::ProviderAnswer answer, Origin origin, Reply<OrderView> reply) override {
    auto plan = member(order.family, child::payment);
    auto envelope = letter<OrderView>(shard_of(plan), std::move(origin), std::move(reply), seen_order);
    if (!envelope)
      return;
    envelope->to = plan;
    envelope->payload = actors::ProviderReply{std::move(key), std::move(answer)};
    context_.send(std::move(envelope));
  }

  void command(StreamId to, AnyCommand command, CommandId id, Origin origin, std::optional<PersonKey> person_key, Reply<std::int64_t> reply) override {
    auto envelope = letter<std::int64_t>(shard_of(to), std::move(origin), std::move(reply), [](const Answer& answer) -> Outcome<std::int64_t> { return answer.version; });
    if (!envelope)
      return;
    envelope->to = to;
    envelope->id = id;
    envelope->payload = actors::Command{std::move(command)};
    if (person_key)
      envelope->person_key = journal::PersonKey{to, *person_key};
    context_.send(std::move(envelope));
  }

  void read_order(OrderId order, Reply<OrderView> reply) override {
    look<OrderView>(order.family, std::move(reply), seen_order);
  }

  void read_location(LocationCode location, std::vector<Sku> skus, Reply<LocationView> reply) override {
    auto wanted = std::unordered_set<Sku>(skus.begin(), skus.end());
    look<LocationView>(stream_of(location), std::move(reply), [wanted = std::move(wanted)](const Answer& answer) -> Outcome<LocationView> {
      auto& state = state_in<stock::State>(answer);
      if (!state.defined)
        return reject("location-unknown", "there is no such location");
      LocationView view{state.profile, {}, answer.version, state.slots, state.sources};
      for (auto& [item, row] : state.rows)
        if (wanted.empty() || wanted.contains(item.sku))
          view.rows.emplace_back(item, row);
      return view;
    });
  }

  void read_counts(LocationCode location, Reply<CountsView> reply) override {
    look<CountsView>(stream_of(location), std::move(reply), [](const Answer& answer) -> Outcome<CountsView> {
      const auto& state = state_in<stock::State>(answer);
      if (!state.defined)
        return reject("location-unknown", "there is no such location");
      return CountsView{state.counts, answer.version};
    });
  }

  void foresee(LocationCode location, stock::Command command, Timestamp now, Reply<std::vector<stock::Event>> reply) override {
    look<std::vector<stock::Event>>(stream_of(location), std::move(reply), [command = std::move(command), now](const Answer& answer) -> Outcome<std::vector<stock::Event>> {
      auto decision = stock::decide(state_in<stock::State>(answer), command, now);
      if (!decision)
        return decision.error();
      return *decision;
    });
  }

  void read_customer(CustomerNumber customer, Reply<CustomerView> reply) override {
    look<CustomerView>(stream_of(customer), std::move(reply),
                       [](const Answer& answer) -> Outcome<CustomerView> { return CustomerView{state_in<customer::State>(answer).profile, answer.version}; });
  }

  void read_identity(StreamId key, Reply<CustomerNumber> reply) override {
    look<CustomerNumber>(key, std::move(reply), [](const Answer& answer) -> Outcome<CustomerNumber> { return state_in<identity::State>(answer).owner; });
  }

  std::shared_ptr<const order::Definitions> definitions() const override { return queries_.definitions(); }
  Watch watch(Watched what, std::int64_t after, Watcher watcher) override {
    return queries_.watch ? queries_.watch(std::move(what), after, std::move(watcher)) : nullptr;
  }

  void list_orders(std::string status, std::vector<std::string> channels, std::string after, int limit, Reply<Page> reply) override {
    queries_.list_orders(std::move(status), std::move(channels), std::move(after), limit, std::move(reply));
  }
  void board(LocationCode place, bool pickups, Reply<Board> reply) override { queries_.board(std::move(place), pickups, std::move(reply)); }
  void transfers(LocationCode place, Reply<std::vector<TransferItem>> reply) override { queries_.transfers(std::move(place), std::move(reply)); }
  void story(OrderId order, Reply<std::vector<Told>> reply) override { queries_.story(order, std::move(reply)); }
  void parked(Reply<std::vector<ParkedProcess>> reply) override { queries_.parked(std::move(reply)); }
  void process(OrderId order, Reply<ProcessView> reply) override { queries_.process(order, std::move(reply)); }
  void person_key(StreamId person, Reply<std::optional<PersonKey>> reply) override { queries_.person_key(person, std::move(reply)); }

private:
  /// Returns an envelope that answers to `reply`; null, and an answer at once, if the shard has too much under way.
  template <class T>
  actors::EnvelopePtr letter(int shard, Origin origin, Reply<T> reply, typename GatewayReply<T>::Read read) {
    auto& admitted = context_.admitted[static_cast<std::size_t>(shard)];
    if (admitted >= static_cast<int>(context_.limits.requests_per_shard)) {
      reply(Fault{Fault::Kind::overloaded, "too much is under way; try again in a moment"});
      return nullptr;
    }
    auto envelope = std::make_shared<Envelope>();
    envelope->by = std::move(origin.by);
    envelope->traceparent = std::move(origin.traceparent);
    envelope->occurred_at = origin.occurred_at;
    envelope->of_gateway = true;
    envelope->reply = std::make_shared<GatewayReply<T>>(admitted, std::move(reply), std::move(read));
    return envelope;
  }

  template <class T>
  void look(StreamId at, Reply<T> reply, typename GatewayReply<T>::Read read) {
    auto envelope = letter<T>(shard_of(at), {}, std::move(reply), std::move(read));
    if (!envelope)
      return;
    envelope->to = at;
    envelope->payload = actors::Look{};
    context_.send(std::move(envelope));
  }

  /// A repeated request is answered the order as of its first settled event: folded anew from the journal, since the actor may be further.
  Reply<OrderView> as_it_was(Reply<OrderView> reply) {
    return [&context = context_, reply = std::move(reply)](Outcome<OrderView> outcome) {
      auto* view = std::get_if<OrderView>(&outcome);
      if (!view || !view->replayed || !actors::is_settled(*view->family))
        return reply(std::move(outcome));
      auto family = view->family->id;
      context.journal.load({family, member(family, 0xff)}, [reply, family](std::optional<journal::History> history) {
        if (!history)
          return reply(Fault{Fault::Kind::unavailable, "the journal cannot be read now"});
        try {
          auto then = actors::as_first_settled(family, *history);
          reply(OrderView{std::make_shared<const Family>(std::move(then.family)), then.version, true});
        } catch (const std::exception&) { // the actor could fold it a moment ago: a defect, but not one to end the reading thread
          reply(Fault{Fault::Kind::unavailable, "the order's history cannot be read"});
        }
      });
    };
  }

  Context& context_;
  Queries queries_;
};

} // namespace

std::unique_ptr<Ports> make_actor_bridge(actors::Context& context, Queries queries) {
  return std::make_unique<ActorBridge>(context, std::move(queries));
}

} // namespace entrepot::gateway
