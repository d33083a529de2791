// /v1/orders/{id}/choices: what the customer of a pickup wants instead of what the store cannot give.
#include "domain/order/choosing.hpp"
#include "domain/order/places.hpp"
#include "gateways/api/order_act.hpp"
#include "gateways/api/order_json.hpp"
#include "gateways/api/order_request.hpp"

namespace entrepot::api {
namespace {

using gateway::Fault;
using gateway::OrderView;
using gateway::Outcome;
using gateway::PersonKey;

struct Choosing {
  Shared inside;
  http::Responder responder;
  Principal principal;
  std::string instance;
  OrderId order;
  CommandId id;
  gateway::Origin origin;
  order::Way way = order::Way::cancel;
  LocationCode store;
  std::string option, address; ///< of a delivery; the address as JSON
  std::optional<stock::Point> near;
};
using ChoosingPtr = std::shared_ptr<Choosing>;

http::Response answered(const Choosing& choosing, const OrderView& view) {
  http::Response response;
  response.body = order_json(*view.family, choosing.address.empty() ? ShownAddress{} : ShownAddress{choosing.address});
  response.with("ETag", "\"" + std::to_string(view.version) + "\"").with("Location", "/v1/orders/" + to_text(choosing.order));
  if (view.replayed)
    response.with("Idempotent-Replayed", "true");
  return response;
}

void choose(const ChoosingPtr& it, const Family& family, Result<order::Choice> choice) {
  if (!choice)
    return it->responder.answer(to_response(choice.error(), it->instance));
  order::Choose command{*std::move(choice), units_to_choose_for(family)};
  auto responder = std::exchange(it->responder, {});
  it->inside->ports.act(it->order.family, order::Command{std::move(command)}, it->id, it->origin, gateway::Until::stored, [it, responder](Outcome<OrderView> outcome) {
    responder.answer_by([it, outcome = std::move(outcome)] {
      return std::visit(Overload{[&](const OrderView& view) { return answered(*it, view); }, [&](const auto& no) { return to_response(no, it->instance); }}, outcome);
    });
  });
}

/// The address is sealed under the key of the order's person, as the first one was.
void choose_delivery(const ChoosingPtr& it, const std::shared_ptr<const Family>& family) {
  const auto& agreed = family->order.agreement;
  auto person = agreed.customer ? stream_of(agreed.customer) : family->id;
  it->inside->ports.person_key(person, [it, family](Outcome<std::optional<PersonKey>> outcome) {
    if (auto* fault = std::get_if<Fault>(&outcome))
      return it->responder.answer(to_response(*fault, it->instance));
    auto* key = std::get_if<std::optional<PersonKey>>(&outcome);
    if (!key || !*key)
      return it->responder.answer(to_response(reject("customer-unknown", "The customer was erased: nothing can be kept for them any more."), it->instance));
    const auto& options = it->inside->options;
    choose(it, *family, order::choose_delivery(family->order.agreement.channel, it->option, seal(it->address, **key, options.random), it->near, *it->inside->ports.definitions(), options.clock()));
  });
}

void choose(const ChoosingPtr& it, const OrderView& view) {
  const auto& channel = view.family->order.agreement.channel;
  if (!it->principal.may_channel(channel.text()))
    return it->responder.answer(to_response(reject("out-of-scope", "This key may not choose for orders of that channel."), it->instance));
  switch (it->way) {
  case order::Way::another_store:
    return choose(it, *view.family, order::choose_store(channel, it->store, *it->inside->ports.definitions(), it->inside->options.clock()));
  case order::Way::delivery:
    return choose_delivery(it, view.family);
  case order::Way::cancel:
    return choose(it, *view.family, order::Choice{});
  }
}

void read_choice(const JsonObject& body, Choosing& choosing) {
  switch (body.one_of("choice", {"store", "delivery", "cancel"})) {
  case 0:
    choosing.way = order::Way::another_store;
    choosing.store = body.code<LocationCode>("store");
    break;
  case 1:
    choosing.way = order::Way::delivery;
    choosing.option = body.optional_text("option", 64);
    choosing.address = read_address(body.object("address"));
    choosing.near = read_near(body);
    break;
  default:
    break;
  }
}

void post_choice(const Shared& inside, const Call& call) {
  auto message = order_message(call);
  if (!message)
    return call.refuse(message.error());
  auto it = std::make_shared<Choosing>();
  JsonReader reader(message->body);
  read_choice(reader.root(), *it);
  if (auto wrong = reader.faults())
    return call.refuse(*wrong);
  it->inside = inside;
  it->responder = call.responder;
  it->principal = call.principal;
  it->instance = call.instance();
  it->order = message->order;
  it->id = message->id;
  it->origin = call.origin();
  inside->ports.read_order(message->order, [it](Outcome<OrderView> outcome) {
    std::visit(Overload{[&](const OrderView& view) { choose(it, view); }, [&](const auto& no) { it->responder.answer(to_response(no, it->instance)); }}, outcome);
  });
}

} // namespace

void add_choices(Desk& desk) {
  using enum http::Role;
  desk.add(http::Method::post, "/v1/orders/{id}/choices", {gateway, admin}, [inside = desk.inside()](const Call& call) { post_choice(inside, call); });
}

} // namespace entrepot::api
