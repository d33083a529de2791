#include "persistence/read_models/projector.hpp"

#include <numeric>

#include "domain/check.hpp"
#include "persistence/array_text.hpp"
#include "persistence/codec.hpp"
#include "persistence/read_models/tables.hpp"

namespace entrepot::read_models {
namespace {

constexpr std::chrono::milliseconds first_retry{100}, longest_retry{2'000};

/// Another projector has moved the checkpoint: where it stands must be read again.
struct Overtaken : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The checkpoint belongs to another history than the journal's: the read models must be rebuilt.
struct WrongHistory : std::runtime_error {
  using std::runtime_error::runtime_error;
};

std::size_t at(int shard) { return static_cast<std::size_t>(shard); }

} // namespace

class Projector::Session {
public:
  explicit Session(const std::string& conninfo) : connection_(conninfo), tables_(pin_plans(connection_), {Model::order_list, Model::definitions, Model::work}) {
    connection_.prepare("move_checkpoint", "update checkpoint as c set pos = n.pos, updated_at = clock_timestamp() "
                                           "from unnest($1::smallint[], $2::bigint[], $3::bigint[]) as n (shard, old, pos) "
                                           "where c.name = 'read_models' and c.shard = n.shard and c.pos = n.old");
    pqxx::work work(connection_);
    work.exec("insert into checkpoint (name, shard, pos, generation) select 'read_models', shard, 0, generation from shard on conflict do nothing");
    for (const auto& row : work.exec("select c.shard, c.pos, c.generation = s.generation from checkpoint c join shard s using (shard) where c.name = 'read_models'")) {
      auto shard = row[0].as<int>();
      if (!row[2].as<bool>())
        throw WrongHistory("the read models of shard " + std::to_string(shard) + " belong to a history before the last restore");
      positions[at(shard)] = row[1].as<std::int64_t>();
    }
    work.commit();
  }

  /// Applies facts and moves the checkpoint from `positions` to `to`, all or nothing.
  void apply(std::span<const Fact> facts, const Positions& to) {
    sql::ArrayText shards, from, until;
    std::size_t moved = 0;
    for (int shard = 0; shard < shard_count; ++shard)
      if (to[at(shard)] != positions[at(shard)]) {
        ++moved;
        shards.add(shard);
        from.add(positions[at(shard)]);
        until.add(to[at(shard)]);
      }
    if (moved == 0)
      return;
    pqxx::work work(connection_);
    auto rows = sql::run_prepared(work, "move_checkpoint", shards.text(), from.text(), until.text()).affected_rows();
    if (static_cast<std::size_t>(rows) != moved)
      throw Overtaken("another projector feeds the read models");
    tables_.write(work, facts);
    work.commit();
    positions = to;
  }

