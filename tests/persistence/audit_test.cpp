#include "persistence/audit.hpp"

#include <algorithm>
#include <fstream>

#include <gtest/gtest.h>

#include "persistence/codec.hpp"
#include "persistence/journal.hpp"
#include "persistence/postgres/snapshot_writer.hpp"
#include "persistence/snapshots/binder.hpp"
#include "persistence/snapshots/location_pages.hpp"
#include "tests/persistence/stored_shop.hpp"
#include "tests/support/temporary_folder.hpp"

namespace entrepot {
namespace {

using tests::StoredShop;

/// What a report says, as "code stream" lines.
std::vector<std::string> said(const std::vector<audit::Finding>& findings) {
  std::vector<std::string> lines;
  for (const auto& finding : findings)
    lines.push_back(finding.code + " " + finding.stream);
  std::ranges::sort(lines);
  return lines;
}

std::string name(StreamId family) { return to_text(OrderId{family}); }
std::string number(StreamId stream) { return std::to_string(stream.value); }

class Audit : public testing::Test {
protected:
  using Lines = std::vector<std::string>;
  void expect(Lines lines) {
    auto report = shop.audit();
    std::ranges::sort(lines);
    std::string texts;
    for (const auto& one : report.contradictions)
      texts += one.code + " " + one.stream + ": " + one.text + "\n";
    EXPECT_EQ(said(report.contradictions), lines) << texts;
    EXPECT_EQ(report.contradicted, lines.size());
    EXPECT_EQ(report.sound(), lines.empty());
  }
  std::string shard_name(StreamId stream) { return "shard " + std::to_string(shard_of(stream)); }

