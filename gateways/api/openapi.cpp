// /openapi.json: the description of the API. Written by hand in openapi.json; a test holds it against the routes.
#include "gateways/api/openapi.hpp"
#include "gateways/api/desk.hpp"

namespace entrepot::api {

void add_openapi(Desk& desk) {
  desk.add_open("/openapi.json", [] { return http::Response{200, std::string(openapi_text()), "application/json", {}, false}; });
}

} // namespace entrepot::api
