#include <algorithm>
#include <filesystem>
#include <future>
#include <gtest/gtest.h>
#include <memory>
#include <optional>
#include <unistd.h>

#include "gateways/http/client.hpp"
#include "gateways/http/server.hpp"
#include "gateways/partners/circuit_breaker.hpp"
#include "gateways/partners/payment_http.hpp"
#include "gateways/partners/payment_wire.hpp"
#include "gateways/partners/sandbox/payment_sandbox.hpp"

namespace entrepot::test {
namespace {

using namespace std::chrono_literals;
using partners::Fault;
using payment::ProviderAnswer;
using payment::ProviderRequest;
using Asked = ProviderRequest::Kind;
using Kind = ProviderAnswer::Kind;
using Steady = std::chrono::steady_clock;

const Timestamp now = Timestamp{} + std::chrono::hours{24 * 365 * 56};

ProviderRequest request(Asked kind, std::string key, std::int64_t pence = 1'000, std::string token = "tok_visa") {
  return {kind, std::move(key), {}, {pence, *Currency::from("GBP")}, std::move(token), now + 1min};
}

/// A sandbox that answers at a port of its own, and a shop that asks it.
class PaymentOverHttp : public testing::Test {
protected:
  PaymentOverHttp() {
    std::filesystem::create_directories(folder);
    start();
  }
  ~PaymentOverHttp() override {
    provider = nullptr;
    server.reset();
    sandbox.reset();
    std::filesystem::remove_all(folder);
  }

  void start(std::uint16_t port = 0) {
    sandbox = std::make_unique<partners::PaymentSandbox>(folder, [] { return now; }, [](const std::string& what) { ADD_FAILURE() << what; });
    routes.emplace();
    sandbox->add_to(*routes);
    http::ServerOptions options;
    options.port = port;
    options.tick = 5ms;
    server = std::make_unique<http::Server>(options, [this](http::Request& asked, http::Responder responder) { routes->handle(asked, std::move(responder)); });
  }
  void stop() {
    server.reset();
    sandbox.reset();
  }

  partners::HttpPaymentOptions options() const {
    partners::HttpPaymentOptions options;
    options.url = "http://127.0.0.1:" + std::to_string(server->port());
    options.time_out = 5s;
    options.tick = 5ms;
    return options;
  }

  std::future<ProviderAnswer> start_asking(ProviderRequest asked) {
    if (!provider)
      provider = partners::make_http_payment_provider(options());
    auto promise = std::make_shared<std::promise<ProviderAnswer>>();
    auto future = promise->get_future();
    provider(std::move(asked), [promise](ProviderAnswer answer) { promise->set_value(std::move(answer)); });
    return future;
  }
  ProviderAnswer ask(ProviderRequest asked) { return start_asking(std::move(asked)).get(); }
  void short_of_time() {
    auto hurried = options();
    hurried.time_out = 100ms;
    provider = partners::make_http_payment_provider(hurried);
  }

