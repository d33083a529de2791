#include "persistence/consequences/feed.hpp"

#include <utility>

#include "persistence/codec.hpp"

namespace entrepot::consequences {
namespace {

std::size_t at(int shard) { return static_cast<std::size_t>(shard); }

bool is_of_family(StreamId stream, std::string_view) { return !is_named(stream); }
/// Whether the process has found other places behind the promise, or one of them has refused: customers may be told.
bool is_another_place(const process::Event& event) {
  const auto* chosen = std::get_if<process::PlacesChosen>(&event);
  return chosen ? chosen->choice.behind_promise : std::holds_alternative<process::PlaceRefused>(event);
}

/// Whether the event is told of to anybody outside: an order's, its money's, its places'.
bool is_told_outside(const AnyEvent& event) {
  if (const auto* of_process = std::get_if<process::Event>(&event))
    return is_another_place(*of_process);
  return std::holds_alternative<order::Event>(event) || std::holds_alternative<payment::Event>(event) || std::holds_alternative<fulfilment::Event>(event) ||
         std::holds_alternative<pickup::Event>(event);
}

std::string told_time(const std::string& metadata) { return metadata.find("\"occurred_at\"") == std::string::npos ? std::string() : metadata; }

Occurrence occurrence(const journal::Record& record, std::shared_ptr<const AnyEvent> event) {
  return {record.stream, record.seq, record.pos, record.at, told_time(record.metadata), std::move(event), record.command};
}

} // namespace

const Interest of_orders{is_of_family, is_told_outside};

void Feed::offer(int shard, std::span<const journal::Record> records) {
  if (records.empty())
    return;
  Batch batch{{shard, records.back().pos, {}}, records.front().pos};
  auto decoded = true; // what is not is read back: nothing is decoded on a lane's thread
  for (const auto& record : records)
    if (!record.event)
      decoded = decoded && !interest_.in_type(record.stream, record.type);
    else if (interest_.in_event(*record.event))
      batch.stretch.occurrences.push_back(occurrence(record, record.event));
  std::deque<Batch> overflow; // freed outside the lock
  std::lock_guard lock(mutex_);
  announced_[at(shard)] = batch.stretch.last;
  waiting_events_ += batch.stretch.occurrences.size() + 1;
  if (waiting_events_ > max_waiting_) {
    overflow.swap(waiting_);
    waiting_events_ = 0;
  } else if (decoded) {
    waiting_.push_back(std::move(batch));
  }
}

void Feed::begin(const Positions& after) {
  taken_.clear();
  read_ = after;
  perhaps_more_.fill(true);
}

std::optional<Stretch> Feed::next() {
  for (;;) {
    if (auto stretch = next_in_memory())
      return stretch;
    std::lock_guard lock(mutex_);
    if (waiting_.empty())
      break;
    taken_.swap(waiting_);
    waiting_events_ = 0;
  }
  return read_back();
}

std::optional<Stretch> Feed::next_in_memory() {
  while (!taken_.empty()) {
    auto batch = std::move(taken_.front());
    taken_.pop_front();
    auto& read = read_[at(batch.stretch.shard)];
    if (batch.first != read + 1)
      continue; // known already, or something before it is missing: then it is read back with that
    read = batch.stretch.last;
    return std::move(batch.stretch);
  }
  return {};
}

std::optional<Stretch> Feed::read_back() {
  for (int looked_at = 0; looked_at < shard_count; ++looked_at) {
    auto shard = shard_;
    shard_ = (shard_ + 1) % shard_count;
    {
      std::lock_guard lock(mutex_);
      if (!perhaps_more_[at(shard)] && announced_[at(shard)] <= read_[at(shard)])
        continue;
    }
    auto page = journal_.read(shard, read_[at(shard)], read_back_page);
    perhaps_more_[at(shard)] = !page.empty(); // what was committed during the read is announced
    if (page.empty())
      continue;
    Stretch stretch{shard, page.back().pos, {}};
    for (const auto& record : page)
      if (interest_.in_type(record.stream, record.type)) {
        auto event = std::make_shared<const AnyEvent>(codec::decode(record.type, record.version, record.data));
        if (interest_.in_event(*event))
          stretch.occurrences.push_back(occurrence(record, std::move(event)));
      }
    read_[at(shard)] = stretch.last;
    return stretch;
  }
  return {};
}

} // namespace entrepot::consequences
