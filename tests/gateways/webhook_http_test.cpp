// Webhooks over real sockets, to receivers of every temper.
#include "gateways/partners/webhook_http.hpp"

#include <atomic>
#include <future>
#include <gtest/gtest.h>

#include "gateways/http/server.hpp"
#include "gateways/partners/standard_webhook.hpp"

namespace entrepot::test {
namespace {

using namespace std::chrono_literals;
using webhook::Answer;
using webhook::Message;

const Timestamp nine = *from_rfc3339("2026-03-10T09:00:00Z");

/// Somebody who receives webhooks at a port of its own, as the test says.
class Receiver : public testing::Test {
protected:
  using Script = std::function<void(http::Request&, const http::Responder&)>;
  Receiver() {
    http::ServerOptions options;
    options.tick = 5ms;
    server = std::make_unique<http::Server>(options, [this](http::Request& request, http::Responder responder) {
      ++received;
      {
        std::lock_guard lock(mutex);
        heads.push_back({request.header("webhook-id").data() ? std::string(request.header("webhook-id")) : "", std::string(request.header("webhook-timestamp")),
                         std::string(request.header("webhook-signature")), std::string(request.header("content-type")), std::string(request.target()), request.body()});
      }
      script(request, responder);
    });
  }
  static void answer(const http::Responder& responder, int status, std::string retry_after = {}) {
    http::Response response;
    response.status = status;
    if (!retry_after.empty())
      response.with("Retry-After", std::move(retry_after));
    responder.answer(std::move(response));
  }
  std::string url(const std::string& host = "127.0.0.1") const { return "http://" + host + ":" + std::to_string(server->port()) + "/hooks?shop=1"; }
  Message message(std::string to) const { return {.endpoint = "whe_1", .url = std::move(to), .id = "evt_1_2_3_0", .body = R"({"id":"evt_1_2_3_0"})", .secrets = {secret}, .at = nine}; }
  static std::future<Answer> send(const webhook::Sender& sender, Message message) {
    auto promise = std::make_shared<std::promise<Answer>>();
    sender(std::move(message), [promise](Answer answer) { promise->set_value(answer); });
    return promise->get_future();
  }
  Answer sent(std::string to, std::chrono::milliseconds time_out = 10s) { return send(partners::make_http_webhook_sender({.time_out = time_out}), message(std::move(to))).get(); }

