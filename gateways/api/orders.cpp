// /v1/orders: make one, look at one, list them.
#include <algorithm>

#include "gateways/api/desk.hpp"
#include "gateways/api/idempotency.hpp"
#include "gateways/api/order_json.hpp"
#include "gateways/api/order_request.hpp"
#include "gateways/api/pickup_code.hpp"
#include "gateways/api/placing.hpp"
#include "gateways/http/json_writer.hpp"

namespace entrepot::api {
namespace {

using gateway::Fault;
using gateway::OrderView;
using gateway::Outcome;
using gateway::PersonKey;

std::string etag(std::int64_t version) { return "\"" + std::to_string(version) + "\""; }

/// Who waits for an order to be placed, and how it is shown to them.
struct Asker {
  Shared inside;
  gateway::Origin origin;
  std::string instance;
  std::string address; ///< as JSON: a repeat has the same body, so the same address
  bool waits = false;
  std::string pay_back; ///< as JSON: what somebody else took for the order, and gives back if it is refused; empty: nothing
};
using AskerPtr = std::shared_ptr<const Asker>;

/// What somebody else took for the order: a till, or the marketplace itself.
std::string taken_elsewhere(const order::Basket& basket) {
  if (!basket.payment_method || !payment::is_taken_elsewhere(*basket.payment_method))
    return {};
  const auto& taken = basket.taken;
  auto by_channel = *basket.payment_method == payment::Method::collected;
  auto reference = taken.reference.empty() && by_channel ? basket.external_number : taken.reference;
  if (reference.empty())
    return {};
  std::string text;
  http::JsonWriter json(text);
  json.open().field("method", name_of(*basket.payment_method)).field_or_null("taken_by", taken.by).field("reference", reference).key("amount");
  if (taken.amount)
    append_money(text, *taken.amount);
  else
    json.null();
  json.close();
  return text;
}

/// What the business refuses is paid back by whoever took it; another order under the same pair is not this one's payment.
http::Response refused(const Asker& asker, const Rejection& why, std::string order, bool replayed) {
  return to_response(why, asker.instance, std::move(order), replayed, why.code == "idempotency-key-reused" ? std::string() : asker.pay_back);
}

/// An order of this customer that this one may repeat, where the channel wants that said.
std::optional<OrderId> same_before(Inside& inside, const OrderView& view) {
  const auto& agreed = view.family->order.agreement;
  auto before = inside.recent.note(OrderId{view.family->id}, agreed, inside.options.clock());
  const auto definitions = inside.ports.definitions();
  auto channel = definitions->channels.find(agreed.channel);
  return channel != definitions->channels.end() && channel->second->definition.terms.warns_of_repeats ? before : std::nullopt;
}

http::Response placed(const Asker& asker, const OrderView& view) {
  const auto& order = view.family->order;
  auto id = to_text(OrderId{view.family->id});
  if (order.status == order::Status::rejected)
    return refused(asker, order.why_rejected.value_or(Rejection{"rejected", "The order was refused.", {}}), id, view.replayed);
  if (auto declined = decline_of(*view.family))
    return to_response(*declined, asker.instance, id, view.replayed);
  http::Response response;
  auto unsettled = asker.waits && order.status == order::Status::submitted;
  response.status = unsettled ? 202 : view.replayed ? 200 : 201;
  response.body = order_json(*view.family, asker.address, {}, same_before(*asker.inside, view));
  response.with("Location", "/v1/orders/" + id).with("ETag", etag(view.version));
  if (view.replayed)
    response.with("Idempotent-Replayed", "true");
  return response;
}

/// Answers on the connection's thread: the journal's thread, which calls this, has more urgent things to do than to write JSON.
gateway::Reply<OrderView> answer_placed(const AskerPtr& asker, const http::Responder& responder) {
  return [asker, responder](Outcome<OrderView> outcome) {
    responder.answer_by([asker, outcome = std::move(outcome)] {
      return std::visit(
          Overload{[&](const OrderView& view) { return placed(*asker, view); }, [&](const Rejection& no) { return refused(*asker, no, {}, false); },
                   [&](const Fault& fault) { return to_response(fault, asker->instance); }},
          outcome);
    });
  };
}

/// The wait is over and the process has not settled: asks again for the order as it is. The same pair finds it, so nothing needs to be agreed again.
void answer_unsettled(const AskerPtr& asker, const gateway::Creation& pair, const http::Responder& responder) {
  auto again = pair;
  auto answer = answer_placed(asker, responder);
  asker->inside->ports.submit(std::move(again), asker->origin, gateway::Until::stored, [answer](Outcome<OrderView> outcome) {
    if (auto* view = std::get_if<OrderView>(&outcome))
      view->replayed = false; // the repeat is ours, not the client's
    answer(std::move(outcome));
  });
}

/// One buyer's two aliases lead to no common customer, and nobody else's to one of ours.
bool has_masked_emails(const ChannelCode& channel, const order::Definitions& definitions) {
  auto found = definitions.channels.find(channel);
  return found != definitions.channels.end() && found->second->definition.terms.masked_emails;
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
  if (has_masked_emails(request->basket.channel, *inside->ports.definitions()))
    std::erase_if(request->keys, [](const identity::Key& one) { return one.form == identity::Form::email; });
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
  origin.occurred_at = request->basket.occurred_at;
  auto asker = std::make_shared<const Asker>(Asker{inside, origin, call.instance(), request->address, wait.count() > 0, taken_elsewhere(request->basket)});
  if (asker->waits)
    call.responder.at_deadline(wait, [asker, pair](const http::Responder& responder) { answer_unsettled(asker, pair, responder); });
  auto draft = [inside](const order::Basket& basket) { return order::draft(basket, *inside->ports.definitions(), inside->options.clock()); };
  place(std::make_shared<Placing>(Placing{inside, std::move(*request), std::move(origin), std::move(pair), asker->waits ? gateway::Until::settled : gateway::Until::stored, draft,
                                          answer_placed(asker, call.responder)}));
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
      auto address = key && *key ? open(order::delivery_of(view.family->order).address, **key) : std::nullopt;
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
