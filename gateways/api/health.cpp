// /healthz: the process runs. /readyz: it can take orders now. /metrics: what it tells of itself.
#include "gateways/api/desk.hpp"

namespace entrepot::api {

void add_health(Desk& desk) {
  desk.add_open("/healthz", [] { return http::Response{200, R"({"status":"ok"})", "application/json", {}, false}; });
  desk.add_open("/readyz", [inside = desk.inside()] {
    if (inside->options.ready())
      return http::Response{200, R"({"status":"ready"})", "application/json", {}, false};
    return http::refusal(503, "not-ready", "The server is starting or going down.");
  });
  if (desk.inside()->options.metrics)
    desk.add_open("/metrics", [inside = desk.inside()] { return http::Response{200, inside->options.metrics(), "text/plain; version=0.0.4", {}, false}; });
}

} // namespace entrepot::api
