// POST /v1/payment-events over HTTP: what the payment provider tells unasked, and how the sandbox's tells it.
#include <future>

#include "gateways/partners/payment_http.hpp"
#include "gateways/partners/sandbox/payment_sandbox.hpp"
#include "tests/gateways/signing.hpp"
#include "tests/support/temporary_folder.hpp"

namespace entrepot::test {
namespace {

using namespace std::chrono_literals;
using api::EventOutcome;
using partners::Fault;
using Kind = payment::ProviderAnswer::Kind;

constexpr auto path = "/v1/payment-events";

/// The key of a fresh order's first attempt.
std::string a_key(Shop& shop) {
  auto made = shop.client().post("/v1/orders", good_order().dump(), fresh_key());
  EXPECT_EQ(made.status, 201) << made.body;
  return Json::parse(made.body)["id"].get<std::string>() + "/1/1";
}

Json captured(const std::string& key) {
  return {{"type", "captured"}, {"key", key}, {"reference", "P-7"}, {"amount", {{"amount", 2'500}, {"currency", "GBP"}}}};
}

http::Answer tell(Shop& shop, const Json& event, Signing how = {}) {
  if (how.secret == carrier_secret)
    how.secret = payment_secret;
  return shop.client("").post(path, event.dump(), signed_by(event.dump(), how));
}

TEST(ThePaymentProvider, tells_what_has_become_of_a_key_without_being_asked) {
  Shop shop;
  shop.ports.moves_on = true;
  auto key = a_key(shop);
  expect_taken(tell(shop, captured(key)), "taken");
  ASSERT_EQ(shop.ports.said.size(), 1U);
  const auto& said = shop.ports.said[0];
  EXPECT_EQ(said.order, order_id_from(key.substr(0, key.size() - 4)));
  EXPECT_EQ(said.key, key);
  EXPECT_EQ(said.answer.kind, Kind::captured);
  EXPECT_EQ(said.answer.reference, "P-7");
  EXPECT_EQ(said.answer.amount, (Money{2'500, *Currency::from("GBP")}));
  EXPECT_EQ(said.origin.by, "provider");
  EXPECT_EQ(shop.payment_counts->of(EventOutcome::taken), 1U);
}

TEST(ThePaymentProvider, may_say_each_thing_that_it_could_answer) {
  Shop shop;
  auto key = a_key(shop);
  for (const auto& [type, kind] : {std::pair{"captured", Kind::captured}, {"declined", Kind::declined}, {"voided", Kind::voided}, {"refunded", Kind::refunded}, {"refund_failed", Kind::refund_failed}}) {
    auto event = captured(key);
    event["type"] = type;
    event["code"] = "card-closed";
    expect_taken(tell(shop, event), "repeated"); // the order stays as it is
    EXPECT_EQ(shop.ports.said.back().answer.kind, kind);
    EXPECT_EQ(shop.ports.said.back().answer.code, "card-closed");
  }
  expect_taken(tell(shop, Json::parse(R"({"type":"disputed","why":["who knows"]})")), "ignored");
  EXPECT_EQ(shop.ports.said.size(), 5U);
  EXPECT_EQ(shop.payment_counts->of(EventOutcome::repeated), 5U);
  EXPECT_EQ(shop.payment_counts->of(EventOutcome::ignored), 1U);
}

TEST(ThePaymentProvider, is_nobody_without_its_own_secret) {
  Shop shop;
  auto event = captured(a_key(shop));
  problem_of(shop.client("").post(path, event.dump(), signed_by(event.dump(), {.secret = carrier_secret})), 401, "signature-invalid");
  problem_of(shop.client("admin").post(path, event.dump(), fresh_key()), 401, "signature-invalid");
  problem_of(tell(shop, event, {.at = now - 301s}), 401, "timestamp-out-of-window");
  EXPECT_TRUE(shop.ports.said.empty());
  EXPECT_EQ(shop.payment_counts->of(EventOutcome::not_signed), 3U);

  Shop without(quick(), http::limits::requests_per_client, false);
  problem_of(tell(without, event), 503, "payment-events-not-configured");
}

TEST(ThePaymentProvider, is_told_what_is_wrong_with_its_message) {
  Shop shop;
  auto key = a_key(shop);
  auto with = [&](const char* field, const Json& value) {
    auto body = captured(key);
    body[field] = value;
    return body;
  };
  for (const auto& [body, status, code, pointer] :
       {std::tuple{with("type", 7), 400, "type-wrong", "/type"}, {with("key", Json::array()), 400, "type-wrong", "/key"}, {with("key", ""), 422, "text-invalid", "/key"},
        {with("amount", 7), 400, "type-wrong", "/amount"}, {with("amount", {{"amount", 7}, {"currency", "pound"}}), 422, "currency-invalid", "/amount/currency"},
        {with("card", "4111"), 400, "field-unknown", "/card"}}) {
    auto problem = problem_of(tell(shop, body), status, code);
    ASSERT_FALSE(problem["errors"].empty()) << body;
    EXPECT_EQ(problem["errors"][0]["pointer"], pointer) << body;
  }
  for (const auto& other : {std::string("ord_nonsense/1/1"), std::string("nonsense"), to_text("ord_", StreamId{1 << 20}) + "/1/1"})
    problem_of(tell(shop, captured(other)), 404, "payment-unknown");
  EXPECT_TRUE(shop.ports.said.empty());
  EXPECT_EQ(shop.payment_counts->of(EventOutcome::malformed), 6U);
  EXPECT_EQ(shop.payment_counts->of(EventOutcome::unknown), 3U);
}

/// The sandbox's provider, the shop that it tells, and one who asks it.
class TheSandboxsProvider : public testing::Test {
protected:
  TheSandboxsProvider()
      : sandbox(folder.path(), [] { return now; }, [](const std::string& what) { ADD_FAILURE() << what; },
                {.secret = partners::webhook_secret_from(payment_secret), .shop = [this]() -> std::optional<http::Client> {
                   if (away.exchange(false))
                     return {};
                   return http::Client("127.0.0.1", shop.port());
                 }, .clock = [] { return now; }}) {
    sandbox.add_to(routes);
    http::ServerOptions options;
    options.tick = 5ms;
    server = std::make_unique<http::Server>(options, [this](http::Request& asked, http::Responder responder) { routes.handle(asked, std::move(responder)); });
    shop.ports.on_said = [this] { told.set_value(); };
  }
  ~TheSandboxsProvider() override { server.reset(); }

  /// A capture, answered or not.
  void capture(const std::string& key) {
    auto body = Json{{"key", key}, {"amount", {{"amount", 2'500}, {"currency", "GBP"}}}, {"token", "tok_visa"}, {"not_after", to_rfc3339(now + 1min)}};
    try {
      http::Client("127.0.0.1", server->port()).post("/payments/captures", body.dump());
    } catch (const http::ClientError&) { // it hangs up
    }
  }

  void await_telling() { ASSERT_EQ(told.get_future().wait_for(30s), std::future_status::ready) << "the shop is never told"; }

  Shop shop;
  std::atomic<bool> away = false;
  std::promise<void> told;
  TemporaryFolder folder;
  partners::PaymentSandbox sandbox;
  http::Routes routes;
  std::unique_ptr<http::Server> server;
};

TEST_F(TheSandboxsProvider, tells_the_shop_what_its_lost_answer_said) {
  auto key = a_key(shop);
  sandbox.faults().set({Fault::lost_answer, 1, 0s});
  capture(key);
  await_telling();
  ASSERT_EQ(shop.ports.said.size(), 1U);
  EXPECT_EQ(shop.ports.said[0].key, key);
  EXPECT_EQ(shop.ports.said[0].answer.kind, Kind::captured);
  EXPECT_EQ(shop.ports.said[0].answer.amount.amount, 2'500);
}

TEST_F(TheSandboxsProvider, tells_it_again_if_the_shop_was_away) {
  auto key = a_key(shop);
  away = true;
  sandbox.faults().set({Fault::late, 1, 1ms});
  capture(key);
  await_telling();
  ASSERT_EQ(shop.ports.said.size(), 1U);
  EXPECT_EQ(shop.ports.said[0].key, key);
}

TEST_F(TheSandboxsProvider, tells_of_money_that_the_customers_bank_takes_back) {
  auto key = a_key(shop);
  capture(key);
  http::Client provider("127.0.0.1", server->port());
  EXPECT_EQ(provider.post("/payments/charge-backs", Json{{"key", "ord_9/1/1"}, {"reference", "CB-1"}}.dump()).status, 404);
  EXPECT_EQ(provider.post("/payments/charge-backs", Json{{"key", key}, {"reference", "CB-1"}}.dump()).status, 202);
  await_telling();
  ASSERT_EQ(shop.ports.said.size(), 1U);
  EXPECT_EQ(shop.ports.said[0].answer.kind, Kind::charged_back);
  EXPECT_EQ(shop.ports.said[0].answer.reference, "CB-1");
  EXPECT_EQ(shop.ports.said[0].answer.amount.amount, 2'500);
}

TEST_F(TheSandboxsProvider, says_nothing_twice_that_was_heard) {
  auto quiet = a_key(shop), loud = a_key(shop);
  capture(quiet);
  sandbox.faults().set({Fault::lost_answer, 1, 0s});
  capture(loud);
  await_telling();
  ASSERT_EQ(shop.ports.said.size(), 1U);
  EXPECT_EQ(shop.ports.said[0].key, loud) << "of the first one the answer was heard";
}

} // namespace
} // namespace entrepot::test
