#include "persistence/memory_journal.hpp"

#include <algorithm>

#include "domain/check.hpp"
#include "persistence/check_entry.hpp"
#include "persistence/storable_text.hpp"

namespace entrepot::journal {

MemoryJournal::MemoryJournal(MemoryOptions options)
    : options_(std::move(options)), store_(options_.store ? options_.store : std::make_shared<MemoryStore>()) {
  if (options_.drive == Drive::by_thread)
    thread_ = std::thread([this] { work(); });
}

MemoryJournal::~MemoryJournal() {
  {
    std::lock_guard lock(mutex_);
    crashed_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable())
    thread_.join();
}

void MemoryJournal::append(Entry entry) {
  check_entry(entry);
  auto verdict = Verdict::committed;
  {
    std::lock_guard lock(mutex_);
    if (refused_.closed(entry))
      verdict = Verdict::dropped;
    else if (closing_ || refuse_appends_ || queued_events_ + weight(entry) > options_.queued_events) {
      verdict = Verdict::unavailable;
      if (writes(entry))
        refused_.close(entry); // what the actor has decided after this one rests on it
    } else {
      queued_events_ += weight(entry);
      queue_.push_back({std::move(entry), {}});
    }
  }
  if (verdict != Verdict::committed)
    return entry.done(verdict);
  changed_.notify_all();
}

void MemoryJournal::load(StreamRange streams, std::function<void(std::optional<History>)> done, Portion portion) {
  check_load(streams, portion);
  auto answer = [this, streams, portion, done = std::move(done)] {
    std::optional<History> history;
    {
      std::lock_guard lock(mutex_);
      if (!refuse_reads_)
        history = read(streams, portion);
    }
    done(std::move(history));
  };
  {
    std::lock_guard lock(mutex_);
    if (!queue_.empty() || in_flight_) { // a history is complete only when what was appended before is settled
      queue_.push_back({{}, std::move(answer)});
      return;
    }
  }
  answer();
}

History MemoryJournal::read(StreamRange streams, const Portion& portion) const {
  History history;
  auto after = portion.after;
  const auto stands = store_->snapshots.find(streams.first);
  if (portion.from_snapshot && stands != store_->snapshots.end() && stands->second.contains(0)) {
    history.snapshot.emplace();
    for (const auto& [number, page] : stands->second)
      history.snapshot->pages.push_back(page);
    after = history.snapshot->seq();
  }
  const auto& shard = store_->shards[static_cast<std::size_t>(shard_of(streams.first))];
  auto at = store_->positions.upper_bound({streams.first, after});
  const auto in_range = [&] { return at != store_->positions.end() && at->first.first <= streams.last; };
  for (; in_range() && history.records.size() < portion.most; ++at)
    history.records.push_back(shard[static_cast<std::size_t>(at->second - 1)]);
  history.more = in_range();
  return history;
}

void MemoryJournal::save(SnapshotChange change) {
  check_save(change);
  {
    std::lock_guard lock(mutex_);
    if (!closing_ && saves_.size() < max_waiting_saves) {
      saves_.push_back(std::move(change));
      changed_.notify_all();
      return;
    }
  }
  change.done(false);
}

bool MemoryJournal::save_next() {
  SnapshotChange change;
  bool stored = false;
  {
    std::lock_guard lock(mutex_);
    if (saves_.empty())
      return false;
    change = std::move(saves_.front());
    saves_.pop_front();
    stored = !refuse_saves_ && replace(change);
  }
  change.done(stored);
  return true;
}

bool MemoryJournal::replace(const SnapshotChange& change) {
  auto& stands = store_->snapshots[change.stream];
  if (!change.base)
    stands.clear();
  else if (const auto cover = stands.find(0); cover == stands.end() || cover->second.data != *change.base)
    return false;
  for (auto number : change.gone)
    stands.erase(number);
  for (const auto& page : change.pages)
    stands[page.number] = page;
  return true;
}

void MemoryJournal::find(int shard, const Digest& pair, std::function<void(std::optional<std::optional<Submission>>)> done) {
  std::optional<std::optional<Submission>> answer;
  {
    std::lock_guard lock(mutex_);
    if (!refuse_reads_) {
      const auto found = store_->submissions.find({shard, pair});
      answer.emplace();
      if (found != store_->submissions.end())
        *answer = found->second;
    }
  }
  done(answer);
}

std::vector<ShardHead> MemoryJournal::claimed() {
  std::lock_guard lock(mutex_);
  std::vector<ShardHead> heads(shard_count);
  std::map<int, StreamId> newest;
  for (int shard = 0; shard < shard_count; ++shard) {
    auto& head = heads[static_cast<std::size_t>(shard)];
    head.shard = shard;
    head.pos = static_cast<std::int64_t>(store_->shards[static_cast<std::size_t>(shard)].size());
  }
  for (const auto& [key, pos] : store_->positions)
    if (!is_named(key.first))
      newest[slice_of(key.first)] = family_of(key.first);
  for (const auto& [slice, family] : newest)
    heads[static_cast<std::size_t>(shard_of_slice(slice))].newest_families.push_back(family);
  for (const auto& [stream, due] : store_->wake_ups)
    heads[static_cast<std::size_t>(shard_of(stream))].wake_ups.push_back({stream, due});
  return heads;
}

void MemoryJournal::on_commit(std::function<void(int, std::span<const Record>)> listener) { listener_ = std::move(listener); }

std::vector<Record> MemoryJournal::read(int shard, std::int64_t after, std::size_t limit) {
  std::lock_guard lock(mutex_);
  if (refuse_reads_)
    throw Unavailable("reads are refused");
  const auto& records = store_->shards[static_cast<std::size_t>(shard)];
  const auto first = std::min(static_cast<std::size_t>(after), records.size());
  const auto last = std::min(first + limit, records.size());
  return {records.begin() + static_cast<std::ptrdiff_t>(first), records.begin() + static_cast<std::ptrdiff_t>(last)};
}

SweptPage MemoryJournal::forget_submissions(int shard, Timestamp before, const Digest& after, std::size_t most) {
  std::lock_guard lock(mutex_);
  if (refuse_reads_)
    throw Unavailable("reads are refused");
  SweptPage page;
  auto& all = store_->submissions;
  Digest last{};
  for (auto at = all.upper_bound({shard, after}); at != all.end() && at->first.first == shard && page.looked_at < most; ++page.looked_at) {
    last = at->first.second;
    const auto stored = store_->submitted_at.find(at->first);
    if (at->second.for_ever || stored->second >= before) {
      ++at;
      continue;
    }
    store_->submitted_at.erase(stored);
    at = all.erase(at);
    ++page.forgotten;
  }
  if (page.looked_at == most)
    page.last = last;
  return page;
}

bool MemoryJournal::may_answer() const {
  std::lock_guard lock(mutex_);
  return !lease_lost_ && !closing_;
}

void MemoryJournal::close() {
  {
    std::lock_guard lock(mutex_);
    closing_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable())
    thread_.join();
  else
    run();
}

bool MemoryJournal::step() {
  auto batch = gather();
  if (batch.empty())
    return save_next();
  std::vector<std::pair<int, std::int64_t>> before; // shard and the position up to which it was known
  {
    std::lock_guard lock(mutex_);
    for (int shard = 0; shard < shard_count; ++shard)
      before.emplace_back(shard, static_cast<std::int64_t>(store_->shards[static_cast<std::size_t>(shard)].size()));
    for (auto& item : batch)
      if (!item.then)
        store(item);
  }
  publish(before);
  for (auto& item : batch)
    item.then ? item.then() : item.entry.done(item.verdict);
  std::lock_guard lock(mutex_);
  in_flight_ = false;
  return true;
}

int MemoryJournal::run() {
  int batches = 0;
  while (step())
    ++batches;
  return batches;
}

std::size_t MemoryJournal::queued() const {
  std::lock_guard lock(mutex_);
  return queue_.size();
}

std::vector<MemoryJournal::Item> MemoryJournal::gather() {
  std::lock_guard lock(mutex_);
  std::vector<Item> batch;
  std::size_t events = 0;
  while (!queue_.empty()) {
    const auto next = queue_.front().then ? 0 : weight(queue_.front().entry);
    if (!batch.empty() && events + next > options_.batch_events)
      break;
    events += next;
    batch.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  queued_events_ -= events;
  in_flight_ = !batch.empty();
  return batch;
}

void MemoryJournal::store(Item& item) {
  auto& entry = item.entry;
  if (!activations_.admit(entry))
    return;
  const auto drop = drop_next_.find(entry.actor);
  if (drop != drop_next_.end() || !can_store(entry)) {
    if (drop != drop_next_.end())
      drop_next_.erase(drop);
    return activations_.close(entry);
  }
  for (auto& record : entry.records) {
    auto& shard = store_->shards[static_cast<std::size_t>(shard_of(record.stream))];
    record.pos = static_cast<std::int64_t>(shard.size()) + 1;
    store_->positions[{record.stream, record.seq}] = record.pos;
    shard.push_back(std::move(record));
  }
  if (entry.wake_up && entry.wake_up->due)
    store_->wake_ups[entry.wake_up->stream] = *entry.wake_up->due;
  else if (entry.wake_up)
    store_->wake_ups.erase(entry.wake_up->stream);
  if (entry.submission) {
    const std::pair key{shard_of(entry.submission->family), entry.submission->pair};
    store_->submissions[key] = *entry.submission;
    store_->submitted_at[key] = store_->shards[static_cast<std::size_t>(key.first)].back().at;
  }
  for (const auto& key : entry.person_keys)
    store_->person_keys[key.person] = key;
  item.verdict = Verdict::committed;
}

bool MemoryJournal::can_store(const Entry& entry) const {
  const auto storable = [&](const Record& record) {
    return !store_->positions.contains({record.stream, record.seq}) && is_storable(record.type) && is_storable(record.causation) &&
           is_storable(record.metadata) && is_storable(record.data);
  };
  return std::all_of(entry.records.begin(), entry.records.end(), storable) &&
         !(entry.submission && store_->submissions.contains({shard_of(entry.submission->family), entry.submission->pair})) &&
         std::none_of(entry.person_keys.begin(), entry.person_keys.end(), [&](const auto& key) { return store_->person_keys.contains(key.person); });
}

void MemoryJournal::publish(const std::vector<std::pair<int, std::int64_t>>& before) {
  if (!listener_)
    return;
  for (const auto& [shard, pos] : before)
    if (const auto fresh = [&] {
          std::lock_guard lock(mutex_);
          const auto& records = store_->shards[static_cast<std::size_t>(shard)];
          return std::vector<Record>(records.begin() + static_cast<std::ptrdiff_t>(pos), records.end());
        }();
        !fresh.empty())
      listener_(shard, fresh);
}

void MemoryJournal::work() {
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return !queue_.empty() || !saves_.empty() || closing_ || crashed_; });
      if (crashed_ || (closing_ && queue_.empty() && saves_.empty()))
        return;
    }
    step();
  }
}

void MemoryJournal::drop_next(StreamId actor) {
  std::lock_guard lock(mutex_);
  drop_next_.insert(actor);
}

void MemoryJournal::refuse_appends(bool refuse) {
  std::lock_guard lock(mutex_);
  refuse_appends_ = refuse;
}

void MemoryJournal::refuse_reads(bool refuse) {
  std::lock_guard lock(mutex_);
  refuse_reads_ = refuse;
}

void MemoryJournal::refuse_saves(bool refuse) {
  std::lock_guard lock(mutex_);
  refuse_saves_ = refuse;
}

void MemoryJournal::lose_lease(bool lost) {
  std::lock_guard lock(mutex_);
  lease_lost_ = lost;
}

} // namespace entrepot::journal
