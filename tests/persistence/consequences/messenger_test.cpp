// Commands that follow from events of others: given under one id until they are acknowledged, and the checkpoint stays behind what is not.
#include "persistence/consequences/messenger.hpp"

#include <gtest/gtest.h>

#include "tests/persistence/recorded.hpp"

namespace entrepot::test {
namespace {

using namespace std::chrono_literals;
using consequences::MemoryCheckpoint;
using consequences::Messenger;
using tests::instant;

const auto nine = instant("2026-03-10T09:00:00Z");
const auto dc = stream_of(*LocationCode::from("DC"));
const auto shard = shard_of(dc);

/// So many orders have lost a unit each.
AnyEvent a_cut(int orders) {
  stock::ClaimsCut cut{stock::CutCause::count, "CNT-1", {}};
  for (int order = 1; order <= orders; ++order)
    cut.lines.push_back({{family_number(7, nine, order)}, 0, 1, {*EntityCode::from("SHOP"), *Sku::from("MUG-1")}, Quantity{1}, {}});
  return stock::Event{cut};
}
AnyEvent a_receipt() { return stock::Event{stock::Received{"ASN-1", {{{*EntityCode::from("SHOP"), *Sku::from("MUG-1")}, 1}}}}; }

struct Told { StreamId to; CommandId id; std::string causation; std::function<void(bool)> done; };

/// Whoever is told, and what is kept over a restart.
struct Listeners {
  std::vector<Consequence> draw(const AnyEvent& event) const {
    std::vector<Consequence> all;
    for (const auto& order : stock::cuts_by_order(std::get<stock::ClaimsCut>(std::get<stock::Event>(event))))
      all.push_back({order.order.family, process::Command{process::LookAgain{}}});
    return all;
  }
  std::unique_ptr<Messenger> start(consequences::Checkpoint& checkpoint) {
    told.clear();
    auto messenger = std::make_unique<Messenger>(
        consequences::MessengerOptions{
            .draw = [this](StreamId, const AnyEvent& event) { return draw(event); },
            .interest = {[](StreamId stream, std::string_view type) { return is_named(stream) && type == "StockClaimsCut"; },
                         [](const AnyEvent& event) {
                           const auto* of_stock = std::get_if<stock::Event>(&event);
                           return of_stock && std::holds_alternative<stock::ClaimsCut>(*of_stock);
                         }},
            .give = [this](const Consequence& what, CommandId id, const std::string& causation, std::function<void(bool)> done) { told.push_back({what.to, id, causation, std::move(done)}); },
            .now = [this] { return now; }},
        happened.memory, checkpoint);
    happened.memory.on_commit([it = messenger.get()](int of, std::span<const journal::Record> records) { it->offer(of, records); });
    return messenger;
  }

  tests::Happened happened;
  Timestamp now = nine;
  std::vector<Told> told;
};

TEST(Messenger, tells_each_actor_under_an_id_of_its_own) {
  Listeners all;
  MemoryCheckpoint checkpoint;
  auto messenger = all.start(checkpoint);
  all.happened.events({{dc, a_receipt()}, {dc, a_cut(2)}});
  messenger->step();
  ASSERT_EQ(all.told.size(), 2U);
  EXPECT_EQ(all.told[0].id, consequence_command(shard, 2, 0));
  EXPECT_EQ(all.told[1].id, consequence_command(shard, 2, 1));
  EXPECT_EQ(all.told[1].to, family_number(7, nine, 2));
  EXPECT_EQ(all.told[0].causation, to_text("", dc) + "/2");
  EXPECT_NE(source_of(all.told[0].id), CommandSource::request);
}

TEST(Messenger, repeats_what_was_not_taken_later_and_under_the_same_id) {
  Listeners all;
  MemoryCheckpoint checkpoint;
  auto messenger = all.start(checkpoint);
  all.happened.event(dc, a_cut(1));
  messenger->step();
  all.told[0].done(false);
  messenger->step();
  EXPECT_EQ(all.told.size(), 1U) << "not at once";
  all.now += 200ms;
  messenger->step();
  ASSERT_EQ(all.told.size(), 2U);
  EXPECT_EQ(all.told[1].id, all.told[0].id);
  EXPECT_EQ(messenger->figures().waiting, 1U);
  all.told[1].done(true);
  messenger->step();
  EXPECT_EQ(messenger->figures().acknowledged, 1U);
  EXPECT_EQ(messenger->figures().repeated, 1U);
  EXPECT_EQ(messenger->figures().waiting, 0U);
}

TEST(Messenger, leaves_its_checkpoint_before_what_nobody_has_acknowledged) {
  Listeners all;
  MemoryCheckpoint checkpoint;
  auto messenger = all.start(checkpoint);
  all.happened.event(dc, a_cut(1));
  all.happened.event(dc, a_cut(2));
  messenger->step();
  all.told[1].done(true);
  all.told[2].done(true);
  all.now += 1s;
  messenger->step();
  EXPECT_EQ(checkpoint.standing.positions[static_cast<std::size_t>(shard)], 0) << "the first is still open";
  all.told[0].done(true);
  all.now += 1s;
  messenger->step();
  EXPECT_EQ(checkpoint.standing.positions[static_cast<std::size_t>(shard)], 2);
}

TEST(Messenger, tells_again_after_a_restart_what_was_not_acknowledged_and_nothing_else) {
  Listeners all;
  MemoryCheckpoint checkpoint;
  auto messenger = all.start(checkpoint);
  all.happened.event(dc, a_cut(1));
  messenger->step();
  all.told[0].done(true);
  all.now += 1s;
  messenger->step();
  all.happened.event(dc, a_cut(1));
  messenger->step();
  messenger.reset();
  messenger = all.start(checkpoint);
  messenger->step();
  ASSERT_EQ(all.told.size(), 1U);
  EXPECT_EQ(all.told[0].id, consequence_command(shard, 2, 0));
}

TEST(Messenger, does_not_have_more_open_than_it_may) {
  Listeners all;
  MemoryCheckpoint checkpoint;
  auto messenger = all.start(checkpoint);
  all.happened.event(dc, a_cut(100));
  messenger->step();
  EXPECT_EQ(all.told.size(), consequences::max_commands_on_the_way);
  for (std::size_t i = 0; i < consequences::max_commands_on_the_way; ++i)
    all.told[i].done(true);
  messenger->step();
  EXPECT_EQ(all.told.size(), 100U);
}

} // namespace
} // namespace entrepot::test
