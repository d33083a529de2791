#include "gateways/api/place_request.hpp"

#include "gateways/api/idempotency.hpp"

namespace entrepot::api {

Result<Place> place_of(const Shared& inside, const Call& call) {
  auto code = path_code<LocationCode>(call.request, "code", "location-unknown", "There is no such location.");
  if (!code)
    return code.error();
  if (!call.principal.may_store(code->text()))
    return reject("out-of-scope", "This key may not act at " + code->text() + ".");
  auto definitions = inside->ports.definitions();
  auto profile = definitions->locations.find(*code);
  if (profile == definitions->locations.end())
    return reject("location-unknown", "There is no location " + code->text() + ".");
  return Place{*code, definitions, profile->second.get()};
}

Result<PlaceMessage> place_message(const Shared& inside, const Call& call) {
  auto key = idempotency_key(call.request);
  if (!key)
    return key.error();
  auto place = place_of(inside, call);
  if (!place)
    return place.error();
  auto body = json_body(call.request);
  if (!body)
    return body.error();
  return PlaceMessage{*std::move(key), *std::move(place), *std::move(body)};
}

stock::Item read_item(const JsonObject& line, const Place& place, const Principal& principal) {
  stock::Item item;
  item.sku = line.code<Sku>("sku");
  if (item.sku && !place.definitions->products.contains(item.sku))
    line.refuse("sku", "product-unknown", "There is no product " + item.sku.text() + ".");
  item.owner = line.has("owner") ? line.code<EntityCode>("owner") : place.profile->owner;
  if (item.owner && !principal.may_entity(item.owner.text()))
    line.refuse("owner", "out-of-scope", "This key may not act for " + item.owner.text() + ".");
  return item;
}

Timestamp read_time(const JsonObject& body, std::string_view key) {
  if (!body.has(key))
    body.refuse(key, "field-missing", "This field is required.");
  return body.optional_time(key).value_or(Timestamp{});
}

gateway::Reply<std::int64_t> answer_place(const Call& call, const Place& place, int status) {
  return answer_version(call, [code = place.code, status](std::int64_t version) {
    auto response = code_and_version("location", code.text(), version);
    response.status = status;
    return response;
  });
}

void tell(const Shared& inside, const Call& call, const Place& place, const std::string& key, stock::Command command, gateway::Reply<std::int64_t> reply) {
  auto id = request_command(call.principal.key_id, key, "POST " + call.instance());
  inside->ports.command(stream_of(place.code), AnyCommand{std::move(command)}, id, call.origin(), {}, std::move(reply));
}

} // namespace entrepot::api
