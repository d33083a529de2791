#include "tests/gateways/shop.hpp"

#include "gateways/partners/standard_webhook.hpp"

namespace entrepot::test {
namespace {

const std::map<std::string, api::Principal>& principals() {
  using enum api::Role;
  static const std::map<std::string, api::Principal> all = {
      {"gw-web", {"gw-web", gateway, {"web"}, {}, {}, {}}},       {"gw-all", {"gw-all", gateway, {}, {}, {}, {}}},
      {"gw-tills", {"gw-tills", gateway, {"tills"}, {}, {}, {}}}, {"staff-leeds", {"staff-leeds", staff, {}, {"LEEDS"}, {}, "till-2"}},
      {"finance", {"finance", finance, {}, {}, {}, {}}},          {"operator", {"operator", operator_, {}, {}, {}, {}}},
      {"auditor", {"auditor", auditor, {}, {}, {}, {}}},          {"admin", {"admin", admin, {}, {}, {}, {}}},
      {"admin-acme", {"admin-acme", admin, {}, {}, {"ACME"}, {}}}};
  return all;
}

std::optional<api::Principal> find_key(const api::Digest& digest) {
  for (const auto& [name, principal] : principals())
    if (api::sha256({"secret-of-" + name}) == digest)
      return principal;
  return {};
}

Currency pounds() { return *Currency::from("GBP"); }

void define_company(order::Definitions& known) {
  for (auto code : {"DC-1", "LEEDS"})
    known.locations[*LocationCode::from(code)] =
        std::make_shared<stock::Profile>(stock::Profile{*LocationCode::from(code), code, stock::Type::warehouse, *EntityCode::from("ACME"), 0, 0});
  for (auto [sku, price] : {std::pair{"MUG-1", 1250}, {"LAMP-2", 9900}})
    known.products[*Sku::from(sku)] = std::make_shared<product::Definition>(
        product::Definition{*Sku::from(sku), std::string("A ") + sku, "home", "standard", 300, {{"retail", Money{price, pounds()}}}});
  auto web = std::make_shared<order::Definitions::Channel>();
  web->version = 4;
  web->definition.code = *ChannelCode::from("web");
  web->definition.name = "Web shop";
  web->definition.organisation = *EntityCode::from("ACME");
  web->definition.currency = pounds();
  web->definition.price_list = "retail";
  web->definition.workflows = {"bodah"};
  web->definition.delivery = {
      {"std", "Standard", Money{0, pounds()}, std::chrono::hours{72}, std::chrono::hours{24}, "DDP", "post", *LocationCode::from("DC-1")}};
  web->definition.payment = {{"", "", {}, {}, {{payment::Moment::on_order, payment::Method::account, 100, 0}}}};
  web->definition.tax_class_of_services = "standard";
  known.channels[web->definition.code] = web;
}

} // namespace

http::ServerOptions quick() {
  using namespace std::chrono_literals;
  http::ServerOptions options;
  options.header_time = 200ms;
  options.body_time = 200ms;
  options.answer_time = 200ms;
  options.linger_time = 100ms;
  options.tick = 5ms;
  options.clock = [] { return now; };
  return options;
}

http::Routes Shop::routes(Shop& shop, std::size_t requests_per_client, bool knows_partners) {
  api::ApiOptions options;
  options.keys = find_key;
  options.clock = [] { return now; };
  options.random = CountingBytes();
  options.ready = [&shop] { return shop.ready; };
  options.max_requests_per_client = requests_per_client;
  options.metrics = [] { return std::string("entrepot_lease 1\n"); };
  options.carrier_events = {.secret = {}, .counts = shop.carrier_counts, .log = [&shop](const std::string& text) { shop.logged.push_back(text); }};
  options.payment_events.counts = shop.payment_counts;
  options.webhooks = {.types = {"order.confirmed.v1", "order.rejected.v1"}, .ask = [&shop](const std::function<void(webhook::Registry&)>& work) {
                        work(shop.registry);
                        return true;
                      }};
  if (knows_partners) {
    options.carrier_events.secret = partners::webhook_secret_from(carrier_secret).value();
    options.payment_events.secret = partners::webhook_secret_from(payment_secret).value();
  }
  return api::make_api(shop.ports, options);
}

Shop::Shop(http::ServerOptions options, std::size_t requests_per_client, bool knows_partners) : routes_(routes(*this, requests_per_client, knows_partners)) {
  define_company(*ports.known);
  options.defect = [this](const std::string& text) { defects.push_back(text); };
  server = std::make_unique<http::Server>(
      std::move(options), [this](http::Request& request, http::Responder responder) { routes_.handle(request, std::move(responder)); });
}

http::Client Shop::client(const std::string& key) {
  http::Client client("127.0.0.1", port(), std::chrono::seconds{20});
  if (!key.empty())
    client.always("Authorization", "Bearer secret-of-" + key);
  return client;
}

Json good_order() {
  return Json::parse(R"({"channel":"web","contact":{"name":"Mary Poppins"},
    "lines":[{"sku":"MUG-1","quantity":2,"unit_price":{"amount":1250,"currency":"GBP"}}],
    "delivery":{"option":"std","address":{"name":"Mary Poppins","street":"17 Cherry Tree Lane","city":"London","postcode":"SW1A 1AA","country":"GB"}},
    "payment":{"method":"account"}})");
}

Json problem_of(const http::Answer& answer, int status, const std::string& code) {
  EXPECT_EQ(answer.status, status) << answer.body;
  EXPECT_EQ(answer.header("content-type"), "application/problem+json");
  auto problem = Json::parse(answer.body, nullptr, false);
  if (problem.is_discarded()) {
    ADD_FAILURE() << "not JSON: " << answer.body;
    return Json::object();
  }
  EXPECT_EQ(problem.value("code", ""), code) << answer.body;
  EXPECT_EQ(problem.value("status", 0), status);
  EXPECT_EQ(problem.value("type", ""), "urn:entrepot:problem:" + code);
  EXPECT_FALSE(problem.value("title", "").empty());
  EXPECT_FALSE(problem.value("detail", "").empty());
  EXPECT_EQ(answer.header("retry-after"), status == 503 || status == 429 ? "1" : "");
  return problem;
}

http::Client::Headers fresh_key() {
  static std::atomic<int> next{0};
  return {{"Idempotency-Key", "key-" + std::to_string(++next)}};
}

} // namespace entrepot::test
