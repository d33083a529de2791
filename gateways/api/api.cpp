#include "gateways/api/api.hpp"

#include <algorithm>

#include "gateways/api/desk.hpp"
#include "gateways/http/json_writer.hpp"

namespace entrepot::api {
namespace {

bool is_json(std::string_view media_type) {
  constexpr std::string_view json = "application/json";
  auto type = media_type.substr(0, media_type.find_first_of("; \t"));
  return std::ranges::equal(type, json, [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b; });
}

/// W3C Trace Context: "00-<32 hex>-<16 hex>-<2 hex>".
bool is_traceparent(std::string_view text) {
  if (text.size() != 55)
    return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto is_dash = i == 2 || i == 35 || i == 52;
    auto is_hex = (text[i] >= '0' && text[i] <= '9') || (text[i] >= 'a' && text[i] <= 'f');
    if (is_dash ? text[i] != '-' : !is_hex)
      return false;
  }
  return true;
}

} // namespace

gateway::Origin Call::origin() const {
  auto trace = request.header("traceparent");
  return {principal.by(), is_traceparent(trace) ? std::string(trace) : std::string(), {}};
}

Desk::Desk(gateway::Ports& ports, const ApiOptions& options, http::Routes& routes)
    : inside_(new Inside{ports, options, ClientCounts(options.max_requests_per_client)}), routes_(routes) {}

void Desk::add(http::Method method, std::string pattern, http::Allowed allowed, Endpoint endpoint) {
  routes_.add(method, std::move(pattern), allowed,
              [inside = inside_, allowed, endpoint = std::move(endpoint)](http::Request& request, http::Responder responder) {
                auto principal = authenticate(request, inside->options.keys, allowed);
                if (!principal)
                  return responder.answer(to_response(principal.error(), request.path()));
                auto share = inside->counts.begin(principal->key_id);
                if (!share)
                  return responder.answer(
                      to_response(reject("too-many-requests", "This client has as many requests under way as it may."), request.path()));
                responder.keep(std::move(share));
                endpoint(Call{request, std::move(*principal), std::move(responder)});
              });
}

void Desk::add_open(std::string pattern, std::function<http::Response()> answer) {
  routes_.add(http::Method::get, std::move(pattern), http::Allowed::everyone(),
              [answer = std::move(answer)](http::Request&, const http::Responder& responder) { responder.answer(answer()); });
}

void Desk::add_open(http::Method method, std::string pattern, http::Handler handler) {
  routes_.add(method, std::move(pattern), http::Allowed::everyone(), std::move(handler));
}

Result<JsonDocument> json_body(const http::Request& request) {
  auto type = request.header("content-type");
  if (!type.empty() && !is_json(type))
    return reject("media-type-unsupported", "Bodies are application/json.");
  return JsonDocument::parse(request.body());
}

Rejection parameter_invalid(std::string name, std::string text) {
  return reject("parameter-invalid", "The parameter '" + std::move(name) + "' " + std::move(text));
}

Result<std::vector<std::pair<std::string, std::string>>> query_of(const http::Request& request, std::initializer_list<std::string_view> known) {
  auto query = request.query();
  if (!query)
    return reject("parameter-invalid", "The part behind '?' is not percent-encoded UTF-8.");
  for (const auto& [name, value] : *query)
    if (std::ranges::find(known, name) == known.end())
      return reject("parameter-unknown", "There is no parameter '" + name.substr(0, 64) + "' here.");
  return std::move(*query);
}

http::Response code_and_version(std::string_view name, std::string_view code, std::int64_t version) {
  http::Response response;
  http::JsonWriter(response.body).open().field(name, code).field("version", version).close();
  response.with("ETag", "\"" + std::to_string(version) + "\"");
  return response;
}

gateway::Reply<std::int64_t> answer_version(const Call& call, std::function<http::Response(std::int64_t)> render) {
  return [responder = call.responder, instance = call.instance(), render = std::move(render)](gateway::Outcome<std::int64_t> outcome) {
    responder.answer(std::visit(
        Overload{[&](std::int64_t version) { return render(version); }, [&](const auto& no) { return to_response(no, instance); }}, outcome));
  };
}

http::Routes make_api(gateway::Ports& ports, const ApiOptions& options) {
  check(options.keys && options.clock && options.random && options.ready, "the API is given its keys, clock, chance and readiness");
  http::Routes routes;
  Desk desk(ports, options, routes);
  add_orders(desk);
  add_payments(desk);
  add_refunds(desk);
  add_work(desk);
  add_carrier_events(desk);
  add_payment_events(desk);
  add_cancellations(desk);
  add_choices(desk);
  add_holds(desk);
  add_boards(desk);
  add_waves(desk);
  add_transfers(desk);
  add_stories(desk);
  add_processes(desk);
  add_availability(desk);
  add_customers(desk);
  add_customer_terms(desk);
  add_customer_identities(desk);
  add_channels(desk);
  add_products(desk);
  add_locations(desk);
  add_counts(desk);
  add_sales(desk);
  add_feeds(desk);
  add_streams(desk);
  add_imports(desk);
  add_webhook_endpoints(desk);
  add_webhook_deliveries(desk);
  add_me(desk);
  add_health(desk);
  add_openapi(desk);
  return routes;
}

} // namespace entrepot::api
