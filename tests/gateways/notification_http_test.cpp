#include "gateways/partners/notification_http.hpp"

#include <filesystem>
#include <future>
#include <gtest/gtest.h>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "gateways/http/client.hpp"
#include "gateways/http/server.hpp"
#include "gateways/partners/sandbox/notification_sandbox.hpp"
#include "tests/support/temporary_folder.hpp"

namespace entrepot::test {
namespace {

using namespace std::chrono_literals;
using notification::Answer;
using partners::Fault;
using partners::Partner;
using Kind = Answer::Kind;

const Timestamp now = *from_rfc3339("2026-03-10T09:00:00Z");
const OrderId an_order{family_number(7, now, 1)}, another{family_number(7, now, 2)};

notification::Notification notice(std::string key, OrderId order = an_order, notification::Recipient recipient = {"ann@example.com", {}}) {
  return {std::move(key), order, "OrderConfirmed", "Thank you for your \"order\".", std::move(recipient)};
}

/// A notification provider that answers at a port of its own, and a shop that asks it.
class NoticesOverHttp : public testing::Test {
protected:
  NoticesOverHttp() { start(); }

  void start(std::uint16_t port = 0) {
    sandbox = std::make_unique<partners::NotificationSandbox>(folder.path(), [] { return now; }, faults, [](const std::string& what) { ADD_FAILURE() << what; });
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
  Answer tell(notification::Notification notification, std::chrono::milliseconds time_out = 5s) {
    partners::PartnerHttpOptions options;
    options.url = "http://127.0.0.1:" + std::to_string(server->port());
    options.time_out = time_out;
    options.tick = 5ms;
    auto provider = partners::make_http_notification_provider(options);
    auto promise = std::make_shared<std::promise<Answer>>();
    provider(std::move(notification), [promise](Answer answer) { promise->set_value(std::move(answer)); });
    return promise->get_future().get();
  }
  nlohmann::json received(const std::string& query = "") {
    http::Client client("127.0.0.1", server->port());
    return nlohmann::json::parse(client.get("/notifications" + query).body).at("items");
  }
  void strike(Fault fault, std::chrono::milliseconds delay = 0ms) { faults.set({fault, 1, delay, Partner::notifications}); }

  TemporaryFolder folder;
  partners::Faults faults;
  std::unique_ptr<partners::NotificationSandbox> sandbox;
  std::optional<http::Routes> routes;
  std::unique_ptr<http::Server> server;
};

TEST_F(NoticesOverHttp, reach_the_customer_and_can_be_looked_up_by_order) {
  EXPECT_EQ(tell(notice("a")).kind, Kind::accepted);
  EXPECT_EQ(tell(notice("b", another, {{}, "+441632960000"})).kind, Kind::accepted);
  auto items = received("?order=" + to_text(an_order));
  ASSERT_EQ(items.size(), 1u);
  EXPECT_EQ(items[0]["text"], "Thank you for your \"order\".");
  EXPECT_EQ(items[0]["email"], "ann@example.com");
  EXPECT_EQ(items[0]["kind"], "OrderConfirmed");
  EXPECT_EQ(received().size(), 2u);
  EXPECT_EQ(received("?order=ord_nobody").size(), 0u);
}

TEST_F(NoticesOverHttp, are_received_once_however_often_they_are_sent) {
  strike(Fault::duplicate);
  EXPECT_EQ(tell(notice("a")).kind, Kind::accepted);
  EXPECT_EQ(tell(notice("a")).kind, Kind::accepted);
  EXPECT_EQ(received().size(), 1u);
}

TEST_F(NoticesOverHttp, are_known_to_the_provider_after_it_was_killed) {
  tell(notice("a"));
  auto port = server->port();
  stop();
  start(port);
  EXPECT_EQ(tell(notice("a")).kind, Kind::accepted);
  EXPECT_EQ(received().size(), 1u);
}

TEST_F(NoticesOverHttp, whose_answer_is_lost_are_no_answer_and_may_be_sent_again) {
  strike(Fault::lost_answer);
  EXPECT_EQ(tell(notice("a")).kind, Kind::no_answer);
  faults.set({Fault::lost_answer, 0, 0ms, Partner::notifications});
  EXPECT_EQ(tell(notice("a")).kind, Kind::accepted);
  EXPECT_EQ(received().size(), 1u);
}

TEST_F(NoticesOverHttp, are_no_answer_if_the_provider_is_silent) {
  strike(Fault::silent, 10s);
  EXPECT_EQ(tell(notice("a"), 50ms).kind, Kind::no_answer);
  EXPECT_EQ(received().size(), 0u);
}

TEST_F(NoticesOverHttp, are_refused_without_an_address_and_where_the_script_has_it) {
  auto answer = tell(notice("a", an_order, {"no address", {}}));
  EXPECT_EQ(answer.kind, Kind::refused);
  EXPECT_EQ(answer.code, "recipient-invalid");
  strike(Fault::refuse);
  EXPECT_EQ(tell(notice("b")).code, "scripted");
}

TEST_F(NoticesOverHttp, have_faults_of_their_own) {
  faults.set({Fault::lost_answer, 1, 0ms}); // of payments
  EXPECT_EQ(tell(notice("a")).kind, Kind::accepted);
  EXPECT_EQ(partners::fault_script_from("notifications.refuse:every=3")->partner, Partner::notifications);
  EXPECT_EQ(partners::fault_script_from("slow:every=3")->partner, Partner::payments);
  EXPECT_FALSE(partners::fault_script_from("weather.slow:every=3"));
}

TEST(NoticeAnswers, tell_what_is_the_messages_own_fault_from_what_would_meet_every_message) {
  for (auto status : {400, 410, 413, 422})
    EXPECT_EQ(partners::notification_answer_from(status, "{}").kind, Kind::refused) << status;
  for (auto status : {0, 301, 401, 403, 404, 405, 408, 409, 429, 500, 503})
    EXPECT_EQ(partners::notification_answer_from(status, "{}").kind, Kind::no_answer) << status;
  EXPECT_EQ(partners::notification_answer_from(422, R"({"code":"Ann Example is unknown"})").code, "") << "what is no code may be somebody's data";
}

} // namespace
} // namespace entrepot::test