  std::filesystem::path folder = std::filesystem::temp_directory_path() / ("payment-http-" + std::to_string(getpid()));
  std::unique_ptr<partners::PaymentSandbox> sandbox;
  std::optional<http::Routes> routes;
  std::unique_ptr<http::Server> server;
  payment::Provider provider;
};

TEST_F(PaymentOverHttp, takes_the_money) {
  auto answer = ask(request(Asked::capture, "ord_1/1/1"));
  EXPECT_EQ(answer.kind, Kind::captured);
  EXPECT_EQ(answer.amount, (Money{1'000, *Currency::from("GBP")}));
  EXPECT_FALSE(answer.reference.empty());
  EXPECT_EQ(ask(request(Asked::enquire, "ord_1/1/1")).reference, answer.reference);
}

TEST_F(PaymentOverHttp, says_why_a_card_is_declined) {
  auto answer = ask(request(Asked::capture, "a", 1'000, "tok_declined"));
  EXPECT_EQ(answer.kind, Kind::declined);
  EXPECT_EQ(answer.code, "insufficient-funds");
}

TEST_F(PaymentOverHttp, a_payment_that_the_customer_must_confirm_says_where_and_until_when) {
  auto answer = ask(request(Asked::capture, "ord_1/1/1", 1'000, "tok_3ds"));
  EXPECT_EQ(answer.kind, Kind::action_required);
  EXPECT_EQ(answer.url, options().url + "/payments/action?key=ord_1%2F1%2F1");
  EXPECT_GT(answer.act_by, Timestamp{});
  http::Client bank("127.0.0.1", server->port());
  EXPECT_NE(bank.get("/payments/action?key=ord_1%2F1%2F1").body.find("10.00 GBP"), std::string::npos);
  EXPECT_EQ(bank.post("/payments/action/confirm?key=ord_1%2F1%2F1", "").status, 200);
  EXPECT_EQ(ask(request(Asked::enquire, "ord_1/1/1")).kind, Kind::captured);
}

TEST_F(PaymentOverHttp, any_payment_can_be_made_to_need_the_customers_word) {
  sandbox->faults().set({Fault::confirm, 2, 0s});
  EXPECT_EQ(ask(request(Asked::capture, "a")).kind, Kind::captured);
  EXPECT_EQ(ask(request(Asked::capture, "b")).kind, Kind::action_required);
}

TEST_F(PaymentOverHttp, refunds_what_was_taken_and_no_more) {
  ask(request(Asked::capture, "a"));
  auto refund = request(Asked::refund, "a/r", 1'000);
  refund.of = "a";
  EXPECT_EQ(ask(refund).kind, Kind::refunded);
  refund.key = "a/s";
  auto failed = ask(refund);
  EXPECT_EQ(failed.kind, Kind::refund_failed);
  EXPECT_EQ(failed.code, "exceeds-captured");
}

TEST_F(PaymentOverHttp, silence_is_no_answer_within_the_time_out_and_nothing_was_done) {
  sandbox->faults().set({Fault::silent, 1, 10s});
  short_of_time();
  auto asked_at = Steady::now();
  EXPECT_EQ(ask(request(Asked::capture, "a")).kind, Kind::no_answer);
  EXPECT_LT(Steady::now() - asked_at, 5s);
  sandbox->faults().set({Fault::silent, 0, 0s});
  EXPECT_EQ(ask(request(Asked::enquire, "a")).kind, Kind::never_heard);
}

TEST_F(PaymentOverHttp, an_answer_that_is_lost_is_learned_by_enquiry) {
  sandbox->faults().set({Fault::lost_answer, 1, 0s});
  EXPECT_EQ(ask(request(Asked::capture, "a")).kind, Kind::no_answer);
  sandbox->faults().set({Fault::lost_answer, 0, 0s});
  EXPECT_EQ(ask(request(Asked::enquire, "a")).kind, Kind::captured);
}

TEST_F(PaymentOverHttp, a_slow_answer_is_an_answer) {
  sandbox->faults().set({Fault::slow, 1, 50ms});
  auto asked_at = Steady::now();
  EXPECT_EQ(ask(request(Asked::capture, "a")).kind, Kind::captured);
  EXPECT_GE(Steady::now() - asked_at, 50ms);
}

TEST_F(PaymentOverHttp, a_capture_that_comes_after_its_void_is_declined) {
  EXPECT_EQ(ask(request(Asked::void_, "a")).kind, Kind::voided);
  auto late = ask(request(Asked::capture, "a"));
  EXPECT_EQ(late.kind, Kind::declined);
  EXPECT_EQ(late.code, "voided");
}

TEST_F(PaymentOverHttp, a_capture_on_its_way_is_overtaken_by_the_void) {
  sandbox->faults().set({Fault::late, 1, 300ms});
  EXPECT_EQ(ask(request(Asked::capture, "a")).kind, Kind::no_answer);
  sandbox->faults().set({Fault::late, 0, 0s});
  EXPECT_EQ(ask(request(Asked::void_, "a")).kind, Kind::voided);
  EXPECT_EQ(ask(request(Asked::enquire, "a")).kind, Kind::voided);
}

TEST_F(PaymentOverHttp, a_capture_sent_twice_is_booked_once) {
  sandbox->faults().set({Fault::duplicate, 1, 0s});
  EXPECT_EQ(ask(request(Asked::capture, "a")).kind, Kind::captured);
  http::Client client("127.0.0.1", server->port());
  auto ledger = client.get("/ledger").body;
  EXPECT_EQ(std::count(ledger.begin(), ledger.end(), '\n'), 1);
}

TEST_F(PaymentOverHttp, the_amount_is_the_one_that_was_booked) {
  sandbox->faults().set({Fault::wrong_amount, 1, 0s});
  EXPECT_EQ(ask(request(Asked::capture, "a", 1'000)).amount.amount, 1'001);
}

TEST_F(PaymentOverHttp, faults_are_set_and_ended_by_request) {
  http::Client client("127.0.0.1", server->port());
  EXPECT_EQ(client.post("/faults", R"({"fault":"decline","every":1})").status, 204);
  EXPECT_EQ(ask(request(Asked::capture, "a")).code, "scripted");
  EXPECT_EQ(client.post("/faults", R"({"fault":"decline","every":0})").status, 204);
  EXPECT_EQ(ask(request(Asked::capture, "b")).kind, Kind::captured);
  EXPECT_EQ(client.post("/faults", R"({"fault":"fire","every":1})").status, 400);
  EXPECT_EQ(client.post("/payments/captures", R"({"key":"a"})").status, 400);
  EXPECT_EQ(client.get("/payments?key=b").status, 200);
  EXPECT_EQ(client.get("/payments/unheard").status, 404);
  EXPECT_EQ(client.get("/healthz").status, 200);
}

TEST_F(PaymentOverHttp, carries_many_at_once_over_few_connections) {
  std::vector<std::future<ProviderAnswer>> all;
  for (int i = 0; i < 500; ++i)
    all.push_back(start_asking(request(Asked::capture, "k" + std::to_string(i))));
  for (auto& one : all)
    EXPECT_EQ(one.get().kind, Kind::captured);
  EXPECT_LE(server->figures().connections, options().connections);
}

TEST_F(PaymentOverHttp, more_than_may_wait_are_told_at_once) {
  sandbox->faults().set({Fault::silent, 1, 10s});
  auto narrow = options();
  narrow.connections = 1;
  narrow.waiting = 1;
  provider = partners::make_http_payment_provider(narrow);
  auto first = start_asking(request(Asked::capture, "a"));
  auto second = start_asking(request(Asked::capture, "b"));
  EXPECT_EQ(ask(request(Asked::capture, "c")).kind, Kind::no_answer);
  EXPECT_EQ(first.wait_for(0s), std::future_status::timeout);
  EXPECT_EQ(second.wait_for(0s), std::future_status::timeout);
}

TEST_F(PaymentOverHttp, what_is_pending_at_the_end_gets_no_answer) {
  sandbox->faults().set({Fault::silent, 1, 10s});
  auto pending = start_asking(request(Asked::capture, "a"));
  provider = nullptr;
  ASSERT_EQ(pending.wait_for(0s), std::future_status::ready);
  EXPECT_EQ(pending.get().kind, Kind::no_answer);
}

TEST_F(PaymentOverHttp, is_asked_again_after_it_has_been_away) {
  auto hasty = options();
  hasty.failures_to_open = 3;
  hasty.open_for = 20ms;
  auto port = server->port();
  provider = partners::make_http_payment_provider(hasty);
  EXPECT_EQ(ask(request(Asked::capture, "a")).kind, Kind::captured);
  stop();
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(ask(request(Asked::capture, "b")).kind, Kind::no_answer);
  start(port);
  auto give_up = Steady::now() + 10s;
  auto answer = ask(request(Asked::enquire, "a"));
  while (answer.kind == Kind::no_answer && Steady::now() < give_up)
    answer = ask(request(Asked::enquire, "a"));
  EXPECT_EQ(answer.kind, Kind::captured);
}

TEST_F(PaymentOverHttp, a_provider_who_keeps_failing_is_left_alone) {
  sandbox->faults().set({Fault::lost_answer, 1, 0s});
  auto patient = options();
  patient.failures_to_open = 3;
  patient.open_for = 1h;
  provider = partners::make_http_payment_provider(patient);
  for (int i = 0; i < 10; ++i)
    EXPECT_EQ(ask(request(Asked::capture, "k" + std::to_string(i))).kind, Kind::no_answer);
  http::Client client("127.0.0.1", server->port());
  auto ledger = client.get("/ledger").body;
  EXPECT_EQ(std::count(ledger.begin(), ledger.end(), '\n'), 3);
}

TEST(CircuitBreaker, opens_after_failures_in_a_row_and_closes_after_a_good_probe) {
  partners::CircuitBreaker breaker(3, 1s);
  Steady::time_point at{};
  EXPECT_FALSE(breaker.failed(at));
  EXPECT_FALSE(breaker.failed(at));
  breaker.succeeded();
  EXPECT_FALSE(breaker.failed(at));
  EXPECT_FALSE(breaker.failed(at));
  EXPECT_TRUE(breaker.failed(at));
  EXPECT_FALSE(breaker.lets_through(at + 999ms));
  EXPECT_TRUE(breaker.lets_through(at + 1s));
  EXPECT_FALSE(breaker.lets_through(at + 1s));
  EXPECT_FALSE(breaker.failed(at + 1s));
  EXPECT_TRUE(breaker.lets_through(at + 2s));
  breaker.succeeded();
  EXPECT_TRUE(breaker.lets_through(at + 2s));
  EXPECT_FALSE(breaker.is_open());
}

TEST(PaymentWire, what_is_no_clear_outcome_is_no_answer) {
  auto captured = R"({"result":"captured","reference":"pay_1","code":null,"amount":{"amount":1,"currency":"GBP"}})";
  EXPECT_EQ(partners::answer_from(Asked::capture, 200, captured).kind, Kind::captured);
  EXPECT_EQ(partners::answer_from(Asked::refund, 200, captured).kind, Kind::no_answer);
  EXPECT_EQ(partners::answer_from(Asked::capture, 503, captured).kind, Kind::no_answer);
  EXPECT_EQ(partners::answer_from(Asked::capture, 200, "captured").kind, Kind::no_answer);
  EXPECT_EQ(partners::answer_from(Asked::capture, 200, R"({"result":"captured"})").kind, Kind::no_answer);
  EXPECT_EQ(partners::answer_from(Asked::enquire, 404, R"({"code":"not-found"})").kind, Kind::no_answer);
  EXPECT_EQ(partners::answer_from(Asked::enquire, 404, R"({"code":"payment-unknown"})").kind, Kind::never_heard);
}

TEST(PaymentWire, an_address_that_names_no_host_is_refused) {
  for (const auto* url : {"", "127.0.0.1:80", "https://127.0.0.1", "http://:80", "http://127.0.0.1:port"}) {
    partners::HttpPaymentOptions options;
    options.url = url;
    EXPECT_THROW(partners::make_http_payment_provider(options), std::runtime_error) << url;
  }
}

} // namespace
} // namespace entrepot::test
