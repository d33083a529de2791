#include "persistence/audit.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "persistence/audit_answers.hpp"
#include "persistence/audit_claims.hpp"
#include "persistence/audit_family.hpp"
#include "persistence/audit_named.hpp"
#include "persistence/audit_payments.hpp"
#include "persistence/audit_rows.hpp"
#include "persistence/journal.hpp"

namespace entrepot::audit {

void Report::contradict(std::string code, std::string stream, std::string text) {
  if (++contradicted <= max_listed)
    contradictions.push_back({std::move(code), std::move(stream), std::move(text)});
}

void Report::find(std::string code, std::string stream, std::string text) {
  if (findings.size() < max_listed)
    findings.push_back({std::move(code), std::move(stream), std::move(text)});
}

namespace {

struct Shard { // where a shard and the read models stand
  std::int64_t floor = 0, head = 0, checkpoint = 0;
};

class Audit {
public:
  Audit(pqxx::transaction_base& work, const Options& options) : work_(work), options_(options) {}

  Report run() {
    read_positions();
    for (int shard = 0; shard < shard_count; ++shard) {
      read_shard(shard);
      if (options_.progress)
        options_.progress(shard + 1, shard_count);
    }
    std::ranges::sort(orders_, {}, &OrderDigest::family); // they are, unless one is stored in a wrong shard
    compare_claims(orders_, std::move(claims_), [this](StreamId place) { return readable(place); }, report_);
    compare_external_numbers();
    compare_definitions();
    if (options_.provider)
      payments_.compare(*options_.provider, report_);
    if (options_.answers)
      compare_answers(*options_.answers, orders_, report_);
    return std::move(report_);
  }

private:
  Shard& at(int shard) { return shards_[static_cast<std::size_t>(shard)]; }

  void read_positions() {
    for (const auto& row : work_.exec("select s.shard, s.floor, coalesce((select pos from event e where e.shard = s.shard order by pos desc limit 1), s.floor), coalesce(c.pos, 0) "
                                      "from shard s left join checkpoint c on c.shard = s.shard and c.name = 'read_models' order by s.shard")) {
      auto shard = row[0].as<int>();
      at(shard) = {row[1].as<std::int64_t>(), row[2].as<std::int64_t>(), row[3].as<std::int64_t>()};
    }
    for (const auto& row : work_.exec("select name, shard, pos from checkpoint order by name, shard")) {
      auto shard = row[1].as<int>();
      if (row[2].as<std::int64_t>() > at(shard).head)
        report_.contradict("checkpoint-above-head", "shard " + std::to_string(shard),
                           std::string(row[0].c_str()) + " stands at " + row[2].c_str() + ", the journal at " + std::to_string(at(shard).head));
    }
  }

  /// Reads a shard's events stream by stream, beside them its wake-ups and the list of its orders, which have the same order.
  void read_shard(int shard) {
    auto events = events_of(work_, shard);
    auto wake_ups = wake_ups_of(work_, shard);
    auto listed = list_of(work_, shard);
    created_.clear();
    snapshots_ = snapshots_of(work_, shard);
    shard_events_ = 0;
    work_rows_ = work_of(work_, shard);
    while (const auto* next = events.peek())
      if (is_named(next->stream))
        read_named(shard, events, wake_ups, listed);
      else
        read_family(shard, events, wake_ups, listed);
    constexpr StreamId end{std::numeric_limits<std::int64_t>::max()};
    stray_wake_ups(wake_ups, end);
    stray_list_rows(listed, end);
    for (const auto& [stream, data] : work_rows_)
      report_.contradict("work-row-of-nobody", name_of_member(stream), "the boards have a row that no event tells of");
    for (const auto& [stream, seq] : snapshots_)
      report_.contradict("snapshot-differs", "stream " + std::to_string(stream.value), "there is a snapshot as of event " + std::to_string(seq) + ", and no event");
    check_positions(shard);
    compare_submissions(shard);
    report_.events += static_cast<std::uint64_t>(shard_events_);
  }

  void read_family(int shard, Pages<EventRow>& events, Pages<WakeUpRow>& wake_ups, Pages<ListRow>& listed) {
    auto family = family_of(events.peek()->stream);
    std::vector<EventRow> members;
    StreamId stream;
    for (const auto* next = events.peek(); next && family_of(next->stream) == family; next = events.peek()) {
      report_.streams += next->stream != stream;
      stream = next->stream;
      members.push_back(*next);
      events.pop();
    }
    shard_events_ += static_cast<std::int64_t>(members.size());
    check_shard(shard, family, name_of_member(family));
    auto folded = fold_family(family, std::move(members), at(shard).checkpoint, report_);
    count(folded);
    created_.push_back({family, folded.created, !folded.external_number.empty()});
    if (options_.provider)
      payments_.note(folded.family);
    compare_wake_up(folded, wake_ups);
    compare_list_row(folded, listed);
    compare_work(folded);
    orders_.push_back(folded.digest);
  }

