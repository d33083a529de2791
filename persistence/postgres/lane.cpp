#include "persistence/postgres/lane.hpp"

#include <algorithm>

#include <spdlog/spdlog.h>

#include "domain/check.hpp"
#include "persistence/check_entry.hpp"

namespace entrepot::journal::postgres {
namespace {

// Settings of a lane. No statement timeout: a cancelled statement's outcome is unknown while the backend still may commit.
const std::string settings = std::string(pinned_plans) +
                             "set synchronous_commit = on; set default_transaction_isolation = 'read committed'; set default_transaction_read_only = off;"
                             "set statement_timeout = 0; set lock_timeout = 0; set idle_in_transaction_session_timeout = '2s'; set client_min_messages = warning;";

std::size_t bytes_of(const Entry& entry) {
  std::size_t bytes = 0;
  for (const auto& record : entry.records)
    bytes += record.data.size() + record.metadata.size() + record.causation.size() + record.type.size() + 60;
  return bytes;
}

std::int64_t steady_now() { return std::chrono::steady_clock::now().time_since_epoch().count(); }

bool undecided(const Item& item) { return item.state == Item::State::waiting && !item.then; }

} // namespace

std::string lane_application_name(const Uuid& incarnation, int lane) { return "entrepot lane " + std::to_string(lane) + " " + to_text(incarnation); }

Lane::Lane(LaneOptions options) : options_(std::move(options)), backoff_(options_.random) {
  key_ = {options_.incarnation, options_.lane, 0};
  connect();
}

Lane::~Lane() {
  stop();
  join();
}

void Lane::start(const Heads& heads) {
  heads_ = heads;
  thread_ = std::thread([this] { work(); });
}

// ---- any thread ----

void Lane::append(Entry entry) {
  check_entry(entry);
  auto verdict = Verdict::committed;
  bool wake = false;
  {
    std::lock_guard lock(mutex_);
    if (refused_.closed(entry))
      verdict = Verdict::dropped;
    else if (closing_ || stopped_ || queued_events_ + weight(entry) > max_queued_events) {
      verdict = Verdict::unavailable;
      if (writes(entry))
        refused_.close(entry); // what the actor has decided after this one rests on it
    } else {
      queued_events_ += weight(entry);
      queue_.push_back({std::move(entry), {}});
      wake = waiting_;
    }
  }
  if (verdict != Verdict::committed)
    return entry.done(verdict);
  if (wake)
    changed_.notify_one();
}

void Lane::after_queued(std::function<void()> then) {
  {
    std::lock_guard lock(mutex_);
    if (!stopped_ && (!queue_.empty() || in_flight_)) {
      queue_.push_back({{}, std::move(then)});
      changed_.notify_one();
      return;
    }
  }
  then();
}

void Lane::close() {
  {
    std::lock_guard lock(mutex_);
    closing_ = true;
  }
  be_patient_from_now();
  changed_.notify_all();
}

void Lane::stop() {
  {
    std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  be_patient_from_now();
  changed_.notify_all();
}

void Lane::be_patient_from_now() { give_up_at_ = steady_now() + options_.close_patience.count(); }

void Lane::join() {
  if (thread_.joinable() && thread_.get_id() != std::this_thread::get_id())
    thread_.join();
}

// ---- the lane's thread ----

void Lane::work() {
  for (;;) {
    auto batch = gather();
    if (batch.empty())
      break;
    std::string fenced;
    try {
      admit(batch);
      settle(batch);
    } catch (const Fenced& reason) {
      fenced = reason.what();
    } catch (const GaveUp&) {
      stopped_ = true;
    }
    if (!fenced.empty()) {
      stopped_ = true;
      spdlog::critical("lane {} is fenced: {}", options_.lane, fenced);
      options_.fenced(fenced); // before the answers: whoever asks may_answer() after them hears no
    }
    if (stopped_) {
      ended_early_ = true;
      end_all(batch, unsettled_);
    }
    release(batch);
    if (stopped_)
      break;
  }
  std::vector<Item> rest;
  {
    std::lock_guard lock(mutex_);
    stopped_ = true;
    rest.assign(std::make_move_iterator(queue_.begin()), std::make_move_iterator(queue_.end()));
    queue_.clear();
  }
  end_all(rest, false);
  release(rest);
  connection_.reset();
}

std::vector<Item> Lane::gather() {
  std::unique_lock lock(mutex_);
  in_flight_ = false;
  waiting_ = true;
  changed_.wait(lock, [this] { return !queue_.empty() || closing_ || stopped_; });
  waiting_ = false;
  std::vector<Item> batch;
  if (stopped_)
    return batch;
  std::size_t events = 0, bytes = 0;
  while (!queue_.empty() && batch.size() < max_batch_entries) {
    const auto& next = queue_.front().entry;
    const auto more_bytes = bytes_of(next);
    if (!batch.empty() && (events + next.records.size() > max_batch_events || bytes + more_bytes > max_batch_bytes))
      break;
    events += next.records.size();
    bytes += more_bytes;
    queued_events_ -= queue_.front().then ? 0 : weight(next);
    batch.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  in_flight_ = !batch.empty();
  return batch;
}

void Lane::admit(std::span<Item> items) {
  closed_in_batch_.clear();
  for (auto& item : items)
    if (undecided(item)) {
      if (!activations_.admit(item.entry))
        item.state = Item::State::dropped;
      else if (bytes_of(item.entry) > max_entry_bytes)
        drop(item);
    }
}

void Lane::drop(Item& item) {
  item.state = Item::State::dropped;
  activations_.close(item.entry);
  closed_in_batch_.emplace(item.entry.actor, item.entry.activation);
}

/// Drops what rests on something dropped from the same batch. Exactly that activation: what an older one did before may well stand.
void Lane::strike_out(std::span<Item> items) {
  if (closed_in_batch_.empty())
    return;
  for (auto& item : items)
    if (undecided(item) && closed_in_batch_.contains({item.entry.actor, item.entry.activation}))
      item.state = Item::State::dropped;
}

/// Stores the items, or finds out which cannot be; when it returns, all are decided. Throws Fenced or GaveUp.
void Lane::settle(std::span<Item> items) {
  for (;;) {
    strike_out(items);
    if (std::none_of(items.begin(), items.end(), undecided))
      return;
    statement_.fill(items, heads_);
    if (statement_.empty() && options_.may_answer())
      return commit(items); // they only waited their turn, and the lease vouches for this node
    try {
      ensure_connected();
      unsettled_ = true;
      const bool stored = statement_.send(*connection_, key_);
      unsettled_ = false;
      if (stored)
        return commit(items);
      take_row(); // fenced, or an older connection's late raise of the epoch came between
    } catch (const StatementFailed& failure) {
      unsettled_ = false;
      if (survive(failure, items))
        return;
    } catch (const ConnectionLost& lost) {
      spdlog::warn("lane {} lost its connection: {}", options_.lane, lost.what());
      connection_.reset();
      if (settle_unknown(items))
        return;
    }
  }
}

/// Deals with a batch that was refused. Returns true if all items are decided, false if what is left is to be sent again.
bool Lane::survive(const StatementFailed& failure, std::span<Item> items) {
  if (failure.constraint == "event_position")
    throw Fenced(std::string("another has written to a shard of this node: ") + failure.what());
  const bool data = failure.in_class("21") || failure.in_class("22") || failure.in_class("23") || failure.in_class("54");
  if (!data) { // the disk is full, a deadlock, a schema being changed: it is not the batch's fault, and nothing of it was stored
    spdlog::error("lane {} waits: {}", options_.lane, failure.what());
    if (!failure.in_class("40") && !failure.in_class("53") && !failure.in_class("55"))
      connection_.reset(); // a server that became a standby, a statement that was forgotten: another connection may be better
    pause();
    return false;
  }
  spdlog::error("lane {} looks for a culprit: {}", options_.lane, failure.what());
  if (failure.sqlstate == "23505") {
    try {
      const auto culprits = second_writers(*connection_, items);
      for (auto* culprit : culprits)
        drop(*culprit);
      if (!culprits.empty())
        return false;
    } catch (const StatementFailed& second) {
      spdlog::error("lane {} could not ask for second writers: {}", options_.lane, second.what());
    } catch (const ConnectionLost&) {
      connection_.reset(); // nothing was stored; ask again when it is sent again
      return false;
    }
  }
  halve(items);
  return true;
}

/// Sends the items in two halves, in order, down to the one that cannot be stored.
void Lane::halve(std::span<Item> items) {
  std::vector<std::size_t> open;
  for (std::size_t at = 0; at < items.size(); ++at)
    if (undecided(items[at]))
      open.push_back(at);
  if (open.size() == 1)
    return drop(items[open.front()]);
  const auto middle = open[open.size() / 2];
  settle(items.first(middle));
  settle(items.subspan(middle));
}

/// Finds out whether the batch that was under way when the connection broke is stored. A committed raise of the epoch waits for the old statement and makes
/// a late one match nothing; only a later statement then can tell. Returns true if it is stored, and its items are committed then; false: nothing of it ever
/// will be. Throws Fenced or GaveUp.
bool Lane::settle_unknown(std::span<Item> items) {
  for (;;) {
    try {
      std::optional<Fenced> fenced;
      try {
        ensure_connected();
      } catch (const Fenced& reason) {
        fenced = reason; // the fence was committed, hence it too has waited for the old statement: it can still be told what became of it
      }
      bool taken = false;
      const bool stored = unsettled_ && statement_.events() > 0 && statement_.is_stored(*connection_, taken);
      unsettled_ = false;
      if (stored)
        commit(items);
      if (fenced)
        throw *fenced;
      if (taken)
        throw Fenced("another has written to a shard of this node");
      return stored;
    } catch (const ConnectionLost& lost) {
      connection_.reset();
    } catch (const StatementFailed& failure) {
      spdlog::error("lane {} cannot ask what became of its batch: {}", options_.lane, failure.what());
      connection_.reset();
    }
    pause();
  }
}

void Lane::ensure_connected() {
  while (!connection_) {
    try {
      connect();
      return;
    } catch (const ConnectionLost& lost) {
      spdlog::warn("lane {} cannot connect: {}", options_.lane, lost.what());
    } catch (const StatementFailed& failure) {
      spdlog::warn("lane {} cannot connect: {}", options_.lane, failure.what());
    }
    connection_.reset();
    pause();
  }
}

/// Makes a connection that may write: with the row taken and the statement prepared.
void Lane::connect() {
  connection_ = std::make_unique<Connection>(ConnectionOptions{.conninfo = options_.conninfo,
                                                               .application_name = lane_application_name(options_.incarnation, options_.lane),
                                                               .settings = settings,
                                                               .give_up = [this] { return impatient(); }});
  try {
    connection_->script("set lc_messages = 'C'"); // for people who read logs; only a superuser may
  } catch (const StatementFailed&) {
  }
  AppendStatement::prepare(*connection_);
  take_row();
  backoff_.reset();
}

/// Raises the epoch, which ends whatever older connections still have under way. Throws Fenced.
void Lane::take_row() {
  const auto rows = connection_->run("update lane set epoch = epoch + 1, backend_pid = pg_backend_pid() where incarnation = $1 and lane = $2 and not fenced returning epoch",
                                     Parameters().add(key_.incarnation).add(key_.lane));
  if (rows.count() != 1)
    throw Fenced("this node was declared dead");
  key_.epoch = rows.int64(0, 0);
}

bool Lane::impatient() const {
  const auto at = give_up_at_.load();
  return at != 0 && steady_now() > at;
}

void Lane::pause() {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, backoff_.next(), [this] { return stopped_.load(); });
  if (stopped_ || impatient())
    throw GaveUp{};
}

void Lane::commit(std::span<Item> items) {
  heads_ = statement_.heads();
  if (give_up_at_)
    be_patient_from_now(); // closing, and the database is there
  for (auto& item : items)
    if (undecided(item))
      item.state = Item::State::committed;
}

/// Decides what is still open when the lane ends.
void Lane::end_all(std::span<Item> items, bool sent_unsettled) {
  for (auto& item : items)
    if (undecided(item))
      item.state = sent_unsettled && writes(item.entry) ? Item::State::unanswered : Item::State::unavailable;
}

/// Publishes what was committed, then tells everyone, in order.
void Lane::release(std::vector<Item>& batch) {
  for (auto& item : batch)
    if (item.state == Item::State::committed)
      for (auto& record : item.entry.records)
        committed_[static_cast<std::size_t>(shard_of(record.stream))].push_back(std::move(record));
  for (int shard = 0; shard < shard_count; ++shard)
    if (auto& records = committed_[static_cast<std::size_t>(shard)]; !records.empty()) {
      options_.publish(shard, records);
      records.clear();
    }
  for (auto& item : batch) {
    if (item.then)
      item.then();
    else if (item.state == Item::State::committed)
      item.entry.done(Verdict::committed);
    else if (item.state == Item::State::dropped)
      item.entry.done(Verdict::dropped);
    else if (item.state == Item::State::unavailable)
      item.entry.done(Verdict::unavailable);
  }
}

} // namespace entrepot::journal::postgres
