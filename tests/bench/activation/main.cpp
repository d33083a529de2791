// How long a stock location with a long history takes until its first answer: from its snapshot and the events behind it, and from its first event on. Both must
// give the same state. A program of its own, because the load clients of bench/ know no actors.
//
//   bench_activation [EVENTS [SKUS [CLAIMS]]]     in a new database on the server of ENTREPOT_TEST_DATABASE
#include <sys/resource.h>

#include <algorithm>
#include <condition_variable>
#include <iostream>
#include <mutex>

#include <nlohmann/json.hpp>

#include "actors/context.hpp"
#include "actors/system.hpp"
#include "persistence/codec.hpp"
#include "persistence/postgres_journal.hpp"
#include "tests/support/definitions.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/test_database.hpp"

namespace {

using namespace entrepot;
using Clock = std::chrono::steady_clock;

const StreamId location = stream_of(test::location("DC"));

double seconds_since(Clock::time_point since) { return std::chrono::duration<double>(Clock::now() - since).count(); }

struct Scale {
  std::int32_t events = 5'000'000, skus = 20'000, claims = 20'000;
};

/// What happens at a busy warehouse: each order is held and allocated at once, and given back when `claims` others have come after it.
class History {
public:
  explicit History(const Scale& scale) : scale_(scale) {}