  void read_named(int shard, Pages<EventRow>& events, Pages<WakeUpRow>& wake_ups, Pages<ListRow>& listed) {
    auto stream = events.peek()->stream;
    stray_list_rows(listed, stream);
    stray_wake_ups(wake_ups, stream);
    NamedFold fold(stream, at(shard).checkpoint, report_);
    if (auto snapshot = snapshots_.extract(stream))
      fold.expect_snapshot(snapshot.mapped(), [this, shard, stream] { return snapshot_of(work_, shard, stream); });
    ++report_.streams;
    for (const auto* next = events.peek(); next && next->stream == stream; next = events.peek()) {
      fold.add(*next);
      ++shard_events_;
      events.pop();
    }
    fold.finish();
    check_shard(shard, stream, fold.name());
    if (const auto* wake_up = wake_ups.peek(); wake_up && wake_up->stream == stream)
      wake_ups.pop(); // nothing says that a named stream may have none
    if (fold.kind() == Kind::location) {
      ++report_.locations;
      report_.claims += fold.claims().size();
      if (!fold.unreadable())
        claims_.insert(claims_.end(), fold.claims().begin(), fold.claims().end());
    }
    if (fold.unreadable())
      unreadable_.insert(stream);
    if (fold.defined() && !fold.unreadable())
      defined_[fold.kind()].push_back(*fold.defined());
  }

  void count(const FoldedFamily& folded) {
    ++report_.orders;
    report_.confirmed += folded.family.order.status == order::Status::confirmed;
    report_.rejected += folded.family.order.status == order::Status::rejected;
    if (const auto& parked = folded.family.diary.parked)
      report_.find("parked", name_of_member(folded.family.id), parked->step + ": " + parked->code + ", " + parked->text);
    if (!folded.any_order && !folded.digest.unreadable)
      report_.contradict("family-without-order", name_of_member(folded.family.id), "its members have events, the order has none");
  }

  void check_shard(int shard, StreamId stream, const std::string& name) {
    if (shard_of(stream) != shard)
      report_.contradict("event-in-wrong-shard", name, "stored in shard " + std::to_string(shard) + ", belongs to " + std::to_string(shard_of(stream)));
  }

  /// Positions are unique by the table's key, so as many as there are from floor to head are all of them.
  void check_positions(int shard) {
    const auto& [floor, head, checkpoint] = at(shard);
    if (shard_events_ == head - floor)
      return;
    report_.contradict("pos-not-dense", "shard " + std::to_string(shard),
                       std::to_string(shard_events_) + " events stand between " + std::to_string(floor) + " and " + std::to_string(head));
  }

  void stray_wake_ups(Pages<WakeUpRow>& wake_ups, StreamId before) {
    for (const auto* row = wake_ups.peek(); row && row->stream < before; row = wake_ups.peek()) {
      auto name = is_named(row->stream) ? "stream " + std::to_string(row->stream.value) : name_of_member(row->stream);
      report_.contradict("wake-up-of-nobody", name, "a wake-up stands for a stream that has no events");
      wake_ups.pop();
    }
  }

  void compare_wake_up(const FoldedFamily& folded, Pages<WakeUpRow>& wake_ups) {
    auto family = folded.family.id;
    stray_wake_ups(wake_ups, family);
    std::optional<WakeUpRow> stands;
    for (const auto* row = wake_ups.peek(); row && family_of(row->stream) == family; row = wake_ups.peek()) {
      stands = *row;
      wake_ups.pop();
    }
    if (folded.digest.unreadable)
      return;
    judge_wake_up(folded.family, stands ? std::optional(stands->due) : std::nullopt, options_.now, report_);
  }

  void stray_list_rows(Pages<ListRow>& listed, StreamId before) {
    for (const auto* row = listed.peek(); row && row->family < before; row = listed.peek()) {
      report_.contradict("list-row-of-nobody", name_of_member(row->family), "the list of orders has a row that no event tells of");
      listed.pop();
    }
  }

  void compare_list_row(const FoldedFamily& folded, Pages<ListRow>& listed) {
    auto family = folded.family.id;
    stray_list_rows(listed, family);
    std::optional<ListRow> stands;
    if (const auto* row = listed.peek(); row && row->family == family) {
      stands = *row;
      listed.pop();
    }
    if (folded.digest.unreadable || stands == folded.listed)
      return;
    if (!stands)
      report_.contradict("list-row-missing", name_of_member(family), "the list of orders has passed its submission and has no row for it");
    else if (!folded.listed)
      report_.contradict("list-row-of-nobody", name_of_member(family), "the list of orders has a row before its checkpoint has reached the submission");
    else
      report_.contradict("list-row-differs", name_of_member(family),
                         "the list says " + stands->status + " as of position " + std::to_string(stands->pos) + ", the journal " + folded.listed->status + " as of " +
                             std::to_string(folded.listed->pos) + (stands->status == folded.listed->status ? "; another column differs" : ""));
  }

