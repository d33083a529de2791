// Labels of the carrier, beside the work of the place.
#include "tests/support/tales.hpp"

namespace entrepot::test {
namespace {

using Asked = fulfilment::LabelRequest::Kind;
using Carrier = fulfilment::LabelAnswer::Kind;

order::Agreement with_a_carrier(order::Agreement agreement = an_agreement()) {
  agreement.delivery.carrier = "swift";
  return agreement;
}

/// A delivery that is picked; then its place packs it.
Story a_packed_delivery(order::Agreement agreement = with_a_carrier()) {
  auto story = a_delivery(picked, std::move(agreement));
  story.with_carrier().staff(fulfilment::Pack{{{900}}}).all_yes();
  return story;
}

std::string reference() { return to_text("ful_", member(order_id().family, child::first_fulfilment)); }

TEST(Label, is_asked_for_when_the_goods_are_packed) {
  auto story = a_packed_delivery();
  ASSERT_EQ(story.labels().size(), 1u);
  const auto request = story.labels()[0];
  EXPECT_EQ(request.kind, Asked::ask);
  EXPECT_EQ(request.key, reference() + "/1");
  EXPECT_EQ(request.reference, reference());
  EXPECT_EQ(request.carrier, "swift");
  EXPECT_EQ(story.fulfilment().label.carrier, "swift") << "boards say who carries it";
  EXPECT_EQ(request.parcels, (std::vector<fulfilment::Parcel>{{900}}));
  EXPECT_EQ(request.address.text, "sealed address");
  EXPECT_EQ(request.person, order_id().family) << "a guest's address is sealed under the order's own key";
}

TEST(Label, gives_the_parcel_its_number) {
  auto story = a_packed_delivery();
  story.carrier(Carrier::labelled).staff(fulfilment::Ship{}).all_yes();
  EXPECT_EQ(story.fulfilment().tracking, "TRK-7");
  story.staff(fulfilment::Deliver{}).all_yes();
  expect_completed(story);
}

TEST(Label, that_the_carrier_refuses_is_left_to_staff_who_ship_by_hand) {
  auto story = a_packed_delivery();
  story.carrier(Carrier::refused);
  EXPECT_EQ(story.fulfilment().label.code, "address-invalid");
  EXPECT_EQ(story.labels().size(), 1u) << "nobody asks again";
  story.staff(fulfilment::Ship{"OWN-1"}).all_yes().staff(fulfilment::Deliver{}).all_yes();
  EXPECT_EQ(story.fulfilment().tracking, "OWN-1");
  expect_completed(story);
}

order::Agreement with_two_more_carriers() {
  auto agreement = with_a_carrier();
  agreement.delivery.other_carriers = {"royal", "parcel"};
  return agreement;
}

TEST(Label, that_one_carrier_refuses_is_asked_of_the_next_under_another_key) {
  auto story = a_packed_delivery(with_two_more_carriers());
  story.carrier(Carrier::refused);
  ASSERT_EQ(story.labels().size(), 2u);
  EXPECT_EQ(story.labels()[1].carrier, "royal");
  EXPECT_EQ(story.labels()[1].key, reference() + "/2");
  story.carrier(reference() + "/1", Carrier::labelled); // of the first, too late
  EXPECT_TRUE(fulfilment::is_awaited(story.fulfilment().label));
  story.carrier(Carrier::labelled);
  EXPECT_EQ(story.fulfilment().label.carrier, "royal");
  EXPECT_EQ(story.fulfilment().label.tracking, "TRK-7");
}

TEST(Label, that_no_carrier_makes_is_left_to_staff) {
  auto story = a_packed_delivery(with_two_more_carriers());
  for (int i = 0; i < 3; ++i)
    story.carrier(Carrier::refused);
  EXPECT_EQ(story.labels().size(), 3u);
  EXPECT_EQ(story.labels()[2].carrier, "parcel");
  EXPECT_EQ(story.fulfilment().label.code, "address-invalid");
  story.staff(fulfilment::Unpack{}).staff(fulfilment::Pack{{{700}}});
  EXPECT_EQ(story.labels()[3].carrier, "swift") << "other parcels, and the first carrier again";
}

TEST(Label, of_which_a_carrier_says_nothing_for_a_quarter_of_an_hour_is_asked_of_the_next) {
  auto story = a_packed_delivery(with_two_more_carriers());
  story.silence(std::chrono::minutes{25});
  EXPECT_EQ(story.fulfilment().label.carrier, "royal");
  EXPECT_EQ(story.labels().back().carrier, "royal");
}

TEST(Label, is_not_waited_for_when_staff_are_faster_than_the_carrier) {
  auto story = a_packed_delivery();
  story.staff(fulfilment::Ship{"OWN-1"}).all_yes();
  EXPECT_EQ(story.fulfilment().status, fulfilment::Status::shipped);
  story.carrier(Carrier::labelled);
  EXPECT_EQ(story.fulfilment().tracking, "OWN-1");
  story.staff(fulfilment::Deliver{}).all_yes();
  expect_completed(story);
}

TEST(Label, that_comes_after_the_parcel_has_left_still_tells_its_number) {
  auto story = a_packed_delivery();
  story.staff(fulfilment::Ship{}).all_yes();
  EXPECT_EQ(story.fulfilment().tracking, "");
  story.carrier(Carrier::labelled);
  EXPECT_EQ(story.fulfilment().tracking, "TRK-7");
}

TEST(Label, that_comes_after_the_delivery_changes_nothing) {
  auto story = a_packed_delivery();
  story.staff(fulfilment::Ship{"OWN-1"}).all_yes().staff(fulfilment::Deliver{}).all_yes();
  auto events = story.events();
  story.carrier(Carrier::labelled);
  EXPECT_EQ(story.events(), events);
  expect_completed(story);
}

TEST(Label, whose_outcome_is_unknown_is_enquired_about_and_not_asked_for_again) {
  auto story = a_packed_delivery();
  auto began = story.now();
  std::vector<Duration> after;
  for (auto pause : {Duration{5s}, Duration{30s}, Duration{2min}, Duration{10min}, Duration{1h}, Duration{1h}}) {
    story.carrier(Carrier::no_answer);
    auto count = story.labels().size();
    auto asked_at = story.now();
    story.silence(pause - 1ms);
    EXPECT_EQ(story.labels().size(), count) << "before " << (story.now() - began).count();
    story.silence(1ms);
    ASSERT_EQ(story.labels().size(), count + 1) << "after " << (story.now() - asked_at).count();
    EXPECT_EQ(story.labels().back().kind, Asked::enquire);
    EXPECT_EQ(story.labels().back().key, reference() + "/1");
  }
  story.carrier(Carrier::labelled);
  EXPECT_EQ(story.fulfilment().label.tracking, "TRK-7");
}

TEST(Label, that_the_carrier_has_never_heard_of_is_asked_for_under_the_same_key) {
  auto story = a_packed_delivery();
  story.carrier(Carrier::no_answer).silence(5s).carrier(Carrier::never_heard);
  EXPECT_EQ(story.labels().back().kind, Asked::ask);
  EXPECT_EQ(story.labels().back().key, reference() + "/1");
}

TEST(Label, of_a_carrier_that_is_silent_for_a_day_is_left_to_a_person_and_holds_nothing_up) {
  auto story = a_packed_delivery();
  story.silence(25h);
  EXPECT_EQ(story.fulfilment().label.code, "carrier-silent");
  EXPECT_FALSE(story.family().diary.parked);
  auto asked = story.labels().size();
  story.silence(48h);
  EXPECT_EQ(story.labels().size(), asked);
  story.staff(fulfilment::Ship{"OWN-1"}).all_yes();
  EXPECT_EQ(story.fulfilment().tracking, "OWN-1");
}

TEST(Label, is_enquired_about_after_a_crash) {
  auto story = a_packed_delivery();
  story.crash();
  ASSERT_EQ(story.labels().size(), 1u);
  EXPECT_EQ(story.labels()[0].kind, Asked::enquire);
  story.carrier(Carrier::labelled);
  EXPECT_EQ(story.fulfilment().label.tracking, "TRK-7");
}

TEST(Label, of_parcels_that_were_packed_anew_is_another_one) {
  auto story = a_packed_delivery();
  auto first = story.labels().back().key;
  story.staff(fulfilment::Unpack{}).staff(fulfilment::Pack{{{400}, {500}}}).all_yes();
  EXPECT_EQ(story.labels().back().key, reference() + "/2");
  EXPECT_EQ(story.labels().back().kind, Asked::ask);
  EXPECT_EQ(story.labels().back().parcels.size(), 2u);
}

TEST(Label, of_parcels_that_were_unpacked_is_not_taken_for_those_packed_since) {
  auto story = a_packed_delivery();
  auto first = story.labels().back().key;
  story.staff(fulfilment::Unpack{}).staff(fulfilment::Pack{{{400}, {500}}}).all_yes();
  auto events = story.events();
  story.carrier(first, Carrier::labelled).carrier(first, Carrier::refused);
  EXPECT_EQ(story.events(), events);
  story.carrier(Carrier::labelled);
  EXPECT_EQ(story.fulfilment().label.tracking, "TRK-7");
}

TEST(Label, of_a_known_customer_has_an_address_that_is_sealed_under_the_customers_key) {
  auto story = a_packed_delivery(with_a_carrier(an_agreement_on_account()));
  ASSERT_EQ(story.labels().size(), 1u);
  EXPECT_EQ(story.labels()[0].person, stream_of(customer_number("C-1")));
}

TEST(Label, is_not_asked_for_where_no_carrier_is_named_or_configured) {
  EXPECT_TRUE(a_packed_delivery([] {
                auto agreement = an_agreement();
                agreement.delivery.carrier.clear();
                return agreement;
              }())
                  .labels()
                  .empty());
  EXPECT_TRUE(a_delivery(packed, with_a_carrier()).labels().empty());
}

TEST(Label, of_a_cancelled_order_is_awaited_by_nobody) {
  auto story = a_packed_delivery();
  cancel(story);
  story.staff(fulfilment::ConfirmStop{}).all_yes();
  story.provider(Said::refunded).all_yes();
  expect_cancelled(story);
  auto events = story.events();
  story.carrier(Carrier::labelled);
  EXPECT_EQ(story.events(), events);
}

} // namespace
} // namespace entrepot::test
