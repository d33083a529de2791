// The description of the API and the API itself say the same.
#include <set>

#include "gateways/api/openapi.hpp"
#include "gateways/partners/cloud_event.hpp"
#include "gateways/partners/webhook_http.hpp"
#include "tests/gateways/shop.hpp"

namespace entrepot::test {
namespace {

std::string lower(std::string_view text) {
  std::string low(text);
  for (auto& c : low)
    c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return low;
}

http::Routes all_routes(FakePorts& ports) {
  api::ApiOptions options;
  options.keys = [](const api::Digest&) { return std::nullopt; };
  options.clock = [] { return now; };
  options.random = CountingBytes();
  options.metrics = [] { return std::string("entrepot_lease 1\n"); };
  return api::make_api(ports, options);
}

TEST(OpenApi, is_served_to_everybody) {
  Shop shop;
  auto answer = shop.client("").get("/openapi.json");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("content-type"), "application/json");
  EXPECT_EQ(Json::parse(answer.body)["openapi"], "3.1.0");
}

TEST(OpenApi, describes_every_route_and_no_other) {
  FakePorts ports;
  auto routes = all_routes(ports);
  std::set<std::string> real, described;
  for (const auto& route : routes.all())
    real.insert(lower(name_of(route->method)) + " " + route->pattern);
  const auto document = Json::parse(api::openapi_text());
  for (const auto& [path, operations] : document["paths"].items())
    for (const auto& [method, operation] : operations.items())
      described.insert(method + " " + path);
  EXPECT_EQ(real, described);
}

TEST(OpenApi, names_the_roles_that_the_routes_ask_for) {
  FakePorts ports;
  auto routes = all_routes(ports);
  const auto document = Json::parse(api::openapi_text());
  for (const auto& route : routes.all()) {
    const auto& operation = document["paths"][route->pattern][lower(name_of(route->method))];
    SCOPED_TRACE(route->pattern);
    if (route->allowed.is_everyone()) {
      EXPECT_EQ(operation["security"], Json::array());
      continue;
    }
    std::set<std::string> real, described;
    for (std::size_t i = 0; i < http::role_count; ++i)
      if (route->allowed.has(static_cast<http::Role>(i)))
        real.insert(std::string(http::name_of(static_cast<http::Role>(i))));
    for (const auto& role : operation["x-roles"])
      described.insert(role);
    EXPECT_EQ(real, described);
  }
}

TEST(OpenApi, names_the_limits_that_hold) {
  namespace limits = http::limits;
  const auto real = Json{{"body_bytes", limits::body_bytes},
                         {"header_bytes", limits::header_bytes},
                         {"json_depth", limits::json_depth},
                         {"lines", limits::lines},
                         {"quantity", max_line_quantity},
                         {"unit_price_below", limits::unit_price},
                         {"idempotency_key_bytes", limits::key_bytes},
                         {"wait_seconds", limits::wait.count()},
                         {"page_items", limits::page_items},
                         {"stock_rows", limits::stock_rows},
                         {"answer_seconds", limits::answer_time.count() / 1000},
                         {"header_seconds", limits::header_time.count() / 1000},
                         {"body_seconds", limits::body_time.count() / 1000},
                         {"idle_seconds", limits::idle_time.count() / 1000},
                         {"streams_per_client", limits::streams_per_client},
                         {"stream_queue_bytes", limits::stream_queue_bytes},
                         {"stream_backlog", limits::stream_backlog},
                         {"import_rows", limits::import_rows},
                         {"import_seconds", limits::import_time.count() / 1000},
                         {"webhook_window_seconds", limits::webhook_window.count()},
                         {"webhook_endpoints", webhook::max_endpoints},
                         {"webhook_url_bytes", webhook::max_url_bytes},
                         {"webhook_lines", partners::published_lines},
                         {"webhook_answer_seconds", partners::WebhookHttpOptions{}.time_out.count() / 1000},
                         {"webhook_secret_overlap_seconds", std::chrono::seconds{webhook::former_secret_signs}.count()},
                         {"webhook_give_up_seconds", std::chrono::seconds{webhook::give_up_after}.count()},
                         {"heartbeat_seconds", limits::heartbeat_time.count() / 1000},
                         {"requests_per_client", limits::requests_per_client}};
  EXPECT_EQ(Json::parse(api::openapi_text())["info"]["x-limits"], real);
}

TEST(OpenApi, shows_an_order_as_it_is_answered) {
  Shop shop;
  auto order = Json::parse(shop.client().post("/v1/orders", good_order().dump(), fresh_key()).body);
  const auto schema = Json::parse(api::openapi_text())["components"]["schemas"]["Order"];
  for (const auto& [field, value] : order.items())
    EXPECT_TRUE(schema["properties"].contains(field)) << field;
  for (const auto& field : schema["required"])
    EXPECT_TRUE(order.contains(field)) << field;
}

} // namespace
} // namespace entrepot::test
