#include "gateways/api/resolution.hpp"

#include <algorithm>

#include "gateways/api/idempotency.hpp"

namespace entrepot::api {
namespace {

using gateway::CustomerView;
using gateway::Outcome;
using gateway::Reply;
using identity::Key;
using Keys = std::vector<Key>;

/// Goes on with a value; a refusal or fault goes to `reply`.
template <class T, class To, class Next>
Reply<T> then(const Reply<To>& reply, Next next) {
  return [reply, next = std::move(next)](Outcome<T> outcome) mutable {
    std::visit(Overload{[&](T& value) { next(value); }, [&](auto& no) { reply(std::move(no)); }}, outcome);
  };
}

/// Every claim has an id of its own: with the request's, a repeat of the request would be told that what another number asked for is done.
void send(const Resolver& resolver, StreamId to, AnyCommand command, std::optional<gateway::PersonKey> person_key, Reply<std::int64_t> reply) {
  resolver.inside->ports.command(to, std::move(command), fresh_command(resolver.inside->options.random), resolver.origin, std::move(person_key), std::move(reply));
}

void find_from(const Resolver& resolver, const std::shared_ptr<const Keys>& keys, std::size_t at, const CustomerNumber& but_not, const Reply<Owned>& reply) {
  if (at == keys->size())
    return reply(Owned{});
  resolver.inside->ports.read_identity((*keys)[at].stream, then<CustomerNumber>(reply, [=](const CustomerNumber& owner) {
                                         if (owner && owner != but_not)
                                           return reply(Owned{owner, (*keys)[at]});
                                         find_from(resolver, keys, at + 1, but_not, reply);
                                       }));
}

void claim_from(const Resolver& resolver, const std::shared_ptr<const Keys>& keys, std::size_t at, const CustomerNumber& number, const std::shared_ptr<Keys>& own,
                const Reply<Keys>& reply) {
  if (at == keys->size())
    return reply(*own);
  const auto& key = (*keys)[at];
  send(resolver, key.stream, identity::Command{identity::Claim{key.form, number}}, {}, [=](Outcome<std::int64_t> outcome) {
    auto* refused = std::get_if<Rejection>(&outcome);
    if (refused && refused->code != "identity-taken")
      return reply(*refused);
    if (auto* fault = std::get_if<gateway::Fault>(&outcome))
      return reply(*fault);
    if (!refused)
      own->push_back((*keys)[at]);
    claim_from(resolver, keys, at + 1, number, own, reply);
  });
}

void link_from(const Resolver& resolver, const std::shared_ptr<const Keys>& keys, std::size_t at, const CustomerNumber& number, std::int64_t version,
               const Reply<std::int64_t>& reply) {
  if (at == keys->size())
    return reply(version);
  send(resolver, stream_of(number), customer::Command{customer::LinkIdentity{(*keys)[at]}}, {},
       then<std::int64_t>(reply, [=](std::int64_t now) { link_from(resolver, keys, at + 1, number, now, reply); }));
}

// ---- known or new --------------------------------------------------------------------------------------------------------------------------

/// A resolution under way; the calls that it waits for keep it.
class Resolution : public std::enable_shared_from_this<Resolution> {
public:
  Resolution(Resolver resolver, Keys keys, Introduce introduce, Reply<Resolved> reply)
      : resolver_(std::move(resolver)), keys_(std::move(keys)), introduce_(std::move(introduce)), reply_(std::move(reply)) {}

  void begin() {
    find_owner(resolver_, keys_, {}, next<Owned>([](Resolution& it, const Owned& found) {
                 if (found.owner)
                   it.known(found.owner, {*found.key});
                 else
                   it.make_new();
               }));
  }

private:
  template <class T, class Step>
  Reply<T> next(Step step) {
    return then<T>(reply_, [self = shared_from_this(), step = std::move(step)](T& value) { step(*self, value); });
  }

  /// The key leads to `number`, which may not be registered yet. `own`: keys that are known to be its own.
  void known(const CustomerNumber& number, Keys own) {
    resolver_.inside->ports.read_customer(number, next<CustomerView>([number, own = std::move(own)](Resolution& it, CustomerView& view) {
                                            if (!view.customer.registered)
                                              return it.finish(number, own);
                                            if (auto missing = keys_not_listed(own, view.customer); !missing.empty()) // a link was lost: nobody waits for it
                                              link_keys(it.resolver_, std::move(missing), number, [](const Outcome<std::int64_t>&) {});
                                            it.reply_(Resolved{number, std::move(view)});
                                          }));
  }

