// What every endpoint has at hand.
#pragma once

#include "gateways/api/api.hpp"
#include "gateways/api/json_reader.hpp"
#include "gateways/api/problem.hpp"

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

class Desk {
public:
  Desk(gateway::Ports& ports, ApiOptions options, http::Routes& routes);

  /// A route for those roles: checks key, role and the client's share, then calls `endpoint`.
  void add(http::Method method, std::string pattern, http::Allowed allowed, Endpoint endpoint);
  /// A route without a key.
  void add_open(std::string pattern, std::function<http::Response()> answer);

  gateway::Ports& ports() const { return ports_; }
  const ApiOptions& options() const { return *options_; }

private:
  gateway::Ports& ports_;
  std::shared_ptr<const ApiOptions> options_; ///< shared with every route
  http::Routes& routes_;
  std::shared_ptr<ClientCounts> counts_;
};

// What endpoints register, one file each.
void add_orders(Desk desk);
void add_customers(Desk desk);
void add_channels(Desk desk);
void add_products(Desk desk);
void add_locations(Desk desk);
void add_health(Desk desk);
void add_openapi(Desk desk);

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

/// Answers a command: with what `render` makes of the new version, or with the problem.
gateway::Reply<std::int64_t> answer_version(const Call& call, std::function<http::Response(std::int64_t)> render);

} // namespace entrepot::api
