// A delivery whose card is charged at goods issue: for the packed parcel, and before it goes.
#include "tests/support/tales.hpp"

namespace entrepot {
namespace {

using namespace test;

TEST(PaidWhenItLeaves, a_delivery_charges_the_card_for_the_packed_parcel_before_it_goes) {
  auto story = a_delivery(picked, a_delivery_paid_when_it_leaves());
  EXPECT_EQ(story.status(), order::Status::in_fulfilment);
  EXPECT_TRUE(story.calls().empty()) << "nothing is taken before the parcel is packed";
  story.staff(fulfilment::Pack{{{900}}}).all_yes();
  ASSERT_EQ(story.calls().size(), 1U);
  EXPECT_EQ(story.calls().back().kind, payment::ProviderRequest::Kind::capture);
  EXPECT_EQ(story.calls().back().amount, an_agreement().total);
  story.provider(Said::captured).all_yes().staff(fulfilment::Ship{"T-1"}).all_yes().staff(fulfilment::Deliver{}).all_yes();
  expect_completed(story);
  EXPECT_EQ(story.tender().captured, an_agreement().total);
}

TEST(PaidWhenItLeaves, a_parcel_whose_card_is_declined_waits_for_another_one_and_then_leaves) {
  auto story = a_delivery(packed, a_delivery_paid_when_it_leaves());
  story.provider(Said::declined, "insufficient-funds");
  EXPECT_EQ(story.fulfilment().status, fulfilment::Status::packed);
  story.tells(child::payment, payment::Command{payment::OfferTender{1, "tok_other"}}).all_yes();
  EXPECT_EQ(story.calls().back().token, "tok_other");
  story.provider(Said::captured).all_yes().staff(fulfilment::Ship{"T-1"}).all_yes().staff(fulfilment::Deliver{}).all_yes();
  expect_completed(story);
}

TEST(PaidWhenItLeaves, a_parcel_that_nobody_pays_for_does_not_leave_and_its_order_is_cancelled) {
  auto story = a_delivery(packed, a_delivery_paid_when_it_leaves());
  story.provider(Said::declined, "insufficient-funds").silence(std::chrono::days{3}).all_yes();
  expect_cancelled(story, "payment-declined");
  EXPECT_EQ(story.fulfilment().status, fulfilment::Status::cancelled);
  EXPECT_EQ(story.tender().captured.amount, 0);
}

} // namespace
} // namespace entrepot
