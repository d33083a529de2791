// The carrier's message about a parcel, through the route, actors and journal.
#include "gateways/api/api.hpp"
#include "gateways/partners/standard_webhook.hpp"
#include "persistence/metadata.hpp"
#include "tests/actors/parcels.hpp"

namespace entrepot {
namespace {

using namespace std::chrono_literals;
using test::count_of;
using test::a_packed_parcel;
using test::Node;
using test::staff;

const auto secret = partners::webhook_secret_from("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").value();

/// Keeps the answer to one message.
struct KeptAnswer final : http::Slot {
  void complete(std::function<http::Response()> render) override {
    if (!response)
      response = render();
  }
  void at_deadline(std::chrono::milliseconds, std::function<void(http::Responder)>) override {}
  std::optional<http::Response> response;
};

/// The door of a node, as the carrier finds it.
class Door {
public:
  explicit Door(Node& node) : node_(node) {
    api::ApiOptions options;
    options.keys = [](const api::Digest&) { return std::nullopt; };
    options.clock = [&node] { return node.now; };
    options.random = [](std::span<std::uint8_t>) {};
    options.carrier_events.secret = secret;
    routes_ = api::make_api(*node.ports, options);
  }
  /// Sends the message and lets nothing happen yet.
  std::shared_ptr<KeptAnswer> send(StreamId parcel, const std::string& id) {
    auto body = R"({"type":"delivered","reference":")" + to_text("ful_", parcel) + R"(","tracking":"TRK-7","occurred_at":")" + to_rfc3339(node_.now) + R"("})";
    auto timestamp = std::to_string(std::chrono::floor<std::chrono::seconds>(node_.now).time_since_epoch().count());
    http::Request request;
    request.start(http::Method::post, "/v1/carrier-events");
    request.add_header("webhook-id", id);
    request.add_header("webhook-timestamp", timestamp);
    request.add_header("webhook-signature", partners::webhook_signature(secret, {id, timestamp, body}));
    request.body() = body;
    auto answer = std::make_shared<KeptAnswer>();
    routes_.handle(request, http::Responder(answer, nullptr));
    return answer;
  }
  int tell(StreamId parcel, const std::string& id) {
    auto answer = send(parcel, id);
    node_.settle();
    return answer->response ? answer->response->status : 0;
  }

private:
  Node& node_;
  http::Routes routes_;
};

fulfilment::Carrier a_quick_carrier() {
  return [](const fulfilment::LabelRequest&, const std::function<void(fulfilment::LabelAnswer)>& reply) { reply({fulfilment::LabelAnswer::Kind::labelled, "TRK-7", {}, {}}); };
}

order::Status status_of(Node& node, StreamId fulfilment) {
  auto seen = node.read({family_of(fulfilment)});
  node.settle();
  return seen.value().family->order.status;
}

TEST(CarriersMessage, is_answered_only_when_what_it_says_is_stored) {
  Node node(std::make_shared<journal::MemoryStore>(), {}, a_quick_carrier());
  Door door(node);
  auto fulfilment = a_packed_parcel(node);
  staff(node, fulfilment, fulfilment::Ship{}, 13);
  auto answer = door.send(fulfilment, "evt_1");
  node.work();
  EXPECT_FALSE(answer->response) << "decided, and not yet stored";
  EXPECT_EQ(count_of(*node.store, "FulfilmentDelivered"), 0);
  node.settle();
  ASSERT_TRUE(answer->response);
  EXPECT_EQ(answer->response->status, 202);
  EXPECT_EQ(count_of(*node.store, "FulfilmentDelivered"), 1);
}

TEST(CarriersMessage, delivers_the_order_and_is_told_as_the_carriers) {
  Node node(std::make_shared<journal::MemoryStore>(), {}, a_quick_carrier());
  Door door(node);
  auto fulfilment = a_packed_parcel(node);
  EXPECT_EQ(door.tell(fulfilment, "evt_1"), 409) << "not shipped yet";
  staff(node, fulfilment, fulfilment::Ship{}, 13);
  EXPECT_EQ(door.tell(fulfilment, "evt_1"), 202) << "what was refused is not remembered against it";
  EXPECT_EQ(status_of(node, fulfilment), order::Status::completed);
  for (const auto& shard : node.store->shards)
    for (const auto& record : shard)
      if (record.type == "FulfilmentDelivered") {
        EXPECT_EQ(journal::decode_metadata(record.metadata).by, "carrier");
        EXPECT_EQ(journal::decode_metadata(record.metadata).occurred_at, node.now);
      }
}

TEST(CarriersMessage, sent_twice_at_once_or_again_to_a_new_node_delivers_once) {
  auto store = std::make_shared<journal::MemoryStore>();
  StreamId fulfilment;
  {
    Node node(store, {}, a_quick_carrier());
    Door door(node);
    fulfilment = a_packed_parcel(node);
    staff(node, fulfilment, fulfilment::Ship{}, 13);
    auto first = door.send(fulfilment, "evt_1"), second = door.send(fulfilment, "evt_1"), other = door.send(fulfilment, "evt_2");
    node.settle();
    for (const auto& answer : {first, second, other})
      EXPECT_EQ(answer->response->status, 202);
  }
  auto stored = [&] {
    std::size_t count = 0;
    for (const auto& shard : store->shards)
      count += shard.size();
    return count;
  };
  auto before = stored();
  Node node(store, {}, a_quick_carrier());
  Door door(node);
  EXPECT_EQ(door.tell(fulfilment, "evt_1"), 202);
  EXPECT_EQ(door.tell(fulfilment, "evt_3"), 202);
  EXPECT_EQ(count_of(*store, "FulfilmentDelivered"), 1);
  EXPECT_EQ(stored(), before) << "nothing is written again";
  EXPECT_EQ(status_of(node, fulfilment), order::Status::completed);
}

TEST(CarriersMessage, changes_nothing_of_what_was_cancelled) {
  Node node(std::make_shared<journal::MemoryStore>(), {}, a_quick_carrier());
  Door door(node);
  auto fulfilment = a_packed_parcel(node);
  test::Awaited<gateway::OrderView> cancelled;
  node.ports->act(family_of(fulfilment), order::Command{order::Cancel{"customer", "changed my mind"}}, {std::uint64_t{1} << 56, 20}, {.by = "gw", .traceparent = {}, .occurred_at = {}}, gateway::Until::stored,
                  cancelled.reply());
  node.settle();
  staff(node, fulfilment, fulfilment::ConfirmStop{}, 21);
  EXPECT_EQ(door.tell(fulfilment, "evt_1"), 202);
  EXPECT_EQ(count_of(*node.store, "FulfilmentDelivered"), 0);
  EXPECT_EQ(status_of(node, fulfilment), order::Status::cancelled);
}

} // namespace
} // namespace entrepot
