// /v1/customers/resolve, /v1/customers/{number}/identities: who a key leads to, and one more key for a customer.
#include "gateways/api/customers.hpp"
#include "gateways/api/identity_request.hpp"
#include "gateways/api/idempotency.hpp"
#include "gateways/api/phone.hpp"
#include "gateways/http/json_writer.hpp"

namespace entrepot::api {
namespace {

using gateway::CustomerView;
using gateway::Outcome;
using Keys = std::vector<identity::Key>;

Rejection unknown_customer() { return reject("customer-unknown", "There is no such customer."); }

/// What an answer needs when the request has gone.
struct Asking {
  Resolver resolver;
  http::Responder responder;
  std::string instance;
};

/// Goes on with a value, or answers the problem.
template <class T, class Next>
gateway::Reply<T> then(const Asking& asking, Next next) {
  return [asking, next = std::move(next)](Outcome<T> outcome) {
    std::visit(Overload{[&](T& value) { next(asking, value); }, [&](const auto& no) { asking.responder.answer(to_response(no, asking.instance)); }}, outcome);
  };
}

/// Returns the one identity that the body names, of a channel that the client may speak for.
Result<identity::Key> identity_of_body(const Call& call, std::string_view country) {
  auto body = json_body(call.request);
  if (!body)
    return body.error();
  JsonReader reader(*body);
  auto key = read_identity(reader.root(), country, call.principal);
  if (auto wrong = reader.faults())
    return std::move(*wrong);
  return key;
}

/// A number that was claimed for, but under which nobody is registered yet, is nobody's.
void resolve(const Shared& inside, const Call& call) {
  auto key = identity_of_body(call, default_country);
  if (!key)
    return call.refuse(key.error());
  Asking asking{{inside, call.origin()}, call.responder, call.instance()};
  inside->ports.read_identity(key->stream, then<CustomerNumber>(asking, [](const Asking& it, const CustomerNumber& owner) {
                                if (!owner)
                                  return it.responder.answer(to_response(unknown_customer(), it.instance));
                                it.resolver.inside->ports.read_customer(owner, then<CustomerView>(it, [](const Asking& its, const CustomerView& view) {
                                                                          if (!view.customer.registered)
                                                                            return its.responder.answer(to_response(unknown_customer(), its.instance));
                                                                          http::Response response;
                                                                          http::JsonWriter(response.body).open().field("customer", view.customer.number.text()).close();
                                                                          its.responder.answer(std::move(response));
                                                                        }));
                              }));
}

void link(const Asking& asking, const CustomerNumber& number, const identity::Key& key) {
  link_keys(asking.resolver, {key}, number, then<std::int64_t>(asking, [number](const Asking& it, std::int64_t version) {
              it.responder.answer(code_and_version("number", number.text(), version));
            }));
}

/// Whose the key is now: the customer's, or it is refused with the owner's number.
void claim(const Asking& asking, const CustomerNumber& number, const identity::Key& key) {
  claim_keys(asking.resolver, {key}, number, then<Keys>(asking, [number, key](const Asking& it, const Keys& own) {
               if (!own.empty())
                 return link(it, number, key);
               find_owner(it.resolver, {key}, {}, then<Owned>(it, [](const Asking& its, const Owned& taken) {
                            its.responder.answer(to_response(identity_taken(taken), its.instance));
                          }));
             }));
}

void add_identity(const Shared& inside, const Call& call) {
  auto number = path_code<CustomerNumber>(call.request, "number", "customer-unknown", "There is no such customer.");
  if (!number)
    return call.refuse(number.error());
  if (auto once = idempotency_key(call.request); !once)
    return call.refuse(once.error());
  auto key = identity_of_body(call, default_country);
  if (!key)
    return call.refuse(key.error());
  inside->ports.read_customer(*number, then<CustomerView>({{inside, call.origin()}, call.responder, call.instance()},
                                                          [number = *number, key = *key](const Asking& it, const CustomerView& view) {
                                                            if (!view.customer.registered)
                                                              return it.responder.answer(to_response(unknown_customer(), it.instance));
                                                            claim(it, number, key);
                                                          }));
}

} // namespace

void add_customer_identities(Desk& desk) {
  using enum http::Role;
  auto inside = desk.inside();
  desk.add(http::Method::post, "/v1/customers/resolve", {gateway, admin}, [inside](const Call& call) { resolve(inside, call); });
  desk.add(http::Method::post, "/v1/customers/{number}/identities", {gateway, admin}, [inside](const Call& call) { add_identity(inside, call); });
}

} // namespace entrepot::api