  /// Nobody had any of the keys a moment ago. The first claim decides who the customer is.
  void make_new() {
    auto email = std::ranges::find(keys_, identity::Form::email, &Key::form);
    auto deciding = email == keys_.end() ? keys_.front() : *email;
    auto number = CustomerNumber::from(to_text("C", random_number())).value();
    if (!introduce(number))
      return;
    claim_keys(resolver_, {deciding}, number, next<Keys>([number](Resolution& it, const Keys& own) {
                 if (own.empty())
                   return it.begin(); // another was faster
                 it.claim_and_register(number, own);
               }));
  }

  /// Somebody claimed a key for `number` and has not registered it yet, or never will.
  void finish(const CustomerNumber& number, const Keys& own) {
    if (introduce(number))
      claim_and_register(number, own);
  }

  /// Claims all but `own`, which is the number's already.
  void claim_and_register(const CustomerNumber& number, const Keys& own) {
    Keys others = keys_;
    std::erase_if(others, [&](const Key& key) { return std::ranges::find(own, key) != own.end(); });
    claim_keys(resolver_, std::move(others), number, next<Keys>([number, own](Resolution& it, const Keys& more) {
                 auto all = own;
                 all.insert(all.end(), more.begin(), more.end());
                 it.register_as(number, all);
               }));
  }

  void register_as(const CustomerNumber& number, const Keys& own) {
    send(resolver_, stream_of(number), customer::Command{customer::Register{number, introduction_->contact, {}, introduction_->source, own, true}},
         introduction_->key,
         [self = shared_from_this(), number, own](Outcome<std::int64_t> outcome) {
           if (auto* fault = std::get_if<gateway::Fault>(&outcome))
             return self->reply_(*fault);
           auto* refused = std::get_if<Rejection>(&outcome);
           if (!refused)
             return self->reply_(Resolved{number, {}});
           if (refused->code != "already-registered")
             return self->reply_(*refused);
           self->known(number, own); // another has finished it, with a contact of its own
         });
  }

  /// Returns whether the person may be registered under `number`; answers if not.
  bool introduce(const CustomerNumber& number) {
    introduction_ = introduce_(number);
    if (!introduction_)
      reply_(Resolved{});
    return introduction_.has_value();
  }

  StreamId random_number() const {
    std::array<std::uint8_t, 8> bytes{};
    resolver_.inside->options.random(bytes);
    std::uint64_t number = 0;
    for (auto byte : bytes)
      number = number << 8 | byte;
    return {static_cast<std::int64_t>(number >> 1)};
  }

  Resolver resolver_;
  Keys keys_;
  Introduce introduce_;
  Reply<Resolved> reply_;
  std::optional<Introduction> introduction_;
};

} // namespace

void find_owner(const Resolver& resolver, Keys keys, const CustomerNumber& but_not, Reply<Owned> reply) {
  find_from(resolver, std::make_shared<const Keys>(std::move(keys)), 0, but_not, reply);
}

void claim_keys(const Resolver& resolver, Keys keys, const CustomerNumber& number, Reply<Keys> reply) {
  claim_from(resolver, std::make_shared<const Keys>(std::move(keys)), 0, number, std::make_shared<Keys>(), reply);
}

void link_keys(const Resolver& resolver, Keys keys, const CustomerNumber& number, Reply<std::int64_t> reply) {
  link_from(resolver, std::make_shared<const Keys>(std::move(keys)), 0, number, 0, reply);
}

Keys keys_not_listed(Keys keys, const customer::Profile& customer) {
  std::erase_if(keys, [&](const Key& key) { return std::ranges::find(customer.identities, key) != customer.identities.end(); });
  return keys;
}

void resolve_or_register(const Resolver& resolver, Keys keys, Introduce introduce, Reply<Resolved> reply) {
  check(!keys.empty(), "somebody is found by a key");
  std::make_shared<Resolution>(resolver, std::move(keys), std::move(introduce), std::move(reply))->begin();
}

} // namespace entrepot::api
