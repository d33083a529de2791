#include "gateways/api/webhook_request.hpp"

namespace entrepot::api {

std::optional<Rejection> scope_fault(const Principal& principal) {
  if (principal.channels.empty() && principal.stores.empty() && principal.entities.empty())
    return {};
  return reject("out-of-scope", "Webhook endpoints are told of the whole installation; this key is confined to a part of it.");
}

void ask_registry(const Shared& inside, const Call& call, std::function<http::Response(webhook::Registry&)> act) {
  using gateway::Fault;
  auto asked = inside->options.webhooks.ask && inside->options.webhooks.ask([responder = call.responder, instance = call.instance(), act = std::move(act)](webhook::Registry& registry) {
    try {
      responder.answer(act(registry));
    } catch (const std::exception&) {
      responder.answer(to_response(Fault{Fault::Kind::unavailable, "the database cannot be reached now"}, instance));
    }
  });
  if (!asked)
    call.responder.answer(to_response(Fault{Fault::Kind::overloaded, "too many questions wait; try again in a moment"}, call.instance()));
}

} // namespace entrepot::api
