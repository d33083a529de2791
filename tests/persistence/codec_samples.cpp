#include "tests/persistence/codec_samples.hpp"

namespace entrepot::tests {
namespace {

Currency gbp() { return *Currency::from("GBP"); }
Money pounds(std::int64_t minor) { return {minor, gbp()}; }
Timestamp at(std::string_view text) { return *from_rfc3339(text); }
Sku sku(std::string_view code) { return *Sku::from(code); }
LocationCode place(std::string_view code) { return *LocationCode::from(code); }
EntityCode entity(std::string_view code) { return *EntityCode::from(code); }
OrderId an_order() { return {family_number(1234, at("2026-03-10T09:00:00Z"), 7)}; }

order::Agreement guest_agreement() {
  order::Agreement all;
  all.channel = *ChannelCode::from("till");
  all.channel_version = 1;
  all.organisation = entity("uk");
  all.workflow = "bodah";
  all.lines = {{.number = 1, .sku = sku("MUG-1"), .name = "Mug", .quantity = Quantity{1}, .unit_price = pounds(900), .total = pounds(900), .category = {}, .tax_class = {}}};
  all.delivery.option = "std";
  all.delivery.issue_at = at("2026-03-11T16:00:00Z");
  all.instalments = {{.number = 1, .moment = payment::Moment::on_order, .method = payment::Method::card, .amount = pounds(900)}};
  all.total = pounds(900);
  return all;
}

/// Where the goods leave from is found by rules.
order::Agreement sourced_agreement() {
  auto some = guest_agreement();
  some.delivery.near = stock::Point{53'800'000, -1'500'000};
  return some;
}

sourcing::Choice a_choice() {
  return {.attempt = 1,
          .outcome = sourcing::Outcome::back_order,
          .rule = "two places",
          .parts = {{.location = place("S-1"), .lines = {{1, sku("MUG-1"), Quantity{2}}}, .answer_by = at("2026-03-10T09:30:00Z")}, {.location = place("DC-1"), .lines = {{2, sku("TEA.250"), Quantity{1}}}}},
          .missing = {{2, sku("TEA.250"), Quantity{3}}},
          .until = at("2026-03-24T09:00:00Z"),
          .candidates = {{place("S-1"), 5'123, {}}, {place("DC-1"), -1, {}}, {place("S-2"), 12'000, {"no-capacity", "short"}}},
          .others = 4,
          .behind_promise = true};
}

/// A channel that finds places for its deliveries.
channel::Definition a_sourcing_channel();
channel::Definition a_transferring_channel();

order::Agreement pickup_agreement() {
  auto all = guest_agreement();
  all.workflow = "bopis";
  all.delivery = {};
  all.collection = {place("S-1"), at("2026-03-10T12:00:00Z")};
  all.answer_by = at("2026-03-10T10:30:00Z");
  return all;
}

/// A pickup that a call centre took: to be paid by link, with a price of its own, beside what the customer took home at once.
order::Agreement assisted_agreement() {
  auto all = pickup_agreement();
  all.collection.wanted_at = at("2026-03-12T11:00:00Z");
  all.lines.front().list_price = pounds(1000);
  all.lines.front().price_reason = *ReasonCode::from("display-model");
  all.assisted_by = *EmployeeNumber::from("E-17");
  all.origin = place("S-1");
  all.taken_now = {place("S-1"), "till-2", "R-100"};
  all.pay_later = true;
  all.pay_by = at("2026-03-10T20:00:00Z");
  all.pay_within = std::chrono::minutes{20};
  all.holds = {{"fraud", "The caller would not be called back."}};
  return all;
}

/// A marketplace, or a till, had the money when the order came.
order::Agreement collected_agreement() {
  auto all = guest_agreement();
  all.instalments = {{.number = 1, .moment = payment::Moment::on_order, .method = payment::Method::collected, .amount = pounds(400), .taken_by = {}, .reference = "M-1001"},
                     {.number = 2, .moment = payment::Moment::on_order, .method = payment::Method::till, .amount = pounds(500), .taken_by = "till-2", .reference = "R-101"}};
  return all;
}

/// The same, from a channel that brings to its stores what they have not got.
order::Agreement brought_agreement() {
  auto all = pickup_agreement();
  all.collection.by_transfer = true;
  return all;
}

order::Choice another_store() { return {.way = order::Way::another_store, .collection = {place("S-2"), at("2026-03-11T12:00:00Z")}, .delivery = {}, .answer_by = at("2026-03-10T10:30:00Z")}; }
order::Choice a_delivery_instead() {
  auto delivery = sourced_agreement().delivery;
  delivery.address = {"c2VhbGVk"};
  return {.way = order::Way::delivery, .collection = {}, .delivery = delivery, .answer_by = {}};
}
/// A place from which the goods are brought to the store.
sourcing::Choice a_source() {
  return {.attempt = 1,
          .outcome = sourcing::Outcome::placed,
          .rule = "ship to store",
          .parts = {{.location = place("DC-1"), .lines = {{1, sku("MUG-1"), Quantity{2}}}, .answer_by = {}, .to = place("S-1"), .owner = entity("uk")}},
          .missing = {},
          .until = {},
          .candidates = {{.location = place("DC-1"), .metres = 120'000}},
          .others = 0,
          .ready_by = at("2026-03-11T14:00:00Z"),
          .leave_by = at("2026-03-10T12:00:00Z"),
          .there_by = at("2026-03-11T12:00:00Z")};
}
/// The store that a customer chose instead.
sourcing::Choice a_customers_choice() {
  return {.attempt = 1,
          .outcome = sourcing::Outcome::placed,
          .rule = {},
          .parts = {{.location = place("S-2"), .lines = {{1, sku("MUG-1"), Quantity{2}}}, .answer_by = at("2026-03-10T10:30:00Z")}},
          .missing = {},
          .until = {},
          .candidates = {{.location = place("S-2")}},
          .others = 0,
          .behind_promise = true,
          .customers_choice = 1,
          .ready_by = at("2026-03-11T12:00:00Z")};
}

std::vector<order::LineUnits> units() { return {{1, Quantity{2}}, {2, Quantity{1}}}; }
std::vector<fulfilment::Line> work() { return {{1, sku("MUG-1"), Quantity{2}}, {2, sku("TEA.250"), Quantity{1}}}; }

channel::Definition a_channel() {
  channel::Definition web;
  web.code = *ChannelCode::from("web");
  web.name = "Web shop";
  web.organisation = entity("uk");
  web.currency = gbp();
  web.price_list = "retail";
  web.workflows = {"bodah"};
  web.delivery = {{.code = "24h", .name = "Transport 24h", .charge = pounds(495), .promise = std::chrono::hours{24}, .lead = std::chrono::hours{18}, .terms = "DDP",
                   .carrier = "swift", .ship_from = place("DC-1")},
                  {.code = "std", .name = "Transport", .charge = pounds(0), .promise = {}, .lead = std::chrono::hours{48}, .terms = "DDP", .carrier = "swift", .ship_from = place("DC-1")}};
  web.payment = {{.level = "gold", .category = "home", .from = at("2026-01-01T00:00:00Z"), .to = at("2027-01-01T00:00:00Z"),
                  .shares = {{payment::Moment::on_order, payment::Method::card, 20, 1000}, {payment::Moment::on_invoice, payment::Method::account, 100, 0}}},
                 {.level = {}, .category = {}, .from = {}, .to = {}, .shares = {{payment::Moment::on_issue, payment::Method::card, 100, 0}}}};
  web.pickup_stores = {place("S-1"), place("S-2")};
  web.tax_class_of_services = "standard";
  return web;
}

channel::Definition a_german_till() {
  channel::Definition till;
  till.code = *ChannelCode::from("till");
  till.name = "Till";
  till.organisation = entity("de");
  till.currency = *Currency::from("EUR");
  till.price_list = "retail";
  till.workflows = {"bodah"};
  till.payment = {{.level = {}, .category = {}, .from = {}, .to = {}, .shares = {{payment::Moment::on_order, payment::Method::card, 100, 0}}}};
  till.country = "DE";
  return till;
}

channel::Definition a_transferring_channel() {
  auto channel = a_german_till();
  channel.transfer_from = {{.location = place("DC-1"), .group = {}, .transit = std::chrono::hours{24}}, {.location = {}, .group = "north", .transit = std::chrono::hours{48}}};
  return channel;
}

channel::Definition a_sourcing_channel() {
  auto channel = a_german_till();
  channel.delivery = {{.code = "std", .name = "Standard", .charge = {0, channel.currency}, .promise = {}, .terms = "DDP", .carrier = "swift", .ship_from = {}}};
  channel.sourcing = {.rules = {{.name = "near", .groups = {"stores"}, .within_km = 50, .open_now = true, .own_stock = true, .keep_back = 1,
                                 .sort = {sourcing::Sort::distance, sourcing::Sort::ageing_stock}, .first_come = true, .least_part = 5000, .most_parts = 3,
                                 .otherwise = sourcing::After::wait, .patience = std::chrono::hours{4}},
                                {.name = "anywhere", .otherwise = sourcing::After::cancel}},
                      .most_attempts = 3};
  return channel;
}

/// A door with every term there is.
channel::Definition a_call_centre() {
  auto channel = a_german_till();
  channel.terms = {.customer_required = true, .external_number_required = true, .masked_emails = true, .pay_later = true, .pay_within = std::chrono::minutes{20}, .price_exception_percent = 10,
                   .larger_exceptions_wait = true, .pickup_days_ahead = 14, .pickup_time_required = true, .warns_of_repeats = true};
  return channel;
}

} // namespace

order::Agreement full_agreement() {
  order::Agreement all;
  all.channel = *ChannelCode::from("web");
  all.channel_version = 3;
  all.organisation = entity("uk");
  all.workflow = "bodah";
  all.external_number = "W-10001";
  all.customer = *CustomerNumber::from("C-77");
  all.customer_level = "gold";
  all.contact = {{"c2VhbGVkLW5hbWU="}, {"c2VhbGVkLW1haWw="}, {"c2VhbGVkLXBob25l"}};
  all.lines = {{.number = 1, .sku = sku("MUG-1"), .name = "Mug \"Caf\u00e9\"", .quantity = Quantity{2}, .unit_price = pounds(900), .total = pounds(1800), .category = "home", .tax_class = "standard"},
               {.number = 2, .sku = sku("TEA.250"), .name = "Tea, 250 g", .quantity = Quantity{1}, .unit_price = pounds(650), .total = pounds(650), .category = "food", .tax_class = "zero"},
               {.number = 3, .sku = sku("24h"), .name = "Transport 24h", .quantity = Quantity{1}, .unit_price = pounds(495), .total = pounds(495), .category = {}, .tax_class = "standard", .service = true}};
  all.delivery = {.option = "24h", .address = {"c2VhbGVkLWFkZHJlc3M="}, .terms = "DDP", .carrier = "swift", .ship_from = place("DC-1"),
                  .issue_at = at("2026-03-10T16:00:00Z"), .promise = at("2026-03-11T09:00:00.125Z")};
  all.instalments = {{.number = 1, .moment = payment::Moment::on_order, .method = payment::Method::card, .amount = pounds(1000)},
                     {.number = 2, .moment = payment::Moment::on_invoice, .method = payment::Method::account, .amount = pounds(1945)}};
  all.payment_token = "tok_4242";
  all.total = pounds(2945);
  return all;
}

std::vector<Sample> samples() {
  stock::Profile dc{.code = place("DC-1"), .name = "Distribution centre", .type = stock::Type::warehouse, .owner = entity("uk"), .latitude = 53'800'755, .longitude = -1'549'077};
  stock::Profile store{.code = place("S-1"), .name = "Leeds", .type = stock::Type::store, .owner = entity("franchise-1"), .latitude = 0, .longitude = 0};
  auto open_store = store;
  open_store.opens = 600;
  open_store.closes = 1200;
  auto small_store = store;
  small_store.orders_a_day = 50;
  auto fed_store = store;
  fed_store.fed_by = "pos-17";
  auto grouped_store = store;
  grouped_store.groups = {"stores", "north"};
  grouped_store.parcel_cost = 350;
  auto careful_store = store;
  careful_store.safety = {{{}, {}, 1}, {"home", {}, 2}, {"home", sku("MUG-1"), 5}};
  product::Definition mug{.sku = sku("MUG-1"), .name = "Mug", .category = "home", .tax_class = "standard", .weight_grams = 350,
                          .prices = {{"retail", pounds(900)}, {"trade", {-5, *Currency::from("EUR")}}}};
  return {
      {"OrderSubmitted.v1.json", order::Event{order::Submitted{full_agreement()}}},
      {"OrderSubmitted.v1.guest.json", order::Event{order::Submitted{guest_agreement()}}},
      {"OrderConfirmed.v1.json", order::Event{order::Confirmed{}}},
      {"OrderConfirmed.v1.waiting.json", order::Event{order::Confirmed{units()}}},
      {"OrderSubmitted.v1.sourced.json", order::Event{order::Submitted{sourced_agreement()}}},
      {"UnitsHeld.v1.json", order::Event{order::UnitsHeld{17, units()}}},
      {"CustomerChose.v1.json", order::Event{order::CustomerChose{order::Choice{}, units()}}},
      {"CustomerChose.v1.store.json", order::Event{order::CustomerChose{another_store(), units()}}},
      {"CustomerChose.v1.delivery.json", order::Event{order::CustomerChose{a_delivery_instead(), units()}}},
      {"OrderPutOnHold.v1.json", order::Event{order::PlacedOnHold{"credit_limit", "200 GBP is available, 247 GBP is needed"}}},
      {"OrderReleasedFromHold.v1.json", order::Event{order::ReleasedFromHold{"credit_limit"}}},
      {"UnitsLost.v1.json", order::Event{order::UnitsLost{16, {{1, Quantity{2}}}, "lost-on-the-way", true}}},
      {"OrderRejected.v1.json", order::Event{order::Rejected{"stock-short", "Not enough in stock.", {{"/lines/0/quantity", "stock-short", "1 of 2"}}}}},
      {"OrderRejected.v1.plain.json", order::Event{order::Rejected{"payment-declined", "The card was declined.", {}}}},
      {"OrderSubmitted.v1.pickup.json", order::Event{order::Submitted{pickup_agreement()}}},
      {"OrderSubmitted.v1.assisted.json", order::Event{order::Submitted{assisted_agreement()}}},
      {"OrderSubmitted.v1.collected.json", order::Event{order::Submitted{collected_agreement()}}},
      {"OrderSubmitted.v1.brought.json", order::Event{order::Submitted{brought_agreement()}}},
      {"OrderCancelling.v1.json", order::Event{order::CancellationBegun{"customer", "No longer wanted."}}},
      {"UnitsStopped.v1.json", order::Event{order::UnitsStopped{16, units()}}},
      {"UnitsCancelled.v1.json", order::Event{order::UnitsCancelled{units(), "unfillable"}}},
      {"UnitsIssued.v1.json", order::Event{order::UnitsIssued{16, units()}}},
      {"UnitsDelivered.v1.json", order::Event{order::UnitsDelivered{16, units()}}},
      {"UnitsHandedOver.v1.json", order::Event{order::UnitsHandedOver{16, units()}}},
      {"OrderCancelled.v1.json", order::Event{order::Cancelled{}}},
      {"OrderCancellationEnded.v1.json", order::Event{order::CancellationEnded{}}},
      {"OrderCompleted.v1.json", order::Event{order::Completed{}}},
      {"UnitsReturnPending.v1.json", order::Event{order::UnitsReturnPending{"C536379/1", units()}}},
      {"UnitsReturned.v1.json", order::Event{order::UnitsReturned{"C536379/1", units()}}},
      {"CaptureAsked.v1.json", payment::Event{payment::CaptureAsked{1, "ord_1/1/1", "tok_visa", pounds(1000), at("2026-03-10T09:02:00Z")}}},
      {"InstalmentCaptured.v1.json", payment::Event{payment::Captured{1, "ord_1/1/1", "P-77", pounds(1000)}}},
      {"InstalmentDeclined.v1.json", payment::Event{payment::Declined{1, "ord_1/1/1", "insufficient-funds"}}},
      {"CaptureUnknown.v1.json", payment::Event{payment::OutcomeUnknown{1, "ord_1/1/1"}}},
      {"VoidAsked.v1.json", payment::Event{payment::VoidAsked{1, "ord_1/1/1"}}},
      {"InstalmentVoided.v1.json", payment::Event{payment::Voided{1, "ord_1/1/1"}}},
      {"TenderOffered.v1.json", payment::Event{payment::TenderOffered{1, "tok_other"}}},
      {"InstalmentBilled.v1.json", payment::Event{payment::Billed{2, pounds(1945)}}},
      {"InstalmentReduced.v1.json", payment::Event{payment::Reduced{2, pounds(945)}}},
      {"RefundAsked.v1.json", payment::Event{payment::RefundAsked{1, "ord_1/1/r1", pounds(500)}}},
      {"InstalmentRefunded.v1.json", payment::Event{payment::Refunded{1, "ord_1/1/r1", "R-9", pounds(500)}}},
      {"RefundFailed.v1.json", payment::Event{payment::RefundFailed{1, "ord_1/1/r1", "card-closed"}}},
      {"InstalmentCredited.v1.json", payment::Event{payment::Credited{2, "C536379", pounds(100)}}},
      {"PaymentActionRequired.v1.json", payment::Event{payment::ActionRequired{1, "ord_1/1/1", "https://bank.example/3ds/77", at("2026-03-10T09:15:00Z")}}},
      {"InstalmentChargedBack.v1.json", payment::Event{payment::ChargedBack{1, "CB-5", pounds(1000)}}},
      {"InstalmentCollected.v1.json", payment::Event{payment::Collected{1, "till-2", "R-101", pounds(1000)}}},
      {"InstalmentCollected.v1.channel.json", payment::Event{payment::Collected{1, {}, "M-1001", pounds(1000)}}},
      {"RefundDelegated.v1.json", payment::Event{payment::RefundDelegated{1, "ord_1/1/r1", pounds(500)}}},
      {"PaymentAwaited.v1.json", payment::Event{payment::PaymentAwaited{1, at("2026-03-10T09:30:00Z")}}},
      {"InstalmentDivided.v1.json", payment::Event{payment::Divided{2, 3, pounds(845)}}},
      {"ProcessResumed.v1.json", process::Event{process::Resumed{}}},
      {"ProcessPlacesChosen.v1.json", process::Event{process::PlacesChosen{a_choice()}}},
      {"ProcessPlacesChosen.v1.fetched.json", process::Event{process::PlacesChosen{a_customers_choice()}}},
      {"ProcessPlacesChosen.v1.brought.json", process::Event{process::PlacesChosen{a_source()}}},
      {"ProcessPlacesChosen.v1.nothing.json", process::Event{process::PlacesChosen{{.attempt = 2, .outcome = sourcing::Outcome::nothing, .rule = {}, .parts = {}, .missing = {}, .until = {}, .candidates = {}}}}},
      {"ProcessPlaceRefused.v1.json", process::Event{process::PlaceRefused{17, "no-capacity", {}}}},
      {"ProcessPlaceRefused.v1.lines.json", process::Event{process::PlaceRefused{16, "stock-short", {2, 3}}}},
      {"ProcessClaimCut.v1.json", process::Event{process::ClaimCut{17, stock::CutCause::count, "CNT-1", {{1, sku("MUG-1"), Quantity{1}}, {2, sku("TEA.250"), Quantity{0}}}}}},
      {"ProcessClaimCut.v1.in_hand.json", process::Event{process::ClaimCut{16, stock::CutCause::feed, "wms/7", {{1, sku("MUG-1"), Quantity{1}}}, true}}},
      {"ProcessClaimKept.v1.json", process::Event{process::ClaimKept{16}}},
      {"ProcessCompensationBegun.v1.json", process::Event{process::CompensationBegun{{2, 0}}}},
      {"ProcessCompensationEnded.v1.json", process::Event{process::CompensationEnded{}}},
      {"ProcessParked.v1.json", process::Event{process::Parked{"the units are allocated to the order", "hold-unknown", "There is no such hold."}}},
      {"FulfilmentAccepted.v1.json", fulfilment::Event{fulfilment::Accepted{place("DC-1"), {{1, sku("MUG-1"), Quantity{2}}, {2, sku("TEA.250"), Quantity{1}}}, at("2026-03-10T16:00:00Z")}}},
      {"FulfilmentOffered.v1.json", fulfilment::Event{fulfilment::Offered{place("S-1"), work(), at("2026-03-10T16:00:00Z"), at("2026-03-10T09:30:00Z")}}},
      {"FulfilmentOfferAccepted.v1.json", fulfilment::Event{fulfilment::OfferAccepted{}}},
      {"FulfilmentRejected.v1.json", fulfilment::Event{fulfilment::Rejected{fulfilment::Reason::damaged}}},
      {"FulfilmentPickStarted.v1.json", fulfilment::Event{fulfilment::PickStarted{}}},
      {"FulfilmentPicked.v1.json", fulfilment::Event{fulfilment::Picked{{{1, Quantity{1}}}}}},
      {"FulfilmentPacked.v1.json", fulfilment::Event{fulfilment::Packed{{{1200}, {350}}}}},
      {"FulfilmentShipped.v1.json", fulfilment::Event{fulfilment::Shipped{"TRK-1"}}},
      {"FulfilmentDelivered.v1.json", fulfilment::Event{fulfilment::Delivered{}}},
      {"FulfilmentUnaccepted.v1.json", fulfilment::Event{fulfilment::Unaccepted{}}},
      {"FulfilmentUnpicked.v1.json", fulfilment::Event{fulfilment::Unpicked{}}},
      {"FulfilmentUnpacked.v1.json", fulfilment::Event{fulfilment::Unpacked{}}},
      {"FulfilmentStopAsked.v1.json", fulfilment::Event{fulfilment::StopAsked{at("2026-03-10T09:10:00Z")}}},
      {"FulfilmentStopRefused.v1.json", fulfilment::Event{fulfilment::StopRefused{}}},
      {"FulfilmentCancelled.v1.json", fulfilment::Event{fulfilment::Cancelled{}}},
      {"FulfilmentUnitsPutBack.v1.json", fulfilment::Event{fulfilment::UnitsPutBack{}}},
      {"FulfilmentEscalated.v1.json", fulfilment::Event{fulfilment::Escalated{50}}},
      {"FulfilmentLabelAsked.v1.json", fulfilment::Event{fulfilment::LabelAsked{"ful_1cj37r03x000g/1"}}},
      {"FulfilmentLabelAsked.v1.carrier.json", fulfilment::Event{fulfilment::LabelAsked{"ful_1cj37r03x000g/1", "Fedex"}}},
      {"FulfilmentLabelled.v1.json", fulfilment::Event{fulfilment::Labelled{"TRK-7", "https://carrier.example/labels/7"}}},
      {"FulfilmentLabelFailed.v1.json", fulfilment::Event{fulfilment::LabelFailed{"address-invalid"}}},
      {"FulfilmentTracked.v1.json", fulfilment::Event{fulfilment::Tracked{fulfilment::Tracking::return_to_sender}}},
      {"FulfilmentFailed.v1.json", fulfilment::Event{fulfilment::Failed{fulfilment::Loss::damaged}}},
      {"FulfilmentReturnedToOrigin.v1.json", fulfilment::Event{fulfilment::ReturnedToOrigin{{{1, Quantity{1}}}}}},
      {"FulfilmentRestocked.v1.json", fulfilment::Event{fulfilment::Restocked{}}},
      {"FulfilmentUnitsCut.v1.json", fulfilment::Event{fulfilment::UnitsCut{{{1, Quantity{1}}}}}},
      {"FulfilmentRejected.v1.counted.json", fulfilment::Event{fulfilment::Rejected{fulfilment::Reason::counted}}},
      {"PickupUnitsCut.v1.json", pickup::Event{pickup::UnitsCut{{{1, Quantity{1}}}}}},
      {"PickupOffered.v1.json", pickup::Event{pickup::Offered{place("S-1"), work(), at("2026-03-10T16:00:00Z"), at("2026-03-10T09:30:00Z")}}},
      {"PickupAccepted.v1.json", pickup::Event{pickup::Accepted{}}},
      {"PickupRejected.v1.json", pickup::Event{pickup::Rejected{fulfilment::Reason::damaged}}},
      {"PickupPickStarted.v1.json", pickup::Event{pickup::PickStarted{}}},
      {"PickupPicked.v1.json", pickup::Event{pickup::Picked{{{1, Quantity{1}}}}}},
      {"PickupStaged.v1.json", pickup::Event{pickup::Staged{"A-3", at("2026-03-17T12:00:00Z")}}},
      {"PickupArrived.v1.json", pickup::Event{pickup::Arrived{"2"}}},
      {"PickupArrived.v1.car.json", pickup::Event{pickup::Arrived{"2", "red Audi"}}},
      {"PickupHandOverBegun.v1.json", pickup::Event{pickup::HandOverBegun{true}}},
      {"PickupHandOverBegun.v1.part.json", pickup::Event{pickup::HandOverBegun{false, {{1, Quantity{1}}}, true}}},
      {"PickupHandOverBrokenOff.v1.json", pickup::Event{pickup::HandOverBrokenOff{}}},
      {"PickupHandedOver.v1.json", pickup::Event{pickup::HandedOver{true}}},
      {"PickupHandedOver.v1.rest_refused.json", pickup::Event{pickup::HandedOver{true, {{1, Quantity{1}}}}}},
      {"PickupWrongCodeGiven.v1.json", pickup::Event{pickup::WrongCodeGiven{}}},
      {"PickupCodeSentAgain.v1.json", pickup::Event{pickup::CodeSentAgain{2}}},
      {"PickupCollectionExtended.v1.json", pickup::Event{pickup::CollectionExtended{at("2026-03-17T12:00:00Z")}}},
      {"PickupCustomerReminded.v1.json", pickup::Event{pickup::CustomerReminded{1}}},
      {"PickupNotCollected.v1.json", pickup::Event{pickup::NotCollected{}}},
      {"PickupRefusedByCustomer.v1.json", pickup::Event{pickup::RefusedByCustomer{}}},
      {"PickupUnaccepted.v1.json", pickup::Event{pickup::Unaccepted{}}},
      {"PickupUnpicked.v1.json", pickup::Event{pickup::Unpicked{}}},
      {"PickupUnstaged.v1.json", pickup::Event{pickup::Unstaged{}}},
      {"PickupCancelled.v1.json", pickup::Event{pickup::Cancelled{}}},
      {"PickupUnitsPutBack.v1.json", pickup::Event{pickup::UnitsPutBack{}}},
      {"PickupEscalated.v1.json", pickup::Event{pickup::Escalated{50}}},
      {"PickupPartHandedOver.v1.json", pickup::Event{pickup::PartHandedOver{false, {{1, Quantity{1}}}}}},
      {"PickupRejected.v1.lost.json", pickup::Event{pickup::Rejected{fulfilment::Reason::lost_in_transit}}},
      {"PickupTransferAwaited.v1.json", pickup::Event{pickup::TransferAwaited{place("S-1"), work(), at("2026-03-11T14:00:00Z")}}},
      {"PickupUnitsMissing.v1.json", pickup::Event{pickup::UnitsMissing{{{1, Quantity{1}}}, fulfilment::Reason::lost_in_transit}}},
      {"PickupGoodsTakenIn.v1.json", pickup::Event{pickup::GoodsTakenIn{}}},
      {"TransferRequested.v1.json", transfer::Event{transfer::Requested{place("DC-1"), place("S-1"), entity("uk"), work(), at("2026-03-10T12:00:00Z"), at("2026-03-11T12:00:00Z")}}},
      {"TransferPlanned.v1.json", transfer::Event{transfer::Planned{place("DC-1"), place("S-1"), entity("uk"), work(), at("2026-03-10T12:00:00Z"), at("2026-03-11T12:00:00Z")}}},
      {"TransferMadeReady.v1.json", transfer::Event{transfer::MadeReady{}}},
      {"TransferShipped.v1.json", transfer::Event{transfer::Shipped{{{1, Quantity{1}}}}}},
      {"TransferReceived.v1.json", transfer::Event{transfer::Received{{{1, Quantity{1}}}, true}}},
      {"TransferReceived.v1.whole.json", transfer::Event{transfer::Received{}}},
      {"TransferPartReceived.v1.json", transfer::Event{transfer::PartReceived{{{1, Quantity{1}}}, true}}},
      {"TransferLost.v1.json", transfer::Event{transfer::Lost{}}},
      {"TransferCancelled.v1.json", transfer::Event{transfer::Cancelled{fulfilment::Reason::not_in_stock}}},
      {"TransferEscalated.v1.json", transfer::Event{transfer::Escalated{100}}},
      {"TransferBookedOut.v1.json", transfer::Event{transfer::BookedOut{}}},
      {"TransferBookedIn.v1.json", transfer::Event{transfer::BookedIn{1}}},
      {"StockTransferredOut.v1.json", stock::Event{stock::TransferredOut{an_order(), 1, place("S-1"), {{1, sku("MUG-1"), Quantity{2}}}}}},
      {"StockTransferredIn.v1.json",
       stock::Event{stock::TransferredIn{"trf_1cj37r03x0060/1", an_order(), 1, place("DC-1"), entity("uk"), {{1, sku("MUG-1"), Quantity{2}}}, {{2, sku("TEA.250"), Quantity{1}}}, true}}},
      {"StockReleasedInPart.v1.json", stock::Event{stock::Shrunk{an_order(), 0, {{1, sku("MUG-1"), Quantity{1}, 4, 0}, {2, sku("TEA.250"), Quantity{1}, 0, 1}}}}},
      {"StockReleasedInPart.v1.heard.json", stock::Event{stock::Shrunk{an_order(), 0, {}, {{1, sku("MUG-1"), Quantity{1}}}}}},
      {"StockReclaimed.v1.json", stock::Event{stock::Reclaimed{an_order(), 0, {{1, sku("MUG-1"), Quantity{2}}}, {{{entity("uk"), sku("MUG-1")}, 1}}}}},
      {"StockClaimsCut.v1.left.json",
       stock::Event{stock::ClaimsCut{stock::CutCause::in_hand, "ord_2d42x3zj801r0", {{an_order(), 0, 1, {entity("uk"), sku("MUG-1")}, Quantity{1}, Quantity{2}}}}}},
      {"StockIssued.v1.json", stock::Event{stock::Issued{an_order(), 0, {{1, sku("MUG-1"), Quantity{2}}}}}},
      {"StockReturned.v1.json", stock::Event{stock::TakenBack{"C536379", {{{entity("uk"), sku("MUG-1")}, 2}}}}},
      {"LocationDefined.v1.open.json", stock::Event{stock::Defined{open_store}}},
      {"LocationDefined.v1.capacity.json", stock::Event{stock::Defined{small_store}}},
      {"LocationDefined.v1.safety.json", stock::Event{stock::Defined{careful_store}}},
      {"LocationDefined.v1.fed.json", stock::Event{stock::Defined{fed_store}}},
      {"StockAdjusted.v1.json", stock::Event{stock::Adjusted{"ADJ-1", stock::Reason::stolen, {{{entity("uk"), sku("MUG-1")}, -2}}}}},
      {"StockAdjusted.v1.found.json", stock::Event{stock::Adjusted{"ADJ-2", stock::Reason::found, {{{entity("uk"), sku("MUG-1")}, 1}}}}},
      {"StockAdjusted.v1.lost.json", stock::Event{stock::Adjusted{"ADJ-3", stock::Reason::lost, {{{entity("uk"), sku("MUG-1")}, -1}}}}},
      {"StockAdjusted.v1.expired.json", stock::Event{stock::Adjusted{"ADJ-4", stock::Reason::expired, {{{entity("uk"), sku("TEA.250")}, -1}}}}},
      {"StockAdjusted.v1.broken.json", stock::Event{stock::Adjusted{"ADJ-5", stock::Reason::broken, {{{entity("uk"), sku("MUG-1")}, -1}}}}},
      {"StockAdjusted.v1.own_use.json", stock::Event{stock::Adjusted{"ADJ-6", stock::Reason::own_use, {{{entity("uk"), sku("TEA.250")}, -1}}}}},
      {"StockAdjusted.v1.written_off.json", stock::Event{stock::Adjusted{"ADJ-7", stock::Reason::written_off, {{{entity("uk"), sku("MUG-1")}, -1}}}}},
      {"StockAdjusted.v1.correction.json", stock::Event{stock::Adjusted{"ADJ-8", stock::Reason::correction, {{{entity("uk"), sku("MUG-1")}, 3}}}}},
      {"StockCountProposed.v1.json", stock::Event{stock::CountProposed{"CNT-1", at("2026-03-10T08:55:00Z"), {{{entity("uk"), sku("MUG-1")}, 10}}}}},
      {"StockCountRejected.v1.json", stock::Event{stock::CountRejected{"CNT-1"}}},
      {"StockCounted.v1.json", stock::Event{stock::Counted{"CNT-1", at("2026-03-10T08:55:00Z"), {{{entity("uk"), sku("MUG-1")}, 10, 9, 7}}}}},
      {"StockClaimsCut.v1.json", stock::Event{stock::ClaimsCut{stock::CutCause::count, "CNT-1", {{an_order(), 0, 1, {entity("uk"), sku("MUG-1")}, Quantity{1}}}}}},
      {"StockClaimsCut.v1.sale.json", stock::Event{stock::ClaimsCut{stock::CutCause::sale, "T-1/R-1", {{an_order(), 1, 2, {entity("uk"), sku("MUG-1")}, Quantity{2}}}}}},
      {"StockClaimsCut.v1.feed.json", stock::Event{stock::ClaimsCut{stock::CutCause::feed, "wms/7", {{an_order(), 0, 1, {entity("uk"), sku("MUG-1")}, Quantity{1}}}}}},
      {"StockSold.v1.json", stock::Event{stock::Sold{"T-1", "R-1", at("2026-03-10T09:00:00Z"), {{{entity("uk"), sku("MUG-1")}, Quantity{2}, pounds(900)}}}}},
      {"StockSold.v1.offline.json",
       stock::Event{stock::Sold{"T-1", "R-2", at("2026-03-10T08:00:00Z"),
                                {{{entity("uk"), sku("MUG-1")}, Quantity{2}, pounds(900), 1}, {{entity("uk"), sku("TEA.250")}, Quantity{1}, pounds(450), 0, true}}, true}}},
      {"StockFeedMoved.v1.json", stock::Event{stock::FeedMoved{"wms", 7, at("2026-03-10T09:00:00Z"), {{{entity("uk"), sku("MUG-1")}, -2}}}}},
      {"StockFeedReset.v1.json", stock::Event{stock::FeedReset{"wms", 8, at("2026-03-10T09:00:00Z"), {{{entity("uk"), sku("MUG-1")}, 10, 9, 7}}}}},
      {"LocationDefined.v1.json", stock::Event{stock::Defined{dc}}},
      {"LocationDefined.v1.store.json", stock::Event{stock::Defined{store}}},
      {"StockReceived.v1.json", stock::Event{stock::Received{"ASN-1", {{{entity("uk"), sku("MUG-1")}, 100}, {{entity("uk"), sku("TEA.250")}, -3}}}}},
      {"StockHeld.v1.json", stock::Event{stock::Held{an_order(), 1, entity("uk"), {{1, sku("MUG-1"), Quantity{2}}, {2, sku("TEA.250"), Quantity{1}}}}}},
      {"StockHeld.v1.slot.json", stock::Event{stock::Held{an_order(), 1, entity("uk"), {{1, sku("MUG-1"), Quantity{2}}}, true}}},
      {"StockAllocated.v1.json", stock::Event{stock::Allocated{an_order(), 1}}},
      {"StockReleased.v1.json", stock::Event{stock::Released{an_order(), 1}}},
      {"StockHoldBarred.v1.json", stock::Event{stock::HoldBarred{an_order(), 2, at("2026-03-10T09:05:00Z")}}},
      {"ProductDefined.v1.json", product::Event{product::Defined{mug}}},
      {"ChannelActivated.v1.json", channel::Event{channel::Activated{4, a_channel()}}},
      {"ChannelActivated.v1.country.json", channel::Event{channel::Activated{1, a_german_till()}}},
      {"ChannelActivated.v1.terms.json", channel::Event{channel::Activated{1, a_call_centre()}}},
      {"ChannelActivated.v1.transfers.json", channel::Event{channel::Activated{3, a_transferring_channel()}}},
      {"ChannelActivated.v1.sourcing.json", channel::Event{channel::Activated{2, a_sourcing_channel()}}},
      {"LocationDefined.v1.groups.json", stock::Event{stock::Defined{grouped_store}}},
      {"CustomerRegistered.v1.json", customer::Event{customer::Registered{*CustomerNumber::from("C-77"), {{"c2VhbGVkLW5hbWU="}, {"c2VhbGVkLW1haWw="}, {}}, "gold", *ChannelCode::from("web")}}},
      {"CustomerLevelSet.v1.json", customer::Event{customer::LevelSet{"silver"}}},
      {"CustomerIdentityLinked.v1.json", customer::Event{customer::IdentityLinked{*identity::email_key("mary@example.com")}}},
      {"CustomerIdentityLinked.v1.channel_id.json", customer::Event{customer::IdentityLinked{*identity::channel_id_key(*ChannelCode::from("web"), "s1")}}},
      {"CustomerIdentityLinked.v1.phone.json", customer::Event{customer::IdentityLinked{*identity::phone_key("+447700900123")}}},
      {"CustomerCreditLimitSet.v1.json", customer::Event{customer::CreditLimitSet{pounds(50000)}}},
      {"CustomerCreditLimitSet.v1.unlimited.json", customer::Event{customer::CreditLimitSet{}}},
      {"CustomerCreditReserved.v1.json", customer::Event{customer::CreditReserved{an_order(), pounds(24700)}}},
      {"CustomerCreditReleased.v1.json", customer::Event{customer::CreditReleased{an_order()}}},
      {"CustomerCreditSettled.v1.json", customer::Event{customer::CreditSettled{an_order()}}},
      {"CustomerBlocked.v1.json", customer::Event{customer::Blocked{"chargebacks"}}},
      {"CustomerUnblocked.v1.json", customer::Event{customer::Unblocked{}}},
      {"IdentityClaimed.v1.json", identity::Event{identity::Claimed{identity::Form::email, *CustomerNumber::from("C-77")}}},
  };
}

} // namespace entrepot::tests
