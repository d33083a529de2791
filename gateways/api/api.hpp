// The business API: every route of /v1 with what stands beside it.
#pragma once

#include "gateways/api/access.hpp"
#include "gateways/api/partner_events.hpp"
#include "gateways/api/people.hpp"
#include "gateways/api/webhooks.hpp"
#include "gateways/http/limits.hpp"
#include "gateways/http/routes.hpp"
#include "gateways/ports.hpp"

namespace entrepot::api {

using Clock = std::function<Timestamp()>;

struct ApiOptions {
  KeyLookup keys;
  Clock clock;
  RandomBytes random;
  std::vector<unsigned char> pickup_secret = {};                         ///< from which the codes of pickups are derived; the same on every node, for ever
  PartnerEvents carrier_events = {}, payment_events = {};
  Webhooks webhooks = {};
  std::function<bool()> ready = [] { return true; };                       ///< for /readyz
  std::function<std::string()> metrics = {};                             ///< for /metrics, Prometheus's text; none: no such route
  std::size_t max_requests_per_client = http::limits::requests_per_client; ///< under way at once
};

/// Returns all routes. `ports` and whatever the functions hold on to outlive every request.
http::Routes make_api(gateway::Ports& ports, const ApiOptions& options);

} // namespace entrepot::api
