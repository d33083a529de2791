// /v1/orders/{id}/cancellations: the customer, or an agent, wants it no longer.
#include "gateways/api/desk.hpp"
#include "gateways/api/idempotency.hpp"
#include "gateways/api/order_json.hpp"

namespace entrepot::api {
namespace {

using gateway::OrderView;
using gateway::Outcome;

constexpr std::size_t reason_bytes = 200;

struct Cancelling {
  Shared inside;
  http::Responder responder;
  Principal principal;
  std::string instance, reason;
  OrderId order;
  CommandId id;
  gateway::Origin origin;
};
using CancellingPtr = std::shared_ptr<Cancelling>;

http::Response answered(const Cancelling& cancelling, const OrderView& view) {
  http::Response response;
  response.status = view.family->order.status == order::Status::cancelling ? 202 : 200;
  response.body = order_json(*view.family, {});
  response.with("ETag", "\"" + std::to_string(view.version) + "\"").with("Location", "/v1/orders/" + to_text(cancelling.order));
  if (view.replayed)
    response.with("Idempotent-Replayed", "true");
  return response;
}

void cancel(const CancellingPtr& it, const OrderView& view) {
  if (!it->principal.may_channel(view.family->order.agreement.channel.text()))
    return it->responder.answer(to_response(reject("out-of-scope", "This key may not cancel orders of that channel."), it->instance));
  order::Cancel command{it->principal.role == Role::gateway ? "customer" : "agent", it->reason.empty() ? "no longer wanted" : it->reason};
  auto responder = std::exchange(it->responder, {});
  it->inside->ports.act(it->order.family, order::Command{std::move(command)}, it->id, it->origin, gateway::Until::stored, [it, responder](Outcome<OrderView> outcome) {
    responder.answer_by([it, outcome = std::move(outcome)] {
      return std::visit(Overload{[&](const OrderView& after) { return answered(*it, after); }, [&](const auto& no) { return to_response(no, it->instance); }}, outcome);
    });
  });
}

void post_cancellation(const Shared& inside, const Call& call) {
  auto order = order_id_from(call.request.param("id"));
  if (!order)
    return call.refuse(reject("order-unknown", "There is no such order."));
  auto key = idempotency_key(call.request);
  if (!key)
    return call.refuse(key.error());
  auto body = json_body(call.request);
  if (!body)
    return call.refuse(body.error());
  JsonReader reader(*body);
  auto reason = reader.root().optional_text("reason", reason_bytes);
  if (auto wrong = reader.faults())
    return call.refuse(*wrong);
  auto it = std::make_shared<Cancelling>(Cancelling{inside, call.responder, call.principal, call.instance(), std::move(reason), *order,
                                                    request_command(call.principal.key_id, *key, "POST " + call.instance()), call.origin()});
  inside->ports.read_order(*order, [it](Outcome<OrderView> outcome) {
    std::visit(Overload{[&](const OrderView& view) { cancel(it, view); }, [&](const auto& no) { it->responder.answer(to_response(no, it->instance)); }}, outcome);
  });
}

} // namespace

void add_cancellations(Desk& desk) {
  using enum http::Role;
  desk.add(http::Method::post, "/v1/orders/{id}/cancellations", {gateway, admin}, [inside = desk.inside()](const Call& call) { post_cancellation(inside, call); });
}

} // namespace entrepot::api
