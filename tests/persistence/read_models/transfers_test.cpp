// What places are to send to each other and to receive, as their boards read it.
#include <gtest/gtest.h>

#include "persistence/read_models/projector.hpp"
#include "persistence/read_models/work_list.hpp"
#include "tests/persistence/recorded.hpp"
#include "tests/support/test_database.hpp"

namespace entrepot {
namespace {

using namespace std::chrono_literals;
using tests::instant;

const auto nine = instant("2026-03-10T09:00:00Z");
LocationCode place(std::string_view code) { return *LocationCode::from(code); }
AnyEvent planned() {
  return transfer::Event{transfer::Planned{place("DC"), place("LEEDS"), *EntityCode::from("SHOP"), {{1, *Sku::from("MUG-1"), Quantity{2}}}, nine + 2h, nine + 26h}};
}

TEST(TransfersOnBoards, stand_at_both_places_until_they_have_come_or_never_will) {
  test::TestDatabase database;
  tests::Happened happened;
  read_models::Projector by({.conninfo = database.conninfo(), .shards = {}, .pace = 0ms}, happened.memory);
  happened.memory.on_commit([&](int shard, std::span<const journal::Record> records) { by.offer(shard, records); });
  by.start();
  const auto one = member(family_number(100, nine, 1), child::first_transfer + 1), other = member(family_number(100, nine, 2), child::first_transfer + 1);
  auto shown = [&] { return by.wait_for(shard_of(one), happened.head(one), 10s); };
  happened.event(one, planned());
  happened.event(other, planned(), nine + 1s);
  happened.event(one, transfer::Event{transfer::Shipped{{{1, Quantity{1}}}}}, nine + 1h);
  ASSERT_TRUE(shown());
  read_models::WorkList list(database.conninfo());
  for (auto code : {"DC", "LEEDS"}) {
    auto items = list.transfers(place(code));
    ASSERT_EQ(items.size(), 2U) << code;
    EXPECT_EQ(items[0].stream, one) << "the oldest first";
    EXPECT_EQ(items[0].state.status, transfer::Status::in_transit);
    EXPECT_EQ(transfer::on_its_way(items[0].state, 0), Quantity{1});
    EXPECT_EQ(items[1].state.status, transfer::Status::ready_to_ship);
  }
  EXPECT_TRUE(list.transfers(place("YORK")).empty());
  happened.event(one, transfer::Event{transfer::Received{{}, true}}, nine + 26h);
  happened.event(other, transfer::Event{transfer::Cancelled{fulfilment::Reason::damaged}}, nine + 26h);
  ASSERT_TRUE(shown());
  EXPECT_TRUE(list.transfers(place("DC")).empty());
  happened.memory.on_commit([](int, std::span<const journal::Record>) {});
}

} // namespace
} // namespace entrepot
