// Streams without end are not replayed from their beginning. Snapshots decide nothing: with them, without them and with broken ones the answers are the same.
#include "persistence/snapshots/binder.hpp"
#include "persistence/snapshots/location_pages.hpp"
#include "tests/support/node.hpp"

namespace entrepot {
namespace {

using namespace std::chrono_literals;
using test::Node;

const StreamId dc = stream_of(test::location("DC"));
const actors::Limits often{.snapshot_every = 20, .snapshot_at_rest = 5, .replayed_at_once = 7};

/// Without a reference each counts; with one, the reference alone would tell a repeat.
stock::Command receipt(std::int32_t units) { return stock::Receive{{}, {{{test::entity("SHOP"), test::sku("MUG-1")}, units}}}; }

/// Keeps what a location's state is.
struct Seen : actors::ReplyTo {
  actors::Release accepted(const actors::Answer& answer) override {
    state = *std::get<const stock::State*>(answer.state);
    version = answer.version;
    return [] {};
  }
  actors::Release refused(const Rejection&) override { return [] {}; }
  std::optional<stock::State> state;
  std::int64_t version = 0;
};

std::shared_ptr<Seen> look(Node& node) {
  auto seen = std::make_shared<Seen>();
  node.system.context().send(std::make_shared<actors::Envelope>(actors::Envelope{.to = dc, .payload = actors::Look{}, .reply = seen}));
  node.settle();
  return seen;
}

class Snapshots : public ::testing::Test {
protected:
  /// A warehouse with `receipts` receipts of one mug, each with an id of its own.
  void run_warehouse(int receipts, actors::Limits limits = often) {
    Node node(store, limits);
    node.open_warehouse();
    for (int n = 1; n <= receipts; ++n) {
      node.command(dc, receipt(1), n);
      node.settle();
    }
    before = look(node)->state.value();
  }
  /// From here on these events cannot be read: whoever needs them fails.
  void make_unreadable(std::int32_t up_to) {
    for (auto& record : store->shards[static_cast<std::size_t>(shard_of(dc))])
      if (record.stream == dc && record.seq <= up_to)
        record.data = "{}";
  }
  std::map<std::int32_t, journal::Page>& pages() { return store->snapshots[dc]; }
  std::int32_t snapshot_seq() { return pages().contains(0) ? pages().at(0).seq : 0; }