  /// The boards' rows of this family are those that its events make.
  void compare_work(const FoldedFamily& folded) {
    if (folded.digest.unreadable) { // its boards' rows prove nothing
      auto first = work_rows_.lower_bound(folded.family.id);
      work_rows_.erase(first, work_rows_.upper_bound(member(folded.family.id, 0xff)));
      return;
    }
    for (const auto& [stream, state] : folded.work) {
      auto row = work_rows_.find(stream);
      auto stands = row == work_rows_.end() ? std::string() : row->second;
      if (row != work_rows_.end())
        work_rows_.erase(row);
      if (state && stands != read_models::to_json(*state))
        report_.contradict("work-row-differs", name_of_member(stream), stands.empty() ? "the boards have no row for it" : "the boards have it in another state than the journal");
    }
  }

  void compare_submissions(int shard) {
    auto rows = submissions_of(work_, shard);
    auto row = rows.begin();
    auto stray = [&] { report_.contradict("submission-without-order", name_of_member(row->family), "its creation is remembered, and it has no events"); };
    for (const auto& created : created_) {
      for (; row != rows.end() && row->family < created.family; ++row)
        stray();
      auto found = row != rows.end() && row->family == created.family;
      while (row != rows.end() && row->family == created.family)
        ++row;
      if (!found && (created.has_external_number || created.at + journal::submission_memory > options_.now))
        report_.contradict("order-without-submission", name_of_member(created.family), "nothing remembers its creation, so that it could be made twice");
    }
    for (; row != rows.end(); ++row)
      stray();
  }

  bool readable(StreamId named) const { return !unreadable_.contains(named); }

  void compare_external_numbers() {
    std::vector<std::pair<std::uint64_t, StreamId>> numbers;
    for (const auto& order : orders_)
      if (order.external != 0 && !order.unreadable)
        numbers.emplace_back(order.external, order.family);
    std::ranges::sort(numbers);
    for (std::size_t i = 1; i < numbers.size(); ++i)
      if (numbers[i].first == numbers[i - 1].first)
        report_.contradict("external-number-twice", name_of_member(numbers[i].second), "it has the channel and external number of " + name_of_member(numbers[i - 1].second));
  }

  void compare_definitions() {
    for (auto [kind, table] : {std::pair{Kind::channel, "channel"}, {Kind::product, "product"}, {Kind::location, "location"}}) {
      std::map<std::string, DefinitionRow> rows;
      for (auto& row : definitions_in(work_, table))
        rows.emplace(row.code, std::move(row));
      for (const auto& expected : defined_[kind]) {
        auto row = rows.find(expected.code);
        if (row == rows.end())
          report_.contradict("definition-missing", std::string(table) + " " + expected.code, "the table has no row for it");
        else if (row->second.stream != expected.stream || row->second.seq != expected.seq || row->second.data != expected.data)
          report_.contradict("definition-differs", std::string(table) + " " + expected.code, "the table does not hold its event " + std::to_string(expected.seq));
        if (row != rows.end())
          rows.erase(row);
      }
      for (const auto& [code, row] : rows)
        if (readable(row.stream))
          report_.contradict("definition-of-nobody", std::string(table) + " " + code, "the table has a row that no event tells of");
    }
  }

  struct Created {
    StreamId family;
    Timestamp at;
    bool has_external_number = false;
  };

  pqxx::transaction_base& work_;
  const Options& options_;
  Report report_;
  PaymentBooks payments_;
  std::array<Shard, shard_count> shards_{};
  // of the shard being read
  std::int64_t shard_events_ = 0;
  std::vector<Created> created_;
  std::map<StreamId, std::string> work_rows_; // as stored, by fulfilment or pickup
  std::map<StreamId, std::int32_t> snapshots_; ///< not yet compared: as of which event
  // of all shards
  std::vector<OrderDigest> orders_;
  std::vector<ClaimDigest> claims_;
  std::set<StreamId> unreadable_; // named streams
  std::map<Kind, std::vector<DefinitionRow>> defined_;
};

} // namespace

Report audit(const Options& options) {
  try {
    pqxx::connection connection(options.conninfo);
    prepare_audit(connection);
    pqxx::work work(connection);
    sql::script(work, "set transaction isolation level repeatable read, read only");
    auto report = Audit(work, options).run();
    work.commit();
    return report;
  } catch (const pqxx::failure& why) {
    throw journal::Unavailable(why.what());
  }
}

} // namespace entrepot::audit