  StoredShop shop;
};

TEST_F(Audit, finds_nothing_where_all_is_well) {
  expect({});
  auto report = shop.audit();
  EXPECT_EQ(report.orders, 7u);
  EXPECT_EQ(report.confirmed, 2u);
  EXPECT_EQ(report.rejected, 4u);
  EXPECT_EQ(report.locations, 1u);
  EXPECT_EQ(report.claims, 4u);
  EXPECT_EQ(report.events, static_cast<std::uint64_t>(std::stoll(shop.database.ask("select count(*) from event"))));
  EXPECT_EQ(said(report.findings), Lines{"parked " + name(shop.parked)});
}

TEST_F(Audit, tells_what_should_have_been_done_long_ago) {
  shop.break_it("update wakeup set due = '2026-03-10T08:00:00Z' where stream = " + number(shop.submitted));
  expect({});
  EXPECT_EQ(said(shop.audit().findings), (Lines{"overdue " + name(shop.submitted), "parked " + name(shop.parked)}));
}

TEST_F(Audit, finds_a_position_that_is_missing) {
  auto stream = stream_of(*CustomerNumber::from("C-1"));
  shop.break_it("insert into event select shard, pos + 5, version, seq + 1, stream, at, command, 'CustomerLevelSet', causation, metadata, '{\"level\":\"silver\"}' from event where stream = 0; "
                "insert into event (shard, pos, stream, seq, type, version, at, command, data) select shard, 50, stream, 2, 'CustomerLevelSet', 1, at, command, '{\"level\":\"silver\"}' "
                "from event where stream = " + number(stream));
  expect({"pos-not-dense " + shard_name(stream)});
}

TEST_F(Audit, finds_an_event_that_is_missing_in_its_stream) {
  shop.break_it("update event set seq = 3 where type = 'OrderConfirmed' and stream = " + number(shop.confirmed));
  expect({"seq-not-dense " + name(shop.confirmed)});
}

TEST_F(Audit, finds_an_event_that_is_missing_in_a_locations_stream) {
  shop.break_it("update event set seq = seq + 1 where type = 'StockHoldBarred'");
  expect({"seq-not-dense location DC-1"});
}

TEST_F(Audit, finds_an_event_that_nobody_can_read) {
  shop.break_it("update event set type = 'OrderVanished' where type = 'OrderConfirmed' and stream = " + number(shop.confirmed));
  expect({"event-undecodable " + name(shop.confirmed)});
}

TEST_F(Audit, finds_an_event_whose_data_were_changed) {
  shop.break_it("update event set data = '{\"by\":\"hand\"}' where type = 'OrderConfirmed' and stream = " + number(shop.confirmed));
  expect({"event-undecodable " + name(shop.confirmed)});
}

TEST_F(Audit, finds_an_event_that_the_rules_refuse) {
  shop.break_it("update event set data = replace(data::text, '\"units\":100', '\"units\":5')::json where type = 'StockReceived'");
  expect({"event-refused location DC-1"});
}

TEST_F(Audit, finds_an_event_in_a_stream_of_another_kind) {
  shop.break_it("update event set type = 'OrderConfirmed', data = '{}' where type = 'FulfilmentAccepted'");
  expect({"event-refused " + name(shop.confirmed) + "/16"});
}

TEST_F(Audit, finds_an_event_that_cannot_follow) {
  shop.break_it("update event set type = 'OrderConfirmed', data = '{}' where type = 'OrderRejected' and stream = " + number(shop.at_once));
  expect({"event-out-of-place " + name(shop.at_once)});
}

TEST_F(Audit, finds_an_order_that_nothing_will_wake) {
  shop.break_it("delete from wakeup");
  expect({"wake-up-missing " + name(shop.confirmed), "wake-up-missing " + name(shop.submitted), "wake-up-missing " + name(shop.taking_back)});
}

TEST_F(Audit, finds_a_wake_up_that_has_nothing_to_do) {
  shop.break_it("update wakeup set stream = " + number(shop.refused) + ", shard = " + std::to_string(shard_of(shop.refused)) + " where stream = " + number(shop.submitted));
  expect({"wake-up-missing " + name(shop.submitted), "wake-up-of-terminal " + name(shop.refused)});
}

TEST_F(Audit, finds_a_wake_up_of_nobody) {
  auto nobody = family_number(4'095, tests::instant("2026-03-10T09:00:00Z"), 1);
  auto before = family_number(0, tests::instant("2026-03-10T09:00:00Z"), 1);
  for (auto stream : {nobody, before})
    shop.break_it("insert into wakeup (shard, stream, due) values (" + std::to_string(shard_of(stream)) + ", " + number(stream) + ", '2026-03-10T09:01:00Z')");
  expect({"wake-up-of-nobody " + name(nobody), "wake-up-of-nobody " + name(before)});
}

TEST_F(Audit, finds_units_kept_for_an_order_that_there_is_not) {
  auto nobody = family_number(4'095, tests::instant("2026-03-10T09:00:00Z"), 1);
  shop.break_it("update event set data = replace(data::text, '" + name(shop.submitted) + "', '" + name(nobody) + "')::json where type = 'StockHeld'");
  expect({"claim-of-unknown-order " + name(nobody)});
}

TEST_F(Audit, finds_units_kept_for_a_rejected_order) {
  shop.break_it("update event set data = replace(data::text, '" + name(shop.submitted) + "', '" + name(shop.refused) + "')::json where type = 'StockHeld'");
  expect({"claim-of-rejected-order " + name(shop.refused)});
}

TEST_F(Audit, finds_units_kept_that_the_order_does_not_want) {
  shop.break_it("update event set data = replace(data::text, '\"quantity\":2', '\"quantity\":3')::json where type = 'StockHeld' and data::text like '%" + name(shop.submitted) + "%'");
  expect({"claim-differs " + name(shop.submitted)});
}

TEST_F(Audit, finds_units_kept_twice) {
  shop.break_it("update event set data = replace(data::text, '" + name(shop.submitted) + "\",\"round\":0', '" + name(shop.confirmed) + "\",\"round\":1')::json where type = 'StockHeld'");
  expect({"claim-differs " + name(shop.confirmed)});
}

TEST_F(Audit, finds_a_promise_that_no_stock_stands_behind) {
  shop.break_it("update event set type = 'StockReleased' where type = 'StockAllocated'");
  expect({"promise-without-claim " + name(shop.confirmed)});
}

TEST_F(Audit, finds_a_promise_in_a_place_that_there_is_not) {
  auto place = stream_of(shop.dc);
  shop.break_it("delete from event where stream = " + number(place) + "; delete from location; update checkpoint set pos = 0 where shard = " + std::to_string(shard_of(place)));
  expect({"promise-without-claim " + name(shop.confirmed), "promise-without-claim " + name(shop.parked)});
}

TEST_F(Audit, finds_one_external_number_with_two_orders) {
  auto first = std::to_string(slice_of(shop.confirmed)), second = std::to_string(slice_of(shop.submitted));
  shop.break_it("update event set data = replace(data::text, '\"W-" + second + "\"', '\"W-" + first + "\"')::json where type = 'OrderSubmitted'; update order_list set external_number = 'W-" + first +
                "' where external_number = 'W-" + second + "'");
  expect({"external-number-twice " + name(shop.submitted)});
}

TEST_F(Audit, finds_an_order_whose_making_is_forgotten) {
  shop.break_it("delete from submission where family = " + number(shop.at_once));
  expect({"order-without-submission " + name(shop.at_once)});
}

TEST_F(Audit, lets_a_making_be_forgotten_after_a_month_unless_it_had_an_external_number) {
  shop.break_it("update event set at = '2026-01-01T00:00:00Z' where stream in (" + number(shop.at_once) + ", " + number(shop.refused) +
                "); update order_list set submitted_at = '2026-01-01T00:00:00Z', updated_at = '2026-01-01T00:00:00Z' where family = " + number(shop.refused) +
                "; delete from submission where family in (" + number(shop.at_once) + ", " + number(shop.refused) + ")");
  expect({"order-without-submission " + name(shop.refused)});
}

TEST_F(Audit, finds_the_making_of_an_order_that_there_is_not) {
  auto nobody = family_number(4'095, tests::instant("2026-03-10T09:00:00Z"), 1);
  shop.break_it("insert into submission (shard, family, pair, body, at, for_ever) values (63, " + number(nobody) + ", gen_random_uuid(), gen_random_uuid(), now(), true)");
  expect({"submission-without-order " + name(nobody)});
}

TEST_F(Audit, finds_a_list_that_says_something_else) {
  shop.break_it("update order_list set status = 'submitted' where family = " + number(shop.confirmed));
  shop.break_it("update order_list set total = total + 1 where family = " + number(shop.refused));
  expect({"list-row-differs " + name(shop.confirmed), "list-row-differs " + name(shop.refused)});
}

TEST_F(Audit, finds_what_is_missing_in_the_list_and_what_should_not_be_there) {
  shop.break_it("update order_list set family = family + 256 where family = " + number(shop.parked));
  expect({"list-row-missing " + name(shop.parked), "list-row-of-nobody " + name(StreamId{shop.parked.value + 256})});
}

TEST_F(Audit, judges_the_list_as_of_its_checkpoint) {
  auto shard = std::to_string(shard_of(shop.confirmed));
  shop.break_it("update checkpoint set pos = 1 where shard = " + shard + "; update order_list set status = 'submitted', pos = 1 where family = " + number(shop.confirmed) +
                "; delete from work_item where family = " + number(shop.confirmed));
  expect({});
  shop.break_it("update checkpoint set pos = 0 where shard = " + shard);
  expect({"list-row-of-nobody " + name(shop.confirmed)});
}

TEST_F(Audit, finds_a_board_that_shows_another_state_than_the_journal) {
  shop.break_it("update work_item set data = replace(data::text, 'accepted', 'picked')::json where family = " + number(shop.confirmed));
  expect({"work-row-differs " + name(shop.confirmed) + "/16"});
  shop.break_it("delete from work_item");
  expect({"work-row-differs " + name(shop.confirmed) + "/16"});
  shop.break_it("insert into work_item select family + 256 * 7, nextval('work_change'), now(), now(), 16, true, 'pickup', 'DC', 'offered', '{}' from order_list where family = " + number(shop.confirmed));
  expect({"work-row-differs " + name(shop.confirmed) + "/16", "work-row-of-nobody " + to_text("ord_", StreamId{shop.confirmed.value + 256 * 7}) + "/16"});
}

TEST_F(Audit, finds_a_checkpoint_ahead_of_the_journal) {
  shop.break_it("update checkpoint set pos = pos + 1 where shard = 3 and name = 'read_models'; insert into checkpoint (name, shard, pos) values ('another', 4, 9)");
  expect({"checkpoint-above-head shard 3", "checkpoint-above-head shard 4"});
}

TEST_F(Audit, finds_definitions_that_are_not_the_newest) {
  shop.break_it("update product set seq = 1; delete from channel; insert into location select 'DC-2', stream + 256, seq, at, type, type_version, data from location");
  expect({"definition-differs product MUG-1", "definition-missing channel web", "definition-of-nobody location DC-2"});
}

TEST_F(Audit, finds_an_event_in_a_wrong_shard) {
  shop.break_it("update event set shard = shard + 1, pos = (select count(*) from event) where stream = " + number(shop.at_once));
  auto report = shop.audit();
  auto lines = said(report.contradictions);
  EXPECT_NE(std::ranges::find(lines, "event-in-wrong-shard " + name(shop.at_once)), lines.end());
}

TEST_F(Audit, finds_a_name_in_another_names_stream) {
  shop.break_it("update event set data = replace(data::text, 'MUG-1', 'MUG-9')::json where type = 'ProductDefined' and seq = 1");
  expect({"name-elsewhere product MUG-9"});
}

class AuditOfSnapshots : public Audit {
protected:
  /// Stores a snapshot of the location as of its event `seq`, after `spoil` has had it.
  void keep_snapshot(std::int32_t seq, const std::function<void(stock::State&, snapshot::Cover&)>& spoil = {}) {
    stock::State state;
    snapshot::Cover cover{.seq = seq};
    for (const auto& record : shop.happened.memory.store().shards[static_cast<std::size_t>(shard_of(dc))])
      if (record.stream == dc && record.seq <= seq) {
        stock::evolve(state, std::get<stock::Event>(codec::decode(record.type, record.version, record.data)), record.at);
        cover.last_at = std::max(cover.last_at, record.at);
      }
    if (spoil)
      spoil(state, cover);
    snapshot::Changes changes;
    snapshot::Pages<stock::State>().write(state, true, changes);
    journal::postgres::SnapshotWriter(shop.database.conninfo()).save(snapshot::Binder().bind(dc, cover, std::move(changes)));
    ASSERT_EQ(shop.database.ask("select seq from snapshot where page = 0"), std::to_string(cover.seq));
  }
  StreamId dc = stream_of(shop.dc);
};

TEST_F(AuditOfSnapshots, finds_nothing_in_a_snapshot_that_the_events_tell_of) {
  for (auto seq : {1, 5, 9}) {
    keep_snapshot(seq);
    expect({});
    EXPECT_EQ(said(shop.audit().findings), Lines{"parked " + name(shop.parked)});
  }
}

TEST_F(AuditOfSnapshots, finds_a_snapshot_that_says_something_else) {
  keep_snapshot(5, [](stock::State& state, snapshot::Cover&) { ++state.rows.begin()->second.on_hand; });
  expect({"snapshot-differs location DC-1"});
  keep_snapshot(5, [](stock::State& state, snapshot::Cover&) { state.claims.erase(state.claims.begin()); });
  expect({"snapshot-differs location DC-1"});
  keep_snapshot(5, [](stock::State&, snapshot::Cover& cover) { cover.last_at += std::chrono::seconds{1}; });
  expect({"snapshot-differs location DC-1"});
  keep_snapshot(5, [](stock::State&, snapshot::Cover& cover) { ++cover.seq; });
  expect({"snapshot-differs location DC-1"});
}

TEST_F(AuditOfSnapshots, finds_a_snapshot_of_what_has_not_happened) {
  keep_snapshot(5, [](stock::State&, snapshot::Cover& cover) { cover.seq = 5'000; });
  expect({"snapshot-differs location DC-1"});
  shop.break_it("update snapshot set stream = stream + 256");
  expect({"snapshot-differs stream " + number(StreamId{dc.value + 256})});
}

TEST_F(AuditOfSnapshots, a_snapshot_that_nobody_can_read_is_no_contradiction) {
  for (auto damage : {"version = version + 1", "data = data || ' '::bytea", "type = 'Other' where page > 0"}) {
    keep_snapshot(5);
    shop.break_it(std::string("update snapshot set ") + damage);
    expect({});
    EXPECT_EQ(said(shop.audit().findings), (Lines{"parked " + name(shop.parked), "snapshot-unreadable location DC-1"}));
  }
}

class Answers : public Audit {
protected:
  void told(const std::string& key, StreamId family, const std::string& status) {
    file << R"({"key":")" << key << R"(","external_number":"","id":")" << name(family) << R"(","status":")" << status << R"(","http":201})" << "\n" << std::flush;
  }
  test::TemporaryFolder folder;
  std::filesystem::path path = folder.path() / "answers.ndjson";
  std::ofstream file{path};
};

TEST_F(Answers, that_hold_are_counted) {
  told("a", shop.confirmed, "confirmed");
  told("a", shop.confirmed, "confirmed");
  told("b", shop.refused, "rejected");
  told("c", shop.submitted, "submitted");
  told("d", shop.confirmed, "submitted"); // it has come further since
  file << R"({"key":"e","external_number":"","id":"","status":"","http":503})" << "\n" << R"({"key":"f","id":"ord_half)" << std::flush;
  auto report = shop.audit(path);
  EXPECT_TRUE(report.sound());
  EXPECT_EQ(report.answered, 5u);
  EXPECT_EQ(report.missing, 0u);
  EXPECT_EQ(report.different, 0u);
}

TEST_F(Answers, that_the_journal_has_lost_are_missing) {
  auto nobody = family_number(4'095, tests::instant("2026-03-10T09:00:00Z"), 1);
  told("a", nobody, "confirmed");
  auto report = shop.audit(path);
  EXPECT_EQ(report.missing, 1u);
  EXPECT_EQ(said(report.contradictions), Lines{"answer-missing " + name(nobody)});
}

TEST_F(Answers, that_no_longer_hold_are_different) {
  told("a", shop.refused, "confirmed");
  told("b", shop.submitted, "confirmed");
  told("c", shop.confirmed, "rejected");
  auto report = shop.audit(path);
  EXPECT_EQ(report.different, 3u);
  EXPECT_EQ(report.contradicted, 3u);
}

TEST_F(Answers, of_one_request_with_two_orders_are_different) {
  told("a", shop.submitted, "submitted");
  told("a", shop.confirmed, "submitted");
  auto report = shop.audit(path);
  EXPECT_EQ(report.different, 1u);
  EXPECT_EQ(said(report.contradictions), Lines{"answer-different " + name(shop.confirmed)});
}

TEST_F(Answers, that_cannot_be_read_are_no_answers) {
  EXPECT_THROW(shop.audit(folder.path() / "nothing"), std::runtime_error);
  file << "confirmed\n" << std::flush;
  EXPECT_THROW(shop.audit(path), std::runtime_error);
}

TEST(AuditReport, lists_no_more_than_people_read) {
  audit::Report report;
  for (std::size_t i = 0; i < audit::max_listed + 5; ++i)
    report.contradict("code", "stream", "text");
  EXPECT_EQ(report.contradictions.size(), audit::max_listed);
  EXPECT_EQ(report.contradicted, audit::max_listed + 5);
}

TEST(AuditReport, needs_a_database) { EXPECT_THROW(audit::audit({.conninfo = "host=/nowhere", .now = {}}), journal::Unavailable); }

} // namespace
} // namespace entrepot
