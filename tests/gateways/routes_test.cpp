#include "tests/gateways/shop.hpp"

namespace entrepot::test {
namespace {

TEST(Routes, tell_a_path_that_is_not_there_from_a_method_that_is_not) {
  Shop shop;
  auto client = shop.client();
  for (auto path : {"/", "/v1", "/v1/", "/v1/orders/", "/v1/orders/ord_1/nothing", "/v1/nothing", "/V1/orders", "/v1//orders"})
    problem_of(client.get(path), 404, "not-found");
  auto answer = client.send(http::Method::del, "/v1/orders");
  problem_of(answer, 405, "method-not-allowed");
  EXPECT_EQ(answer.header("allow"), "OPTIONS, GET, POST, HEAD");
  problem_of(client.send(http::Method::patch, "/v1/products/MUG-1"), 405, "method-not-allowed");
}

TEST(Routes, answer_options_with_the_methods_of_a_path) {
  Shop shop;
  auto answer = shop.client("").send(http::Method::options, "/v1/orders");
  EXPECT_EQ(answer.status, 204);
  EXPECT_EQ(answer.header("allow"), "OPTIONS, GET, POST, HEAD");
  EXPECT_EQ(answer.body, "");
}

TEST(Routes, answer_head_as_get_without_the_body) {
  Shop shop;
  auto client = shop.client("");
  auto head = client.send(http::Method::head, "/healthz");
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.body, "");
  EXPECT_EQ(head.header("content-length"), std::to_string(client.get("/healthz").body.size()));
}

TEST(Routes, refuse_a_path_that_is_not_utf8) {
  Shop shop;
  for (auto path : {"/v1/orders/%ff", "/v1/orders/%0a", "/v1/orders/%z1", "/v1/orders/%a"})
    problem_of(shop.client().get(path), 400, "path-malformed");
}

TEST(Routes, each_name_who_may_use_them) {
  Shop shop;
  api::ApiOptions options;
  options.keys = [](const api::Digest&) { return std::nullopt; };
  options.clock = [] { return now; };
  options.random = CountingBytes();
  auto routes = api::make_api(shop.ports, options);
  std::string open;
  for (const auto& route : routes.all()) {
    auto somebody = route->allowed.has(api::Role::admin) || route->allowed.has(api::Role::gateway);
    EXPECT_TRUE(somebody) << route->pattern;
    if (route->allowed.is_everyone())
      open += route->pattern + " ";
  }
  EXPECT_EQ(open, "/v1/carrier-events /v1/payment-events /healthz /readyz /openapi.json "); // partners sign what they say
}

TEST(Routes, without_a_role_are_for_nobody) {
  for (auto role : {api::Role::gateway, api::Role::staff, api::Role::finance, api::Role::operator_, api::Role::auditor, api::Role::admin})
    EXPECT_FALSE(http::Allowed().has(role));
}

TEST(Health, says_that_the_process_runs_and_whether_it_can_take_orders) {
  Shop shop;
  auto client = shop.client("");
  EXPECT_EQ(client.get("/healthz").status, 200);
  EXPECT_EQ(client.get("/readyz").status, 200);
  shop.ready = false;
  EXPECT_EQ(client.get("/healthz").status, 200);
  problem_of(client.get("/readyz"), 503, "not-ready");
}

} // namespace
} // namespace entrepot::test
