#include <gtest/gtest.h>

#include "domain/sourcing/transfer_source.hpp"
#include "tests/domain/arbitrary.hpp"
#include "tests/support/cells.hpp"

namespace entrepot::transfer {
namespace {

using namespace std::chrono_literals;
using test::location;
using test::now;
using test::sku;

const std::vector<Line> goods{{1, sku("MUG-1"), Quantity{3}}, {2, sku("BOWL-1"), Quantity{1}}};
const std::vector<Found> one_mug{{1, Quantity{1}}}, a_mug_less{{1, Quantity{2}}}, nothing{{1, Quantity{0}}, {2, Quantity{0}}}, too_many{{1, Quantity{4}}}, unheard_of{{3, Quantity{1}}};
Plan a_plan(std::string_view to = "LEEDS") { return {location("DC"), location(to), test::entity("SHOP"), goods, now + 2h, now + 26h}; }

State after(std::vector<Event> events, State transfer = {}) {
  for (const auto& event : events)
    evolve(transfer, event, now);
  return transfer;
}
State planned(std::vector<Event> then = {}) {
  auto plan = a_plan();
  return after(std::move(then), after({Planned{plan.from, plan.to, plan.owner, plan.lines, plan.due, plan.expected}}));
}
State drafted() {
  auto plan = a_plan();
  return after({Requested{plan.from, plan.to, plan.owner, plan.lines, plan.due, plan.expected}});
}
State shipped(std::vector<Event> then = {}) { return after(std::move(then), planned({Shipped{}})); }

TEST(Transfer, answers_every_command_in_every_status) {
  const auto plan = a_plan();
  test::Cells<State, Command> cells{.states = {{"none", State{}},
                                               {"draft", drafted()},
                                               {"ready", planned()},
                                               {"late to leave", planned({Escalated{100}})},
                                               {"in transit", shipped()},
                                               {"booked out", shipped({BookedOut{}})},
                                               {"late to arrive", shipped({Escalated{100}})},
                                               {"partially received", shipped({PartReceived{one_mug}})},
                                               {"partially received, booked out and in, late", shipped({PartReceived{one_mug}, BookedOut{}, BookedIn{1}, Escalated{100}})},
                                               {"received", shipped({Received{}})},
                                               {"received, booked", shipped({Received{}, BookedOut{}, BookedIn{1}})},
                                               {"cancelled", planned({Cancelled{Reason::damaged}})},
                                               {"cancelled, booked", planned({Cancelled{Reason::damaged}, BookedOut{}})},
                                               {"lost", shipped({Lost{}})},
                                               {"lost, booked", shipped({Lost{}, BookedOut{}})}},
                                    .commands = {{"request", Request{plan.from, plan.to, plan.owner, goods, plan.due, plan.expected}},
                                                 {"request elsewhere", Request{plan.from, location("YORK"), plan.owner, goods, plan.due, plan.expected}},
                                                 {"plan", plan},
                                                 {"plan elsewhere", a_plan("YORK")},
                                                 {"make ready", MakeReady{}},
                                                 {"ship", Ship{}},
                                                 {"ship a part", Ship{a_mug_less}},
                                                 {"ship nothing", Ship{nothing}},
                                                 {"receive", Receive{}},
                                                 {"receive too many", Receive{too_many}},
                                                 {"receive what was never sent", Receive{unheard_of}},
                                                 {"receive nothing", Receive{nothing}},
                                                 {"receive a part", ReceivePart{one_mug}},
                                                 {"receive everything as a part", ReceivePart{{{1, Quantity{3}}, {2, Quantity{1}}}}},
                                                 {"lose", Lose{}},
                                                 {"cancel", Cancel{}},
                                                 {"escalate", Escalate{100}},
                                                 {"book out", BookOut{}},
                                                 {"book in", BookIn{1}}}};
  EXPECT_EQ(cells.text([](const State& transfer, const Command& command) { return decide(transfer, command, now); }), R"(request: Requested in none; else already so
request elsewhere: Requested in none; else transfer-already-planned
plan: Planned in none; else already so
plan elsewhere: Planned in none; else transfer-already-planned
make ready: MadeReady in draft; else already so
ship: transfer-unknown in none; transfer-not-ready in draft; Shipped in ready, late to leave; transfer-cancelled in cancelled, cancelled, booked; else transfer-shipped
ship a part: transfer-unknown in none; transfer-not-ready in draft; Shipped in ready, late to leave; transfer-cancelled in cancelled, cancelled, booked; else transfer-shipped
ship nothing: transfer-unknown in none; transfer-not-ready in draft; quantity-invalid in ready, late to leave; transfer-cancelled in cancelled, cancelled, booked; else transfer-shipped
receive: transfer-not-shipped in none, draft, ready, late to leave, cancelled, cancelled, booked; transfer-received in received, received, booked; else Received
receive too many: transfer-not-shipped in none, draft, ready, late to leave, cancelled, cancelled, booked; transfer-received in received, received, booked; else quantity-invalid
receive what was never sent: transfer-not-shipped in none, draft, ready, late to leave, cancelled, cancelled, booked; transfer-received in received, received, booked; else quantity-invalid
receive nothing: quantity-invalid in in transit, booked out, late to arrive, lost, lost, booked; Received in partially received, partially received, booked out and in, late; transfer-received in received, received, booked; else transfer-not-shipped
receive a part: PartReceived in in transit, booked out, late to arrive, partially received, partially received, booked out and in, late; transfer-received in received, received, booked; else transfer-not-shipped
receive everything as a part: quantity-invalid in in transit, booked out, late to arrive, partially received, partially received, booked out and in, late; transfer-received in received, received, booked; else transfer-not-shipped
lose: Lost in in transit, booked out, late to arrive; transfer-partially-received in partially received, partially received, booked out and in, late; transfer-received in received, received, booked; already so in lost, lost, booked; else transfer-not-shipped
cancel: transfer-unknown in none; Cancelled in draft, ready, late to leave; already so in cancelled, cancelled, booked; else transfer-shipped
escalate: Escalated in ready, in transit, booked out, partially received; already-escalated in late to leave, late to arrive, partially received, booked out and in, late; else already so
book out: transfer-not-shipped in none, draft, ready, late to leave; BookedOut in in transit, late to arrive, partially received, received, cancelled, lost; else already-booked
book in: BookedIn in partially received, received; else receipt-unknown
)");
  EXPECT_EQ(cells.untried(transitions(), 8), "");
}

TEST(Transfer, knows_what_is_on_its_way_and_what_never_came) {
  auto transfer = shipped({PartReceived{one_mug}});
  EXPECT_EQ(on_its_way(transfer, 0), Quantity{2});
  EXPECT_EQ(on_its_way(transfer, 1), Quantity{1});
  transfer = after({Received{one_mug}}, transfer);
  EXPECT_EQ(transfer.missing, (std::vector<Quantity>{Quantity{1}, Quantity{0}}));
  EXPECT_EQ(on_its_way(transfer, 0), Quantity{0});
  EXPECT_EQ(transfer.receipts.back().come, (std::vector<Quantity>{Quantity{1}, Quantity{1}}));
}

TEST(Transfer, that_was_lost_and_turns_up_is_received_after_all) {
  auto transfer = shipped({Lost{}});
  EXPECT_EQ(to_come(transfer, 0), Quantity{0});
  transfer = after({Received{a_mug_less}}, transfer);
  EXPECT_EQ(transfer.status, Status::received);
  EXPECT_EQ(transfer.received[0], Quantity{2});
  EXPECT_EQ(transfer.missing[0], Quantity{1});
}

TEST(Transfer, rests_only_when_the_stock_of_both_places_tells_it) {
  EXPECT_TRUE(is_under_way(planned()));
  EXPECT_TRUE(is_under_way(planned({Cancelled{}})));
  EXPECT_FALSE(is_under_way(planned({Cancelled{}, BookedOut{}})));
  EXPECT_TRUE(is_under_way(shipped({BookedOut{}, Received{}})));
  EXPECT_FALSE(is_under_way(shipped({BookedOut{}, Received{}, BookedIn{1}})));
}

/// L6, if you like: what has left one place is on its way, has come, or is missing; the stock of all places and what is on its way is always the same but for what is missing.
TEST(Transfer, keeps_every_unit_whatever_is_asked_of_it) {
  rc::check([] {
    using test::any_int;
    State transfer;
    stock::State source = test::a_stocked_warehouse({{"MUG-1", 10}, {"BOWL-1", 10}}), store;
    stock::evolve(store, stock::Defined{test::a_store()}, now);
    auto ask = [](stock::State& place, const stock::Command& command) {
      auto decision = stock::decide(place, command, now);
      RC_ASSERT(bool(decision));
      for (const auto& event : *decision)
        stock::evolve(place, event, now);
      RC_ASSERT(stock::decide(place, command, now)->empty()); // asked again, it is already so
      check_counters(place);
    };
    const auto order = test::order_id();
    ask(source, test::a_hold(order, {{1, sku("MUG-1"), Quantity{3}}, {2, sku("BOWL-1"), Quantity{1}}}));
    ask(source, stock::Allocate{order, 0});
    auto some = [](Quantity most) { return Quantity{any_int(0, most.units() + 2)}; };
    auto any_found = [&] { return std::vector<Found>{{1, some(Quantity{3})}, {2, some(Quantity{1})}}; };
    for (int step = 0; step < 12; ++step) {
      Command command = a_plan();
      switch (any_int(0, 6)) {
      case 0: break;
      case 1: command = Ship{any_found()}; break;
      case 2: command = Receive{any_found(), any_int(0, 2) == 0}; break;
      case 3: command = ReceivePart{any_found(), any_int(0, 2) == 0}; break;
      case 4: command = Lose{}; break;
      default: command = any_int(0, 3) ? Command{Ship{}} : Command{Cancel{}};
      }
      auto decision = decide(transfer, command, now);
      if (!decision)
        continue;
      for (const auto& event : *decision)
        evolve(transfer, event, now);
      auto units = [&](const std::vector<Quantity>& counts) {
        std::vector<stock::HoldLine> lines;
        for (std::size_t i = 0; i < counts.size(); ++i)
          if (counts[i])
            lines.push_back({goods[i].line, goods[i].sku, counts[i]});
        return lines;
      };
      if (transfer.status >= Status::in_transit && transfer.status != Status::cancelled)
        ask(source, stock::TransferOut{order, 0, location("LEEDS"), units(transfer.shipped)});
      for (std::size_t i = 0; i < transfer.receipts.size(); ++i)
        if (auto lines = units(transfer.receipts[i].come); !lines.empty())
          ask(store, stock::TransferIn{"trf/" + std::to_string(i), order, 0, location("DC"), test::entity("SHOP"), lines, units(transfer.receipts[i].missing), transfer.receipts[i].claimed});
      for (std::size_t i = 0; i < transfer.lines.size(); ++i) {
        RC_ASSERT(transfer.shipped[i] == transfer.received[i] + transfer.missing[i] + on_its_way(transfer, i));
        stock::Item item{test::entity("SHOP"), goods[i].sku};
        RC_ASSERT(row_of(source, item).on_hand + row_of(store, item).on_hand + on_its_way(transfer, i).units() + transfer.missing[i].units() == 10);
        RC_ASSERT(row_of(store, item).on_hand == transfer.received[i].units());
      }
    }
  });
}

sourcing::Place place(const std::string& code, std::int32_t mugs, std::int32_t latitude = 0, std::vector<std::string> groups = {}) {
  auto profile = code == "LEEDS" ? test::a_store(code) : test::a_warehouse(code);
  profile.latitude = latitude;
  profile.longitude = 0;
  profile.groups = std::move(groups);
  return {.profile = std::make_shared<const stock::Profile>(std::move(profile)), .available = {mugs}};
}
sourcing::Demand a_demand(std::int32_t mugs = 2) {
  return {.lines = {{1, sku("MUG-1"), Quantity{mugs}, test::money(2500), {}}}, .since = now, .to_store = location("LEEDS")};
}

TEST(TransferSource, is_the_first_that_the_channel_names_and_of_a_group_the_nearest) {
  const std::vector<sourcing::TransferSource> sources{{.location = location("DC"), .group = {}, .transit = 24h}, {.location = {}, .group = "north", .transit = 6h}};
  const std::vector places{place("LEEDS", 9), place("DC", 1), place("FAR", 9, 2'000'000, {"north"}), place("NEAR", 9, 1'000'000, {"north"}), place("OTHER", 9)};
  auto choice = choose_transfer(a_demand(1), sources, places, now);
  EXPECT_EQ(choice.parts.front().location, location("DC"));
  EXPECT_EQ(choice.parts.front().to, location("LEEDS"));
  EXPECT_EQ(choice.parts.front().owner, test::entity("SHOP"));
  choice = choose_transfer(a_demand(2), sources, places, now);
  EXPECT_EQ(choice.parts.front().location, location("NEAR"));
  auto barred = a_demand(2);
  barred.barred = {{location("NEAR"), 1}};
  EXPECT_EQ(choose_transfer(barred, sources, places, now).parts.front().location, location("FAR"));
  choice = choose_transfer(a_demand(10), sources, places, now);
  EXPECT_TRUE(choice.parts.empty());
  EXPECT_EQ(choice.missing.size(), 1U);
}

TEST(TransferSource, is_never_the_store_itself_nor_a_place_that_is_full_or_not_heard_of) {
  const std::vector<sourcing::TransferSource> sources{{.location = {}, .group = "all", .transit = 6h}};
  auto full = place("FULL", 9, 0, {"all"}), silent = place("SILENT", 9, 0, {"all"});
  full.capacity_left = 0;
  silent.is_stale = true;
  EXPECT_TRUE(choose_transfer(a_demand(), sources, std::vector{place("LEEDS", 9, 0, {"all"}), full, silent}, now).parts.empty());
}

TEST(TransferSource, promises_its_preparation_the_way_and_the_stores_preparation_in_their_hours) {
  auto source = test::a_warehouse(), store = test::a_store();
  source.opens = store.opens = 8 * 60;
  source.closes = store.closes = 18 * 60;
  auto nine = std::chrono::floor<std::chrono::days>(now) + 9h;
  auto times = sourcing::transfer_times(source, store, 3h, nine);
  EXPECT_EQ(times.leave_by, nine + 2h);
  EXPECT_EQ(times.there_by, nine + 5h);
  EXPECT_EQ(times.ready_by, nine + 7h);
  EXPECT_EQ(sourcing::transfer_times(source, store, 6h, nine).ready_by, nine + 24h + 1h) << "there at 17, not ready before 18: the next day at ten";
}

TEST(TransferSource, is_named_by_its_channel_as_one_place_or_a_group) {
  auto channel = test::a_channel();
  channel.transfer_from = {{.location = location("DC"), .group = {}, .transit = 24h}, {.location = {}, .group = "north", .transit = 48h}};
  EXPECT_TRUE(bool(channel::decide({}, channel::Activate{channel}, now)));
  for (const auto& wrong : std::vector<sourcing::TransferSource>{{}, {.location = location("DC"), .group = "north", .transit = 24h}, {.location = location("DC"), .group = {}, .transit = 31 * 24h}}) {
    channel.transfer_from = {wrong};
    EXPECT_EQ(channel::decide({}, channel::Activate{channel}, now).error().code, "channel-invalid");
  }
}

} // namespace
} // namespace entrepot::transfer
