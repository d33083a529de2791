// Staff take back what they tapped by mistake: nothing is lost, and the story ends as if it had not been.
#include "tests/support/tales.hpp"

namespace entrepot {
namespace {

using namespace std::chrono_literals;
using namespace test;

TEST(WrongTap, in_a_warehouse_is_taken_back_at_every_stage_before_the_carrier) {
  auto story = a_delivery(packed);
  story.staff(fulfilment::Unpack{}).all_yes().staff(fulfilment::Unpick{}).all_yes();
  EXPECT_EQ(story.fulfilment().status, fulfilment::Status::accepted);
  EXPECT_EQ(story.refused(child::first_fulfilment, fulfilment::Command{fulfilment::Unaccept{}}), "fulfilment-not-offered") << "a warehouse was not asked";
  story.staff(fulfilment::Pick{}).all_yes().staff(fulfilment::Pack{{{900}}}).all_yes().staff(fulfilment::Ship{"T-1"}).all_yes().staff(fulfilment::Deliver{}).all_yes();
  expect_completed(story);
}

TEST(WrongTap, in_a_store_is_taken_back_at_every_stage_before_the_customer_has_the_goods) {
  auto story = a_pickup_story(staged);
  story.store(pickup::Unstage{}).all_yes().store(pickup::Unpick{}).all_yes().store(pickup::Unaccept{}).all_yes();
  EXPECT_EQ(story.pickup().status, pickup::Status::offered);
  story.store(pickup::Accept{}).store(pickup::Pick{}).store(pickup::Stage{"B-8", story.now() + pickup::collection_window});
  story.store(pickup::HandOver{{"1111", false}, codes}).all_yes();
  expect_completed(story);
}

TEST(WrongTap, taking_an_acceptance_back_too_late_does_not_cost_the_customer_the_order) {
  auto pickup = a_pickup_story(pickup_accepted);
  pickup.silence(31min);
  EXPECT_EQ(pickup.refused(child::first_fulfilment, pickup::Command{pickup::Unaccept{}}), "offer-expired");
  EXPECT_EQ(pickup.pickup().status, pickup::Status::accepted);
  auto delivery = a_delivery(0, a_delivery_from_a_store());
  delivery.staff(fulfilment::Accept{}).silence(31min);
  EXPECT_EQ(delivery.refused(child::first_fulfilment, fulfilment::Command{fulfilment::Unaccept{}}), "offer-expired");
  EXPECT_EQ(delivery.fulfilment().status, fulfilment::Status::accepted);
}

TEST(WrongTap, a_pick_with_units_missing_is_settled_with_the_stock_and_stays) {
  auto delivery = a_delivery(picking_begun);
  delivery.staff(fulfilment::Pick{{{1, Quantity{1}}}}).all_yes();
  EXPECT_EQ(delivery.refused(child::first_fulfilment, fulfilment::Command{fulfilment::Unpick{}}), "short-pick-settled");
  auto pickup = a_pickup_story(pickup_picking);
  pickup.store(pickup::Pick{{{1, Quantity{1}}}}).all_yes();
  EXPECT_EQ(pickup.refused(child::first_fulfilment, pickup::Command{pickup::Unpick{}}), "short-pick-settled");
}

TEST(WrongTap, taking_a_bag_from_the_shelf_again_does_not_give_the_customer_more_time) {
  auto story = a_pickup_story(staged);
  auto until = story.pickup().collect_until;
  story.silence(std::chrono::days{2}).store(pickup::Unstage{}).store(pickup::Stage{"B-8", story.now() + pickup::collection_window});
  EXPECT_EQ(story.pickup().collect_until, until);
}

TEST(WrongTap, tapping_twice_changes_nothing) {
  auto story = a_delivery(picking_begun);
  auto events = story.events();
  story.staff(fulfilment::StartPick{});
  EXPECT_EQ(story.events(), events);
}

TEST(WrongTap, a_parcel_unpacked_while_the_order_is_being_cancelled_is_stopped) {
  auto story = a_delivery(packed);
  cancel(story).staff(fulfilment::Unpack{}).all_yes().provider(Said::refunded);
  expect_cancelled(story);
}

TEST(WrongTap, a_stop_that_nobody_asked_for_is_neither_granted_nor_refused) {
  auto story = a_delivery(packed);
  EXPECT_EQ(story.refused(child::first_fulfilment, fulfilment::Command{fulfilment::ConfirmStop{}}), "stop-not-asked");
  EXPECT_EQ(story.refused(child::first_fulfilment, fulfilment::Command{fulfilment::RefuseStop{}}), "stop-not-asked");
}

} // namespace
} // namespace entrepot
