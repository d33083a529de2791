// What staff and customers do with an order that is made, over HTTP: work, boards, cancellations; and what a shop asks before it makes one.
#include "domain/fulfilment/pickup.hpp"
#include "tests/gateways/shop.hpp"

namespace entrepot::test {
namespace {

constexpr auto first = child::first_fulfilment;

/// An order in the shop, and its number.
OrderId an_order(Shop& shop) {
  auto made = shop.client().post("/v1/orders", good_order().dump(), fresh_key());
  EXPECT_EQ(made.status, 201) << made.body;
  return *order_id_from(Json::parse(made.body)["id"].get<std::string>());
}

/// The store in Leeds is asked for two mugs.
StreamId a_pickup_in_leeds(Shop& shop, OrderId order) {
  shop.ports.happens(order, first, AnyEvent{pickup::Event{pickup::Offered{*LocationCode::from("LEEDS"), {{1, *Sku::from("MUG-1"), Quantity{2}}}, now, now}}});
  return member(order.family, first);
}

/// The warehouse has two mugs to send.
StreamId a_parcel(Shop& shop, OrderId order) {
  shop.ports.happens(order, first, AnyEvent{fulfilment::Event{fulfilment::Accepted{*LocationCode::from("DC-1"), {{1, *Sku::from("MUG-1"), Quantity{2}}}, now}}});
  return member(order.family, first);
}

TEST(Work, of_a_store_is_accepted_picked_and_put_aside_by_its_staff) {
  Shop shop;
  const auto path = "/v1/pickups/" + to_text("pck_", a_pickup_in_leeds(shop, an_order(shop)));
  auto staff = shop.client("staff-leeds");
  EXPECT_EQ(Json::parse(staff.get(path).body)["status"], "offered");
  for (const auto& [verb, body, status] : {std::tuple{"accept", "{}", "accepted"}, {"start-pick", "{}", "picking"}, {"pick", R"({"lines":[{"line":1,"found":1}]})", "picked"},
                                           {"stage", R"({"bin":"B-7"})", "staged"}}) {
    auto answer = staff.post(path + "/" + verb, body, fresh_key());
    ASSERT_EQ(answer.status, 200) << verb << answer.body;
    EXPECT_EQ(Json::parse(answer.body)["status"], status);
  }
  auto item = Json::parse(staff.get(path).body);
  EXPECT_EQ(item["bin"], "B-7");
  EXPECT_EQ(item["lines"][0]["found"], 1) << "one of two mugs was there";
}

/// The bag lies in Leeds with two mugs in it; returns its path.
std::string a_bag_in_leeds(Shop& shop) {
  const auto path = "/v1/pickups/" + to_text("pck_", a_pickup_in_leeds(shop, an_order(shop)));
  auto staff = shop.client("staff-leeds");
  for (const auto& [verb, body] : {std::pair{"accept", "{}"}, {"pick", R"({"lines":[]})"}, {"stage", R"({"bin":"B-7"})"}})
    EXPECT_EQ(staff.post(path + "/" + verb, body, fresh_key()).status, 200);
  return path;
}

TEST(Work, a_customer_takes_one_of_two_mugs_and_comes_for_the_other_later) {
  Shop shop;
  const auto path = a_bag_in_leeds(shop) + "/hand-over";
  auto staff = shop.client("staff-leeds");
  const auto* one_mug = R"({"id_checked":true,"lines":[{"line":1,"quantity":1}],"rest":"stays"})";
  auto answer = staff.post(path, one_mug, fresh_key());
  ASSERT_EQ(answer.status, 200) << answer.body;
  auto item = Json::parse(answer.body);
  EXPECT_EQ(item["status"], "staged");
  EXPECT_EQ(item["lines"][0]["handed_over"], 1);
  problem_of(staff.post(path, R"({"id_checked":true,"lines":[{"line":1,"quantity":2}],"rest":"stays"})", fresh_key()), 422, "quantity-invalid");
  answer = staff.post(path, R"({"id_checked":true})", fresh_key());
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(Json::parse(answer.body)["status"], "handed_over");
  EXPECT_EQ(Json::parse(answer.body)["lines"][0]["handed_over"], 2);
}

TEST(Work, a_customer_keeps_one_of_two_mugs_and_the_other_is_to_be_put_back) {
  Shop shop;
  const auto path = a_bag_in_leeds(shop);
  auto staff = shop.client("staff-leeds");
  auto answer = staff.post(path + "/hand-over", R"({"id_checked":true,"lines":[{"line":1,"quantity":1}],"rest":"refused"})", fresh_key());
  ASSERT_EQ(answer.status, 200) << answer.body;
  auto item = Json::parse(answer.body);
  EXPECT_EQ(item["status"], "handed_over");
  EXPECT_EQ(item["put_back"], true);
  EXPECT_EQ(staff.post(path + "/put-back", "{}", fresh_key()).status, 200);
}

TEST(Work, a_parcel_that_is_lost_or_comes_back_is_said_to_be_by_staff) {
  Shop shop;
  auto staff = shop.client("admin");
  auto shipped = [&] {
    auto path = "/v1/fulfilments/" + to_text("ful_", a_parcel(shop, an_order(shop)));
    for (const auto& [verb, body] : {std::pair{"pick", R"({"lines":[]})"}, {"pack", R"({"parcels":[{"weight_grams":900}]})"}, {"ship", "{}"}})
      EXPECT_EQ(staff.post(path + "/" + verb, body, fresh_key()).status, 200);
    return path;
  };
  auto lost = shipped();
  problem_of(staff.post(lost + "/lost", R"({"reason":"stolen"})", fresh_key()), 422, "value-unknown");
  auto answer = staff.post(lost + "/lost", R"({"reason":"damaged"})", fresh_key());
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(Json::parse(answer.body)["status"], "failed");
  EXPECT_EQ(Json::parse(answer.body)["loss"], "damaged");
  auto back = shipped();
  problem_of(staff.post(back + "/return-to-origin", R"({"lines":[{"line":1,"whole":3}]})", fresh_key()), 422, "quantity-invalid");
  answer = staff.post(back + "/return-to-origin", R"({"lines":[{"line":1,"whole":1}]})", fresh_key());
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(Json::parse(answer.body)["status"], "returned_to_origin");
  EXPECT_EQ(staff.post(back + "/lost", R"({"reason":"lost"})", fresh_key()).status, 200) << "it is known, and no news";
}

/// A parcel on the board of the warehouse, as it is in the shop.
gateway::WorkItem on_board(Shop& shop, StreamId parcel, const std::vector<fulfilment::Event>& story, Duration due) {
  fulfilment::State state;
  for (const auto& event : story)
    evolve(state, event, now);
  state.due = now + due;
  return {parcel, state, now, static_cast<std::int64_t>(shop.ports.on_board.size())};
}

TEST(Work, several_parcels_are_picked_in_one_walk_the_most_urgent_first) {
  using namespace std::chrono_literals;
  Shop shop;
  auto staff = shop.client("admin");
  const auto path = std::string("/v1/locations/DC-1/waves");
  problem_of(staff.post(path, "{}", fresh_key()), 409, "nothing-to-pick");
  const fulfilment::Event work = fulfilment::Accepted{*LocationCode::from("DC-1"), {{1, *Sku::from("MUG-1"), Quantity{2}}}, now};
  std::vector<StreamId> parcels;
  for (auto due : {3h, 1h, 2h}) {
    parcels.push_back(a_parcel(shop, an_order(shop)));
    shop.ports.on_board.push_back(on_board(shop, parcels.back(), {work}, due));
  }
  problem_of(staff.post(path, R"({"parcels":0})", fresh_key()), 422, "value-out-of-range");
  auto key = fresh_key();
  auto answer = staff.post(path, R"({"parcels":2})", key);
  ASSERT_EQ(answer.status, 201) << answer.body;
  auto wave = Json::parse(answer.body);
  ASSERT_EQ(wave["fulfilments"].size(), 2U);
  ASSERT_EQ(wave["picks"].size(), 1U);
  EXPECT_EQ(wave["picks"][0]["sku"], "MUG-1");
  EXPECT_EQ(wave["picks"][0]["quantity"], 4);
  EXPECT_EQ(wave["picks"][0]["of"].size(), 2U);
  std::vector<StreamId> begun;
  for (const auto& act : shop.ports.acts)
    begun.push_back(act.to);
  EXPECT_EQ(begun, (std::vector{parcels[1], parcels[2]}));
  EXPECT_EQ(Json::parse(staff.post(path, R"({"parcels":2})", key).body)["id"], wave["id"]) << "the same request is the same wave";

  const auto id = wave["id"].get<std::string>();
  shop.ports.on_board = {on_board(shop, parcels[1], {work, fulfilment::PickStarted{id}}, 1h), on_board(shop, parcels[2], {work, fulfilment::PickStarted{id}, fulfilment::Picked{}}, 2h)};
  auto again = Json::parse(staff.get(path + "/" + id).body);
  EXPECT_EQ(again["fulfilments"].size(), 2U);
  EXPECT_EQ(again["picks"][0]["quantity"], 2) << "the other is picked";
  problem_of(staff.get(path + "/wav_nonsense"), 404, "wave-unknown");
  problem_of(shop.client("staff-leeds").post(path, "{}", fresh_key()), 403, "out-of-scope");
}

TEST(Work, who_comes_by_car_says_where_and_what_to_look_for_and_no_number_plate) {
  Shop shop;
  const auto path = a_bag_in_leeds(shop) + "/arrive";
  auto staff = shop.client("staff-leeds");
  problem_of(staff.post(path, R"({"bay":"2","car":"red Audi AB12 CDE"})", fresh_key()), 422, "value-unknown");
  auto answer = staff.post(path, R"({"bay":"2","car":"red Audi"})", fresh_key());
  ASSERT_EQ(answer.status, 200) << answer.body;
  auto item = Json::parse(answer.body);
  EXPECT_EQ(item["bay"], "2");
  EXPECT_EQ(item["car"], "red Audi");
  EXPECT_FALSE(item["arrived_at"].is_null());
}

TEST(Work, a_part_is_handed_over_only_when_it_is_said_what_becomes_of_the_rest) {
  Shop shop;
  const auto path = a_bag_in_leeds(shop) + "/hand-over";
  auto staff = shop.client("staff-leeds");
  EXPECT_EQ(staff.post(path, R"({"id_checked":true,"lines":[{"line":1,"quantity":1}]})", fresh_key()).status / 100, 4);
  problem_of(staff.post(path, R"({"id_checked":true,"lines":[{"line":1,"quantity":1}],"rest":"eaten"})", fresh_key()), 422, "value-unknown");
  problem_of(staff.post(path, R"({"id_checked":true,"lines":[{"line":7,"quantity":1}],"rest":"stays"})", fresh_key()), 422, "quantity-invalid");
}

TEST(Work, that_does_not_fit_its_status_is_refused_with_the_machines_code) {
  Shop shop;
  const auto path = "/v1/pickups/" + to_text("pck_", a_pickup_in_leeds(shop, an_order(shop)));
  auto staff = shop.client("staff-leeds");
  problem_of(staff.post(path + "/start-pick", "{}", fresh_key()), 409, "pickup-not-accepted");
  problem_of(staff.post(path + "/stage", R"({"bin":"B-7"})", fresh_key()), 409, "pickup-not-picked");
  problem_of(staff.post(path + "/reject", R"({"reason":"bad-mood"})", fresh_key()), 422, "value-unknown");
  staff.post(path + "/accept", "{}", fresh_key());
  problem_of(staff.post(path + "/pick", R"({"lines":[{"line":1,"found":0}]})", fresh_key()), 422, "quantity-invalid");
}

TEST(Work, of_a_warehouse_is_picked_packed_and_shipped) {
  Shop shop;
  const auto path = "/v1/fulfilments/" + to_text("ful_", a_parcel(shop, an_order(shop)));
  auto admin = shop.client("admin");
  for (const auto& [verb, body, status] : {std::tuple{"start-pick", "{}", "picking"}, {"pick", R"({"lines":[]})", "picked"}, {"pack", R"({"parcels":[{"weight_grams":900}]})", "packed"},
                                           {"ship", R"({"tracking":"T-1"})", "shipped"}, {"deliver", "{}", "delivered"}}) {
    auto answer = admin.post(path + "/" + verb, body, fresh_key());
    ASSERT_EQ(answer.status, 200) << verb << answer.body;
    EXPECT_EQ(Json::parse(answer.body)["status"], status);
  }
  EXPECT_EQ(Json::parse(admin.get(path).body)["tracking"], "T-1");
}

TEST(Work, is_nobodys_who_works_elsewhere) {
  Shop shop;
  const auto order = an_order(shop);
  const auto path = "/v1/fulfilments/" + to_text("ful_", a_parcel(shop, order));
  problem_of(shop.client("staff-leeds").post(path + "/start-pick", "{}", fresh_key()), 403, "out-of-scope");
  problem_of(shop.client("gw-web").post(path + "/start-pick", "{}", fresh_key()), 403, "role-not-allowed");
  EXPECT_TRUE(shop.ports.acts.empty());
}

TEST(Work, that_is_not_there_is_404) {
  Shop shop;
  auto admin = shop.client("admin");
  problem_of(admin.get("/v1/pickups/pck_nonsense"), 404, "pickup-unknown");
  problem_of(admin.get("/v1/fulfilments/ful_nonsense"), 404, "fulfilment-unknown");
  problem_of(admin.post("/v1/pickups/pck_nonsense/accept", "{}", fresh_key()), 404, "pickup-unknown");
}

TEST(ABoard, shows_what_a_place_has_to_do_and_nothing_of_another) {
  Shop shop;
  const auto order = an_order(shop);
  pickup::State waiting;
  evolve(waiting, pickup::Event{pickup::Offered{*LocationCode::from("LEEDS"), {{1, *Sku::from("MUG-1"), Quantity{2}}}, now, now}}, now);
  shop.ports.on_board = {{member(order.family, first), waiting, now, 5}};
  auto board = Json::parse(shop.client("staff-leeds").get("/v1/locations/LEEDS/pickups").body);
  ASSERT_EQ(board["items"].size(), 1U);
  EXPECT_EQ(board["items"][0]["order"], to_text(order));
  EXPECT_EQ(board["items"][0]["change"], 5);
  EXPECT_EQ(board["as_of"], 17);
  EXPECT_TRUE(Json::parse(shop.client("staff-leeds").get("/v1/locations/LEEDS/fulfilments").body)["items"].empty());
  problem_of(shop.client("staff-leeds").get("/v1/locations/DC-1/pickups"), 403, "out-of-scope");
  problem_of(shop.client("admin").get("/v1/locations/ATLANTIS/pickups"), 404, "location-unknown");
  problem_of(shop.client("gw-web").get("/v1/locations/LEEDS/pickups"), 403, "role-not-allowed");
}

TEST(ABoard, lists_bags_by_age_the_oldest_first_and_says_what_is_due_today) {
  Shop shop;
  const auto order = an_order(shop);
  auto bag = [&](int days, int left, bool ready = true) {
    pickup::State state;
    evolve(state, pickup::Event{pickup::Offered{*LocationCode::from("LEEDS"), {{1, *Sku::from("MUG-1"), Quantity{2}}}, now, now}}, now);
    if (ready) {
      evolve(state, pickup::Event{pickup::Accepted{}}, now);
      evolve(state, pickup::Event{pickup::Picked{}}, now);
      evolve(state, pickup::Event{pickup::Staged{"B-" + std::to_string(days), now + std::chrono::days{left}}}, now - std::chrono::days{days});
    }
    return state;
  };
  shop.ports.on_board = {{member(order.family, first), bag(1, 6), now, 5}, {member(order.family, first + 1), bag(7, 0), now, 6}, {member(order.family, first + 2), bag(0, 7, false), now, 7}};
  auto answer = shop.client("staff-leeds").get("/v1/locations/LEEDS/ageing");
  ASSERT_EQ(answer.status, 200) << answer.body;
  auto list = Json::parse(answer.body);
  ASSERT_EQ(list["bags"].size(), 2U) << "one is not ready";
  EXPECT_EQ(list["bags"][0]["pickup"]["bin"], "B-7");
  EXPECT_EQ(list["bags"][0]["age_days"], 7);
  EXPECT_EQ(list["bags"][0]["due_today"], true);
  EXPECT_EQ(list["bags"][1]["due_today"], false);
  EXPECT_EQ(list["ages"], Json::parse(R"([{"days":1,"bags":1},{"days":7,"bags":1}])"));
  EXPECT_EQ(list["due_today"], 1);
  problem_of(shop.client("staff-leeds").get("/v1/locations/DC-1/ageing"), 403, "out-of-scope");
}

TEST(ABoard, shows_the_carrier_and_the_number_of_a_packed_parcel) {
  Shop shop;
  const auto order = an_order(shop);
  fulfilment::State packed;
  auto shown = [&](std::initializer_list<fulfilment::Event> events) {
    for (const auto& event : events)
      evolve(packed, event, now);
    shop.ports.on_board = {{member(order.family, first), packed, now, 5}};
    return Json::parse(shop.client("admin").get("/v1/locations/DC-1/fulfilments").body)["items"][0]["label"];
  };
  EXPECT_EQ(shown({fulfilment::Accepted{*LocationCode::from("DC-1"), {{1, *Sku::from("MUG-1"), Quantity{2}}}, now}, fulfilment::Picked{}, fulfilment::Packed{{{900}}}}), Json());
  EXPECT_EQ(shown({fulfilment::LabelAsked{"ful_1/1", "Fedex"}}), Json::parse(R"({"status":"awaited","carrier":"Fedex","tracking":null,"document":null,"code":null})"));
  EXPECT_EQ(shown({fulfilment::Labelled{"TRK-1", "https://label"}}),
            Json::parse(R"({"status":"ready","carrier":"Fedex","tracking":"TRK-1","document":"https://label","code":null})"));
  EXPECT_EQ(shown({fulfilment::Unpacked{}}), Json());
}

TEST(ACancellation, is_taken_and_says_that_places_are_asked) {
  Shop shop;
  const auto order = an_order(shop);
  auto answer = shop.client().post("/v1/orders/" + to_text(order) + "/cancellations", R"({"reason":"changed my mind"})", fresh_key());
  ASSERT_EQ(answer.status, 202) << answer.body;
  EXPECT_EQ(Json::parse(answer.body)["status"], "cancelling");
  ASSERT_EQ(shop.ports.acts.size(), 1U);
  const auto& cancel = std::get<order::Cancel>(std::get<order::Command>(shop.ports.acts[0].command));
  EXPECT_EQ(cancel.code, "customer");
  EXPECT_EQ(cancel.text, "changed my mind");
}

TEST(ACancellation, repeated_is_the_same_command) {
  Shop shop;
  const auto path = "/v1/orders/" + to_text(an_order(shop)) + "/cancellations";
  auto key = fresh_key();
  shop.client().post(path, "{}", key);
  shop.client().post(path, "{}", key);
  ASSERT_EQ(shop.ports.acts.size(), 2U);
  EXPECT_EQ(shop.ports.acts[0].id, shop.ports.acts[1].id);
}

TEST(ACancellation, is_the_customers_or_the_shops_and_of_an_order_that_there_is) {
  Shop shop;
  const auto path = "/v1/orders/" + to_text(an_order(shop)) + "/cancellations";
  problem_of(shop.client("staff-leeds").post(path, "{}", fresh_key()), 403, "role-not-allowed");
  problem_of(shop.client().post(path, "{}"), 400, "idempotency-key-missing");
  problem_of(shop.client().post("/v1/orders/ord_nonsense/cancellations", "{}", fresh_key()), 404, "order-unknown");
  EXPECT_TRUE(shop.ports.acts.empty());
}

TEST(AHold, keeps_an_order_back_until_finance_lets_it_go_on) {
  Shop shop;
  const auto order = an_order(shop);
  const auto path = "/v1/orders/" + to_text(order) + "/holds";
  auto held = shop.client().post(path, R"({"code":"bad_address","text":"no such street"})", fresh_key());
  ASSERT_EQ(held.status, 200) << held.body;
  EXPECT_EQ(std::get<order::PutOnHold>(std::get<order::Command>(shop.ports.acts.at(0).command)).code, "bad_address");
  shop.ports.happens(order, child::order, AnyEvent{order::Event{order::PlacedOnHold{"bad_address", "no such street"}}});
  auto seen = Json::parse(shop.client().get("/v1/orders/" + to_text(order)).body);
  EXPECT_EQ(seen["on_hold"][0]["code"], "bad_address");
  problem_of(shop.client("staff-leeds").post(path + "/bad_address/release", "{}", fresh_key()), 403, "role-not-allowed");
  problem_of(shop.client("finance").post(path + "/fraud/release", "{}", fresh_key()), 409, "not-on-hold");
  EXPECT_EQ(shop.client("finance").post(path + "/bad_address/release", "{}", fresh_key()).status, 200);
}

TEST(AHold, has_a_reason_that_is_known) {
  Shop shop;
  const auto path = "/v1/orders/" + to_text(an_order(shop)) + "/holds";
  problem_of(shop.client().post(path, R"({"code":"whim","text":"no"})", fresh_key()), 422, "value-unknown");
  problem_of(shop.client().post(path, R"({"code":"fraud"})", fresh_key()), 400, "field-missing");
  problem_of(shop.client("staff-leeds").post(path, R"({"code":"fraud","text":"no"})", fresh_key()), 403, "role-not-allowed");
  EXPECT_TRUE(shop.ports.acts.empty());
}

TEST(Availability, says_for_a_basket_what_the_channel_can_deliver) {
  Shop shop;
  auto answer = shop.client().get("/v1/availability?channel=web&lines=MUG-1:2");
  ASSERT_EQ(answer.status, 200) << answer.body;
  auto body = Json::parse(answer.body);
  EXPECT_TRUE(body["stores"].empty()) << "this channel has no pickup";
  ASSERT_FALSE(body["delivery"].empty());
  EXPECT_EQ(body["delivery"][0]["available"], true);
  auto too_many = Json::parse(shop.client().get("/v1/availability?channel=web&lines=MUG-1:6").body);
  EXPECT_EQ(too_many["delivery"][0]["available"], false) << "of ten mugs five are promised";
}

/// Whether the depot's ten mugs can be delivered as its profile is, after one order that was sent.
bool can_be_delivered(const std::function<void(stock::Profile&)>& change, int units = 1) {
  Shop shop;
  const auto depot = *LocationCode::from("DC-1");
  auto profile = *shop.ports.known->locations.at(depot);
  change(profile);
  stock::State place;
  stock::evolve(place, stock::Defined{profile}, now);
  stock::evolve(place, stock::Received{"ASN-1", {{{profile.owner, *Sku::from("MUG-1")}, 11}}}, now);
  stock::evolve(place, stock::Held{{family_number(7, now, 1)}, 0, profile.owner, {{1, *Sku::from("MUG-1"), Quantity{1}}}, true}, now);
  shop.ports.places[stream_of(depot)] = place;
  auto answer = shop.client().get("/v1/availability?channel=web&lines=MUG-1:" + std::to_string(units));
  EXPECT_EQ(answer.status, 200) << answer.body;
  return Json::parse(answer.body)["delivery"][0]["available"].get<bool>();
}

TEST(Availability, of_a_delivery_looks_at_what_a_place_keeps_back_how_many_orders_it_sends_and_whether_it_is_heard_of) {
  EXPECT_TRUE(can_be_delivered([](stock::Profile&) {}, 10));
  EXPECT_TRUE(can_be_delivered([](stock::Profile& place) { place.safety = {{"home", {}, 3}}; }, 7));
  EXPECT_FALSE(can_be_delivered([](stock::Profile& place) { place.safety = {{"home", {}, 3}}; }, 8));
  EXPECT_TRUE(can_be_delivered([](stock::Profile& place) { place.orders_a_day = 2; }));
  EXPECT_FALSE(can_be_delivered([](stock::Profile& place) { place.orders_a_day = 1; }));
  EXPECT_FALSE(can_be_delivered([](stock::Profile& place) { place.fed_by = "wms"; }));
}

TEST(Availability, of_what_cannot_be_asked_is_refused_by_the_parameters_name) {
  Shop shop;
  auto client = shop.client();
  for (const auto* query : {"", "?channel=moon", "?channel=web&lines=MUG-1:0", "?channel=web&lines=MUG-1:x", "?channel=web&near=here"})
    problem_of(client.get(std::string("/v1/availability") + query), 400, "parameter-invalid");
  problem_of(client.get("/v1/availability?channel=web&colour=red"), 400, "parameter-unknown");
  problem_of(shop.client("finance").get("/v1/availability?channel=web"), 403, "role-not-allowed");
}

} // namespace
} // namespace entrepot::test