  struct Head {
    std::string id, timestamp, signature, type, target, body;
  };
  const webhook::Secret secret = webhook::Secret(32, 7);
  Script script = [](http::Request&, const http::Responder& responder) { answer(responder, 204); };
  std::atomic<int> received = 0;
  std::mutex mutex;
  std::vector<Head> heads;
  std::unique_ptr<http::Server> server;
};

TEST_F(Receiver, gets_a_signed_cloud_event_at_its_own_address) {
  EXPECT_EQ(sent(url()).status, 204);
  ASSERT_EQ(heads.size(), 1u);
  EXPECT_EQ(heads[0].id, "evt_1_2_3_0");
  EXPECT_EQ(heads[0].timestamp, "1773133200");
  EXPECT_EQ(heads[0].type, "application/cloudevents+json");
  EXPECT_EQ(heads[0].target, "/hooks?shop=1");
  EXPECT_TRUE(partners::is_signed(secret, {heads[0].id, heads[0].timestamp, heads[0].body}, heads[0].signature));
}

TEST_F(Receiver, can_check_either_secret_while_it_is_being_changed) {
  auto two = message(url());
  two.secrets = {webhook::Secret(32, 8), secret};
  EXPECT_EQ(send(partners::make_http_webhook_sender(), two).get().status, 204);
  for (const auto& one : two.secrets)
    EXPECT_TRUE(partners::is_signed(one, {heads[0].id, heads[0].timestamp, heads[0].body}, heads[0].signature));
  EXPECT_FALSE(partners::is_signed(webhook::Secret(32, 9), {heads[0].id, heads[0].timestamp, heads[0].body}, heads[0].signature));
}

TEST_F(Receiver, may_say_no_go_away_or_later) {
  for (auto status : {400, 410, 500, 302}) {
    script = [status](http::Request&, const http::Responder& responder) { answer(responder, status); };
    EXPECT_EQ(sent(url()).status, status);
  }
  EXPECT_EQ(received, 4) << "nobody is sent elsewhere";
  script = [](http::Request&, const http::Responder& responder) { answer(responder, 503, "17"); };
  EXPECT_EQ(sent(url()).retry_after, 17s);
}

TEST_F(Receiver, that_hangs_is_no_answer) {
  std::vector<http::Responder> held;
  script = [&held](http::Request&, const http::Responder& responder) { held.push_back(responder); };
  EXPECT_EQ(sent(url(), 100ms).status, 0);
  held.clear();
}

TEST_F(Receiver, that_hangs_does_not_keep_others_waiting) {
  std::promise<http::Responder> asked;
  script = [&](http::Request& request, const http::Responder& responder) {
    if (request.target() == "/slow")
      return asked.set_value(responder);
    answer(responder, 200);
  };
  auto sender = partners::make_http_webhook_sender();
  auto slow = message("http://127.0.0.1:" + std::to_string(server->port()) + "/slow");
  auto late = send(sender, slow);
  auto held = asked.get_future().get();
  for (int i = 0; i < 20; ++i)
    EXPECT_EQ(send(sender, message(url())).get().status, 200);
  answer(held, 200);
  EXPECT_EQ(late.get().status, 200);
}

TEST_F(Receiver, that_drops_the_connection_is_no_answer) {
  script = [](http::Request&, const http::Responder& responder) {
    http::Response nothing;
    nothing.status = 0;
    responder.answer(std::move(nothing));
  };
  EXPECT_EQ(sent(url()).status, 0);
}

TEST_F(Receiver, that_closes_the_connection_between_two_messages_gets_the_second_over_another) {
  script = [](http::Request&, const http::Responder& responder) { answer(responder, 200); };
  auto sender = partners::make_http_webhook_sender();
  EXPECT_EQ(send(sender, message(url())).get().status, 200);
  auto port = server->port();
  server.reset();
  http::ServerOptions options;
  options.port = port;
  server = std::make_unique<http::Server>(options, [this](http::Request& request, http::Responder responder) {
    ++received;
    script(request, responder);
  });
  EXPECT_EQ(send(sender, message(url())).get().status, 200);
  EXPECT_EQ(received, 2) << "each once";
}

TEST_F(Receiver, that_is_not_there_is_no_answer) {
  auto gone = url();
  server.reset();
  EXPECT_EQ(sent(gone).status, 0);
  EXPECT_EQ(sent("http://no-such-host.invalid/").status, 0);
}

TEST_F(Receiver, is_found_by_name) { EXPECT_EQ(sent(url("localhost")).status, 204); }

TEST_F(Receiver, without_a_certificate_is_not_spoken_to_over_https) {
  auto secure = "https" + url().substr(4);
  EXPECT_EQ(sent(secure).status, 0);
  EXPECT_EQ(received, 0);
}

TEST(WebhookHosts, where_machines_keep_their_secrets_are_not_spoken_to) {
  auto sender = partners::make_http_webhook_sender({.time_out = 60s}); // an answer within time: nobody has tried
  for (const auto* url : {"http://169.254.169.254/latest/meta-data", "http://[fe80::1]/", "http://0.0.0.0:1/", "http://[::ffff:169.254.169.254]/", "http://224.0.0.1/"}) {
    auto promise = std::make_shared<std::promise<Answer>>();
    sender({.endpoint = "whe_1", .url = url, .id = "e", .body = "{}", .secrets = {webhook::Secret(32, 1)}, .at = nine}, [promise](Answer answer) { promise->set_value(answer); });
    auto answered = promise->get_future();
    ASSERT_EQ(answered.wait_for(20s), std::future_status::ready) << url;
    EXPECT_EQ(answered.get().status, 0) << url;
  }
}

TEST(RetryAfter, is_seconds_or_a_date) {
  EXPECT_EQ(partners::retry_after_from("120", nine), 120s);
  EXPECT_EQ(partners::retry_after_from("0", nine), 0s);
  EXPECT_EQ(partners::retry_after_from("Tue, 10 Mar 2026 09:02:00 GMT", nine), 120s);
  EXPECT_EQ(partners::retry_after_from("Tue, 10 Mar 2026 08:00:00 GMT", nine), 0s);
  for (const auto* nonsense : {"", "-1", "soon", "12x", "Tue, 10 Mar 2026"})
    EXPECT_EQ(partners::retry_after_from(nonsense, nine), std::nullopt) << nonsense;
}

} // namespace
} // namespace entrepot::test
