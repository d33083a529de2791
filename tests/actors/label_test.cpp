// Labels of the carrier, through actors and journal.
#include "tests/actors/parcels.hpp"

namespace entrepot {
namespace {

using namespace std::chrono_literals;
using fulfilment::LabelAnswer;
using fulfilment::LabelRequest;
using test::count_of;
using test::a_packed_parcel;
using test::Node;
using test::staff;
using Asked = LabelRequest::Kind;

/// A carrier that remembers what it was asked, and answers or not.
struct PlayedCarrier {
  std::vector<LabelRequest> calls;
  std::function<std::optional<LabelAnswer>(const LabelRequest&)> says = [](const LabelRequest&) { return LabelAnswer{LabelAnswer::Kind::labelled, "TRK-7", {}, {}}; };
  fulfilment::Carrier port() {
    return [this](LabelRequest request, std::function<void(LabelAnswer)> reply) {
      calls.push_back(request);
      if (auto answer = says(request))
        reply(*answer);
    };
  }
};

std::string tracking_of(Node& node, StreamId fulfilment) {
  auto seen = node.read({family_of(fulfilment)});
  node.settle();
  return seen.value().family->fulfilments.at(child_of(fulfilment)).tracking;
}

TEST(ParcelLabel, is_asked_for_after_its_intent_is_stored_and_gives_the_parcel_its_number) {
  PlayedCarrier carrier;
  Node node(std::make_shared<journal::MemoryStore>(), {}, carrier.port());
  int stored = -1;
  carrier.says = [&](const LabelRequest&) {
    stored = count_of(*node.store, "FulfilmentLabelAsked");
    return LabelAnswer{LabelAnswer::Kind::labelled, "TRK-7", {}, {}};
  };
  auto fulfilment = a_packed_parcel(node);
  EXPECT_EQ(stored, 1);
  EXPECT_EQ(count_of(*node.store, "FulfilmentLabelled"), 1);
  staff(node, fulfilment, fulfilment::Ship{}, 13);
  EXPECT_EQ(tracking_of(node, fulfilment), "TRK-7");
}

TEST(ParcelLabel, is_enquired_about_after_a_crash_between_asking_and_answer) {
  auto store = std::make_shared<journal::MemoryStore>();
  PlayedCarrier carrier;
  StreamId fulfilment;
  {
    Node node(store, {}, carrier.port());
    carrier.says = [](const LabelRequest&) { return std::nullopt; }; // the answer never comes back
    fulfilment = a_packed_parcel(node);
    ASSERT_EQ(carrier.calls.size(), 1u);
    EXPECT_EQ(carrier.calls[0].kind, Asked::ask);
  }
  PlayedCarrier again;
  Node node(store, {}, again.port());
  node.pass(20s);
  ASSERT_FALSE(again.calls.empty());
  for (const auto& call : again.calls)
    EXPECT_EQ(call.kind, Asked::enquire);
  EXPECT_EQ(count_of(*store, "FulfilmentLabelAsked"), 1);
  EXPECT_EQ(count_of(*store, "FulfilmentLabelled"), 1);
  staff(node, fulfilment, fulfilment::Ship{}, 13);
  EXPECT_EQ(tracking_of(node, fulfilment), "TRK-7");
}

TEST(ParcelLabel, of_a_node_without_a_carrier_is_not_asked_for) {
  Node node;
  auto fulfilment = a_packed_parcel(node);
  staff(node, fulfilment, fulfilment::Ship{"OWN-1"}, 13);
  EXPECT_EQ(count_of(*node.store, "FulfilmentLabelAsked"), 0);
  EXPECT_EQ(tracking_of(node, fulfilment), "OWN-1");
}

} // namespace
} // namespace entrepot
