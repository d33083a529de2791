// /v1/customers: register a customer under a number given or minted, change the level, look.
#include "gateways/api/customers.hpp"

#include "gateways/api/desk.hpp"
#include "gateways/api/digest.hpp"
#include "gateways/api/idempotency.hpp"
#include "gateways/api/identity_request.hpp"
#include "gateways/api/resolution.hpp"
#include "gateways/http/json_writer.hpp"

namespace entrepot::api {
namespace {

using gateway::CustomerView;
using gateway::Outcome;
using gateway::PersonKey;

constexpr std::size_t level_bytes = 64;

/// A PUT or POST on its way. Registering twice with the same data must be no conflict, and only here can that be seen: sealed texts of one word never look
/// alike.
struct Putting {
  Shared inside;
  http::Responder responder;
  std::string instance;
  gateway::Origin origin;
  CommandId id;
  CustomerNumber number;
  PlainContact contact;
  std::string level;
  ChannelCode source;
  std::vector<identity::Key> keys; ///< by which the customer is to be known
  bool mints = false;              ///< the number is ours: 201
};
using PuttingPtr = std::shared_ptr<Putting>;

http::Response version_response(const CustomerNumber& number, std::int64_t version) { return code_and_version("number", number.text(), version); }

void answer(const Putting& putting, std::int64_t version) {
  auto response = version_response(putting.number, version);
  if (putting.mints) {
    response.status = 201;
    response.with("Location", "/v1/customers/" + putting.number.text());
  }
  putting.responder.answer(std::move(response));
}

template <class T, class Next>
gateway::Reply<T> then(const PuttingPtr& putting, Next next) {
  return [putting, next = std::move(next)](Outcome<T> outcome) {
    std::visit(
        Overload{[&](T& value) { next(putting, value); }, [&](const auto& no) { putting->responder.answer(to_response(no, putting->instance)); }},
        outcome);
  };
}

void command(const PuttingPtr& putting, customer::Command what, std::optional<PersonKey> key) {
  putting->inside->ports.command(
      stream_of(putting->number), AnyCommand{std::move(what)}, putting->id, putting->origin, std::move(key),
      then<std::int64_t>(putting, [](const PuttingPtr& it, std::int64_t version) { answer(*it, version); }));
}

void register_customer(const PuttingPtr& putting, const std::vector<identity::Key>& claimed) {
  const auto& random = putting->inside->options.random;
  auto key = new_person_key(random);
  const auto& contact = putting->contact;
  auto sealed = seal_all({contact.name, contact.email, contact.phone}, key, random);
  command(putting,
          customer::Register{putting->number, {std::move(sealed[0]), std::move(sealed[1]), std::move(sealed[2])}, putting->level, putting->source, claimed},
          key);
}

/// The customer is there with that contact: lists what has been claimed, then sets the level.
void add_to_customer(const PuttingPtr& putting, const CustomerView& view, const std::vector<identity::Key>& claimed) {
  link_keys({putting->inside, putting->origin}, claimed, putting->number,
            then<std::int64_t>(putting, [level = view.customer.level, version = view.version](const PuttingPtr& it, std::int64_t linked) {
              if (level != it->level)
                return command(it, customer::SetLevel{it->level}, {});
              answer(*it, std::max(version, linked));
            }));
}

/// Claims the keys that the customer does not list, all or, but for a race, none; then goes on with them.
template <class Next>
void claim_all(const PuttingPtr& putting, const customer::Profile& customer, Next next) {
  auto missing = keys_not_listed(putting->keys, customer);
  Resolver resolver{putting->inside, putting->origin};
  find_owner(resolver, missing, putting->number, then<Owned>(putting, [resolver, missing, next](const PuttingPtr& it, const Owned& taken) {
               if (taken.owner)
                 return it->responder.answer(to_response(identity_taken(taken), it->instance));
               claim_keys(resolver, missing, it->number,
                          then<std::vector<identity::Key>>(it, [missing, next](const PuttingPtr& its, const std::vector<identity::Key>& own) {
                            if (own.size() != missing.size())
                              return its->responder.answer(to_response(identity_taken({}), its->instance));
                            next(its, own);
                          }));
             }));
}

/// The customer is there: all as it was is a success, another level or identity is a command, another contact is refused.
void compare(const PuttingPtr& putting, const CustomerView& view, const std::optional<PersonKey>& key) {
  const auto& known = view.customer;
  auto is = [&](const Sealed& sealed, const std::string& text) { return key && open(sealed, *key) == text; };
  const auto& contact = putting->contact;
  if (!is(known.contact.name, contact.name) || !is(known.contact.email, contact.email) || !is(known.contact.phone, contact.phone) ||
      known.source != putting->source)
    return putting->responder.answer(
        to_response(reject("already-registered", "This customer is registered with another contact or source."), putting->instance));
  claim_all(putting, known, [view](const PuttingPtr& it, const std::vector<identity::Key>& claimed) { add_to_customer(it, view, claimed); });
}

/// Reads the body and goes on: the customer is registered, or what is registered is compared.
void put(const PuttingPtr& putting, const Call& call, JsonDocument& body) {
  JsonReader reader(body);
  auto root = reader.root();
  putting->level = root.optional_text("level", level_bytes);
  auto contact = root.optional_object("contact");
  putting->contact = contact ? read_contact(*contact) : PlainContact{};
  putting->source = root.code<ChannelCode>("source");
  if (putting->source && !call.principal.may_channel(putting->source.text()))
    root.refuse("source", "out-of-scope", "This key may not register customers of the channel " + putting->source.text() + ".");
  auto country = [&](const ChannelCode& channel) { return country_of(channel, *putting->inside->ports.definitions()); };
  if (contact)
    putting->keys = keys_of(*contact, putting->contact, putting->source, country);
  for (const auto& one : root.objects("identities", 0, identities_of_a_request))
    putting->keys.push_back(read_identity(one, country(putting->source), call.principal));
  if (auto wrong = reader.faults())
    return call.refuse(*wrong);
  auto& ports = putting->inside->ports;
  ports.read_customer(putting->number, then<CustomerView>(putting, [&ports](const PuttingPtr& it, CustomerView& view) {
    if (!view.customer.registered)
      return claim_all(it, view.customer, register_customer);
    ports.person_key(stream_of(it->number),
                     then<std::optional<PersonKey>>(it, [view](const PuttingPtr& its, std::optional<PersonKey>& key) { compare(its, view, key); }));
  }));
}

void put_customer(const Shared& inside, const Call& call) {
  auto number = path_code<CustomerNumber>(call.request, "number", "customer-unknown", "No customer can have such a number.");
  if (!number)
    return call.refuse(number.error());
  auto id = request_command(call.request, call.principal.key_id, inside->options.random);
  if (!id)
    return call.refuse(id.error());
  auto body = json_body(call.request);
  if (!body)
    return call.refuse(body.error());
  put(std::make_shared<Putting>(Putting{inside, call.responder, call.instance(), call.origin(), *id, *number, {}, {}, {}, {}, false}), call, *body);
}

/// The number comes from client and key, so that a repeat finds the customer it made.
void post_customer(const Shared& inside, const Call& call) {
  auto key = idempotency_key(call.request);
  if (!key)
    return call.refuse(key.error());
  auto body = json_body(call.request);
  if (!body)
    return call.refuse(body.error());
  auto digest = sha256({"customer", call.principal.key_id, *key});
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < 8; ++i)
    bits = bits << 8 | digest[i];
  auto number = CustomerNumber::from(to_text("C", StreamId{static_cast<std::int64_t>(bits >> 1)})).value();
  auto id = request_command(call.principal.key_id, *key, "POST /v1/customers");
  put(std::make_shared<Putting>(Putting{inside, call.responder, call.instance(), call.origin(), id, number, {}, {}, {}, {}, true}), call, *body);
}

// ------------------------------------------------------------------------------------------------------------ reading

/// What kind of keys the customer is known by. The keys themselves are stored nowhere in clear.
void show_identities(http::JsonWriter& json, const customer::Profile& customer) {
  json.key("identities").open('[');
  for (const auto& key : customer.identities)
    json.open().field("form", identity::name_of(key.form)).field_or_null("channel", key.channel.text()).close();
  json.close(']');
}

void show_money(http::JsonWriter& json, const char* name, const std::optional<Money>& money) {
  json.key(name);
  if (money)
    json.open().field("amount", money->amount).field("currency", money->currency.code()).close();
  else
    json.null();
}

/// Without a limit, and with nothing reserved under an earlier one, there is no currency to show.
void show_credit(http::JsonWriter& json, const customer::Profile& customer) {
  auto reserved = std::optional(customer.credit_used);
  if (reserved->amount == 0)
    reserved = customer.credit_limit ? std::optional(Money{0, customer.credit_limit->currency}) : std::nullopt;
  json.key("credit").open();
  show_money(json, "limit", customer.credit_limit);
  show_money(json, "reserved", reserved);
  json.close();
}

/// An erased customer has a number and a level still, and no contact.
http::Response shown(const CustomerView& view, const std::optional<PersonKey>& key) {
  const auto& customer = view.customer;
  auto response = version_response(customer.number, view.version);
  response.body.clear();
  http::JsonWriter json(response.body);
  json.open().field("number", customer.number.text()).field_or_null("level", customer.level).field_or_null("source", customer.source.text());
  json.key("contact");
  if (key) {
    auto plain = [&](const Sealed& sealed) { return open(sealed, *key).value_or(""); };
    json.open().field_or_null("name", plain(customer.contact.name)).field_or_null("email", plain(customer.contact.email));
    json.field_or_null("phone", plain(customer.contact.phone)).close();
  } else {
    json.null();
  }
  show_identities(json, customer);
  show_credit(json, customer);
  json.flag("blocked", customer.blocked.has_value()).field_or_null("block_reason", customer.blocked.value_or(""));
  json.field("version", view.version).close();
  return response;
}

void get_customer(const Shared& inside, const Call& call) {
  auto number = path_code<CustomerNumber>(call.request, "number", "customer-unknown", "There is no such customer.");
  if (!number)
    return call.refuse(number.error());
  auto reading = std::make_shared<Putting>(Putting{inside, call.responder, call.instance(), {}, {}, *number, {}, {}, {}, {}, false});
  auto& ports = inside->ports;
  ports.read_customer(*number, then<CustomerView>(reading, [&ports](const PuttingPtr& it, CustomerView& view) {
    if (!view.customer.registered)
      return it->responder.answer(to_response(reject("customer-unknown", "There is no such customer."), it->instance));
    ports.person_key(stream_of(it->number), then<std::optional<PersonKey>>(it, [view](const PuttingPtr& its, std::optional<PersonKey>& key) {
                       its->responder.answer(shown(view, key));
                     }));
  }));
}

} // namespace

Rejection identity_taken(const Owned& taken) {
  auto what = taken.key ? "This " + std::string(identity::name_of(taken.key->form)) : std::string("One of these identities");
  return reject("identity-taken", what + " belongs to " + (taken.owner ? "the customer " + taken.owner.text() : "another customer") + ".");
}

void add_customers(Desk& desk) {
  using enum http::Role;
  auto inside = desk.inside();
  desk.add(http::Method::post, "/v1/customers", {gateway, admin}, [inside](const Call& call) { post_customer(inside, call); });
  desk.add(http::Method::put, "/v1/customers/{number}", {gateway, admin}, [inside](const Call& call) { put_customer(inside, call); });
  desk.add(http::Method::get, "/v1/customers/{number}", {gateway, admin}, [inside](const Call& call) { get_customer(inside, call); });
}

} // namespace entrepot::api