  stock::Event event(std::int32_t seq) const {
    if (seq == 1)
      return stock::Defined{test::a_warehouse()};
    if (seq == 2)
      return all_skus();
    auto order = (seq - 3) / 4, step = (seq - 3) % 4;
    if (step == 0)
      return stock::Held{number(order), 0, test::entity("SHOP"), {{1, sku(order), Quantity{1 + order % 3}}, {2, sku(order * 7 + 1), Quantity{1}}}};
    if (step == 1)
      return stock::Allocated{number(order), 0};
    if (order < scale_.claims)
      return stock::Received{"ASN", {{{test::entity("SHOP"), sku(order)}, 1}}};
    if (step == 2)
      return stock::Released{number(order - scale_.claims), 0};
    return stock::HoldBarred{number(order - scale_.claims), 0, at(seq) + std::chrono::minutes{1}};
  }
  static Timestamp at(std::int32_t seq) { return test::now + std::chrono::milliseconds{5 * seq}; }

private:
  static OrderId number(std::int32_t order) { return {family_number(order * 61 % slice_count, at(3 + 4 * order), order % families_per_second)}; }
  Sku sku(std::int32_t n) const { return test::sku("ARTICLE-" + std::to_string(100'000 + n % scale_.skus)); }
  stock::Event all_skus() const {
    stock::Received all{"OPENING", {}};
    for (std::int32_t n = 0; n < scale_.skus; ++n)
      all.movements.push_back({{test::entity("SHOP"), sku(n)}, 10'000'000});
    return all;
  }
  Scale scale_;
};

std::unique_ptr<journal::Journal> open(const test::TestDatabase& database, const test::TemporaryFolder& folder) {
  return journal::open_postgres_journal({.conninfo = database.conninfo(), .node_name = "bench", .state_folder = folder.path()});
}

/// Appends events `first` to `last` as an actor would, some thousands ahead of the disk.
void append(journal::Journal& journal, const History& history, std::int32_t first, std::int32_t last) {
  std::mutex mutex;
  std::condition_variable changed;
  int under_way = 0;
  for (auto seq = first; seq <= last;) {
    journal::Entry entry;
    entry.actor = location;
    entry.activation = static_cast<std::uint64_t>(first);
    for (int n = 0; n < 64 && seq <= last; ++n, ++seq) {
      auto encoded = codec::encode(history.event(seq));
      entry.records.push_back({.stream = location, .seq = seq, .pos = 0, .type = std::string(encoded.type), .version = encoded.version, .at = History::at(seq),
                               .command = {std::uint64_t{seq % 1'000 == 0} << 56, static_cast<std::uint64_t>(seq)}, .causation = {}, .metadata = R"({"by":"process"})",
                               .data = std::move(encoded.data), .event = {}});
    }
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return under_way < 100; });
    ++under_way;
    entry.done = [&](journal::Verdict verdict) {
      if (verdict != journal::Verdict::committed)
        std::cerr << "an event was not stored" << std::endl;
      std::lock_guard tell(mutex);
      --under_way;
      changed.notify_one();
    };
    lock.unlock();
    journal.append(std::move(entry));
  }
  std::unique_lock lock(mutex);
  changed.wait(lock, [&] { return under_way == 0; });
}

/// Waits for the location's state.
class Look : public actors::ReplyTo {
public:
  actors::Release accepted(const actors::Answer& answer) override {
    tell(*std::get<const stock::State*>(answer.state), answer.version);
    return [] {};
  }
  actors::Release refused(const Rejection&) override { return [] {}; }
  stock::State wait() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return version_ > 0; });
    return std::move(state_);
  }
  double waited() const { return waited_; }
  std::int64_t version() const { return version_; }

private:
  void tell(const stock::State& state, std::int64_t version) {
    std::lock_guard lock(mutex_);
    waited_ = seconds_since(since_);
    state_ = state;
    version_ = version;
    changed_.notify_one();
  }
  Clock::time_point since_ = Clock::now();
  std::mutex mutex_;
  std::condition_variable changed_;
  stock::State state_;
  std::int64_t version_ = 0;
  double waited_ = 0;
};

struct Activation {
  double seconds = 0;
  std::int64_t version = 0;
  stock::State state;
};

/// A node starts, and somebody wants to see the location.
Activation activate(const test::TestDatabase& database, const test::TemporaryFolder& folder) {
  auto journal = open(database, folder);
  actors::System system(*journal, {.now = [] { return test::now + std::chrono::hours{24}; }});
  auto look = std::make_shared<Look>();
  system.context().send(std::make_shared<actors::Envelope>(actors::Envelope{.to = location, .payload = actors::Look{}, .reply = look}));
  Activation seen;
  seen.state = look->wait();
  seen.seconds = look->waited();
  seen.version = look->version();
  journal->close(); // stores the snapshot, if there is one on its way
  return seen;
}

int run(const Scale& scale) {
  test::TestDatabase database;
  test::TemporaryFolder folder;
  History history(scale);
  const auto behind = 10'000; // as many as may lie behind a snapshot
  auto since = Clock::now();
  {
    auto journal = open(database, folder);
    append(*journal, history, 1, scale.events - behind);
  }
  nlohmann::ordered_json out{{"bench", "activation"}, {"events", scale.events}, {"skus", scale.skus}, {"stored_s", seconds_since(since)}};
  auto whole = activate(database, folder);
  out["first_s"] = whole.seconds;
  out["snapshot_pages"] = std::stoll(database.ask("select count(*) from snapshot"));
  out["snapshot_bytes"] = std::stoll(database.ask("select sum(length(data)) from snapshot"));
  out["snapshot_seq"] = std::stoll(database.ask("select seq from snapshot where page = 0"));
  {
    auto journal = open(database, folder);
    append(*journal, history, scale.events - behind + 1, scale.events);
  }
  auto quick = activate(database, folder), again = activate(database, folder);
  out["from_snapshot_s"] = quick.seconds;
  out["from_snapshot_again_s"] = again.seconds;
  out["claims"] = quick.state.claims.size();
  database.execute("delete from snapshot");
  auto slow = activate(database, folder);
  out["without_snapshots_s"] = slow.seconds;
  auto same = quick.version == scale.events && slow.version == scale.events && quick.state == slow.state && again.state == slow.state;
  out["same_state"] = same;
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  out["max_rss_mb"] = usage.ru_maxrss / 1024;
  std::cout << out.dump() << std::endl;
  return same ? 0 : 1;
}

} // namespace

int main(int count, char** arguments) {
  Scale scale;
  auto number = [&](int at, std::int32_t otherwise) { return at < count ? std::stoi(arguments[at]) : otherwise; };
  scale.events = std::max(number(1, scale.events), 20'000);
  scale.skus = number(2, scale.skus);
  scale.claims = number(3, scale.claims);
  return run(scale);
}
