#include "persistence/definitions.hpp"

#include <atomic>
#include <thread>

#include <gtest/gtest.h>

#include "persistence/read_models/projector.hpp"
#include "tests/persistence/recorded.hpp"
#include "tests/support/test_database.hpp"

namespace entrepot {
namespace {

using namespace std::chrono_literals;
using tests::recorded;

const auto now = tests::instant("2026-03-10T09:00:00Z");

AnyEvent product(const std::string& sku, std::int64_t price) {
  product::Definition definition{.sku = *Sku::from(sku), .name = "Mug", .category = "home", .tax_class = "standard", .weight_grams = 1, .prices = {}};
  definition.prices["retail"] = {price, *Currency::from("GBP")};
  return product::Event{product::Defined{definition}};
}

AnyEvent location(const std::string& code) {
  return stock::Event{stock::Defined{{.code = *LocationCode::from(code), .name = "DC", .type = stock::Type::warehouse, .owner = *EntityCode::from("uk")}}};
}

AnyEvent channel_version(std::int32_t version) {
  channel::Definition web;
  web.code = *ChannelCode::from("web");
  web.name = "Web";
  web.currency = *Currency::from("GBP");
  return channel::Event{channel::Activated{version, web}};
}

StreamId stream_of_sku(const std::string& sku) { return stream_of(*Sku::from(sku)); }

std::int64_t price_in(const order::Definitions& definitions, const std::string& sku) {
  auto found = definitions.products.find(*Sku::from(sku));
  return found == definitions.products.end() ? -1 : found->second->prices.at("retail").amount;
}

void apply(DefinitionCache& cache, std::vector<journal::Record> records) { cache.apply(records); }

TEST(Definitions, are_in_force_once_they_are_committed) {
  DefinitionCache cache;
  apply(cache, {recorded(stream_of_sku("MUG-1"), 1, product("MUG-1", 900), now), recorded(stream_of(*LocationCode::from("DC-1")), 1, location("DC-1"), now),
                recorded(stream_of(*ChannelCode::from("web")), 3, channel_version(3), now)});
  auto definitions = cache.current();
  EXPECT_EQ(price_in(*definitions, "MUG-1"), 900);
  EXPECT_EQ(definitions->locations.at(*LocationCode::from("DC-1"))->owner, *EntityCode::from("uk"));
  EXPECT_EQ(definitions->channels.at(*ChannelCode::from("web"))->version, 3);
}

TEST(Definitions, are_taken_from_the_stored_event_where_it_was_not_decoded) {
  DefinitionCache cache;
  apply(cache, {recorded(stream_of_sku("MUG-1"), 1, product("MUG-1", 900), now, false)});
  EXPECT_EQ(price_in(*cache.current(), "MUG-1"), 900);
}

TEST(Definitions, do_not_change_while_somebody_looks_at_them) {
  DefinitionCache cache;
  std::vector<std::shared_ptr<const order::Definitions>> held{cache.current()};
  for (int price = 1; price <= 20; ++price) {
    apply(cache, {recorded(stream_of_sku("MUG-1"), price, product("MUG-1", price), now)});
    held.push_back(cache.current());
    if (price % 3 == 0)
      held[static_cast<std::size_t>(price) - 1].reset(); // some let go early, so that their editions are used again
  }
  EXPECT_EQ(price_in(*held[0], "MUG-1"), -1);
  for (int price = 1; price <= 20; ++price)
    if (const auto& definitions = held[static_cast<std::size_t>(price)]) {
      EXPECT_EQ(price_in(*definitions, "MUG-1"), price);
    }
}

TEST(Definitions, keep_what_did_not_change) {
  DefinitionCache cache;
  for (int i = 0; i < 50; ++i)
    apply(cache, {recorded(stream_of_sku("SKU-" + std::to_string(i)), 1, product("SKU-" + std::to_string(i), i), now)});
  auto definitions = cache.current();
  ASSERT_EQ(definitions->products.size(), 50u);
  for (int i = 0; i < 50; ++i)
    EXPECT_EQ(price_in(*definitions, "SKU-" + std::to_string(i)), i);
}

TEST(Definitions, never_go_back_to_an_older_one) {
  DefinitionCache cache;
  apply(cache, {recorded(stream_of_sku("MUG-1"), 2, product("MUG-1", 950), now)});
  apply(cache, {recorded(stream_of_sku("MUG-1"), 1, product("MUG-1", 900), now)});
  EXPECT_EQ(price_in(*cache.current(), "MUG-1"), 950);
}

TEST(Definitions, are_not_disturbed_by_the_stock_of_a_location) {
  DefinitionCache cache;
  auto before = cache.current();
  apply(cache, {recorded(stream_of(*LocationCode::from("DC-1")), 2, stock::Event{stock::Received{"ASN", {}}}, now, false),
                recorded(family_number(1, now, 1), 1, order::Event{order::Confirmed{}}, now)});
  EXPECT_EQ(cache.current(), before);
}

TEST(Definitions, are_whole_for_every_reader_while_they_change) {
  DefinitionCache cache;
  apply(cache, {recorded(stream_of_sku("A"), 1, product("A", 1), now), recorded(stream_of_sku("B"), 1, product("B", 1), now)});
  std::atomic<bool> done = false;
  std::atomic<int> torn = 0;
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i)
    readers.emplace_back([&] {
      while (!done) {
        auto definitions = cache.current();
        torn += price_in(*definitions, "A") != price_in(*definitions, "B");
      }
    });
  for (int price = 2; price <= 2'000; ++price)
    apply(cache, {recorded(stream_of_sku("A"), price, product("A", price), now), recorded(stream_of_sku("B"), price, product("B", price), now)});
  done = true;
  for (auto& reader : readers)
    reader.join();
  EXPECT_EQ(torn, 0);
}

TEST(Definitions, are_loaded_from_the_tables_and_what_the_journal_has_beyond_them) {
  test::TestDatabase database;
  tests::Happened happened(false);
  auto mug = stream_of_sku("MUG-1"), tea = stream_of_sku("TEA");
  happened.event(mug, product("MUG-1", 900));
  happened.event(tea, product("TEA", 300));
  happened.event(stream_of(*ChannelCode::from("web")), channel_version(1));
  {
    read_models::Projector projector({.conninfo = database.conninfo(), .shards = {}, .pace = 0ms}, happened.memory);
    projector.start();
    ASSERT_TRUE(projector.wait_for(shard_of(mug), happened.head(mug), 10s));
    ASSERT_TRUE(projector.wait_for(shard_of(tea), happened.head(tea), 10s));
  }
  happened.event(mug, product("MUG-1", 950)); // nobody projects this one
  DefinitionCache cache;
  cache.load(database.conninfo(), happened.memory);
  EXPECT_EQ(price_in(*cache.current(), "MUG-1"), 950);
  EXPECT_EQ(price_in(*cache.current(), "TEA"), 300);
  EXPECT_EQ(cache.current()->channels.size(), 1u);
}

TEST(Definitions, cannot_be_loaded_without_a_database) {
  tests::Happened happened;
  DefinitionCache cache;
  EXPECT_THROW(cache.load("host=/nowhere", happened.memory), journal::Unavailable);
}

} // namespace
} // namespace entrepot
