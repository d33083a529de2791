// /healthz: the process runs. /readyz: it can take orders now.
#include "gateways/api/desk.hpp"

namespace entrepot::api {

void add_health(Desk& desk) {
  desk.add_open("/healthz", [] { return http::Response{200, R"({"status":"ok"})", "application/json", {}, false}; });
  desk.add_open("/readyz", [inside = desk.inside()] {
    if (inside->options.ready())
      return http::Response{200, R"({"status":"ready"})", "application/json", {}, false};
    return http::refusal(503, "not-ready", "The server is starting or going down.");
  });
}

} // namespace entrepot::api
