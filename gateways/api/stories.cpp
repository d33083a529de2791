// /v1/orders/{id}/events: an order's story, and what its customer was told.
#include "gateways/api/desk.hpp"
#include "gateways/http/json_writer.hpp"

namespace entrepot::api {
namespace {

using gateway::OrderView;
using gateway::Outcome;
using Lines = std::vector<gateway::Told>;

http::Response shown(const Lines& lines) {
  http::Response response;
  http::JsonWriter json(response.body);
  json.open().key("items").open('[');
  for (const auto& line : lines)
    json.open().field("at", to_rfc3339(line.at)).field("by", line.by).field("text", line.text).field_or_null("notice", line.notice).close();
  json.close(']').close();
  return response;
}

void get_events(const Shared& inside, const Call& call) {
  auto order = order_id_from(call.request.param("id"));
  if (!order)
    return call.refuse(reject("order-unknown", "There is no such order."));
  inside->ports.read_order(*order, [inside, order = *order, responder = call.responder, principal = call.principal, instance = call.instance()](Outcome<OrderView> outcome) {
    auto* view = std::get_if<OrderView>(&outcome);
    if (!view)
      return responder.answer(std::visit(Overload{[](const OrderView&) { return http::Response{}; }, [&](const auto& no) { return to_response(no, instance); }}, outcome));
    if (!principal.may_channel(view->family->order.agreement.channel.text()))
      return responder.answer(to_response(reject("out-of-scope", "This key may not see orders of that channel."), instance));
    inside->ports.story(order, [responder, instance](Outcome<Lines> story) {
      responder.answer_by([instance, story = std::move(story)] {
        return std::visit(Overload{[](const Lines& lines) { return shown(lines); }, [&](const auto& no) { return to_response(no, instance); }}, story);
      });
    });
  });
}

} // namespace

void add_stories(Desk& desk) {
  using enum http::Role;
  desk.add(http::Method::get, "/v1/orders/{id}/events", {gateway, staff, finance, operator_, auditor, admin}, [inside = desk.inside()](const Call& call) { get_events(inside, call); });
}

} // namespace entrepot::api
