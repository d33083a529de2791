// What every endpoint has at hand.
#pragma once

#include "gateways/api/api.hpp"
#include "gateways/api/json_reader.hpp"
#include "gateways/api/problem.hpp"
#include "gateways/api/repeats.hpp"

namespace entrepot::api {

/// A request from somebody who may ask. The request lasts until the endpoint returns; what outlives it is copied.
struct Call {
  const http::Request& request;
  Principal principal;
  http::Responder responder;

  /// For the record, with the request's trace if it has a valid one.
  gateway::Origin origin() const;
  std::string instance() const { return std::string(request.path()); }
  void refuse(const Rejection& why) const { responder.answer(to_response(why, request.path())); }
};

using Endpoint = std::function<void(Call)>;

/// What all endpoints share, as long as any route lives.
struct Inside {
  gateway::Ports& ports;
  ApiOptions options;
  ClientCounts counts;
  RecentBaskets recent = {};
};
using Shared = std::shared_ptr<Inside>;

/// Where endpoints are registered.
class Desk {
public:
  Desk(gateway::Ports& ports, const ApiOptions& options, http::Routes& routes);

  /// A route for those roles: checks key, role and the client's share, then calls `endpoint`.
  void add(http::Method method, std::string pattern, http::Allowed allowed, Endpoint endpoint);
  /// A route without a key.
  void add_open(std::string pattern, std::function<http::Response()> answer);
  /// The same; the handler finds out by itself who asks.
  void add_open(http::Method method, std::string pattern, http::Handler handler);

  const Shared& inside() const { return inside_; }

private:
  Shared inside_;
  http::Routes& routes_;
};

// What endpoints register, one file each.
void add_orders(Desk& desk);
void add_payments(Desk& desk);
void add_refunds(Desk& desk);
void add_work(Desk& desk);
void add_carrier_events(Desk& desk);
void add_payment_events(Desk& desk);
void add_cancellations(Desk& desk);
void add_choices(Desk& desk);
void add_holds(Desk& desk);
void add_boards(Desk& desk);
void add_waves(Desk& desk);
void add_transfers(Desk& desk);
void add_stories(Desk& desk);
void add_processes(Desk& desk);
void add_availability(Desk& desk);
void add_customers(Desk& desk);
void add_customer_terms(Desk& desk);
void add_customer_identities(Desk& desk);
void add_channels(Desk& desk);
void add_products(Desk& desk);
void add_locations(Desk& desk);
void add_counts(Desk& desk);
void add_sales(Desk& desk);
void add_feeds(Desk& desk);
void add_streams(Desk& desk);
void add_imports(Desk& desk);
void add_webhook_endpoints(Desk& desk);
void add_webhook_deliveries(Desk& desk);
void add_me(Desk& desk);
void add_health(Desk& desk);
void add_openapi(Desk& desk);

/// Returns the body as JSON; refuses `json-malformed`, and `media-type-unsupported` if it says to be something else.
Result<JsonDocument> json_body(const http::Request& request);

/// Returns the parameters behind '?', all of them among `known`; refuses `parameter-unknown`, `parameter-invalid` (not UTF-8).
Result<std::vector<std::pair<std::string, std::string>>> query_of(const http::Request& request, std::initializer_list<std::string_view> known);

/// Returns the refusal of one parameter.
Rejection parameter_invalid(std::string name, std::string text);

/// Returns a code from the path; refuses with `code` if it is none: then nothing can have that name.
template <class Code>
Result<Code> path_code(const http::Request& request, std::string_view param, const char* code, const char* text) {
  auto found = Code::from(request.param(param));
  if (!found)
    return reject(code, text);
  return *found;
}

/// Returns {"<name>": "<code>", "version": n} with its ETag.
http::Response code_and_version(std::string_view name, std::string_view code, std::int64_t version);

/// Answers a command: with what `render` makes of the new version, or with the problem.
gateway::Reply<std::int64_t> answer_version(const Call& call, std::function<http::Response(std::int64_t)> render);

} // namespace entrepot::api
