// The carrier that the sandbox plays tells the shop of its parcels, over HTTP both ways.
#include <algorithm>

#include "gateways/partners/sandbox/carrier_sandbox.hpp"
#include "tests/gateways/shop.hpp"
#include "tests/support/temporary_folder.hpp"

namespace entrepot::test {
namespace {

using namespace std::chrono_literals;
using partners::Fault;
using partners::ParcelReport;
using Status = ParcelReport::Status;

constexpr auto first = child::first_fulfilment;

/// A carrier with an address of its own, that tells a shop which listens or is away.
class Reports : public testing::Test {
protected:
  ~Reports() override { stop(); }

  void start() {
    sandbox = std::make_unique<partners::CarrierSandbox>(folder.path(), faults, [](const std::string& what) { ADD_FAILURE() << what; }, reporting());
    routes.emplace();
    sandbox->add_to(*routes);
    server = std::make_unique<http::Server>(quick(), [this](http::Request& asked, http::Responder responder) { routes->handle(asked, std::move(responder)); });
  }
  /// As if it were killed: nothing is told any more, and what is in its books stays.
  void stop() {
    server.reset();
    sandbox.reset();
  }

  partners::Reporting reporting() {
    partners::Reporting how{.line = {.secret = {}, .shop = {}, .clock = [] { return now; }},
                            .deliver_after = deliver_after,
                            .first_pause = 1ms,
                            .longest_pause = 4ms,
                            .tried =
                                [this](const ParcelReport& report) {
                                  std::lock_guard lock(mutex);
                                  tried.push_back(report);
                                  changed.notify_all();
                                },
                            .tries = tries};
    how.line.shop = [this]() -> std::optional<http::Client> {
      std::lock_guard lock(mutex);
      if (away)
        return {};
      return http::Client("127.0.0.1", shop.port());
    };
    if (has_secret)
      how.line.secret = partners::webhook_secret_from(carrier_secret);
    return how;
  }

  http::Client client() { return http::Client("127.0.0.1", server->port()); }

  /// A packed parcel with its label; returns its tracking number.
  std::string a_label(const std::string& key) {
    auto made = shop.client().post("/v1/orders", good_order().dump(), fresh_key());
    auto order = *order_id_from(Json::parse(made.body)["id"].get<std::string>());
    auto parcel = member(order.family, first);
    Json asked = {{"key", key}, {"reference", to_text("ful_", parcel)}, {"carrier", "post"}, {"ship_from", "DC-1"}, {"address", "somewhere"}, {"parcels", {{{"weight_grams", 900}}}}};
    for (const auto& event : std::initializer_list<fulfilment::Event>{fulfilment::Accepted{*LocationCode::from("DC-1"), {{1, *Sku::from("MUG-1"), Quantity{2}}}, now}, fulfilment::Picked{},
                                                                      fulfilment::Packed{{{900}}}, fulfilment::LabelAsked{key, "post"}})
      shop.ports.happens(order, first, AnyEvent{event});
    auto tracking = Json::parse(client().post("/labels", asked.dump()).body)["tracking"].get<std::string>();
    parcels[tracking] = parcel;
    return tracking;
  }
  void ship(const std::string& tracking) {
    shop.ports.happens({family_of(parcels.at(tracking))}, first, AnyEvent{fulfilment::Event{fulfilment::Shipped{tracking}}});
  }
  http::Answer deliver(const std::string& tracking) { return client().post("/parcels/" + tracking + "/delivered", ""); }
  Json parcel(const std::string& tracking) { return Json::parse(client().get("/parcels/" + tracking).body); }

  /// Waits for a try that ends so; returns it.
  ParcelReport wait_for(Status status, int least_tries = 1) {
    std::unique_lock lock(mutex);
    auto fits = [&](const ParcelReport& report) { return report.status == status && report.tries >= least_tries; };
    if (!changed.wait_for(lock, 30s, [&] { return std::ranges::any_of(tried, fits); }))
      throw std::runtime_error("the shop is never told"); // fails the test
    return *std::ranges::find_if(tried, fits);
  }
  void set_away(bool is_away) {
    std::lock_guard lock(mutex);
    away = is_away;
  }
  void forget() {
    std::lock_guard lock(mutex);
    tried.clear();
  }

