// /v1/webhook-endpoints/{id}/deliveries: what an endpoint has not taken, and sending it again.
#include <charconv>

#include "gateways/api/idempotency.hpp"
#include "gateways/api/webhook_request.hpp"
#include "gateways/http/json_writer.hpp"

namespace entrepot::api {
namespace {

using webhook::Fate;
using webhook::Registry;

constexpr std::size_t delivery_id_bytes = 64;

struct DeliveryQuery {
  Fate fate = Fate::dead;
  std::string after;
  std::size_t limit = http::limits::page_items_default;
};

Result<DeliveryQuery> delivery_query(const http::Request& request) {
  auto parameters = query_of(request, {"status", "after", "limit"});
  if (!parameters)
    return parameters.error();
  DeliveryQuery query;
  for (const auto& [name, value] : *parameters) {
    if (name == "status") {
      auto fate = webhook::fate_from(value);
      if (!fate)
        return parameter_invalid("status", "is dead or waiting.");
      query.fate = *fate;
    } else if (name == "after") {
      query.after = value;
    } else {
      int limit = 0;
      auto [end, failed] = std::from_chars(value.data(), value.data() + value.size(), limit);
      if (failed != std::errc{} || end != value.data() + value.size() || limit < 1 || limit > http::limits::page_items)
        return parameter_invalid("limit", "is 1 to " + std::to_string(http::limits::page_items) + ".");
      query.limit = static_cast<std::size_t>(limit);
    }
  }
  return query;
}

http::Response shown(const webhook::DeliveryPage& page) {
  http::Response response;
  http::JsonWriter json(response.body);
  json.open().key("items").open('[');
  for (const auto& one : page.deliveries) {
    json.open().field("id", one.id).field("type", one.type).field("order", to_text(OrderId{one.family})).field("recorded_at", to_rfc3339(one.at)).field("status", name_of(one.fate));
    json.field("tries", one.tries).field_or_null("first_try", one.first_try ? to_rfc3339(*one.first_try) : std::string());
    json.field_or_null("next_try", one.fate == Fate::waiting ? to_rfc3339(one.due) : std::string()).key("last_answer");
    if (one.last_status == 0)
      json.null();
    else
      json.number(one.last_status);
    json.close();
  }
  json.close(']').field_or_null("next", page.next).close();
  return response;
}

void list(const Shared& inside, const Call& call) {
  if (auto fault = scope_fault(call.principal))
    return call.refuse(*fault);
  auto query = delivery_query(call.request);
  if (!query)
    return call.refuse(query.error());
  ask_registry(inside, call, [query = *query, instance = call.instance(), id = std::string(call.request.param("id"))](Registry& registry) {
    auto page = registry.page(id, query.fate, query.after, query.limit);
    return page ? shown(*page) : to_response(page.error(), instance);
  });
}

/// What was replayed already is dead no more: a repeat changes nothing.
void replay(const Shared& inside, const Call& call) {
  if (auto fault = scope_fault(call.principal))
    return call.refuse(*fault);
  auto key = idempotency_key(call.request);
  if (!key)
    return call.refuse(key.error());
  std::string delivery;
  if (!call.request.body().empty()) {
    auto body = json_body(call.request);
    if (!body)
      return call.refuse(body.error());
    JsonReader reader(*body);
    delivery = reader.root().optional_text("delivery", delivery_id_bytes);
    if (auto wrong = reader.faults())
      return call.refuse(*wrong);
  }
  ask_registry(inside, call, [delivery, now = inside->options.clock(), instance = call.instance(), id = std::string(call.request.param("id"))](Registry& registry) {
    auto replayed = registry.replay(id, delivery, now);
    if (!replayed)
      return to_response(replayed.error(), instance);
    http::Response response;
    http::JsonWriter(response.body).open().field("replayed", *replayed).close();
    return response;
  });
}

} // namespace

void add_webhook_deliveries(Desk& desk) {
  using enum http::Role;
  auto inside = desk.inside();
  desk.add(http::Method::get, "/v1/webhook-endpoints/{id}/deliveries", {operator_, auditor, admin}, [inside](const Call& call) { list(inside, call); });
  desk.add(http::Method::post, "/v1/webhook-endpoints/{id}/replay", {operator_, admin}, [inside](const Call& call) { replay(inside, call); });
}

} // namespace entrepot::api
