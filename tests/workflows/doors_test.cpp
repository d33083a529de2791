// The same two processes, entered through other doors: a marketplace, a till, an agent, a kiosk. What differs is who has the money, and who waits for it how long.
#include "tests/support/tales.hpp"
#include "workflows/steps/money.hpp"
#include "workflows/steps/promise.hpp"
#include "workflows/steps/sourcing.hpp"

namespace entrepot {
namespace {

using namespace test;
using payment::Method;
using payment::Moment;
using enum payment::Status;

channel::Definition a_door(channel::Terms terms, Method method) {
  auto channel = a_channel();
  channel.workflows = {"bodah", "bopis"};
  channel.pickup_stores = {location("LEEDS")};
  channel.payment = {{.level = {}, .category = {}, .from = {}, .to = {}, .shares = {{Moment::on_order, method, 100, 0}}}};
  channel.terms = terms;
  return channel;
}

order::Definitions shop_with(channel::Definition door) { return a_shop(std::move(door), {a_product("MUG-1", money(1250)), a_product("BOWL-1", money(2000))}); }

/// Two mugs and a bowl: 45.00, which a marketplace has taken.
order::Agreement a_marketplace_order() {
  auto basket = a_basket();
  basket.external_number = "M-1001";
  basket.payment_token.clear();
  return *order::draft(basket, shop_with(a_door({.external_number_required = true, .masked_emails = true}, Method::collected)), now);
}

/// The same, paid at a till of the store that it was ordered in.
order::Agreement a_till_order() {
  auto basket = a_basket();
  basket.payment_token.clear();
  basket.origin = location("LEEDS");
  basket.assisted_by = *EmployeeNumber::from("E-17");
  basket.taken = {"till-2", "R-101", money(4500)};
  return *order::draft(basket, shop_with(a_door({}, Method::till)), now);
}

order::Agreement paid_by_link(channel::Terms terms = {.pay_later = true}) {
  auto basket = a_basket();
  basket.payment_token.clear();
  basket.pay_later = true;
  return *order::draft(basket, shop_with(a_door(terms, Method::card)), now);
}

/// A slip for a pickup in the store in Leeds, which closes at 20:00.
order::Agreement paid_by_slip() {
  auto basket = a_basket();
  basket.payment_token.clear();
  basket.pay_later = true;
  basket.workflow = order::pick_up_in_store;
  basket.pickup_store = location("LEEDS");
  auto shop = shop_with(a_door({.pay_later = true, .pay_within = 5min}, Method::till));
  auto store = a_store();
  store.opens = 10 * 60;
  store.closes = 20 * 60;
  shop.locations[store.code] = std::make_shared<const stock::Profile>(store);
  return *order::draft(basket, shop, now);
}

const payment::Command from_the_till = payment::Collect{1, "till-2", "R-101", money(4500)};

// ---- a marketplace has the money (W11)

TEST(Marketplace, w11_an_order_whose_money_is_collected_is_promised_as_soon_as_the_units_are_held) {
  auto story = Story().submits(a_marketplace_order()).yes();
  EXPECT_EQ(story.status(), order::Status::confirmed);
  EXPECT_TRUE(story.calls().empty()) << "nothing is asked of our own provider";
  EXPECT_EQ(story.tender().status, captured);
  EXPECT_EQ(story.tender().reference, "M-1001");
}

TEST(Marketplace, w11_an_oversold_order_is_refused_and_the_marketplace_pays_back) {
  auto story = Story().submits(a_marketplace_order()).no("stock-short");
  EXPECT_EQ(story.status(), order::Status::rejected);
  EXPECT_EQ(story.family().order.why_rejected->code, "stock-short");
  EXPECT_EQ(story.tender().status, refund_delegated);
  EXPECT_EQ(story.tender().delegated, money(4500));
  EXPECT_EQ(story.wake_up(), std::nullopt);
}

TEST(Marketplace, w11_a_place_that_never_answers_costs_the_order_and_frees_the_units) {
  auto story = Story().submits(a_marketplace_order()).silence(2 * workflow::hold_patience);
  EXPECT_EQ(story.status(), order::Status::rejected);
  EXPECT_EQ(story.tender().delegated, money(4500));
  EXPECT_EQ(story.asks<stock::Release>().order, order_id());
  story.yes();
  EXPECT_EQ(story.wake_up(), std::nullopt);
}

TEST(Marketplace, w11_cancelled_before_the_pick_all_of_it_is_paid_back_by_the_marketplace) {
  auto story = a_delivery(0, a_marketplace_order());
  story.tells(child::order, order::Command{order::Cancel{"marketplace", "the buyer changed his mind"}}).all_yes();
  EXPECT_EQ(story.status(), order::Status::cancelled) << story.told_in_words();
  EXPECT_EQ(story.tender().status, refund_delegated);
  EXPECT_EQ(story.tender().delegated, money(4500));
  EXPECT_TRUE(story.calls().empty());
  story.tells(child::payment, payment::Command{payment::RecordPaidBack{1, "M-B-1", money(4500)}});
  EXPECT_EQ(story.tender().status, refunded);
}

TEST(Marketplace, f16_cancelled_after_the_pick_staff_may_keep_the_parcel_back_or_not) {
  for (auto kept : {true, false}) {
    auto story = a_delivery(packed, a_marketplace_order());
    story.tells(child::order, order::Command{order::Cancel{"marketplace", "late"}}).all_yes();
    story.staff(kept ? fulfilment::Command{fulfilment::ConfirmStop{}} : fulfilment::Command{fulfilment::RefuseStop{}}).all_yes();
    EXPECT_EQ(story.status(), kept ? order::Status::cancelled : order::Status::in_fulfilment) << story.told_in_words();
    EXPECT_EQ(story.tender().delegated, kept ? money(4500) : money(0));
  }
}

TEST(Marketplace, w11_units_that_no_place_has_are_paid_back_and_the_rest_completes) {
  auto story = a_delivery(picking_begun, a_marketplace_order());
  story.staff(fulfilment::Pick{{{1, Quantity{2}}, {2, Quantity{0}}}}).all_yes();
  story.silence(std::chrono::days{8}).all_yes();
  EXPECT_EQ(story.tender().delegated, money(2000)) << story.told_in_words();
  story.staff(fulfilment::Pack{{{900}}}).staff(fulfilment::Ship{"T-1"}).all_yes().staff(fulfilment::Deliver{}).all_yes();
  expect_completed(story);
}

TEST(Marketplace, w11_is_the_same_wherever_it_crashes) {
  for (int turn = 0; turn <= 12; ++turn) {
    Story story;
    story.crashes_after(turn).submits(a_marketplace_order()).all_yes();
    for (const fulfilment::Command& tap : std::vector<fulfilment::Command>{fulfilment::StartPick{}, fulfilment::Pick{}, fulfilment::Pack{{{900}}}, fulfilment::Ship{"T-1"}, fulfilment::Deliver{}})
      story.staff(tap).all_yes();
    for (int i = 0; i < 20 && story.wake_up(); ++i) // what was asked and forgotten is asked again
      story.silence(*story.wake_up() - story.now()).all_yes();
    expect_completed(story);
    EXPECT_EQ(story.tender().captured, money(4500)) << turn;
  }
}

// ---- a till has it (W6, W7)

TEST(EndlessAisle, w6_goods_of_another_place_paid_at_the_till_are_sent_to_the_customer) {
  auto story = a_delivery(delivered, a_till_order());
  expect_completed(story);
  EXPECT_TRUE(story.calls().empty());
  EXPECT_EQ(story.tender().taken_by, "till-2");
  EXPECT_EQ(story.family().order.agreement.assisted_by.text(), "E-17");
  EXPECT_EQ(story.family().order.agreement.origin, location("LEEDS"));
}

TEST(EndlessAisle, w6_an_order_refused_after_the_till_was_paid_goes_back_under_the_same_receipt) {
  auto story = Story().submits(a_till_order()).no("stock-short");
  EXPECT_EQ(story.tender().status, refund_delegated);
  EXPECT_EQ(story.tender().reference, "R-101");
  story.tells(child::payment, payment::Command{payment::RecordPaidBack{1, "R-101", money(4500)}});
  EXPECT_EQ(story.tender().status, refunded);
}

// ---- the customer pays by a link (W7, W8)

TEST(PayingByLink, w7_the_customer_is_asked_only_when_the_units_are_held) {
  auto story = Story().submits(paid_by_link());
  EXPECT_EQ(story.tender().status, scheduled);
  story.yes();
  EXPECT_EQ(story.tender().status, awaited);
  EXPECT_EQ(story.tender().awaited_until, now + 30min);
  EXPECT_TRUE(story.calls().empty()) << "there is no card yet";
}

TEST(PayingByLink, w7_a_card_given_in_time_confirms_the_order) {
  auto story = Story().submits(paid_by_link()).yes().silence(29min);
  story.tells(child::payment, payment::Command{payment::OfferTender{1, "tok_visa"}});
  ASSERT_EQ(story.calls().size(), 1u);
  EXPECT_EQ(story.calls()[0].token, "tok_visa");
  story.provider(Said::captured);
  EXPECT_EQ(story.status(), order::Status::confirmed);
}

TEST(PayingByLink, w7_a_link_that_is_not_paid_in_half_an_hour_frees_the_units_and_ends_the_order) {
  auto story = Story().submits(paid_by_link()).yes().silence(30min);
  EXPECT_EQ(story.status(), order::Status::rejected);
  EXPECT_EQ(story.family().order.why_rejected->code, "payment-not-made");
  EXPECT_EQ(story.asks<stock::Release>().order, order_id());
  story.yes();
  EXPECT_EQ(story.wake_up(), std::nullopt);
  EXPECT_EQ(story.refused(child::payment, payment::Command{payment::OfferTender{1, "tok_visa"}}), "order-not-open") << "the link is dead";
}

TEST(PayingByLink, w7_a_crash_while_the_customer_is_awaited_asks_nobody_twice) {
  auto story = Story().submits(paid_by_link()).yes().crash();
  story.yes();
  EXPECT_EQ(story.tender().status, awaited);
  EXPECT_EQ(story.tender().awaited_until, now + 30min) << "and gives no more time";
  story.tells(child::payment, payment::Command{payment::OfferTender{1, "tok_visa"}}).provider(Said::captured);
  EXPECT_EQ(story.status(), order::Status::confirmed);
}

TEST(PayingByLink, w8_a_call_centre_waits_twenty_minutes_for_the_first_card_and_for_another_one) {
  auto story = Story().submits(paid_by_link({.pay_later = true, .pay_within = 20min})).yes();
  EXPECT_EQ(story.tender().awaited_until, now + 20min);
  story.tells(child::payment, payment::Command{payment::OfferTender{1, "tok_poor"}}).provider(Said::declined, "insufficient-funds").silence(19min);
  EXPECT_EQ(story.status(), order::Status::submitted);
  story.silence(1min);
  EXPECT_EQ(story.status(), order::Status::rejected);
  EXPECT_EQ(story.family().order.why_rejected->code, "payment-declined");
}

TEST(PayingByLink, w7_a_customer_who_calls_it_off_owes_nothing) {
  auto story = Story().submits(paid_by_link()).yes();
  cancel(story);
  expect_cancelled(story);
}

// ---- a slip that is paid at a till (W9)

TEST(Kiosk, w9_a_slip_waits_until_the_store_closes) {
  auto story = Story().submits(paid_by_slip()).yes();
  EXPECT_EQ(story.tender().status, awaited);
  EXPECT_EQ(story.tender().awaited_until, at("2026-03-10T20:00:00Z"));
  story.silence(8h).tells(child::payment, from_the_till).all_yes();
  EXPECT_EQ(story.status(), order::Status::confirmed);
  EXPECT_EQ(story.tender().reference, "R-101");
  EXPECT_TRUE(story.calls().empty());
}

TEST(Kiosk, w9_who_walks_away_keeps_no_units_over_night) {
  auto story = Story().submits(paid_by_slip()).yes().silence(11h);
  EXPECT_EQ(story.status(), order::Status::rejected);
  EXPECT_EQ(story.family().order.why_rejected->code, "payment-not-made");
  story.yes();
  EXPECT_EQ(story.wake_up(), std::nullopt);
  EXPECT_EQ(story.refused(child::payment, from_the_till), "order-not-open") << "the till gives the money back";
  EXPECT_EQ(story.tender().captured, money(0));
}

TEST(Kiosk, w9_a_receipt_told_twice_counts_once_and_another_sum_is_not_taken) {
  auto story = Story().submits(paid_by_slip()).yes();
  EXPECT_EQ(story.refused(child::payment, payment::Command{payment::Collect{1, "till-2", "R-101", money(4499)}}), "payment-not-awaited");
  story.tells(child::payment, from_the_till);
  auto events = story.events();
  story.tells(child::payment, from_the_till);
  EXPECT_EQ(story.events(), events);
  EXPECT_EQ(story.refused(child::payment, payment::Command{payment::Collect{1, "till-3", "R-102", money(4500)}}), "payment-not-awaited");
}

TEST(Kiosk, w9_a_paid_slip_whose_bag_nobody_fetches_is_paid_back_at_the_till) {
  auto story = Story().submits(paid_by_slip()).yes().tells(child::payment, from_the_till).all_yes();
  for (const pickup::Command& tap : std::vector<pickup::Command>{pickup::Accept{}, pickup::StartPick{}, pickup::Pick{}, pickup::Stage{"B-7", story.now() + pickup::collection_window}})
    story.store(tap).all_yes();
  story.silence(std::chrono::days{9}).all_yes();
  EXPECT_EQ(story.status(), order::Status::cancelled) << story.told_in_words();
  EXPECT_EQ(story.tender().delegated, money(4500));
}

// ---- what an agent sees and a till may not give (W7, W8, W10)

order::Agreement held_at_entry(const std::string& code) {
  auto agreement = an_agreement();
  agreement.holds = {{code, "somebody should look at it"}};
  return agreement;
}

TEST(HeldAtEntry, w10_an_order_that_an_agent_holds_goes_on_when_somebody_releases_it) {
  auto story = Story().submits(held_at_entry("bad_address"));
  ASSERT_TRUE(order::on_hold(story.family().order));
  EXPECT_EQ(order::on_hold(story.family().order)->code, "bad_address");
  story.yes().provider(Said::captured);
  EXPECT_EQ(story.status(), order::Status::submitted) << "nothing is promised yet";
  story.tells(child::order, order::Command{order::ReleaseFromHold{"bad_address"}});
  EXPECT_EQ(story.status(), order::Status::confirmed);
}

TEST(HeldAtEntry, w10_an_order_that_nobody_releases_is_given_up_and_paid_back) {
  auto story = Story().submits(held_at_entry("fraud")).yes().provider(Said::captured).silence(workflow::hold_review);
  EXPECT_EQ(story.status(), order::Status::rejected);
  EXPECT_EQ(story.family().order.why_rejected->code, "on-hold-too-long");
  EXPECT_EQ(story.calls().back().kind, payment::ProviderRequest::Kind::void_);
}

TEST(PriceException, w7_a_price_that_staff_may_not_give_is_approved_before_any_money_moves) {
  auto story = Story().submits(held_at_entry(std::string(order::price_exception_hold))).yes();
  EXPECT_TRUE(story.calls().empty());
  story.tells(child::order, order::Command{order::ReleaseFromHold{std::string(order::price_exception_hold)}});
  ASSERT_EQ(story.calls().size(), 1u);
  story.provider(Said::captured);
  EXPECT_EQ(story.status(), order::Status::confirmed);
}

TEST(PriceException, w7_the_customers_half_hour_begins_when_the_price_is_approved) {
  auto agreement = paid_by_link();
  agreement.holds = {{std::string(order::price_exception_hold), "below the limit"}};
  auto story = Story().submits(agreement).yes().silence(2h);
  EXPECT_EQ(story.tender().status, scheduled);
  story.tells(child::order, order::Command{order::ReleaseFromHold{std::string(order::price_exception_hold)}});
  EXPECT_EQ(story.tender().awaited_until, now + 2h + 30min);
}

TEST(PriceException, w7_a_price_that_nobody_approves_ends_the_order) {
  auto story = Story().submits(held_at_entry(std::string(order::price_exception_hold))).yes().silence(workflow::hold_review);
  EXPECT_EQ(story.status(), order::Status::rejected);
  EXPECT_TRUE(story.calls().empty());
}

TEST(CallCentre, w8_a_bag_for_a_later_day_is_kept_a_week_from_that_day) {
  auto agreement = a_pickup_by_card();
  agreement.collection.wanted_at = now + std::chrono::days{12};
  agreement.collection.ready_by = now + std::chrono::days{12};
  auto story = a_pickup_story(staged, agreement);
  EXPECT_EQ(story.pickup().collect_until, now + std::chrono::days{12} + pickup::collection_window);
}

} // namespace
} // namespace entrepot