  TemporaryFolder folder;
  partners::Faults faults;
  bool has_secret = true, away = false;
  int tries = 1'000'000;
  std::optional<std::chrono::seconds> deliver_after;
  std::map<std::string, StreamId> parcels;
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<ParcelReport> tried;
  Shop shop;
  std::unique_ptr<partners::CarrierSandbox> sandbox;
  std::optional<http::Routes> routes;
  std::unique_ptr<http::Server> server;
};

TEST_F(Reports, of_a_delivery_reach_the_shop_and_are_acknowledged) {
  start();
  auto tracking = a_label("k-1");
  ship(tracking);
  EXPECT_EQ(parcel(tracking)["delivery"], Json());
  EXPECT_EQ(deliver(tracking).status, 202);
  auto report = wait_for(Status::acknowledged);
  EXPECT_EQ(report.last_answer, 202);
  EXPECT_EQ(parcel(tracking)["delivery"]["status"], "acknowledged");
  ASSERT_EQ(shop.ports.acts.size(), 1U);
  EXPECT_EQ(shop.ports.acts[0].to, parcels[tracking]);
  EXPECT_EQ(shop.ports.acts[0].origin.by, "carrier");
  EXPECT_EQ(deliver(tracking).status, 202);
  EXPECT_EQ(parcel(tracking)["delivery"]["tries"], 1) << "what is acknowledged is not told again";
}

TEST_F(Reports, are_told_again_until_the_shop_is_back) {
  start();
  auto tracking = a_label("k-1");
  ship(tracking);
  set_away(true);
  deliver(tracking);
  wait_for(Status::waiting, 3);
  EXPECT_EQ(parcel(tracking)["delivery"]["last_answer"], 0);
  set_away(false);
  EXPECT_GT(wait_for(Status::acknowledged).tries, 3);
  EXPECT_EQ(shop.ports.acts.size(), 1U);
}

TEST_F(Reports, that_overtake_the_staff_are_told_again_until_the_parcel_is_shipped) {
  start();
  auto tracking = a_label("k-1");
  deliver(tracking);
  EXPECT_EQ(wait_for(Status::waiting, 2).last_answer, 409);
  ship(tracking);
  wait_for(Status::acknowledged);
  EXPECT_EQ(shop.ports.acts.size(), 1U);
}

TEST_F(Reports, survive_that_the_carrier_is_killed) {
  start();
  auto tracking = a_label("k-1");
  ship(tracking);
  set_away(true);
  deliver(tracking);
  wait_for(Status::waiting);
  stop();
  forget();
  start();
  auto before = wait_for(Status::waiting, 2).tries;
  EXPECT_GE(before, 2) << "its tries are remembered, too";
  set_away(false);
  wait_for(Status::acknowledged);
  stop();
  forget();
  start();
  EXPECT_EQ(parcel(tracking)["delivery"]["status"], "acknowledged");
  auto other = a_label("k-2");
  ship(other);
  deliver(other);
  EXPECT_EQ(wait_for(Status::acknowledged).tracking, other) << "the first one is not told again";
  EXPECT_EQ(shop.ports.acts.size(), 2U);
}

TEST_F(Reports, are_sent_twice_by_a_duplicate_and_are_one_message) {
  start();
  faults.set({Fault::duplicate, 1, 0ms, partners::Partner::carrier});
  auto tracking = a_label("k-1");
  ship(tracking);
  deliver(tracking);
  wait_for(Status::acknowledged);
  ASSERT_EQ(shop.ports.acts.size(), 2U);
  EXPECT_EQ(shop.ports.acts[0].id, shop.ports.acts[1].id);
  EXPECT_EQ(shop.carrier_counts->of(api::EventOutcome::taken), 1U);
}

TEST_F(Reports, come_by_themselves_if_parcels_are_to_be_delivered_so_long_after_their_label) {
  start();
  auto by_hand = a_label("k-1");
  ship(by_hand);
  stop();
  deliver_after = 0s;
  start();
  EXPECT_EQ(wait_for(Status::acknowledged).tracking, by_hand) << "also of labels made before";
  forget();
  auto by_itself = a_label("k-2");
  ship(by_itself);
  EXPECT_EQ(wait_for(Status::acknowledged).tracking, by_itself);
  deliver_after = 1h;
  stop();
  start();
  auto later = a_label("k-3");
  ship(later);
  EXPECT_EQ(parcel(later)["delivery"]["tries"], 0);
  EXPECT_EQ(parcel(later)["delivery"]["delivered_at"], to_rfc3339(now + 1h));
  forget();
  deliver(later);
  EXPECT_EQ(wait_for(Status::acknowledged).delivered_at, now) << "somebody said that it is delivered now";
}

TEST_F(Reports, are_given_up_after_their_last_try_and_begin_anew_when_asked_for) {
  tries = 3;
  start();
  auto tracking = a_label("k-1");
  ship(tracking);
  set_away(true);
  deliver(tracking);
  EXPECT_EQ(wait_for(Status::given_up).tries, 3);
  EXPECT_EQ(parcel(tracking)["delivery"]["status"], "given_up");
  set_away(false);
  deliver(tracking);
  wait_for(Status::acknowledged);
}

TEST_F(Reports, need_a_parcel_and_a_secret) {
  has_secret = false;
  start();
  auto tracking = a_label("k-1");
  EXPECT_EQ(Json::parse(deliver(tracking).body)["code"], "reports-not-configured");
  EXPECT_EQ(Json::parse(deliver("TRK-9").body)["code"], "parcel-unknown");
  EXPECT_EQ(client().get("/parcels/TRK-9").status, 404);
  EXPECT_EQ(parcel(tracking)["carrier"], "post");
}

} // namespace
} // namespace entrepot::test
