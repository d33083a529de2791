// What is published, byte by byte: each name has a frozen sample, which is never edited. Another meaning takes another name.
#include "gateways/partners/cloud_event.hpp"

#include <fstream>
#include <gtest/gtest.h>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "domain/order/family.hpp"

namespace entrepot::test {
namespace {

using Json = nlohmann::json;

const Timestamp nine = *from_rfc3339("2026-03-10T09:00:00Z");
const StreamId an_order = family_number(77, nine, 1);
constexpr auto source = "urn:uuid:2f1c0d7e-0f0a-4a0e-9b5e-5a1de0a3c111";

Money pounds(std::int64_t minor) { return {minor, *Currency::from("GBP")}; }

order::Agreement agreement(bool fetched) {
  order::Agreement all;
  all.channel = *ChannelCode::from("web");
  all.workflow = fetched ? "bopis" : "bodah";
  all.external_number = "W-10001";
  all.customer = *CustomerNumber::from("C-77");
  all.contact = {.name = {"PERSON-NAME"}, .email = {"PERSON-EMAIL"}, .phone = {"PERSON-PHONE"}};
  all.lines = {{.number = 1, .sku = *Sku::from("MUG-1"), .name = "Mug", .quantity = Quantity{2}, .unit_price = pounds(900), .total = pounds(1'800), .category = "home", .tax_class = "standard"},
               {.number = 2, .sku = *Sku::from("24h"), .name = "Transport", .quantity = Quantity{1}, .unit_price = pounds(495), .total = pounds(495), .category = {}, .tax_class = "standard", .service = true}};
  if (fetched)
    all.collection = {*LocationCode::from("LEEDS"), nine + std::chrono::hours{3}};
  else
    all.delivery = {.option = "24h", .address = {"PERSON-ADDRESS"}, .terms = "DDP", .carrier = "swift", .ship_from = *LocationCode::from("DC"), .issue_at = nine, .promise = nine + std::chrono::hours{24}};
  all.instalments = {{.number = 1, .moment = payment::Moment::on_order, .method = payment::Method::card, .amount = pounds(2'295)}};
  all.payment_token = "PERSON-CARD";
  all.total = pounds(2'295);
  return all;
}

const std::vector<order::LineUnits> one_mug{{1, Quantity{1}}};
const std::vector<fulfilment::Line> mugs{{1, *Sku::from("MUG-1"), Quantity{2}}};

/// The order as it stands when something happens to it; states are set, not played: here only what is said counts.
Family family(bool fetched) {
  Family all;
  all.id = an_order;
  evolve(all, child::order, order::Event{order::Submitted{agreement(fetched)}}, nine);
  if (fetched) {
    auto& pickup = all.pickups[16];
    pickup.location = *LocationCode::from("LEEDS");
    pickup.lines = mugs;
    pickup.dropped = {Quantity{1}};
    pickup.collect_until = nine + std::chrono::days{7};
  } else {
    auto& parcel = all.fulfilments[16];
    parcel.location = *LocationCode::from("DC");
    parcel.lines = mugs;
    parcel.dropped = {Quantity{0}};
    parcel.tracking = "TRK-1";
  }
  return all;
}

struct Sample {
  AnyEvent event;
  int child = child::order;
  bool fetched = false;
};

std::map<std::string, Sample> samples() {
  constexpr int place = 16;
  return {{"order.submitted.v1", {order::Event{order::Submitted{agreement(false)}}}},
          {"order.confirmed.v1", {order::Event{order::Confirmed{}}, child::order, true}},
          {"order.rejected.v1", {order::Event{order::Rejected{"stock-short", "PERSON-WORDS", {}}}}},
          {"order.cancelling.v1", {order::Event{order::CancellationBegun{"customer", "PERSON-WORDS"}}}},
          {"order.units_cancelled.v1", {order::Event{order::UnitsCancelled{one_mug, "not-available"}}}},
          {"order.cancelled.v1", {order::Event{order::Cancelled{}}}},
          {"order.cancellation_ended.v1", {order::Event{order::CancellationEnded{}}}},
          {"order.completed.v1", {order::Event{order::Completed{}}}},
          {"order.choice_made.v1", {order::Event{order::CustomerChose{{.way = order::Way::another_store, .collection = {*LocationCode::from("YORK"), nine}, .delivery = {}, .answer_by = {}}, one_mug}}, child::order, true}},
          {"order.units_returned.v1", {order::Event{order::UnitsReturned{"RET-1", one_mug}}}},
          {"order.put_on_hold.v1", {order::Event{order::PlacedOnHold{"fraud", "PERSON-WORDS"}}}},
          {"order.released_from_hold.v1", {order::Event{order::ReleasedFromHold{"fraud"}}}},
          {"order.units_lost.v1", {order::Event{order::UnitsLost{16, {{1, Quantity{1}}}, "lost-on-the-way", true}}}},
          {"payment.action_required.v1", {payment::Event{payment::ActionRequired{1, "key", "https://bank.example/PERSON-WORDS", nine}}, child::payment}},
          {"payment.charged_back.v1", {payment::Event{payment::ChargedBack{1, "CB-5", pounds(2'295)}}, child::payment}},
          {"payment.collected.v1", {payment::Event{payment::Collected{1, "till-2", "R-101", pounds(2'295)}}, child::payment}},
          {"payment.refund_delegated.v1", {payment::Event{payment::RefundDelegated{1, "key", pounds(900)}}, child::payment}},
          {"payment.awaited.v1", {payment::Event{payment::PaymentAwaited{1, nine}}, child::payment}},
          {"payment.captured.v1", {payment::Event{payment::Captured{1, "key", "psp-1", pounds(2'295)}}, child::payment}},
          {"payment.declined.v1", {payment::Event{payment::Declined{1, "key", "insufficient-funds"}}, child::payment}},
          {"payment.voided.v1", {payment::Event{payment::Voided{1, "key"}}, child::payment}},
          {"payment.billed.v1", {payment::Event{payment::Billed{1, pounds(2'295)}}, child::payment}},
          {"payment.reduced.v1", {payment::Event{payment::Reduced{1, pounds(900)}}, child::payment}},
          {"payment.refunded.v1", {payment::Event{payment::Refunded{1, "key", "psp-2", pounds(900)}}, child::payment}},
          {"payment.refund_failed.v1", {payment::Event{payment::RefundFailed{1, "key", "account-closed"}}, child::payment}},
          {"payment.credited.v1", {payment::Event{payment::Credited{1, "RET-1", pounds(900)}}, child::payment}},
          {"fulfilment.accepted.v1", {fulfilment::Event{fulfilment::Accepted{*LocationCode::from("DC"), mugs, nine}}, place}},
          {"fulfilment.rejected.v1", {fulfilment::Event{fulfilment::Rejected{fulfilment::Reason::damaged}}, place}},
          {"fulfilment.shipped.v1", {fulfilment::Event{fulfilment::Shipped{"TRK-1"}}, place}},
          {"fulfilment.delivered.v1", {fulfilment::Event{fulfilment::Delivered{}}, place}},
          {"fulfilment.failed.v1", {fulfilment::Event{fulfilment::Failed{fulfilment::Loss::lost}}, place}},
          {"fulfilment.returned_to_origin.v1", {fulfilment::Event{fulfilment::ReturnedToOrigin{{{1, Quantity{1}}}}}, place}},
          {"fulfilment.tracked.v1", {fulfilment::Event{fulfilment::Tracked{fulfilment::Tracking::out_for_delivery}}, place}},
          {"fulfilment.unaccepted.v1", {fulfilment::Event{fulfilment::Unaccepted{}}, place}},
          {"fulfilment.cancelled.v1", {fulfilment::Event{fulfilment::Cancelled{}}, place}},
          {"pickup.accepted.v1", {pickup::Event{pickup::Accepted{}}, place, true}},
          {"pickup.rejected.v1", {pickup::Event{pickup::Rejected{fulfilment::Reason::closed}}, place, true}},
          {"pickup.staged.v1", {pickup::Event{pickup::Staged{"BIN-1", nine}}, place, true}},
          {"pickup.extended.v1", {pickup::Event{pickup::CollectionExtended{nine}}, place, true}},
          {"pickup.handed_over.v1", {pickup::Event{pickup::HandedOver{true}}, place, true}},
          {"pickup.part_handed_over.v1", {pickup::Event{pickup::PartHandedOver{true, {{1, Quantity{1}}}}}, place, true}},
          {"pickup.not_collected.v1", {pickup::Event{pickup::NotCollected{}}, place, true}},
          {"pickup.refused.v1", {pickup::Event{pickup::RefusedByCustomer{}}, place, true}},
          {"pickup.unaccepted.v1", {pickup::Event{pickup::Unaccepted{}}, place, true}},
          {"pickup.unstaged.v1", {pickup::Event{pickup::Unstaged{}}, place, true}},
          {"pickup.cancelled.v1", {pickup::Event{pickup::Cancelled{}}, place, true}}};
}

std::string said(const std::string& name, const Sample& sample) {
  auto all = family(sample.fetched);
  return partners::cloud_event({"evt_1_0_42_0", name, 3, member(an_order, sample.child), sample.event, all, nine, {0x0102030405060708, 0x090a0b0c0d0e0f10}}, source);
}

std::string read(const std::string& file) {
  std::ostringstream text;
  text << std::ifstream(std::string(ENTREPOT_ROOT) + "/tests/gateways/published_events/" + file).rdbuf();
  return text.str();
}

TEST(PublishedEvents, stay_as_they_were_released) {
  for (const auto& [name, sample] : samples())
    EXPECT_EQ(said(name, sample) + "\n", read(name + ".json")) << name;
}

TEST(PublishedEvents, are_cloud_events) {
  for (const auto& [name, sample] : samples()) {
    auto event = Json::parse(said(name, sample));
    EXPECT_EQ(event["specversion"], "1.0");
    EXPECT_EQ(event["id"], "evt_1_0_42_0");
    EXPECT_EQ(event["source"], source);
    EXPECT_EQ(event["type"], name);
    EXPECT_EQ(event["subject"], to_text(OrderId{an_order}));
    EXPECT_EQ(event["time"], "2026-03-10T09:00:00.000Z");
    EXPECT_EQ(event["datacontenttype"], "application/json");
    EXPECT_EQ(event["sequence"], "0000000003");
    EXPECT_EQ(event["correlationid"], to_text(OrderId{an_order}));
    EXPECT_EQ(event["causationid"], "01020304-0506-0708-090a-0b0c0d0e0f10");
    for (const auto& [attribute, value] : event.items())
      EXPECT_TRUE(attribute == "data" || std::ranges::all_of(attribute, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); })) << attribute;
    EXPECT_EQ(event["data"]["external_number"], "W-10001");
  }
}

TEST(PublishedEvents, never_carry_what_is_a_persons) {
  for (const auto& [name, sample] : samples())
    EXPECT_EQ(said(name, sample).find("PERSON"), std::string::npos) << name;
}

TEST(PublishedEvents, of_large_orders_stay_small_and_say_what_they_left_out) {
  auto all = family(false);
  all.order.agreement.lines.resize(2'000, all.order.agreement.lines[0]);
  const AnyEvent event = order::Event{order::Submitted{}};
  auto text = partners::cloud_event({"evt_1_0_42_0", "order.submitted.v1", 1, an_order, event, all, nine, {}}, source);
  EXPECT_LT(text.size(), 20'000u) << "as Standard Webhooks recommends";
  EXPECT_EQ(Json::parse(text)["data"]["lines"].size(), partners::published_lines);
  EXPECT_EQ(Json::parse(text)["data"]["lines_left_out"], 1'900);
}

} // namespace
} // namespace entrepot::test
