#include "gateways/partners/carrier_http.hpp"

#include <future>
#include <gtest/gtest.h>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "gateways/http/client.hpp"
#include "gateways/http/server.hpp"
#include "gateways/partners/sandbox/carrier_sandbox.hpp"
#include "tests/support/temporary_folder.hpp"

namespace entrepot::test {
namespace {

using namespace std::chrono_literals;
using fulfilment::LabelAnswer;
using fulfilment::LabelRequest;
using partners::Fault;
using partners::Partner;
using Asked = LabelRequest::Kind;
using Kind = LabelAnswer::Kind;

LabelRequest request(Asked kind, std::string key) {
  return {kind, std::move(key), "ful_1", "swift", *LocationCode::from("DC-1"), {{900}, {400}}, StreamId{7}, {"sealed address"}};
}

/// A carrier that answers at a port of its own, and a shop that asks it.
class LabelsOverHttp : public testing::Test {
protected:
  LabelsOverHttp() { start(); }

  void start(std::uint16_t port = 0) {
    sandbox = std::make_unique<partners::CarrierSandbox>(folder.path(), faults, [](const std::string& what) { ADD_FAILURE() << what; });
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
  LabelAnswer ask(Asked kind, const std::string& key, std::chrono::milliseconds time_out = 5s) {
    partners::PartnerHttpOptions options;
    options.url = "http://127.0.0.1:" + std::to_string(server->port());
    options.time_out = time_out;
    options.tick = 5ms;
    auto carrier = partners::make_http_carrier(
        options,
        [this](const std::function<void()>& work) {
          if (!busy)
            work();
          return !busy;
        },
        [this](StreamId, const Sealed& address) { return open(address); });
    auto promise = std::make_shared<std::promise<LabelAnswer>>();
    carrier(request(kind, key), [promise](LabelAnswer answer) { promise->set_value(std::move(answer)); });
    return promise->get_future().get();
  }
  std::size_t made() {
    http::Client client("127.0.0.1", server->port());
    return nlohmann::json::parse(client.get("/parcels").body).at("items").size();
  }
  void strike(Fault fault, std::chrono::milliseconds delay = 0ms) { faults.set({fault, 1, delay, Partner::carrier}); }

  TemporaryFolder folder;
  partners::Faults faults;
  bool busy = false;
  std::function<std::optional<std::string>(const Sealed&)> open = [](const Sealed& address) { return "opened " + address.text; };
  std::unique_ptr<partners::CarrierSandbox> sandbox;
  std::optional<http::Routes> routes;
  std::unique_ptr<http::Server> server;
};

TEST_F(LabelsOverHttp, are_made_once_for_a_key) {
  strike(Fault::duplicate);
  auto first = ask(Asked::ask, "ful_1/1"), again = ask(Asked::ask, "ful_1/1"), enquired = ask(Asked::enquire, "ful_1/1");
  EXPECT_EQ(first.kind, Kind::labelled);
  EXPECT_EQ(first.tracking, "TRK-1");
  EXPECT_FALSE(first.document.empty());
  EXPECT_EQ(again.tracking, "TRK-1");
  EXPECT_EQ(enquired.tracking, "TRK-1");
  EXPECT_EQ(made(), 1u);
}

TEST_F(LabelsOverHttp, whose_answer_is_lost_are_found_by_enquiry_also_after_the_carrier_was_killed) {
  strike(Fault::lost_answer);
  EXPECT_EQ(ask(Asked::ask, "ful_1/1").kind, Kind::no_answer);
  faults.set({Fault::lost_answer, 0, 0ms, Partner::carrier});
  auto port = server->port();
  stop();
  start(port);
  EXPECT_EQ(ask(Asked::enquire, "ful_1/1").tracking, "TRK-1");
}

TEST_F(LabelsOverHttp, that_were_never_heard_of_are_told_from_a_wrong_address) {
  EXPECT_EQ(ask(Asked::enquire, "ful_1/1").kind, Kind::never_heard);
  EXPECT_EQ(partners::label_answer_from(Asked::enquire, 404, R"({"code":"not-found"})").kind, Kind::no_answer);
}

TEST_F(LabelsOverHttp, are_no_answer_if_the_carrier_is_silent) {
  strike(Fault::silent, 10s);
  EXPECT_EQ(ask(Asked::ask, "ful_1/1", 50ms).kind, Kind::no_answer);
  EXPECT_EQ(made(), 0u);
}

TEST_F(LabelsOverHttp, that_are_refused_stay_so) {
  strike(Fault::refuse);
  EXPECT_EQ(ask(Asked::ask, "ful_1/1").code, "scripted");
  faults.set({Fault::refuse, 0, 0ms, Partner::carrier});
  auto again = ask(Asked::enquire, "ful_1/1");
  EXPECT_EQ(again.kind, Kind::refused);
  EXPECT_EQ(again.code, "scripted");
}

TEST_F(LabelsOverHttp, need_an_address_that_can_be_opened) {
  open = [](const Sealed&) { return std::nullopt; };
  auto erased = ask(Asked::ask, "ful_1/1");
  EXPECT_EQ(erased.kind, Kind::refused);
  EXPECT_EQ(erased.code, "address-unknown");
  open = [](const Sealed&) -> std::optional<std::string> { throw std::runtime_error("the database is away"); };
  EXPECT_EQ(ask(Asked::ask, "ful_1/1").kind, Kind::no_answer);
  busy = true;
  EXPECT_EQ(ask(Asked::ask, "ful_1/1").kind, Kind::no_answer);
  EXPECT_EQ(made(), 0u);
}

TEST(LabelAnswers, that_could_not_be_stored_are_none) {
  EXPECT_EQ(partners::label_answer_from(Asked::ask, 200, R"({"tracking":"T-1","label":"https://a"})").kind, Kind::labelled);
  EXPECT_EQ(partners::label_answer_from(Asked::ask, 200, R"({"tracking":"","label":"https://a"})").kind, Kind::no_answer);
  EXPECT_EQ(partners::label_answer_from(Asked::ask, 200, R"({"tracking":"T\u0000 1"})").kind, Kind::no_answer);
  EXPECT_EQ(partners::label_answer_from(Asked::ask, 200, R"({"tracking":")" + std::string(65, 'T') + R"("})").kind, Kind::no_answer);
  EXPECT_EQ(partners::label_answer_from(Asked::ask, 422, R"({"code":"Ann Example lives nowhere"})").kind, Kind::no_answer);
  for (auto status : {0, 201, 401, 403, 404, 429, 500, 503})
    EXPECT_EQ(partners::label_answer_from(Asked::ask, status, R"({"code":"x","tracking":"T-1"})").kind, Kind::no_answer) << status;
}

} // namespace
} // namespace entrepot::test
