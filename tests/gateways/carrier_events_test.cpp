// POST /v1/carrier-events over HTTP: who may tell what of a parcel, and what comes of it.
#include "tests/gateways/signing.hpp"

namespace entrepot::test {
namespace {

using api::EventOutcome;
using Events = std::vector<fulfilment::Event>;

constexpr auto first = child::first_fulfilment;
constexpr auto path = "/v1/carrier-events";

/// Each event is made before it goes into the list: braces within braces of a variant cost the compiler a minute.
template <class... Event>
Events happened(Event... events) {
  return {fulfilment::Event{std::move(events)}...};
}

const Events accepted = happened(fulfilment::Accepted{*LocationCode::from("DC-1"), {{1, *Sku::from("MUG-1"), Quantity{2}}}, now});
const Events packed = happened(fulfilment::Picked{}, fulfilment::Packed{{{900}}});
const Events label_asked = happened(fulfilment::LabelAsked{"ful_1/1", "post"}), labelled = happened(fulfilment::Labelled{"TRK-1", "https://label"});

/// A parcel to which all that has happened, of an order of its own.
template <class... Stories>
StreamId a_parcel(Shop& shop, const Stories&... told) {
  std::vector<Events> stories;
  (stories.push_back(told), ...);
  auto made = shop.client().post("/v1/orders", good_order().dump(), fresh_key());
  EXPECT_EQ(made.status, 201) << made.body;
  auto order = *order_id_from(Json::parse(made.body)["id"].get<std::string>());
  for (const auto& story : stories)
    for (const auto& event : story)
      shop.ports.happens(order, first, AnyEvent{event});
  return member(order.family, first);
}
StreamId a_shipped_parcel(Shop& shop) {
  return a_parcel(shop, accepted, packed, label_asked, labelled, Events{fulfilment::Shipped{"TRK-1"}});
}

Json delivered(StreamId parcel, const std::string& tracking = "TRK-1") {
  return {{"type", "delivered"}, {"reference", to_text("ful_", parcel)}, {"tracking", tracking}, {"occurred_at", "2026-03-10T08:30:00Z"}};
}

http::Answer tell(Shop& shop, const Json& event, const Signing& how = {}) { return shop.client("").post(path, event.dump(), signed_by(event.dump(), how)); }

std::string status_of(Shop& shop, StreamId parcel) { return Json::parse(shop.client("admin").get("/v1/fulfilments/" + to_text("ful_", parcel)).body).value("status", ""); }

TEST(TheCarrier, delivers_a_parcel_and_is_named_for_it) {
  Shop shop;
  auto parcel = a_shipped_parcel(shop);
  expect_taken(tell(shop, delivered(parcel)), "taken");
  EXPECT_EQ(status_of(shop, parcel), "delivered");
  ASSERT_EQ(shop.ports.acts.size(), 1U);
  EXPECT_EQ(shop.ports.acts[0].to, parcel);
  EXPECT_EQ(shop.ports.acts[0].origin.by, "carrier");
  EXPECT_EQ(shop.ports.acts[0].origin.occurred_at, from_rfc3339("2026-03-10T08:30:00Z"));
  EXPECT_EQ(shop.carrier_counts->of(EventOutcome::taken), 1U);
}

TEST(TheCarrier, is_nobody_without_the_right_signature) {
  Shop shop;
  auto parcel = a_shipped_parcel(shop);
  auto body = delivered(parcel).dump();
  const auto right = signed_by(body);
  for (std::size_t left_out = 0; left_out < right.size(); ++left_out) {
    auto headers = right;
    headers.erase(headers.begin() + static_cast<std::ptrdiff_t>(left_out));
    problem_of(shop.client("").post(path, body, headers), 401, "signature-invalid");
    headers = right;
    headers.push_back(right[left_out]);
    problem_of(shop.client("").post(path, body, headers), 401, "signature-invalid");
  }
  auto answer = tell(shop, delivered(parcel), {.secret = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"});
  problem_of(answer, 401, "signature-invalid");
  EXPECT_EQ(answer.header("www-authenticate"), "StandardWebhooks");
  problem_of(shop.client("").post(path, body + " ", right), 401, "signature-invalid");
  problem_of(shop.client("").post(path, body, {{"webhook-id", "evt_2"}, right[1], right[2]}), 401, "signature-invalid");
  problem_of(shop.client("").post(path, body, {right[0], {"webhook-timestamp", "soon"}, right[2]}), 401, "signature-invalid");
  problem_of(shop.client("admin").post(path, body, fresh_key()), 401, "signature-invalid");
  EXPECT_TRUE(shop.ports.acts.empty());
  EXPECT_EQ(shop.carrier_counts->of(EventOutcome::not_signed), 11U);
}

TEST(TheCarrier, signs_within_five_minutes) {
  Shop shop;
  auto parcel = a_shipped_parcel(shop);
  using namespace std::chrono_literals;
  problem_of(tell(shop, delivered(parcel), {.at = now - 301s}), 401, "timestamp-out-of-window");
  problem_of(tell(shop, delivered(parcel), {.at = now + 301s}), 401, "timestamp-out-of-window");
  EXPECT_TRUE(shop.ports.acts.empty());
  expect_taken(tell(shop, delivered(parcel), {.at = now - 300s}), "taken");
  expect_taken(tell(shop, delivered(parcel), {.id = "evt_2", .at = now + 300s}), "repeated");
}

TEST(TheCarrier, may_sign_with_two_secrets_while_one_is_changed) {
  Shop shop;
  auto parcel = a_shipped_parcel(shop);
  auto body = delivered(parcel).dump();
  auto headers = signed_by(body);
  headers[2].second = signed_by(body, {.secret = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"})[2].second + " " + headers[2].second;
  expect_taken(shop.client("").post(path, body, headers), "taken");
}

TEST(TheCarrier, is_told_which_field_is_wrong) {
  Shop shop;
  auto good = delivered(a_shipped_parcel(shop));
  auto with = [&](const char* field, const Json& value) {
    auto body = good;
    body[field] = value;
    return body;
  };
  auto without = [&](const char* field) {
    auto body = good;
    body.erase(field);
    return body;
  };
  struct Case { Json body; int status; std::string code, pointer; };
  for (const auto& [body, status, code, pointer] : {
           Case{without("type"), 400, "field-missing", "/type"}, Case{without("reference"), 400, "field-missing", "/reference"}, Case{without("tracking"), 400, "field-missing", "/tracking"},
           Case{without("occurred_at"), 400, "field-missing", "/occurred_at"}, Case{with("type", 7), 400, "type-wrong", "/type"}, Case{with("reference", Json::array()), 400, "type-wrong", "/reference"},
           Case{with("type", ""), 422, "text-invalid", "/type"}, Case{with("tracking", ""), 422, "text-invalid", "/tracking"}, Case{with("tracking", std::string(65, 'T')), 422, "text-invalid", "/tracking"},
           Case{with("occurred_at", "yesterday"), 422, "time-invalid", "/occurred_at"}, Case{with("occurred_at", "2026-03-10T09:06:00Z"), 422, "time-invalid", "/occurred_at"},
           Case{with("weight", 900), 400, "field-unknown", "/weight"}}) {
    auto problem = problem_of(tell(shop, body), status, code);
    ASSERT_FALSE(problem["errors"].empty()) << body;
    EXPECT_EQ(problem["errors"][0]["pointer"], pointer) << body;
  }
  problem_of(tell(shop, Json::array()), 400, "type-wrong");
  for (const std::string text : {"", "{", "delivered", R"({"type":"delivered","type":"delivered"})"})
    problem_of(shop.client("").post(path, text, signed_by(text)), 400, "json-malformed");
  auto body = good.dump();
  auto headers = signed_by(body);
  headers.emplace_back("Content-Type", "text/plain");
  problem_of(shop.client("").post(path, body, headers), 415, "media-type-unsupported");
  EXPECT_TRUE(shop.ports.acts.empty());
  EXPECT_EQ(shop.carrier_counts->of(EventOutcome::malformed), 18U);
}

TEST(TheCarrier, may_tell_more_than_is_listened_to) {
  Shop shop;
  auto weighed = delivered(a_shipped_parcel(shop));
  weighed["type"] = "weighed";
  expect_taken(tell(shop, weighed), "ignored");
  expect_taken(tell(shop, Json::parse(R"({"type":"address_changed","by":{"whom":["nobody"]}})")), "ignored");
  EXPECT_TRUE(shop.ports.acts.empty());
  EXPECT_EQ(shop.carrier_counts->of(EventOutcome::ignored), 2U);
}

TEST(TheCarrier, who_is_faster_than_the_staffs_tap_is_asked_to_tell_it_again) {
  Shop shop;
  const Events stop_asked{fulfilment::StopAsked{now}}, shipped{fulfilment::Shipped{}};
  for (auto parcel : {a_parcel(shop, accepted, packed, label_asked, labelled), a_parcel(shop, accepted, packed, label_asked, labelled, stop_asked)})
    problem_of(tell(shop, delivered(parcel)), 409, "not-shipped-yet");
  for (auto parcel : {a_parcel(shop, accepted, packed, label_asked), a_parcel(shop, accepted, packed, label_asked, shipped)})
    problem_of(tell(shop, delivered(parcel)), 409, "label-awaited");
  EXPECT_TRUE(shop.ports.acts.empty());
  EXPECT_EQ(shop.carrier_counts->of(EventOutcome::too_early), 4U);

  auto parcel = a_parcel(shop, accepted, packed, label_asked, labelled);
  problem_of(tell(shop, delivered(parcel)), 409, "not-shipped-yet");
  shop.ports.happens({family_of(parcel)}, first, AnyEvent{fulfilment::Event{fulfilment::Shipped{"TRK-1"}}});
  expect_taken(tell(shop, delivered(parcel)), "taken"); // the same message again
}

TEST(TheCarrier, who_tells_it_twice_changes_nothing_more) {
  Shop shop;
  auto parcel = a_shipped_parcel(shop);
  expect_taken(tell(shop, delivered(parcel)), "taken");
  expect_taken(tell(shop, delivered(parcel)), "repeated");
  expect_taken(tell(shop, delivered(parcel), {.id = "evt_2"}), "repeated");
  ASSERT_EQ(shop.ports.acts.size(), 3U);
  EXPECT_EQ(shop.ports.acts[0].id, shop.ports.acts[1].id) << "one message is one command, however often it comes";
  EXPECT_NE(shop.ports.acts[0].id, shop.ports.acts[2].id);
  EXPECT_EQ(shop.carrier_counts->of(EventOutcome::taken), 1U);
  EXPECT_EQ(shop.carrier_counts->of(EventOutcome::repeated), 2U);
}

TEST(TheCarrier, is_thanked_and_people_look_when_the_work_was_cancelled_or_rejected) {
  Shop shop;
  const Events cancelled{fulfilment::Cancelled{}}, rejected{fulfilment::Rejected{fulfilment::Reason::damaged}};
  const std::pair<StreamId, std::string> closed[] = {{a_parcel(shop, accepted, packed, label_asked, labelled, cancelled), "cancelled"},
                                                     {a_parcel(shop, accepted, packed, label_asked, cancelled), "cancelled"},
                                                     {a_parcel(shop, accepted, rejected), "rejected"}};
  for (const auto& [parcel, word] : closed) {
    expect_taken(tell(shop, delivered(parcel)), "closed");
    EXPECT_EQ(shop.logged.back(), "the carrier has news of " + to_text("ful_", parcel) + ", which is " + word);
  }
  EXPECT_TRUE(shop.ports.acts.empty());
  EXPECT_EQ(shop.carrier_counts->of(EventOutcome::closed), 3U);
}

TEST(TheCarrier, knows_parcels_by_their_own_number_alone) {
  Shop shop;
  auto parcel = a_shipped_parcel(shop);
  auto reference = [&](const std::string& text) {
    auto event = delivered(parcel);
    event["reference"] = text;
    return event;
  };
  for (const auto& text : {std::string("ful_nonsense"), to_text("pck_", parcel), to_text("ord_", family_of(parcel)), to_text("ful_", member(family_of(parcel), first + 1)),
                           to_text("ful_", member(StreamId{1 << 20}, first))})
    problem_of(tell(shop, reference(text)), 404, "fulfilment-unknown");
  problem_of(tell(shop, delivered(parcel, "TRK-2")), 404, "fulfilment-unknown");
  problem_of(tell(shop, delivered(a_parcel(shop, accepted, packed, label_asked, labelled, Events{fulfilment::Shipped{"OWN-1"}}))), 404, "fulfilment-unknown");
  problem_of(tell(shop, delivered(a_parcel(shop, accepted, packed, label_asked, Events{fulfilment::LabelFailed{"no"}, fulfilment::Shipped{}}))), 404, "fulfilment-unknown");
  problem_of(tell(shop, delivered(a_parcel(shop, accepted, packed))), 404, "fulfilment-unknown");
  problem_of(tell(shop, delivered(a_parcel(shop, accepted, packed, label_asked, labelled, Events{fulfilment::Cancelled{}}), "TRK-2")), 404, "fulfilment-unknown");
  EXPECT_TRUE(shop.ports.acts.empty());
  EXPECT_EQ(shop.carrier_counts->of(EventOutcome::unknown), 10U);
  expect_taken(tell(shop, delivered(a_parcel(shop, accepted, packed, Events{fulfilment::Shipped{"TRK-1"}}))), "taken"); // a number that staff typed is as good
}

Json news(const std::string& type, StreamId parcel) {
  auto event = delivered(parcel);
  event["type"] = type;
  return event;
}

std::string field_of(Shop& shop, StreamId parcel, const char* field) {
  auto value = Json::parse(shop.client("admin").get("/v1/fulfilments/" + to_text("ful_", parcel)).body)[field];
  return value.is_null() ? "null" : value.get<std::string>();
}

TEST(TheCarrier, says_where_a_parcel_is_and_the_parcel_is_still_under_way) {
  Shop shop;
  auto parcel = a_shipped_parcel(shop);
  EXPECT_EQ(field_of(shop, parcel, "carrier_says"), "null");
  for (const auto* type : {"in_transit", "exception", "out_for_delivery", "available_for_pickup", "return_to_sender"}) {
    expect_taken(tell(shop, news(type, parcel), {.id = std::string("evt_") + type}), "taken");
    expect_taken(tell(shop, news(type, parcel), {.id = std::string("evt_again_") + type}), "repeated");
    EXPECT_EQ(field_of(shop, parcel, "carrier_says"), type);
    EXPECT_EQ(status_of(shop, parcel), "shipped");
  }
}

TEST(TheCarrier, who_has_a_packed_parcel_in_the_van_has_it) {
  Shop shop;
  auto parcel = a_parcel(shop, accepted, packed, label_asked, labelled);
  expect_taken(tell(shop, news("pre_transit", parcel)), "ignored");
  expect_taken(tell(shop, news("in_transit", parcel), {.id = "evt_2"}), "taken");
  EXPECT_EQ(status_of(shop, parcel), "shipped");
  EXPECT_EQ(field_of(shop, parcel, "tracking"), "TRK-1");
}

TEST(TheCarrier, loses_and_damages_parcels_but_none_that_was_delivered) {
  Shop shop;
  for (const auto* type : {"lost", "damaged"}) {
    auto parcel = a_shipped_parcel(shop);
    expect_taken(tell(shop, news(type, parcel), {.id = std::string("evt_") + type}), "taken");
    EXPECT_EQ(status_of(shop, parcel), "failed");
    EXPECT_EQ(field_of(shop, parcel, "loss"), type);
    expect_taken(tell(shop, delivered(parcel), {.id = std::string("evt_late_") + type}), "taken");
    EXPECT_EQ(status_of(shop, parcel), "failed") << "another may be on its way: a person looks";
    EXPECT_EQ(field_of(shop, parcel, "carrier_says"), "delivered");
  }
  auto arrived = a_shipped_parcel(shop);
  expect_taken(tell(shop, delivered(arrived), {.id = "evt_3"}), "taken");
  expect_taken(tell(shop, news("lost", arrived), {.id = "evt_4"}), "closed");
  EXPECT_EQ(status_of(shop, arrived), "delivered");
}

TEST(TheCarrier, is_not_listened_to_where_no_secret_is_known) {
  Shop shop(quick(), http::limits::requests_per_client, false);
  problem_of(tell(shop, delivered(a_shipped_parcel(shop))), 503, "carrier-events-not-configured");
  EXPECT_TRUE(shop.ports.acts.empty());
}

TEST(TheCarrier, has_its_share_of_the_server_like_anybody) {
  auto options = quick();
  Shop shop(options, 0);
  auto event = Json::parse(R"({"type":"in_transit"})");
  problem_of(tell(shop, event), 429, "too-many-requests");
}

} // namespace
} // namespace entrepot::test
