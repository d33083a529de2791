// /v1/webhook-endpoints: who outside is told what happens to orders.
#include <algorithm>

#include "gateways/api/idempotency.hpp"
#include "gateways/api/webhook_request.hpp"
#include "gateways/http/json_writer.hpp"
#include "gateways/partners/standard_webhook.hpp"

namespace entrepot::api {
namespace {

using webhook::Endpoint;
using webhook::Registry;
using webhook::Status;

void append_endpoint(http::JsonWriter& json, const Endpoint& endpoint, Timestamp now) {
  json.field("id", endpoint.id).field("url", endpoint.url).field("status", name_of(endpoint.status));
  for (const auto& [name, codes] : {std::pair<std::string_view, const std::vector<std::string>&>{"types", endpoint.types}, {"channels", endpoint.channels}}) {
    json.key(name);
    if (codes.empty()) {
      json.null(); // every one
      continue;
    }
    json.open('[');
    for (const auto& code : codes)
      json.text(code);
    json.close(']');
  }
  auto overlaps = !endpoint.former_secret.empty() && endpoint.former_until && now < *endpoint.former_until;
  json.field_or_null("former_secret_until", overlaps ? to_rfc3339(*endpoint.former_until) : std::string());
  json.field("created_at", to_rfc3339(endpoint.created_at)).field("created_by", endpoint.created_by);
  json.field("changed_at", to_rfc3339(endpoint.changed_at)).field("changed_by", endpoint.changed_by).field("version", endpoint.version);
}

/// `with_secret`: it has just been made, and is seen this once.
http::Response shown(int status, const Endpoint& endpoint, Timestamp now, bool with_secret = false) {
  http::Response response;
  response.status = status;
  http::JsonWriter json(response.body);
  json.open();
  append_endpoint(json, endpoint, now);
  if (with_secret)
    json.field("secret", partners::webhook_secret_text(endpoint.secret));
  json.close();
  if (with_secret)
    response.with("Cache-Control", "no-store");
  return response;
}

webhook::Secret fresh_secret(const RandomBytes& random) {
  webhook::Secret secret(webhook::secret_bytes);
  random(secret);
  return secret;
}

std::string hex_of(std::string_view bytes) {
  constexpr char digits[] = "0123456789abcdef";
  std::string text;
  for (auto byte : bytes) {
    text += digits[static_cast<unsigned char>(byte) >> 4];
    text += digits[static_cast<unsigned char>(byte) & 15];
  }
  return text;
}

std::string text_of(CommandId id) {
  std::string bytes;
  for (auto half : {id.high, id.low})
    for (int shift = 56; shift >= 0; shift -= 8)
      bytes += static_cast<char>(half >> shift);
  return hex_of(bytes);
}

/// The same of the same request: so a repeat finds the endpoint that was made.
std::string endpoint_id(CommandId id) { return "whe_" + text_of(id).substr(12); }

std::vector<std::string> types_in(const JsonObject& body, const std::vector<std::string_view>& known) {
  if (!body.has("types"))
    return {};
  auto types = body.texts("types", 1, webhook::max_types);
  for (const auto& type : types)
    if (std::ranges::find(known, type) == known.end())
      body.refuse("types", "value-unknown", "There is no event '" + type.substr(0, 64) + "'.");
  return types;
}

std::vector<std::string> channels_in(const JsonObject& body, const order::Definitions& known) {
  std::vector<std::string> channels;
  if (!body.has("channels"))
    return channels;
  for (const auto& code : body.codes<ChannelCode>("channels", webhook::max_channels)) {
    if (!known.channels.contains(code))
      body.refuse("channels", "channel-unknown", "There is no channel " + code.text() + ".");
    channels.push_back(code.text());
  }
  if (channels.empty())
    body.refuse("channels", "value-out-of-range", "Name at least one, or leave it out for every channel.");
  return channels;
}

std::string url_in(const JsonObject& body) {
  auto url = body.text("url", webhook::max_url_bytes);
  if (auto address = webhook::address_from(url); !address && !url.empty())
    body.refuse("url", address.error().code, address.error().text);
  return url;
}

void create(const Shared& inside, const Call& call) {
  if (auto fault = scope_fault(call.principal))
    return call.refuse(*fault);
  auto key = idempotency_key(call.request);
  if (!key)
    return call.refuse(key.error());
  auto body = json_body(call.request);
  if (!body)
    return call.refuse(body.error());
  auto now = inside->options.clock();
  Endpoint made;
  made.id = endpoint_id(request_command(call.principal.key_id, *key, "POST " + call.instance()));
  made.request = hex_of(body_digest(*body));
  JsonReader reader(*body);
  auto root = reader.root();
  made.url = url_in(root);
  made.types = types_in(root, inside->options.webhooks.types);
  made.channels = channels_in(root, *inside->ports.definitions());
  auto from = root.one_of("from", {"now", "beginning"}, 0) == 0 ? webhook::From::now : webhook::From::beginning;
  if (auto wrong = reader.faults())
    return call.refuse(*wrong);
  made.secret = fresh_secret(inside->options.random);
  made.created_at = made.changed_at = now;
  made.created_by = made.changed_by = call.principal.by();
  ask_registry(inside, call, [made = std::move(made), from, now, instance = call.instance()](Registry& registry) {
    auto kept = registry.create(made, from);
    if (!kept)
      return to_response(kept.error(), instance);
    auto is_new = kept->secret == made.secret;
    auto response = shown(is_new ? 201 : 200, *kept, now, is_new);
    if (is_new)
      response.with("Location", instance + "/" + kept->id);
    else
      response.with("Idempotent-Replayed", "true");
    return response;
  });
}

void list(const Shared& inside, const Call& call) {
  if (auto fault = scope_fault(call.principal))
    return call.refuse(*fault);
  ask_registry(inside, call, [now = inside->options.clock()](Registry& registry) {
    http::Response response;
    http::JsonWriter json(response.body);
    json.open().key("items").open('[');
    for (const auto& endpoint : registry.list()) {
      json.open();
      append_endpoint(json, endpoint, now);
      json.close();
    }
    json.close(']').close();
    return response;
  });
}

void show(const Shared& inside, const Call& call) {
  if (auto fault = scope_fault(call.principal))
    return call.refuse(*fault);
  ask_registry(inside, call, [now = inside->options.clock(), instance = call.instance(), id = std::string(call.request.param("id"))](Registry& registry) {
    auto found = registry.find(id);
    return found ? shown(200, *found, now) : to_response(reject("webhook-endpoint-unknown", "There is no such webhook endpoint."), instance);
  });
}

/// Has an endpoint changed by `act`, and noted by whom.
void change(const Shared& inside, const Call& call, std::function<std::optional<Rejection>(Endpoint&)> act, std::function<bool(const Endpoint&)> shows_secret = {}) {
  ask_registry(inside, call,
               [now = inside->options.clock(), by = call.principal.by(), instance = call.instance(), id = std::string(call.request.param("id")), act = std::move(act),
                shows_secret = std::move(shows_secret)](Registry& registry) {
                 auto changed = registry.change(id, [&](Endpoint& endpoint) -> std::optional<Rejection> {
                   auto before = endpoint;
                   if (auto no = act(endpoint))
                     return no;
                   if (endpoint != before) {
                     endpoint.changed_at = now;
                     endpoint.changed_by = by;
                   }
                   return {};
                 });
                 return changed ? shown(200, *changed, now, shows_secret && shows_secret(*changed)) : to_response(changed.error(), instance);
               });
}

void adjust(const Shared& inside, const Call& call) {
  if (auto fault = scope_fault(call.principal))
    return call.refuse(*fault);
  auto body = json_body(call.request);
  if (!body)
    return call.refuse(body.error());
  JsonReader reader(*body);
  auto root = reader.root();
  std::optional<std::string> url;
  std::optional<std::vector<std::string>> types, channels;
  std::optional<Status> status;
  if (root.has("url"))
    url = url_in(root);
  if (root.has("types") || root.is_null("types"))
    types = types_in(root, inside->options.webhooks.types);
  if (root.has("channels") || root.is_null("channels"))
    channels = channels_in(root, *inside->ports.definitions());
  if (root.has("status"))
    status = root.one_of("status", {"active", "paused"}) == 0 ? Status::active : Status::paused;
  if (auto wrong = reader.faults())
    return call.refuse(*wrong);
  change(inside, call, [=](Endpoint& endpoint) -> std::optional<Rejection> {
    endpoint.url = url.value_or(endpoint.url);
    endpoint.types = types.value_or(endpoint.types);
    endpoint.channels = channels.value_or(endpoint.channels);
    endpoint.status = status.value_or(endpoint.status);
    return {};
  });
}

void remove(const Shared& inside, const Call& call) {
  if (auto fault = scope_fault(call.principal))
    return call.refuse(*fault);
  ask_registry(inside, call, [instance = call.instance(), id = std::string(call.request.param("id"))](Registry& registry) {
    if (!registry.remove(id))
      return to_response(reject("webhook-endpoint-unknown", "There is no such webhook endpoint."), instance);
    http::Response response;
    response.status = 204;
    return response;
  });
}

void rotate_secret(const Shared& inside, const Call& call) {
  if (auto fault = scope_fault(call.principal))
    return call.refuse(*fault);
  auto key = idempotency_key(call.request);
  if (!key)
    return call.refuse(key.error());
  auto request = text_of(request_command(call.principal.key_id, *key, "POST " + call.instance()));
  auto secret = fresh_secret(inside->options.random);
  change(
      inside, call,
      [request, secret, now = inside->options.clock()](Endpoint& endpoint) -> std::optional<Rejection> {
        if (endpoint.rotation == request)
          return {};
        endpoint.rotation = request;
        webhook::rotate(endpoint, secret, now);
        return {};
      },
      [secret](const Endpoint& endpoint) { return endpoint.secret == secret; });
}

} // namespace

void add_webhook_endpoints(Desk& desk) {
  using enum http::Role;
  using enum http::Method;
  auto inside = desk.inside();
  desk.add(post, "/v1/webhook-endpoints", {admin}, [inside](const Call& call) { create(inside, call); });
  desk.add(get, "/v1/webhook-endpoints", {operator_, auditor, admin}, [inside](const Call& call) { list(inside, call); });
  desk.add(get, "/v1/webhook-endpoints/{id}", {operator_, auditor, admin}, [inside](const Call& call) { show(inside, call); });
  desk.add(patch, "/v1/webhook-endpoints/{id}", {admin}, [inside](const Call& call) { adjust(inside, call); });
  desk.add(del, "/v1/webhook-endpoints/{id}", {admin}, [inside](const Call& call) { remove(inside, call); });
  desk.add(post, "/v1/webhook-endpoints/{id}/rotate-secret", {admin}, [inside](const Call& call) { rotate_secret(inside, call); });
}

} // namespace entrepot::api
