// A store that has not got what a customer wants to fetch there gets it from elsewhere: held at the source before any money moves, promised for later, and neither lost nor there twice on
// the way.
#include "tests/support/tales.hpp"

#include "domain/order/places.hpp"
#include "workflows/notices.hpp"

namespace entrepot {
namespace {

using namespace test;
using fulfilment::Reason;

constexpr int bag = 1; // the second place: the store itself has refused
constexpr int parcel = child::transfer_of(child::first_fulfilment + bag);

order::Agreement agreed(std::int32_t mugs = 2) {
  auto agreement = a_pickup_by_card();
  agreement.collection.by_transfer = true;
  agreement.lines[0].quantity = Quantity{mugs};
  return agreement;
}
const std::vector<sourcing::TransferSource> sources{{.location = location("DC"), .group = {}, .transit = 24h}, {.location = location("YORK"), .group = {}, .transit = 48h}};
std::map<std::string, std::map<std::string, std::int32_t>> everywhere() {
  return {{"DC", {{"MUG-1", 9}, {"BOWL-1", 9}}}, {"LEEDS", {}}, {"YORK", {{"MUG-1", 9}, {"BOWL-1", 9}}}};
}
AnyCommand ships(std::vector<fulfilment::Found> found = {}) { return transfer::Command{transfer::Ship{std::move(found)}}; }
AnyCommand comes(std::vector<fulfilment::Found> come = {}) { return transfer::Command{transfer::Receive{std::move(come)}}; }
AnyCommand is_lost() { return transfer::Command{transfer::Lose{}}; }

/// The store has none, the source is asked; nobody has paid yet. The story must not move: its places look at it.
void is_short(Story& story, order::Agreement agreement = agreed()) {
  story.with_places({}, everywhere()).brought_from(sources).submits(std::move(agreement));
  EXPECT_EQ(story.last_question().to, stream_of(location("LEEDS"))) << "the store itself is always asked first";
  story.no("stock-short");
}
void is_promised(Story& story, order::Agreement agreement = agreed()) {
  is_short(story, std::move(agreement));
  story.all_yes().provider(Said::captured).all_yes();
}
void is_fetched(Story& story, int index) {
  story.store(pickup::Stage{"B-7", story.now() + pickup::collection_window}, index).store(pickup::HandOver{{"1111", false}, codes}, index).all_yes();
}

TEST(ShipToStore, holds_the_units_at_the_source_before_any_money_moves_and_promises_later) {
  Story story;
  is_short(story);
  EXPECT_EQ(story.last_question().to, stream_of(location("DC")));
  EXPECT_EQ(story.asks<stock::Hold>().lines.size(), 2U);
  EXPECT_TRUE(story.asks<stock::Hold>().takes_slot) << "it is one of the source's orders of the day";
  EXPECT_TRUE(story.calls().empty());
  EXPECT_EQ(ready_by(story.family()), now + 2h + 24h + 2h);
  story.all_yes();
  EXPECT_EQ(story.calls().size(), 1U);
}

TEST(ShipToStore, brings_the_goods_and_the_bag_is_ready_only_when_the_store_says_so) {
  Story story;
  is_promised(story);
  EXPECT_EQ(story.pickup(bag).status, pickup::Status::awaiting_transfer);
  EXPECT_EQ(story.pickup(bag).location, location("LEEDS"));
  EXPECT_EQ(story.transfer(bag).from, location("DC"));
  EXPECT_EQ(story.transfer(bag).due, now + 2h);
  EXPECT_EQ(story.transfer(bag).expected, now + 26h);
  EXPECT_EQ(story.refused(child::first_fulfilment + bag, pickup::Command{pickup::Stage{"B-7", now}}), "pickup-not-picked");
  story.tells(parcel, ships());
  EXPECT_EQ(story.last_question().to, stream_of(location("DC")));
  EXPECT_EQ(story.asks<stock::TransferOut>().left.size(), 2U);
  story.all_yes().tells(parcel, comes());
  EXPECT_EQ(story.last_question().to, stream_of(location("LEEDS")));
  EXPECT_TRUE(story.asks<stock::TransferIn>().claimed) << "they are the order's";
  EXPECT_EQ(story.pickup(bag).status, pickup::Status::awaiting_transfer) << "the store's stock is told first";
  story.all_yes();
  EXPECT_EQ(story.pickup(bag).status, pickup::Status::picked) << "not ready, and not completed, by arriving";
  EXPECT_EQ(story.status(), order::Status::confirmed);
  is_fetched(story, bag);
  expect_completed(story);
  EXPECT_EQ(story.last_question().to, stream_of(location("LEEDS"))) << "they are issued where they were fetched";
}

TEST(ShipToStore, is_refused_where_nobody_has_the_units_and_nothing_is_charged) {
  Story story;
  story.with_places({}, {{"DC", {{"MUG-1", 1}}}, {"LEEDS", {}}}).brought_from(sources).submits(agreed()).no("stock-short").all_yes();
  EXPECT_EQ(story.status(), order::Status::rejected);
  EXPECT_EQ(story.family().order.why_rejected->code, "stock-short");
  EXPECT_TRUE(story.calls().empty());
}

TEST(ShipToStore, is_not_done_by_a_channel_that_does_not_say_so) {
  Story story;
  story.with_places({}, everywhere()).brought_from(sources).submits(a_pickup_by_card()).no("stock-short").all_yes();
  EXPECT_EQ(story.status(), order::Status::rejected);
  EXPECT_EQ(story.looks(), 0);
}

TEST(ShipToStore, goes_on_to_the_next_source_when_one_has_been_faster) {
  Story story;
  is_short(story);
  story.no("stock-short");
  EXPECT_EQ(story.last_question().to, stream_of(location("YORK")));
  EXPECT_EQ(ready_by(story.family()), now + 2h + 48h + 2h);
}

TEST(ShipToStore, asks_a_source_again_that_does_not_answer_and_gives_the_order_up_in_the_end) {
  Story story;
  is_short(story);
  const auto asked = story.questions().size();
  story.silence(30s);
  EXPECT_GT(story.questions().size(), asked);
  story.silence(3min);
  EXPECT_EQ(story.status(), order::Status::rejected);
  EXPECT_TRUE(story.calls().empty());
}

TEST(ShipToStore, what_the_source_cannot_send_is_for_the_customer_to_decide_and_the_rest_comes) {
  Story story;
  is_promised(story);
  story.tells(parcel, ships({{1, Quantity{1}}}));
  EXPECT_EQ(story.asks<stock::Shrink>().keep.size(), 2U);
  story.all_yes();
  EXPECT_EQ(story.pickup(bag).dropped[0], Quantity{1});
  EXPECT_EQ(units_to_choose_for(story.family()), (std::vector<order::LineUnits>{{1, Quantity{1}}}));
  story.tells(parcel, comes()).all_yes();
  is_fetched(story, bag);
  story.silence(24h).all_yes().provider(Said::refunded).all_yes();
  expect_completed(story);
  EXPECT_EQ(story.units(0).cancelled, Quantity{1});
}

TEST(ShipToStore, what_arrives_short_is_a_discrepancy_and_for_the_customer_to_decide) {
  Story story;
  is_promised(story);
  story.tells(parcel, ships()).all_yes().tells(parcel, comes({{1, Quantity{1}}}));
  EXPECT_EQ(story.asks<stock::TransferIn>().missing, (std::vector<stock::HoldLine>{{1, sku("MUG-1"), Quantity{1}}}));
  story.all_yes();
  EXPECT_EQ(story.transfer(bag).missing[0], Quantity{1});
  EXPECT_EQ(story.pickup(bag).why_dropped, Reason::lost_in_transit);
  EXPECT_EQ(units_to_choose_for(story.family()), (std::vector<order::LineUnits>{{1, Quantity{1}}}));
  EXPECT_EQ(story.looks(), 1) << "nobody looks elsewhere unasked";
  is_fetched(story, bag);
  story.silence(24h).all_yes().provider(Said::refunded).all_yes();
  expect_completed(story);
}

TEST(ShipToStore, what_comes_in_parts_is_handed_over_together) {
  Story story;
  is_promised(story);
  story.tells(parcel, ships()).all_yes();
  story.tells(parcel, transfer::Command{transfer::ReceivePart{{{2, Quantity{1}}}}}).all_yes();
  EXPECT_EQ(story.transfer(bag).status, transfer::Status::partially_received);
  EXPECT_EQ(story.pickup(bag).status, pickup::Status::awaiting_transfer);
  story.tells(parcel, comes()).all_yes();
  EXPECT_EQ(story.transfer(bag).booked_in, 2);
  EXPECT_EQ(story.pickup(bag).status, pickup::Status::picked);
  is_fetched(story, bag);
  expect_completed(story);
}

TEST(ShipToStore, what_is_lost_comes_from_another_place_by_a_new_promise) {
  Story story;
  is_promised(story);
  story.tells(parcel, ships()).all_yes().silence(30h).tells(parcel, is_lost()).all_yes();
  EXPECT_EQ(story.pickup(bag).status, pickup::Status::rejected);
  EXPECT_EQ(story.transfer(bag + 1).from, location("YORK")) << story.told_in_words();
  EXPECT_EQ(story.pickup(bag + 1).status, pickup::Status::awaiting_transfer);
  EXPECT_GT(ready_by(story.family()), now + 30h + 48h);
  EXPECT_EQ(story.calls().size(), 1U) << "nothing is charged, nothing goes back";
  story.tells(parcel + 1, ships()).all_yes().tells(parcel + 1, comes()).all_yes();
  is_fetched(story, bag + 1);
  expect_completed(story);
}

TEST(ShipToStore, what_is_lost_and_lies_nowhere_else_is_for_the_customer_to_decide) {
  Story story;
  story.with_places({}, {{"DC", {{"MUG-1", 9}, {"BOWL-1", 9}}}, {"LEEDS", {}}}).brought_from(sources).submits(agreed()).no("stock-short").all_yes().provider(Said::captured).all_yes();
  story.tells(parcel, ships()).all_yes().tells(parcel, is_lost()).all_yes();
  EXPECT_EQ(units_to_choose_for(story.family()).size(), 2U);
  EXPECT_EQ(workflow::notice_of(process::Event{process::PlacesChosen{{.attempt = 2, .outcome = sourcing::Outcome::nothing, .rule = "ship to store", .parts = {}, .missing = {}, .until = {}, .candidates = {}, .behind_promise = true}}}, story.family(), child::process).substr(0, 12), "We are sorry");
  story.silence(25h).all_yes().provider(Said::refunded).all_yes();
  expect_cancelled(story, "pickup-rejected");
}

TEST(ShipToStore, a_source_that_cannot_send_anything_is_replaced) {
  Story story;
  is_promised(story);
  story.tells(parcel, transfer::Command{transfer::Cancel{Reason::not_in_stock}});
  EXPECT_EQ(story.asks<stock::Shrink>().effect, stock::Effect::suspend_all);
  story.all_yes();
  EXPECT_EQ(story.transfer(bag + 1).from, location("YORK"));
}

TEST(ShipToStore, nobody_receives_for_days_and_it_is_lost_without_anybody_saying_so) {
  Story story;
  is_promised(story);
  story.tells(parcel, ships()).all_yes().silence(27h);
  EXPECT_EQ(story.transfer(bag).escalated, 100) << "it should have come";
  EXPECT_EQ(story.transfer(bag).status, transfer::Status::in_transit);
  story.silence(73h);
  EXPECT_EQ(story.transfer(bag).status, transfer::Status::lost);
}

TEST(ShipToStore, a_source_that_does_not_send_is_alarmed) {
  Story story;
  is_promised(story);
  story.silence(3h);
  EXPECT_EQ(story.transfer(bag).escalated, 100);
}

TEST(ShipToStore, cancelled_before_it_is_shipped_nothing_leaves) {
  Story story;
  is_promised(story);
  story.tells(child::order, order::Command{order::Cancel{"customer-request", "changed my mind"}}).all_yes().provider(Said::refunded).all_yes();
  expect_cancelled(story);
  EXPECT_EQ(story.transfer(bag).status, transfer::Status::cancelled);
  EXPECT_EQ(story.refused(parcel, ships()), "transfer-cancelled");
}

TEST(ShipToStore, cancelled_on_the_way_the_goods_become_the_stores_stock_when_they_arrive) {
  Story story;
  is_promised(story);
  story.tells(parcel, ships()).all_yes();
  story.tells(child::order, order::Command{order::Cancel{"customer-request", "changed my mind"}}).all_yes().provider(Said::refunded).all_yes();
  EXPECT_EQ(story.status(), order::Status::cancelled);
  EXPECT_TRUE(story.wake_up()) << "what is on its way is not forgotten";
  story.tells(parcel, comes());
  EXPECT_FALSE(story.asks<stock::TransferIn>().claimed);
  story.all_yes();
  expect_cancelled(story);
}

TEST(ShipToStore, what_was_lost_and_turns_up_is_the_stores_stock_and_not_a_second_bag) {
  Story story;
  is_promised(story);
  story.tells(parcel, ships()).all_yes().tells(parcel, is_lost()).all_yes().tells(parcel, comes());
  EXPECT_FALSE(story.asks<stock::TransferIn>().claimed);
  story.all_yes();
  EXPECT_EQ(story.pickup(bag).status, pickup::Status::rejected);
  EXPECT_EQ(story.pickup(bag + 1).status, pickup::Status::awaiting_transfer);
}

TEST(ShipToStore, a_bag_that_nobody_fetches_is_freed_in_the_store) {
  Story story;
  is_promised(story);
  story.tells(parcel, ships()).all_yes().tells(parcel, comes()).all_yes();
  story.store(pickup::Stage{"B-7", story.now() + pickup::collection_window}, bag).silence(std::chrono::days{7});
  EXPECT_EQ(story.last_question().to, stream_of(location("LEEDS")));
  EXPECT_TRUE(story.asks<stock::Shrink>().keep.empty());
  story.all_yes().provider(Said::refunded).all_yes();
  expect_cancelled(story, "not-collected");
}

TEST(ShipToStore, ends_the_same_whatever_turn_the_memory_is_lost_after) {
  enum class End : std::uint8_t { fetched, short_, lost, cancelled_on_the_way, last };
  for (int end = 0; end < static_cast<int>(End::last); ++end) {
    auto told = [&](int turn) {
      Story story;
      story.crashes_after(turn);
      auto rests = [&] {
        for (int i = 0; i < 6; ++i)
          story.all_yes().silence(2s);
      };
      story.with_places({}, everywhere()).brought_from(sources).submits(agreed());
      story.no_to(stream_of(location("LEEDS")), "stock-short");
      rests();
      story.provider_until_captured();
      rests();
      story.tells(parcel, ships());
      rests();
      switch (static_cast<End>(end)) {
      case End::lost: story.tells(parcel, is_lost()); break;
      case End::short_: story.tells(parcel, comes({{1, Quantity{1}}})); break;
      case End::cancelled_on_the_way: story.tells(child::order, order::Command{order::Cancel{"customer-request", "changed my mind"}}); [[fallthrough]];
      default: rests(); story.tells(parcel, comes());
      }
      rests();
      return story.told_in_words();
    };
    const auto undisturbed = told(1'000'000);
    for (int turn = 1; turn <= 40; ++turn)
      EXPECT_EQ(told(turn), undisturbed) << end << ", after turn " << turn;
  }
}

TEST(Notices, of_a_place_that_refuses_are_worth_a_look_when_nothing_of_the_order_is_known_yet) {
  EXPECT_NE(workflow::notice_of(process::Event{process::PlaceRefused{child::first_fulfilment + 1, "stock-short", {}}}, Family{}, child::process), "");
  EXPECT_EQ(workflow::notice_of(process::Event{process::PlaceRefused{child::first_fulfilment + 1, "not-wanted", {}}}, Family{}, child::process), "");
}

} // namespace
} // namespace entrepot
