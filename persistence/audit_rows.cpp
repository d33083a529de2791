#include "persistence/audit_rows.hpp"

#include <algorithm>
#include <limits>

namespace entrepot::audit {
namespace {

constexpr int page_rows = 4'000;

Timestamp instant(const pqxx::field& millis) { return Timestamp{Duration{millis.as<std::int64_t>()}}; }
std::string text(const pqxx::field& field) { return field.is_null() ? std::string() : std::string(field.c_str(), field.size()); }

/// Reads PostgreSQL's "\x...".
std::string bytes(const pqxx::field& field) {
  std::string_view digits(field.c_str(), field.size());
  auto value = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  std::string all;
  all.reserve(digits.size() / 2);
  for (std::size_t at = 2; at + 1 < digits.size(); at += 2)
    all += static_cast<char>(value(digits[at]) << 4 | value(digits[at + 1]));
  return all;
}

std::string millis(const std::string& column) { return "round(date_part('epoch', " + column + ") * 1000)::bigint"; }

/// The first and last stream of a shard's slices.
std::int64_t first_of(int shard) { return std::int64_t{shard} * (slice_count / shard_count) << 51; }
std::int64_t last_of(int shard) { return shard + 1 < shard_count ? first_of(shard + 1) - 1 : std::numeric_limits<std::int64_t>::max(); }

} // namespace

void prepare_audit(pqxx::connection& connection) {
  {
    pqxx::nontransaction work(connection); // the keys' indexes and nothing else, whatever the planner thinks of a table's size
    sql::script(work, "set enable_seqscan = off; set enable_bitmapscan = off; set enable_sort = off; set plan_cache_mode = force_generic_plan; set jit = off; set timezone = 'UTC'; set bytea_output = hex");
  }
  connection.prepare("events", "select stream, seq, pos, version, " + millis("at") + ", type, data from event where shard = $1 and (stream, seq) > ($2, $3) order by shard, stream, seq limit " +
                                   std::to_string(page_rows));
  connection.prepare("wake_ups", "select stream, " + millis("due") + " from wakeup where shard = $1 and stream > $2 order by shard, stream limit " + std::to_string(page_rows));
  connection.prepare("list", "select family, total, pos, " + millis("submitted_at") + ", " + millis("updated_at") +
                                 ", shard, id, status, currency, channel, external_number, customer from order_list where family > $1 and family <= $2 order by family limit " +
                                 std::to_string(page_rows));
  connection.prepare("work", "select family, child, data from work_item where (family, child) > ($1, $2) and family <= $3 order by family, child limit " + std::to_string(page_rows));
  connection.prepare("snapshots", "select stream, seq from snapshot where shard = $1 and page = 0");
  connection.prepare("snapshot", "select page, version, seq, type, data from snapshot where shard = $1 and stream = $2 order by shard, stream, page");
  connection.prepare("submissions", "select family, " + millis("at") + ", pair::text from submission where shard = $1 and pair > $2::uuid order by shard, pair limit " + std::to_string(page_rows));
}

Pages<EventRow> events_of(pqxx::transaction_base& work, int shard) {
  return Pages<EventRow>([&work, shard](const EventRow* last) {
    std::vector<EventRow> page;
    for (const auto& row : sql::run_prepared(work, "events", shard, last ? last->stream.value : std::int64_t{-1}, last ? last->seq : 0))
      page.push_back({{row[0].as<std::int64_t>()}, row[1].as<std::int32_t>(), row[2].as<std::int64_t>(), row[3].as<std::int16_t>(), instant(row[4]), text(row[5]), text(row[6])});
    return page;
  });
}

Pages<WakeUpRow> wake_ups_of(pqxx::transaction_base& work, int shard) {
  return Pages<WakeUpRow>([&work, shard](const WakeUpRow* last) {
    std::vector<WakeUpRow> page;
    for (const auto& row : sql::run_prepared(work, "wake_ups", shard, last ? last->stream.value : std::int64_t{-1}))
      page.push_back({{row[0].as<std::int64_t>()}, instant(row[1])});
    return page;
  });
}

Pages<ListRow> list_of(pqxx::transaction_base& work, int shard) {
  return Pages<ListRow>([&work, shard](const ListRow* last) {
    std::vector<ListRow> page;
    for (const auto& row : sql::run_prepared(work, "list", last ? last->family.value : first_of(shard) - 1, last_of(shard)))
      page.push_back({.family = {row[0].as<std::int64_t>()},
                      .total = row[1].as<std::int64_t>(),
                      .pos = row[2].as<std::int64_t>(),
                      .submitted_at = instant(row[3]),
                      .updated_at = instant(row[4]),
                      .shard = row[5].as<int>(),
                      .id = text(row[6]),
                      .status = text(row[7]),
                      .currency = text(row[8]),
                      .channel = text(row[9]),
                      .external_number = text(row[10]),
                      .customer = text(row[11])});
    return page;
  });
}

std::vector<SubmissionRow> submissions_of(pqxx::transaction_base& work, int shard) {
  std::vector<SubmissionRow> all;
  std::string last = "00000000-0000-0000-0000-000000000000"; // no digest is all zero
  for (bool more = true; more;) {
    auto rows = sql::run_prepared(work, "submissions", shard, last);
    for (const auto& row : rows) {
      all.push_back({{row[0].as<std::int64_t>()}, instant(row[1])});
      last = row[2].c_str();
    }
    more = !rows.empty();
  }
  std::ranges::sort(all, {}, &SubmissionRow::family);
  return all;
}

std::map<StreamId, std::string> work_of(pqxx::transaction_base& work, int shard) {
  std::map<StreamId, std::string> all;
  std::int64_t last_family = first_of(shard) - 1;
  int last_child = 255;
  for (bool more = true; more;) {
    auto rows = sql::run_prepared(work, "work", last_family, last_child, last_of(shard));
    for (const auto& row : rows) {
      last_family = row[0].as<std::int64_t>();
      last_child = row[1].as<int>();
      all.emplace(member({last_family}, last_child), text(row[2]));
    }
    more = !rows.empty();
  }
  return all;
}

std::map<StreamId, std::int32_t> snapshots_of(pqxx::transaction_base& work, int shard) {
  std::map<StreamId, std::int32_t> all;
  for (const auto& row : sql::run_prepared(work, "snapshots", shard))
    all[{row[0].as<std::int64_t>()}] = row[1].as<std::int32_t>();
  return all;
}

journal::Snapshot snapshot_of(pqxx::transaction_base& work, int shard, StreamId stream) {
  journal::Snapshot snapshot;
  for (const auto& row : sql::run_prepared(work, "snapshot", shard, stream.value))
    snapshot.pages.push_back({.number = row[0].as<std::int32_t>(), .version = row[1].as<std::int16_t>(), .seq = row[2].as<std::int32_t>(), .type = text(row[3]), .data = bytes(row[4])});
  return snapshot;
}

std::vector<DefinitionRow> definitions_in(pqxx::transaction_base& work, const std::string& table) {
  std::vector<DefinitionRow> all;
  for (const auto& row : work.exec("select stream, seq, code, data from " + table))
    all.push_back({{row[0].as<std::int64_t>()}, row[1].as<std::int32_t>(), text(row[2]), text(row[3])});
  return all;
}

} // namespace entrepot::audit