  std::shared_ptr<journal::MemoryStore> store = std::make_shared<journal::MemoryStore>();
  stock::State before;
};

TEST_F(Snapshots, a_location_begins_with_its_snapshot_and_what_came_after) {
  run_warehouse(50);
  ASSERT_EQ(snapshot_seq(), 42);
  make_unreadable(42);
  Node node(store, often);
  auto seen = look(node);
  ASSERT_TRUE(seen->state);
  EXPECT_EQ(*seen->state, before);
  EXPECT_EQ(seen->version, 52);
  node.command(dc, receipt(5));
  node.settle();
  EXPECT_EQ(node.stock_of("MUG-1").on_hand, 100 + 50 + 5);
}

TEST_F(Snapshots, deleting_all_of_them_changes_no_answer) {
  run_warehouse(50);
  store->snapshots.clear();
  Node node(store, often);
  EXPECT_EQ(look(node)->state, before);
  EXPECT_EQ(snapshot_seq(), 52) << "who had to read so much leaves a snapshot at once";
}

TEST_F(Snapshots, a_receipt_sent_again_after_a_restart_is_still_booked_once) {
  run_warehouse(50);
  make_unreadable(snapshot_seq());
  Node node(store, often);
  auto early = node.command(dc, receipt(1), 3), late = node.command(dc, receipt(1), 49);
  node.settle();
  EXPECT_FALSE(early.faulted() || late.faulted());
  EXPECT_EQ(node.stock_of("MUG-1").on_hand, 150);
}

TEST_F(Snapshots, time_does_not_run_backwards_behind_one) {
  run_warehouse(50);
  store->snapshots.clear();
  { look(*std::make_unique<Node>(store, often)); } // leaves one with nothing behind it
  ASSERT_EQ(snapshot_seq(), 52);
  Node node(store, often);
  node.now = test::now - 1h; // another machine's clock
  node.command(dc, receipt(1));
  node.settle();
  EXPECT_EQ(store->shards[static_cast<std::size_t>(shard_of(dc))].back().at, test::now);
}

TEST_F(Snapshots, that_cannot_be_read_are_passed_over_and_replaced) {
  for (auto spoil : {+[](std::map<std::int32_t, journal::Page>& pages) { ++pages.at(0).version; },
                     +[](std::map<std::int32_t, journal::Page>& pages) { pages.at(0).data = "?"; },
                     +[](std::map<std::int32_t, journal::Page>& pages) { pages.at(1).type = "LocationProfile2"; },
                     +[](std::map<std::int32_t, journal::Page>& pages) { pages.rbegin()->second.data += " "; },
                     +[](std::map<std::int32_t, journal::Page>& pages) { pages.erase(1); },
                     +[](std::map<std::int32_t, journal::Page>& pages) { pages.erase(0); }}) {
    store = std::make_shared<journal::MemoryStore>();
    run_warehouse(50);
    spoil(pages());
    Node node(store, often);
    EXPECT_EQ(look(node)->state, before);
    EXPECT_TRUE(node.quarantined.empty());
    EXPECT_EQ(snapshot_seq(), 52);
    make_unreadable(52);
    Node next(store, often);
    EXPECT_EQ(look(next)->state, before) << "the new one is whole";
  }
}

TEST_F(Snapshots, that_contradict_the_events_behind_them_are_passed_over) {
  run_warehouse(50);
  snapshot::Binder binder; // whole, but says that nothing lies there
  stock::State nothing;
  snapshot::Pages<stock::State> empty;
  snapshot::Changes changes;
  empty.write(nothing, true, changes);
  pages().clear();
  for (auto& page : binder.bind(dc, {40, test::now}, std::move(changes)).pages)
    pages()[page.number] = page;
  for (auto& record : store->shards[static_cast<std::size_t>(shard_of(dc))])
    if (record.stream == dc && record.seq == 45)
      record.data = R"({"reference":"ASN","movements":[{"item":{"owner":"SHOP","sku":"MUG-1"},"units":-50}]})";
  Node node(store, often);
  auto seen = look(node);
  ASSERT_TRUE(seen->state);
  EXPECT_EQ(stock::row_of(*seen->state, {test::entity("SHOP"), test::sku("MUG-1")}).on_hand, 99);
  EXPECT_TRUE(node.quarantined.empty());
}

TEST_F(Snapshots, are_never_of_what_was_not_stored) {
  Node node(store, often);
  node.open_warehouse();
  for (int n = 1; n <= 18; ++n)
    node.command(dc, receipt(1), n);
  node.settle();
  ASSERT_EQ(snapshot_seq(), 0);
  node.command(dc, receipt(1), 19); // the snapshot would be of this one
  node.work();
  node.journal.drop_next(dc);
  node.settle();
  EXPECT_EQ(snapshot_seq(), 0);
  for (int n = 19; n <= 30; ++n) {
    node.pass(1s);
    node.command(dc, receipt(1), n);
    node.settle();
  }
  EXPECT_GE(snapshot_seq(), 21);
  EXPECT_EQ(look(node)->state->rows, look(*std::make_unique<Node>(store, often))->state->rows);
}

TEST_F(Snapshots, one_that_was_not_stored_is_followed_by_a_whole_one) {
  Node node(store, often);
  node.open_warehouse();
  auto receive = [&](int from, int to) {
    for (int n = from; n <= to; ++n) {
      node.command(dc, receipt(1), n);
      node.settle();
    }
  };
  receive(1, 25);
  ASSERT_EQ(snapshot_seq(), 21);
  node.journal.refuse_saves(true);
  receive(26, 50);
  ASSERT_EQ(snapshot_seq(), 21);
  node.journal.refuse_saves(false);
  receive(51, 70);
  EXPECT_EQ(snapshot_seq(), 63);
  make_unreadable(63);
  Node next(store, often);
  EXPECT_EQ(look(next)->state, look(node)->state);
}

TEST_F(Snapshots, who_is_let_go_leaves_one_behind) {
  auto limits = often;
  limits.residents_per_shard = 1;
  run_warehouse(10, {});
  ASSERT_EQ(snapshot_seq(), 0);
  {
    Node node(store, limits);
    look(node);
    StreamId neighbour = dc; // another of the same shard
    for (int n = 0; neighbour == dc || shard_of(neighbour) != shard_of(dc); ++n)
      neighbour = stream_of(test::location("P" + std::to_string(n)));
    for (int n = 0; n < 2; ++n) {
      node.command(neighbour, stock::Command{stock::Receive{"ASN", {}}});
      node.settle();
    }
  }
  EXPECT_EQ(snapshot_seq(), 12);
  make_unreadable(12);
  Node node(store, often);
  EXPECT_EQ(look(node)->state, before);
}

TEST_F(Snapshots, an_order_has_none) {
  Node node(store, {.snapshot_every = 1, .snapshot_at_rest = 1});
  node.open_warehouse();
  node.submit("k1");
  node.settle();
  EXPECT_EQ(store->snapshots.size(), 1u) << "only the warehouse";
}

} // namespace
} // namespace entrepot
