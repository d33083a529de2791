// /v1/processes: what waits for a person, and letting it go on.
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

void retry(const Shared& inside, const Call& call) {
  auto order = order_id_from(call.request.param("id"));
  if (!order)
    return call.refuse(reject("order-unknown", "There is no such order."));
  auto key = idempotency_key(call.request);
  if (!key)
    return call.refuse(key.error());
  auto id = request_command(call.principal.key_id, *key, "POST " + call.instance());
  inside->ports.act(member(order->family, child::process), process::Command{process::Retry{}}, id, call.origin(), gateway::Until::stored,
                    [responder = call.responder, instance = call.instance()](Outcome<OrderView> outcome) {
                      responder.answer_by([instance, outcome = std::move(outcome)] {
                        return std::visit(Overload{[](const OrderView& view) {
                                                     http::Response response;
                                                     response.body = order_json(*view.family, {});
                                                     return response;
                                                   },
                                                   [&](const auto& no) { return to_response(no, instance); }},
                                          outcome);
                      });
                    });
}

} // namespace

void add_processes(Desk& desk) {
  using enum http::Role;
  auto inside = desk.inside();
  desk.add(http::Method::get, "/v1/processes", {operator_, auditor, admin}, [inside](const Call& call) { list(inside, call); });
  desk.add(http::Method::post, "/v1/processes/{id}/retry", {operator_, admin}, [inside](const Call& call) { retry(inside, call); });
}

} // namespace entrepot::api