  Positions positions{};

private:
  pqxx::connection connection_;
  Tables tables_;
};

Projector::Projector(ProjectorOptions options, journal::Journal& journal) : options_(std::move(options)), journal_(journal) {
  if (options_.shards.empty()) {
    options_.shards.resize(shard_count);
    std::iota(options_.shards.begin(), options_.shards.end(), 0);
  }
}

Projector::~Projector() { close(); }

void Projector::start() {
  check(!thread_.joinable(), "a projector is started once");
  thread_ = std::thread([this] { run(); });
}

void Projector::close() {
  {
    std::lock_guard lock(mutex_);
    closing_ = true;
  }
  work_.notify_all();
  closing_changed_.notify_all();
  if (thread_.joinable())
    thread_.join();
}

void Projector::offer(int shard, std::span<const journal::Record> records) {
  if (records.empty())
    return;
  Batch batch{shard, records.front().pos, records.back().pos, Clock::now(), {}};
  bool decoded = true; // what is not is read back: nothing is decoded on a lane's thread
  for (const auto& record : records)
    if (!record.event)
      decoded = false;
    else if (matters(*record.event))
      batch.facts.push_back({record.stream, record.seq, record.pos, record.at, record.event});
  std::deque<Batch> overflow; // freed outside the lock
  {
    std::lock_guard lock(mutex_);
    announced_[at(shard)] = batch.last;
    waiting_events_ += batch.facts.size() + 1;
    if (waiting_events_ > options_.max_waiting) {
      overflow.swap(waiting_);
      waiting_events_ = 0;
    } else if (decoded) {
      waiting_.push_back(std::move(batch));
    }
  }
  work_.notify_one();
}

bool Projector::wait_for(int shard, std::int64_t pos, std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  shown_changed_.wait_for(lock, patience, [&] { return shown_[at(shard)] >= pos || stopped_ || closing_; });
  return shown_[at(shard)] >= pos;
}

LagStats Projector::lag() const {
  std::lock_guard lock(mutex_);
  auto stats = lag_.stats();
  for (auto shard : options_.shards)
    stats.behind += std::max<std::int64_t>(announced_[at(shard)] - shown_[at(shard)], 0);
  return stats;
}

std::optional<std::string> Projector::stopped() const {
  std::lock_guard lock(mutex_);
  return stopped_;
}

void Projector::say(const std::string& text) const {
  if (options_.log)
    options_.log(text);
}

/// Waits unless it is closing; true to go on.
bool Projector::pause(std::chrono::milliseconds length) {
  std::unique_lock lock(mutex_);
  return !closing_changed_.wait_for(lock, length, [&] { return closing_; });
}

void Projector::run() {
  auto retry = first_retry;
  auto stop = [&](const std::string& why) {
    say("read models stopped: " + why);
    std::lock_guard lock(mutex_);
    stopped_ = why;
    shown_changed_.notify_all();
  };
  do {
    try {
      Session session(options_.conninfo);
      retry = first_retry;
      work(session);
      return;
    } catch (const codec::Undecodable& why) {
      return stop(why.what());
    } catch (const WrongHistory& why) {
      return stop(why.what());
    } catch (const BrokenInvariant& why) {
      return stop(why.what());
    } catch (const std::exception& why) { // PostgreSQL is away, or the outcome of a commit is unknown: the checkpoint tells
      say(std::string("read models wait: ") + why.what());
    }
    if (!pause(retry))
      return;
    retry = std::min(retry * 2, longest_retry);
  } while (true);
}

/// Projects until it is closing.
void Projector::work(Session& session) {
  show(session.positions, {});
  for (auto shard : options_.shards) {
    auto pos = session.positions[at(shard)];
    if (pos > 0 && journal_.read(shard, pos - 1, 1).empty())
      throw WrongHistory("the checkpoint of shard " + std::to_string(shard) + " stands at " + std::to_string(pos) + ", where the journal has no event");
  }
  auto everything = session.positions;
  for (auto shard : options_.shards)
    everything[at(shard)] = std::numeric_limits<std::int64_t>::max();
  project(session, {}, everything);
  auto not_before = Clock::now();
  while (wait_for_work(not_before)) {
    not_before = Clock::now() + options_.pace;
    std::deque<Batch> batches;
    Positions announced;
    gather(batches, announced);
    project(session, batches, announced);
  }
}

/// Waits for something to project, but not shorter than until `not_before`; false if it is closing.
bool Projector::wait_for_work(Clock::time_point not_before) {
  std::unique_lock lock(mutex_);
  closing_changed_.wait_until(lock, not_before, [&] { return closing_; });
  work_.wait(lock, [&] { return closing_ || announced_ != shown_; });
  return !closing_;
}

void Projector::gather(std::deque<Batch>& batches, Positions& announced) {
  std::lock_guard lock(mutex_);
  batches.swap(waiting_);
  waiting_events_ = 0;
  announced = announced_;
}

/// Applies the batches that follow what is applied already, then reads back what is missing up to `announced`, as far as the journal has it.
void Projector::project(Session& session, const std::deque<Batch>& batches, const Positions& announced) {
  auto to = session.positions;
  std::vector<Fact> facts;
  std::vector<const Batch*> done;
  for (const auto& batch : batches) {
    if (batch.first != to[at(batch.shard)] + 1)
      continue; // known already, or something before it is missing
    to[at(batch.shard)] = batch.last;
    facts.insert(facts.end(), batch.facts.begin(), batch.facts.end());
    done.push_back(&batch);
  }
  session.apply(facts, to);
  show(session.positions, done);
  tell(facts);
  for (auto shard : options_.shards)
    while (session.positions[at(shard)] < announced[at(shard)]) {
      auto page = journal_.read(shard, session.positions[at(shard)], read_back_page);
      if (page.empty() || !pause(std::chrono::milliseconds{0}))
        break;
      facts.clear();
      for (const auto& record : page)
        if (auto fact = fact_of(record))
          facts.push_back(std::move(*fact));
      to = session.positions;
      to[at(shard)] = page.back().pos;
      session.apply(facts, to);
      show(session.positions, {});
      tell(facts);
    }
}

void Projector::tell(std::span<const Fact> facts) const {
  if (options_.on_shown && !facts.empty())
    options_.on_shown(facts);
}

void Projector::show(const Positions& applied, const std::vector<const Batch*>& done) {
  auto now = Clock::now();
  {
    std::lock_guard lock(mutex_);
    for (auto shard : options_.shards) {
      shown_[at(shard)] = applied[at(shard)];
      announced_[at(shard)] = std::max(announced_[at(shard)], applied[at(shard)]);
    }
    for (const auto* batch : done)
      lag_.add(std::chrono::duration_cast<std::chrono::microseconds>(now - batch->committed), static_cast<std::uint64_t>(batch->last - batch->first + 1));
  }
  shown_changed_.notify_all();
}

} // namespace entrepot::read_models
