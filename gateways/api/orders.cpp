// /v1/orders: make one, look at one, list them.
#include <algorithm>

#include "gateways/api/desk.hpp"
#include "gateways/api/idempotency.hpp"
#include "gateways/api/order_json.hpp"
#include "gateways/api/order_request.hpp"
#include "gateways/api/pickup_code.hpp"
#include "gateways/api/resolution.hpp"
#include "gateways/http/json_writer.hpp"

namespace entrepot::api {
namespace {

using gateway::Fault;
using gateway::OrderView;
using gateway::Outcome;
using gateway::PersonKey;

std::string etag(std::int64_t version) { return "\"" + std::to_string(version) + "\""; }

/// One order on its way in. Lives as long as somebody has to answer.
struct Placing {
  Shared inside;
  http::Responder responder;
  std::string instance;
  OrderRequest request;
  gateway::Origin origin;
  gateway::Creation creation; ///< the pair and the digest; gone once submitted
  bool waits = false;
};
using PlacingPtr = std::shared_ptr<Placing>;

http::Response placed(const Placing& placing, const OrderView& view) {
  const auto& order = view.family->order;
  auto id = to_text(OrderId{view.family->id});
  if (order.status == order::Status::rejected)
    return to_response(order.why_rejected.value_or(Rejection{"rejected", "The order was refused.", {}}), placing.instance, id, view.replayed);
  if (auto declined = decline_of(*view.family))
    return to_response(*declined, placing.instance, id, view.replayed);
  http::Response response;
  auto unsettled = placing.waits && order.status == order::Status::submitted;
  response.status = unsettled ? 202 : view.replayed ? 200 : 201;
  response.body = order_json(*view.family, placing.request.address); // a repeat has the same body, so the same address
  response.with("Location", "/v1/orders/" + id).with("ETag", etag(view.version));
  if (view.replayed)
    response.with("Idempotent-Replayed", "true");
  return response;
}

/// Answers on the connection's thread: the journal's thread, which calls this, has more urgent things to do than to write JSON.
gateway::Reply<OrderView> answer_placed(const PlacingPtr& placing, const http::Responder& responder) {
  return [placing, responder](Outcome<OrderView> outcome) {
    responder.answer_by([placing, outcome = std::move(outcome)] {
      return std::visit(
          Overload{[&](const OrderView& view) { return placed(*placing, view); }, [&](const auto& no) { return to_response(no, placing->instance); }},
          outcome);
    });
  };
}

/// The wait is over and the process has not settled: asks again for the order as it is. The same pair finds it, so nothing needs to be agreed again.
void answer_unsettled(const PlacingPtr& placing, const gateway::Creation& pair, const http::Responder& responder) {
  auto again = pair;
  auto answer = answer_placed(placing, responder);
  placing->inside->ports.submit(std::move(again), placing->origin, false, [answer](Outcome<OrderView> outcome) {
    if (auto* view = std::get_if<OrderView>(&outcome))
      view->replayed = false; // the repeat is ours, not the client's
    answer(std::move(outcome));
  });
}

void submit(const PlacingPtr& placing) {
  auto& inside = *placing->inside;
  inside.ports.submit(std::move(placing->creation), placing->origin, placing->waits, answer_placed(placing, placing->responder));
  placing->responder = {}; // the port has it now: if it forgets it, the client is told
}

void seal_and_draft(Placing& placing, const PersonKey& key) {
  const auto& random = placing.inside->options.random;
  auto& basket = placing.request.basket;
  const auto& contact = placing.request.contact;
  auto sealed = seal_all({contact.name, contact.email, contact.phone, placing.request.address}, key, random);
  basket.contact = {std::move(sealed[0]), std::move(sealed[1]), std::move(sealed[2])};
  basket.address = std::move(sealed[3]);
  placing.creation.draft = order::draft(basket, *placing.inside->ports.definitions(), placing.inside->options.clock());
}

/// Goes on with a value, or answers the problem.
template <class T, class Next>
gateway::Reply<T> then(const PlacingPtr& placing, Next next) {
  return [placing, next = std::move(next)](Outcome<T> outcome) {
    std::visit(
        Overload{[&](T& value) { next(placing, value); }, [&](const auto& no) { placing->responder.answer(to_response(no, placing->instance)); }},
        outcome);
  };
}

/// Nobody of that number is registered, or the key is erased. The port must see it all the same: a repeat finds the order that was made when there
/// was one.
void submit_unknown_customer(const PlacingPtr& placing) {
  auto text = "There is no customer " + placing->request.basket.customer.text() + ".";
  placing->creation.draft = reject("customer-unknown", text, {{"/customer", "customer-unknown", text}});
  submit(placing);
}

/// Nothing new from a blocked customer. A repeat of an order made before still finds it.
void submit_blocked(const PlacingPtr& placing, const CustomerNumber& number) {
  placing->creation.draft = reject("customer-blocked", "The customer " + number.text() + " is blocked.");
  submit(placing);
}

void place_for_customer(const PlacingPtr& placing) {
  auto& ports = placing->inside->ports;
  auto number = placing->request.basket.customer;
  ports.read_customer(number, then<gateway::CustomerView>(placing, [&ports, number](const PlacingPtr& it, gateway::CustomerView& view) {
                        if (!view.customer.registered)
                          return submit_unknown_customer(it);
                        if (view.customer.blocked)
                          return submit_blocked(it, number);
                        it->request.basket.customer_level = view.customer.level;
                        ports.person_key(stream_of(number),
                                         then<std::optional<PersonKey>>(it, [](const PlacingPtr& its, std::optional<PersonKey>& key) {
                                           if (!key)
                                             return submit_unknown_customer(its);
                                           seal_and_draft(*its, *key);
                                           submit(its);
                                         }));
                      }));
}

void place_for_guest(const PlacingPtr& placing) {
  placing->request.basket.customer = {};
  placing->request.basket.customer_level.clear();
  auto key = new_person_key(placing->inside->options.random);
  seal_and_draft(*placing, key);
  placing->creation.guest_key = key;
  submit(placing);
}

/// What the person who orders is registered with; nobody is registered for an order that cannot be.
std::optional<Introduction> introduce(Placing& placing, const CustomerNumber& number) {
  placing.request.basket.customer = number;
  auto key = new_person_key(placing.inside->options.random);
  seal_and_draft(placing, key);
  if (!placing.creation.draft)
    return {};
  return Introduction{placing.request.basket.contact, key, placing.request.basket.channel};
}

/// A customer found by a key. One who has been erased orders as a guest, since nothing can be sealed for them any more.
void place_for_known(const PlacingPtr& placing, const gateway::CustomerView& view) {
  auto number = view.customer.number;
  if (view.customer.blocked)
    return submit_blocked(placing, number);
  placing->request.basket.customer = number;
  placing->request.basket.customer_level = view.customer.level;
  placing->inside->ports.person_key(stream_of(number), then<std::optional<PersonKey>>(placing, [](const PlacingPtr& it, std::optional<PersonKey>& key) {
                                      if (!key)
                                        return place_for_guest(it);
                                      seal_and_draft(*it, *key);
                                      submit(it);
                                    }));
}

void place_for_whom_the_keys_name(const PlacingPtr& placing) {
  resolve_or_register({placing->inside, placing->origin}, std::move(placing->request.keys),
                      [placing](const CustomerNumber& number) { return introduce(*placing, number); },
                      then<Resolved>(placing, [](const PlacingPtr& it, Resolved& resolved) {
                        if (resolved.known)
                          return place_for_known(it, *resolved.known);
                        submit(it); // registered just now, or the draft says why not
                      }));
}

void place_order(const Shared& inside, const Call& call) {
  auto key = idempotency_key(call.request);
  if (!key)
    return call.refuse(key.error());
  auto body = json_body(call.request);
  if (!body)
    return call.refuse(body.error());
  auto request = read_order_request(*body, inside->options.clock(), [&ports = inside->ports](const ChannelCode& channel) { return country_of(channel, *ports.definitions()); });
  if (!request)
    return call.refuse(request.error());
  const auto& channel = request->basket.channel.text();
  if (!call.principal.may_channel(channel))
    return call.refuse(reject("out-of-scope", "This key may not order in the channel " + channel + ".",
                              {{"/channel", "out-of-scope", "Another channel's key is needed."}}));

  gateway::Creation pair{channel,
                         request->basket.external_number,
                         call.principal.key_id,
                         std::move(*key),
                         body_digest(*body),
                         reject("timed-out", "The order has not been made yet."),
                         {}};
  auto wait = preferred_wait(call.request);
  auto origin = call.origin();
  origin.occurred_at = request->occurred_at;
  auto placing =
      std::make_shared<Placing>(Placing{inside, call.responder, call.instance(), std::move(*request), std::move(origin), pair, wait.count() > 0});
  if (placing->waits)
    call.responder.at_deadline(wait,
                               [placing, pair = std::move(pair)](const http::Responder& responder) { answer_unsettled(placing, pair, responder); });
  if (placing->request.basket.customer)
    place_for_customer(placing);
  else if (!placing->request.keys.empty())
    place_for_whom_the_keys_name(placing);
  else
    place_for_guest(placing);
}

// ------------------------------------------------------------------------------------------------------------ reading

bool may_see_addresses(Role role) { return role == Role::gateway || role == Role::staff || role == Role::admin; }

/// What opens the pickup, once the bag is ready; empty before and after.
std::string code_of(const Inside& inside, const Family& family) {
  for (const auto& [child, pickup] : family.pickups)
    if (pickup.status == pickup::Status::staged || pickup.status == pickup::Status::arrived)
      return pickup_code(inside.options.pickup_secret, member(family.id, child), pickup.issue);
  return {};
}

http::Response shown(const OrderView& view, const ShownAddress& address, const std::string& code = {}) {
  http::Response response;
  response.body = order_json(*view.family, address, code);
  response.with("ETag", etag(view.version));
  return response;
}

/// Answers the order, with the address opened if this reader may see it.
void show_order(const Shared& inside, const http::Responder& responder, Role role, const std::string& instance, const OrderView& view) {
  if (!may_see_addresses(role))
    return responder.answer_by([view] { return shown(view, {}); });
  const auto& agreed = view.family->order.agreement;
  auto person = agreed.customer ? stream_of(agreed.customer) : view.family->id;
  auto code = role == Role::gateway ? code_of(*inside, *view.family) : std::string(); // staff ask the customer for it
  inside->ports.person_key(person, [responder, instance, view, code](Outcome<std::optional<PersonKey>> outcome) {
    responder.answer_by([instance, view, code, outcome = std::move(outcome)] {
      auto* key = std::get_if<std::optional<PersonKey>>(&outcome);
      if (auto* fault = std::get_if<Fault>(&outcome))
        return to_response(*fault, instance);
      auto address = key && *key ? open(view.family->order.agreement.delivery.address, **key) : std::nullopt;
      return shown(view, address.value_or(""), code);
    });
  });
}

void read_order(const Shared& inside, const Call& call) {
  auto id = order_id_from(call.request.param("id"));
  if (!id)
    return call.refuse(reject("order-unknown", "There is no such order."));
  auto wants = std::string(call.request.header("if-none-match"));
  inside->ports.read_order(
      *id, [inside, call_responder = call.responder, principal = call.principal, instance = call.instance(), wants](Outcome<OrderView> outcome) {
        auto* view = std::get_if<OrderView>(&outcome);
        if (auto* no = std::get_if<Rejection>(&outcome))
          return call_responder.answer(to_response(*no, instance));
        if (!view)
          return call_responder.answer(to_response(std::get<Fault>(outcome), instance));
        if (!principal.may_channel(view->family->order.agreement.channel.text()))
          return call_responder.answer(to_response(reject("out-of-scope", "This key may not see orders of that channel."), instance));
        if (!wants.empty() && wants == etag(view->version)) {
          http::Response unchanged;
          unchanged.status = 304;
          return call_responder.answer(std::move(unchanged.with("ETag", etag(view->version))));
        }
        show_order(inside, call_responder, principal.role, instance, *view);
      });
}

/// What a list is asked for.
struct ListQuery {
  std::string status, after;
  int limit = http::limits::page_items_default;
};

Result<ListQuery> list_query(const http::Request& request) {
  auto parameters = query_of(request, {"status", "limit", "after"});
  if (!parameters)
    return parameters.error();
  ListQuery query;
  for (const auto& [name, value] : *parameters) {
    if (name == "status") {
      if (auto known = order::status_from(value); !known || *known == order::Status::none)
        return parameter_invalid(name, "is no status of an order.");
      query.status = value;
    } else if (name == "limit") {
      auto is_number = !value.empty() && value.size() <= 4 && std::ranges::all_of(value, [](char c) { return c >= '0' && c <= '9'; });
      query.limit = is_number ? std::stoi(value) : 0;
      if (query.limit < 1 || query.limit > http::limits::page_items)
        return parameter_invalid(name, "is to be 1 to " + std::to_string(http::limits::page_items) + ".");
    } else {
      if (value.size() > http::limits::key_bytes)
        return parameter_invalid(name, "is no cursor of ours.");
      query.after = value;
    }
  }
  return query;
}

http::Response page_response(const gateway::Page& page) {
  http::Response response;
  http::JsonWriter json(response.body);
  json.open().key("items").open('[');
  for (const auto& item : page.items)
    json.raw(item);
  json.close(']').field_or_null("next", page.next).close();
  return response;
}

void list_orders(const Shared& inside, const Call& call) {
  auto query = list_query(call.request);
  if (!query)
    return call.refuse(query.error());
  inside->ports.list_orders(query->status, call.principal.channels, query->after, query->limit,
                            [responder = call.responder, instance = call.instance()](Outcome<gateway::Page> outcome) {
                              responder.answer_by([instance, outcome = std::move(outcome)] {
                                return std::visit(Overload{[](const gateway::Page& page) { return page_response(page); },
                                                           [&](const auto& no) { return to_response(no, instance); }},
                                                  outcome);
                              });
                            });
}

} // namespace

void add_orders(Desk& desk) {
  using enum http::Role;
  auto inside = desk.inside();
  desk.add(http::Method::post, "/v1/orders", {gateway, admin}, [inside](const Call& call) { place_order(inside, call); });
  desk.add(http::Method::get, "/v1/orders", {gateway, staff, finance, operator_, auditor, admin},
           [inside](const Call& call) { list_orders(inside, call); });
  desk.add(http::Method::get, "/v1/orders/{id}", {gateway, staff, finance, operator_, auditor, admin},
           [inside](const Call& call) { read_order(inside, call); });
}

} // namespace entrepot::api
