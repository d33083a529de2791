// /v1/customers/{number}: register a customer, change the level, look.
#include "gateways/api/desk.hpp"
#include "gateways/api/idempotency.hpp"
#include "gateways/api/order_request.hpp"
#include "gateways/http/json_writer.hpp"

namespace entrepot::api {
namespace {

using gateway::CustomerView;
using gateway::Outcome;
using gateway::PersonKey;

constexpr std::size_t level_bytes = 64;

/// A PUT on its way. Registering twice with the same data must be no conflict, and only here can that be seen: sealed texts of one word never look
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
};
using PuttingPtr = std::shared_ptr<Putting>;

http::Response version_response(const CustomerNumber& number, std::int64_t version) { return code_and_version("number", number.text(), version); }

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
      then<std::int64_t>(putting, [](const PuttingPtr& it, std::int64_t version) { it->responder.answer(version_response(it->number, version)); }));
}

void register_customer(const PuttingPtr& putting) {
  const auto& random = putting->inside->options.random;
  auto key = new_person_key(random);
  const auto& contact = putting->contact;
  auto sealed = seal_all({contact.name, contact.email, contact.phone}, key, random);
  command(putting,
          customer::Register{putting->number, {std::move(sealed[0]), std::move(sealed[1]), std::move(sealed[2])}, putting->level, putting->source},
          key);
}

/// The customer is there: all as it was is a success, another level is a command, another contact is refused.
void compare(const PuttingPtr& putting, const CustomerView& view, const std::optional<PersonKey>& key) {
  const auto& known = view.customer;
  auto is = [&](const Sealed& sealed, const std::string& text) { return key && open(sealed, *key) == text; };
  const auto& contact = putting->contact;
  if (!is(known.contact.name, contact.name) || !is(known.contact.email, contact.email) || !is(known.contact.phone, contact.phone) ||
      known.source != putting->source)
    return putting->responder.answer(
        to_response(reject("already-registered", "This customer is registered with another contact or source."), putting->instance));
  if (known.level != putting->level)
    return command(putting, customer::SetLevel{putting->level}, {});
  putting->responder.answer(version_response(putting->number, view.version));
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
  JsonReader reader(*body);
  auto root = reader.root();
  auto level = root.optional_text("level", level_bytes);
  auto contact = root.optional_object("contact");
  auto plain = contact ? read_contact(*contact) : PlainContact{};
  auto source = root.code<ChannelCode>("source");
  if (source && !call.principal.may_channel(source.text()))
    root.refuse("source", "out-of-scope", "This key may not register customers of the channel " + source.text() + ".");
  if (auto wrong = reader.faults())
    return call.refuse(*wrong);
  auto putting = std::make_shared<Putting>(
      Putting{inside, call.responder, call.instance(), call.origin(), *id, *number, std::move(plain), std::move(level), source});
  auto& ports = inside->ports;
  ports.read_customer(*number, then<CustomerView>(putting, [&ports](const PuttingPtr& it, CustomerView& view) {
    if (!view.customer.registered)
      return register_customer(it);
    ports.person_key(stream_of(it->number),
                     then<std::optional<PersonKey>>(it, [view](const PuttingPtr& its, std::optional<PersonKey>& key) { compare(its, view, key); }));
  }));
}

// ------------------------------------------------------------------------------------------------------------ reading

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
  json.field("version", view.version).close();
  return response;
}

void get_customer(const Shared& inside, const Call& call) {
  auto number = path_code<CustomerNumber>(call.request, "number", "customer-unknown", "There is no such customer.");
  if (!number)
    return call.refuse(number.error());
  auto reading = std::make_shared<Putting>(Putting{inside, call.responder, call.instance(), {}, {}, *number, {}, {}, {}});
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

void add_customers(Desk& desk) {
  using enum http::Role;
  auto inside = desk.inside();
  desk.add(http::Method::put, "/v1/customers/{number}", {gateway, admin}, [inside](const Call& call) { put_customer(inside, call); });
  desk.add(http::Method::get, "/v1/customers/{number}", {gateway, admin}, [inside](const Call& call) { get_customer(inside, call); });
}

} // namespace entrepot::api
