// /v1/processes: what waits for a person, what one process waits for, and letting it go on.
#include "gateways/api/desk.hpp"
#include "gateways/api/idempotency.hpp"
#include "gateways/api/order_json.hpp"
#include "gateways/http/json_writer.hpp"

namespace entrepot::api {
namespace {

using gateway::OrderView;
using gateway::Outcome;
using Parked = std::vector<gateway::ParkedProcess>;

http::Response shown(const Parked& processes) {
  http::Response response;
  http::JsonWriter json(response.body);
  json.open().key("items").open('[');
  for (const auto& process : processes)
    json.open()
        .field("id", to_text(process.order))
        .field("since", to_rfc3339(process.since))
        .field("step", process.why.step)
        .field("code", process.why.code)
        .field("text", process.why.text)
        .close();
  json.close(']').close();
  return response;
}

void list(const Shared& inside, const Call& call) {
  inside->ports.parked([responder = call.responder, instance = call.instance()](Outcome<Parked> outcome) {
    responder.answer_by([instance, outcome = std::move(outcome)] {
      return std::visit(Overload{[](const Parked& processes) { return shown(processes); }, [&](const auto& no) { return to_response(no, instance); }}, outcome);
    });
  });
}

http::Response shown_one(const gateway::ProcessView& view) {
  http::Response response;
  http::JsonWriter json(response.body);
  json.open().field("id", to_text(view.order)).field("status", name_of(view.status)).field_or_null("awaited", view.awaited);
  json.field_or_null("next_look", view.next_look ? to_rfc3339(*view.next_look) : std::string()).key("parked");
  if (!view.parked)
    json.null();
  else
    json.open()
        .field("since", to_rfc3339(view.parked->since))
        .field("step", view.parked->why.step)
        .field("code", view.parked->why.code)
        .field("text", view.parked->why.text)
        .close();
  json.close();
  return response;
}

void show(const Shared& inside, const Call& call) {
  auto order = order_id_from(call.request.param("id"));
  if (!order)
    return call.refuse(reject("order-unknown", "There is no such order."));
  inside->ports.process(*order, [responder = call.responder, instance = call.instance()](Outcome<gateway::ProcessView> outcome) {
    responder.answer_by([instance, outcome = std::move(outcome)] {
      return std::visit(Overload{[](const gateway::ProcessView& view) { return shown_one(view); }, [&](const auto& no) { return to_response(no, instance); }}, outcome);
    });
  });
}

void retry(const Shared& inside, const Call& call) {
  auto order = order_id_from(call.request.param("id"));
  if (!order)
    return call.refuse(reject("order-unknown", "There is no such order."));
  auto key = idempotency_key(call.request);
  if (!key)
    return call.refuse(key.error());
  auto id = request_command(call.principal.key_id, *key, "POST " + call.instance());
  auto answer = [responder = call.responder, instance = call.instance()](Outcome<OrderView> outcome) {
    responder.answer_by([instance, outcome = std::move(outcome)] {
      return std::visit(Overload{[](const OrderView& view) {
                                   http::Response response;
                                   response.body = order_json(*view.family, {});
                                   return response;
                                 },
                                 [&](const auto& no) { return to_response(no, instance); }},
                        outcome);
    });
  };
  // An order that is not there has a process that is not parked; whoever mistyped the number is told which of the two it is.
  inside->ports.read_order(*order, [inside, order = *order, id, origin = call.origin(), answer](Outcome<OrderView> outcome) {
    if (!std::holds_alternative<OrderView>(outcome))
      return answer(std::move(outcome));
    inside->ports.act(member(order.family, child::process), process::Command{process::Retry{}}, id, origin, gateway::Until::stored, answer);
  });
}

} // namespace

void add_processes(Desk& desk) {
  using enum http::Role;
  auto inside = desk.inside();
  desk.add(http::Method::get, "/v1/processes", {operator_, auditor, admin}, [inside](const Call& call) { list(inside, call); });
  desk.add(http::Method::get, "/v1/processes/{id}", {operator_, auditor, admin}, [inside](const Call& call) { show(inside, call); });
  desk.add(http::Method::post, "/v1/processes/{id}/retry", {operator_, admin}, [inside](const Call& call) { retry(inside, call); });
}

} // namespace entrepot::api
