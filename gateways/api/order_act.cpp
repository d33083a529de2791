#include "gateways/api/order_act.hpp"

#include "gateways/api/order_json.hpp"

namespace entrepot::api {
namespace {

using gateway::OrderView;
using gateway::Outcome;

struct Acting {
  Shared inside;
  http::Responder responder;
  Principal principal;
  std::string instance;
  OrderId order;
  std::function<std::pair<int, AnyCommand>(const Family&)> command; ///< to which member
  CommandId id;
  gateway::Origin origin;
};
using ActingPtr = std::shared_ptr<Acting>;

http::Response answered(const Acting& acting, const OrderView& view) {
  http::Response response;
  response.status = view.family->order.status == order::Status::cancelling ? 202 : 200;
  response.body = order_json(*view.family, {});
  response.with("ETag", "\"" + std::to_string(view.version) + "\"").with("Location", "/v1/orders/" + to_text(acting.order));
  if (view.replayed)
    response.with("Idempotent-Replayed", "true");
  return response;
}

void act(const ActingPtr& it, const OrderView& view) {
  if (!it->principal.may_channel(view.family->order.agreement.channel.text()))
    return it->responder.answer(to_response(reject("out-of-scope", "This key may not change orders of that channel."), it->instance));
  auto responder = std::exchange(it->responder, {});
  auto [child, command] = it->command(*view.family);
  it->inside->ports.act(member(it->order.family, child), std::move(command), it->id, it->origin, gateway::Until::stored, [it, responder](Outcome<OrderView> outcome) {
    responder.answer_by([it, outcome = std::move(outcome)] {
      return std::visit(Overload{[&](const OrderView& after) { return answered(*it, after); }, [&](const auto& no) { return to_response(no, it->instance); }}, outcome);
    });
  });
}

using CommandOf = std::function<std::pair<int, AnyCommand>(const Family&)>;

void give(const Shared& inside, const Call& call, const std::function<CommandOf(const JsonObject& root)>& read) {
  auto message = order_message(call);
  if (!message)
    return call.refuse(message.error());
  JsonReader reader(message->body);
  auto command = read(reader.root());
  if (auto wrong = reader.faults())
    return call.refuse(*wrong);
  auto it = std::make_shared<Acting>(Acting{inside, call.responder, call.principal, call.instance(), message->order, std::move(command), message->id, call.origin()});
  inside->ports.read_order(message->order, [it](Outcome<OrderView> outcome) {
    std::visit(Overload{[&](const OrderView& view) { act(it, view); }, [&](const auto& no) { it->responder.answer(to_response(no, it->instance)); }}, outcome);
  });
}

} // namespace

Result<OrderMessage> order_message(const Call& call) {
  auto order = order_id_from(call.request.param("id"));
  if (!order)
    return reject("order-unknown", "There is no such order.");
  auto key = idempotency_key(call.request);
  if (!key)
    return key.error();
  auto body = json_body(call.request);
  if (!body)
    return body.error();
  return OrderMessage{*order, request_command(call.principal.key_id, *key, "POST " + call.instance()), *std::move(body)};
}

void act_on_order(const Shared& inside, const Call& call, const std::function<order::Command(const JsonObject& root)>& read) {
  give(inside, call, [&](const JsonObject& root) -> CommandOf {
    return [command = read(root)](const Family&) { return std::pair(child::order, AnyCommand{command}); };
  });
}

void act_on_payment(const Shared& inside, const Call& call, const std::function<std::function<payment::Command(const Family& family)>(const JsonObject& root)>& read) {
  give(inside, call, [&](const JsonObject& root) -> CommandOf {
    return [command_for = read(root)](const Family& family) { return std::pair(child::payment, AnyCommand{command_for(family)}); };
  });
}

} // namespace entrepot::api
