#include "persistence/webhooks/courier.hpp"

#include <algorithm>
#include <condition_variable>
#include <utility>

#include "domain/check.hpp"
#include "persistence/codec.hpp"

namespace entrepot::webhook {
namespace {

constexpr std::chrono::milliseconds first_retry{100}, longest_retry{2'000}; ///< of PostgreSQL

} // namespace

struct Courier::Answered {
  std::uint64_t opening = 0; ///< of the mailing: what was sent in an earlier one is sent again
  std::string endpoint;
  Place place;
  Answer answer;
};

struct Courier::Inbox {
  std::mutex mutex;
  std::condition_variable changed;
  bool closing = false, news = false, listening = false;
  std::vector<Answered> answers;
  std::vector<EndpointFigures> figures;
};

struct Courier::Mailing {
  Endpoint endpoint;
  std::uint64_t opening;
  Queue queue;
  std::unique_ptr<consequences::Checkpoint> checkpoint;
  consequences::Standing standing;      ///< as stored
  consequences::Positions read;         ///< everything up to it has been added, or is not for this endpoint
  std::shared_ptr<consequences::Feed> feed;
  Publisher publisher;
  bool more_in_table = false; ///< older ones wait there, which go first
  bool held_up = false;       ///< the feed has more than there was room for
  bool stopped = false;
};

Courier::Courier(CourierOptions options, journal::Journal& journal, Registry& registry)
    : options_(std::move(options)), journal_(journal), registry_(registry), inbox_(std::make_shared<Inbox>()) {
  check(options_.per_second > 0 && options_.in_flight > 0, "a courier may send something");
}

Courier::~Courier() { close(); }

void Courier::start() {
  check(!thread_.joinable(), "a courier is started once");
  thread_ = std::thread([this] { run(); });
}

void Courier::offer(int shard, std::span<const journal::Record> records) {
  if (!has_feeds_)
    return;
  {
    std::lock_guard lock(feeds_mutex_);
    for (const auto& feed : feeds_)
      feed->offer(shard, records);
  }
  std::lock_guard lock(inbox_->mutex);
  inbox_->news = true;
  if (inbox_->listening)
    inbox_->changed.notify_one();
}

void Courier::close() {
  {
    std::lock_guard lock(inbox_->mutex);
    inbox_->closing = true;
  }
  inbox_->changed.notify_all();
  if (thread_.joinable())
    thread_.join();
}

std::vector<EndpointFigures> Courier::figures() const {
  std::lock_guard lock(inbox_->mutex);
  return inbox_->figures;
}

bool Courier::is_closing() const {
  std::lock_guard lock(inbox_->mutex);
  return inbox_->closing;
}

void Courier::say(const std::string& text) const {
  if (options_.log)
    options_.log(text);
}

void Courier::run() {
  auto retry = first_retry;
  for (;;) {
    try {
      work();
      return;
    } catch (const std::exception& why) { // PostgreSQL is away, or another courier was faster: from the checkpoints on, under the same ids
      say(std::string("webhooks wait: ") + why.what());
    }
    mailings_.clear();
    seen_.clear();
    look_next_ = {};
    hear_of_commits();
    std::unique_lock lock(inbox_->mutex);
    if (inbox_->changed.wait_for(lock, retry, [&] { return inbox_->closing; }))
      return;
    retry = std::min(retry * 2, longest_retry);
  }
}

/// Delivers until it is closing.
void Courier::work() {
  do {
    take_answers();
    if (Steady::now() >= look_next_) {
      look_at_endpoints();
      look_next_ = Steady::now() + options_.look_pace;
    }
    if (Steady::now() >= read_next_ && (took_news() || more_)) {
      more_ = draw_all();
      read_next_ = more_ ? Steady::time_point{} : Steady::now() + options_.pace; // what is there already need not wait for more to come
    }
    auto saves = Steady::now() >= save_next_;
    for (auto& [id, mailing] : mailings_) {
      write(*mailing);
      if (saves)
        save(*mailing);
    }
    if (saves)
      save_next_ = Steady::now() + options_.save_pace;
    for (auto& [id, mailing] : mailings_)
      more_ |= mailing->held_up && !mailing->more_in_table && !mailing->queue.is_full(); // there is room again
    send_all();
    show();
  } while (listen(wake_up()));
  while (!mailings_.empty())
    leave(mailings_.begin()->first);
}

void Courier::take_answers() {
  std::vector<Answered> answers;
  {
    std::lock_guard lock(inbox_->mutex);
    answers.swap(inbox_->answers);
  }
  for (const auto& answered : answers) {
    --on_the_way_;
    if (auto found = mailings_.find(answered.endpoint); found != mailings_.end() && found->second->opening == answered.opening)
      settle(*found->second, answered);
  }
}

void Courier::settle(Mailing& mailing, const Answered& answered) {
  auto& figures = counted_[mailing.endpoint.id];
  auto now = options_.now();
  auto rested = mailing.queue.is_resting(now);
  auto outcome = mailing.queue.settle(answered.place, answered.answer, now);
  if (outcome == Queue::Outcome::acknowledged) {
    ++figures.sent;
    return;
  }
  ++figures.failed;
  if (outcome == Queue::Outcome::died) {
    ++figures.died;
    say("endpoint " + mailing.endpoint.id + " has not taken " + delivery_id(mailing.standing.generations[static_cast<std::size_t>(answered.place.shard)], answered.place) +
        " for too long: it is a dead letter");
  }
  if (!rested && mailing.queue.is_resting(now))
    say("endpoint " + mailing.endpoint.id + " does not take messages and is left alone for a while; last answer: " + std::to_string(answered.answer.status));
  if (!is_gone(answered.answer))
    return;
  say("endpoint " + mailing.endpoint.id + " says that it is gone: it is told nothing more until somebody makes it active");
  auto changed = registry_.change(mailing.endpoint.id, [&](Endpoint& endpoint) -> std::optional<Rejection> {
    endpoint.status = Status::gone;
    endpoint.changed_by = "endpoint";
    endpoint.changed_at = now;
    return {};
  });
  leave(std::string(changed ? changed->id : mailing.endpoint.id));
}

/// Finds out which endpoints there are, and takes up what was changed or replayed.
void Courier::look_at_endpoints() {
  auto versions = registry_.versions();
  if (versions == seen_)
    return;
  auto is_no_more = [&](const auto& known) { return std::ranges::find(versions, known.first, &Version::id) == versions.end(); };
  std::erase_if(mailings_, is_no_more);
  std::erase_if(counted_, is_no_more);
  for (const auto& known : versions) {
    if (std::ranges::find(seen_, known) != seen_.end())
      continue;
    auto endpoint = registry_.find(known.id);
    auto is_active = endpoint && endpoint->status == Status::active;
    auto mailing = mailings_.find(known.id);
    if (!is_active) {
      leave(known.id);
    } else if (mailing == mailings_.end()) {
      open(*endpoint);
    } else {
      write(*mailing->second);
      mailing->second->endpoint = *endpoint;
      reload(*mailing->second);
    }
  }
  seen_ = std::move(versions);
  hear_of_commits();
}

void Courier::open(const Endpoint& endpoint) {
  counted_[endpoint.id].id = endpoint.id;
  counted_[endpoint.id].stopped.reset();
  auto checkpoint = options_.checkpoint(endpoint.id);
  auto standing = checkpoint->read();
  for (int shard = 0; shard < shard_count; ++shard)
    if (auto pos = standing.positions[static_cast<std::size_t>(shard)]; pos > 0 && journal_.read(shard, pos - 1, 1).empty()) {
      counted_[endpoint.id].stopped = "its checkpoint of shard " + std::to_string(shard) + " stands at " + std::to_string(pos) + ", where the journal has no event";
      return say("endpoint " + endpoint.id + " is told nothing: " + *counted_[endpoint.id].stopped);
    }
  auto mailing = std::unique_ptr<Mailing>(new Mailing{endpoint, ++openings_, Queue(options_.chance, options_.limits), std::move(checkpoint), standing, standing.positions,
                                                      std::make_shared<consequences::Feed>(journal_, max_waiting_for_endpoint),
                                                      Publisher(journal_, options_.wording, [this] { return is_closing(); })});
  reload(*mailing);
  auto& opened = *mailings_.insert_or_assign(endpoint.id, std::move(mailing)).first->second;
  hear_of_commits(); // before the journal is read: what is committed from now on is announced
  opened.feed->begin(opened.read);
  read_next_ = {};
  more_ = true;
}

/// Takes up what waits in the table. What is on its way from there was written before.
void Courier::reload(Mailing& mailing) {
  auto kept = registry_.waiting(mailing.endpoint.id, options_.limits.set_aside + 1);
  mailing.more_in_table = kept.size() > options_.limits.set_aside;
  if (mailing.more_in_table)
    kept.pop_back();
  for (auto& delivery : kept)
    mailing.queue.restore(std::move(delivery));
}

void Courier::leave(const std::string& id) {
  auto mailing = mailings_.find(id);
  if (mailing == mailings_.end())
    return;
  auto left = std::move(mailing->second);
  mailings_.erase(mailing);
  hear_of_commits();
  write(*left);
  save(*left);
}

void Courier::hear_of_commits() {
  Feeds feeds;
  for (const auto& [id, mailing] : mailings_)
    feeds.push_back(mailing->feed);
  std::lock_guard lock(feeds_mutex_);
  has_feeds_ = !feeds.empty();
  feeds_ = std::move(feeds);
}

bool Courier::took_news() {
  std::lock_guard lock(inbox_->mutex);
  return std::exchange(inbox_->news, false);
}

/// Returns whether any feed may have more without any news.
bool Courier::draw_all() {
  auto more = false;
  for (auto& [id, mailing] : mailings_)
    more |= draw(*mailing);
  return more;
}

/// Draws a few stretches for an endpoint. Returns whether its feed may have more.
bool Courier::draw(Mailing& mailing) {
  mailing.held_up = mailing.more_in_table || mailing.queue.is_full();
  if (mailing.stopped || mailing.held_up)
    return false;
  try {
    for (int i = 0; i < stretches_at_once && !mailing.queue.is_full(); ++i) {
      auto stretch = mailing.feed->next();
      if (!stretch)
        return false;
      auto shard = static_cast<std::size_t>(stretch->shard);
      for (const auto& occurrence : stretch->occurrences)
        if (auto delivery = mailing.publisher.publish(occurrence, mailing.standing.generations[shard], mailing.endpoint))
          mailing.queue.add(*std::move(delivery), options_.now());
      mailing.read[shard] = stretch->last;
    }
    mailing.held_up = mailing.queue.is_full();
    return !mailing.held_up;
  } catch (const codec::Undecodable& why) {
    counted_[mailing.endpoint.id].stopped = why.what();
  } catch (const BrokenInvariant& why) {
    counted_[mailing.endpoint.id].stopped = why.what();
  }
  say("endpoint " + mailing.endpoint.id + " is told nothing more: " + *counted_[mailing.endpoint.id].stopped);
  mailing.stopped = true;
  return false;
}

/// Brings the table up to date: before the checkpoint passes, and before an order's next message is sent.
void Courier::write(Mailing& mailing) {
  auto changed = mailing.queue.take_changed();
  registry_.keep(mailing.endpoint.id, changed);
  auto acknowledged = mailing.queue.take_acknowledged();
  registry_.forget(mailing.endpoint.id, acknowledged);
  if (mailing.more_in_table && mailing.queue.set_aside() < options_.limits.set_aside / 2)
    reload(mailing);
}

/// Once the table is up to date.
void Courier::save(Mailing& mailing) {
  auto to = mailing.queue.acknowledged(mailing.read);
  if (to == mailing.standing.positions)
    return;
  try {
    mailing.checkpoint->move(mailing.standing.positions, to);
    mailing.standing.positions = to;
  } catch (const consequences::Overtaken&) {
    if (registry_.find(mailing.endpoint.id))
      throw;
    look_next_ = {}; // the endpoint has just been removed, which will be seen
  }
}

void Courier::allow() {
  auto now = Steady::now();
  auto passed = std::chrono::duration<double>(now - allowed_at_).count();
  allowance_ = std::min(allowance_ + std::min(passed, 1.0) * options_.per_second, std::max(1.0, options_.per_second / 10.0));
  allowed_at_ = now;
}

/// Endpoints take turns, so that one with much to be told leaves room for the others.
void Courier::send_all() {
  allow();
  auto now = options_.now();
  std::vector<Mailing*> in_turn;
  for (auto& [id, mailing] : mailings_)
    in_turn.push_back(mailing.get());
  if (in_turn.empty())
    return;
  std::ranges::rotate(in_turn, in_turn.begin() + static_cast<std::ptrdiff_t>(++turn_ % in_turn.size()));
  for (auto sent = true; sent;) {
    sent = false;
    for (auto* mailing : in_turn)
      if (on_the_way_ < options_.in_flight && allowance_ >= 1)
        sent |= send_one(*mailing, now);
  }
}

bool Courier::send_one(Mailing& mailing, Timestamp now) {
  auto delivery = mailing.queue.take_due(now);
  if (!delivery)
    return false;
  if (delivery->body.empty())
    delivery->body = registry_.body(mailing.endpoint.id, delivery->place);
  if (delivery->body.empty()) { // somebody has removed it
    mailing.queue.drop(delivery->place);
    return true;
  }
  ++on_the_way_;
  allowance_ -= 1;
  options_.sender({.endpoint = mailing.endpoint.id, .url = mailing.endpoint.url, .id = delivery->id, .body = std::move(delivery->body),
                   .secrets = signing_secrets(mailing.endpoint, now), .at = now},
                  [inbox = inbox_, opening = mailing.opening, endpoint = mailing.endpoint.id, place = delivery->place](Answer answer) {
                    std::lock_guard lock(inbox->mutex);
                    inbox->answers.push_back({opening, endpoint, place, answer});
                    inbox->changed.notify_one();
                  });
  return true;
}

Courier::Steady::time_point Courier::wake_up() const {
  auto steady = Steady::now();
  auto wake = look_next_;
  if (more_)
    wake = std::min(wake, read_next_);
  auto now = options_.now();
  for (const auto& [id, mailing] : mailings_) {
    if (mailing->queue.acknowledged(mailing->read) != mailing->standing.positions)
      wake = std::min(wake, save_next_);
    if (auto due = mailing->queue.next_due(now); due && on_the_way_ < options_.in_flight)
      wake = std::min(wake, steady + std::max(*due - now, std::chrono::milliseconds{allowance_ < 1 ? 1'000 / options_.per_second + 1 : 0}));
  }
  return wake;
}

/// Waits for answers, or until `wake`, or for news of the feed, though not before it is to be read again. Returns false if it is closing.
bool Courier::listen(Steady::time_point wake) {
  std::unique_lock lock(inbox_->mutex);
  inbox_->listening = Steady::now() >= read_next_;
  if (!inbox_->listening)
    wake = std::min(wake, read_next_);
  inbox_->changed.wait_until(lock, wake, [&] { return inbox_->closing || !inbox_->answers.empty() || (inbox_->listening && inbox_->news); });
  inbox_->listening = false;
  return !inbox_->closing;
}

void Courier::show() {
  std::vector<EndpointFigures> figures;
  auto now = options_.now();
  for (auto& [id, counted] : counted_) {
    if (auto mailing = mailings_.find(id); mailing != mailings_.end()) {
      const auto& queue = mailing->second->queue;
      counted.waiting = queue.size();
      counted.set_aside = queue.set_aside();
      counted.resting = queue.is_resting(now);
      counted.oldest = queue.oldest();
      counted.past = mailing->second->publisher.past();
    } else {
      counted.waiting = counted.set_aside = 0;
      counted.resting = false;
      counted.oldest.reset();
    }
    figures.push_back(counted);
  }
  std::lock_guard lock(inbox_->mutex);
  inbox_->figures = std::move(figures);
}

} // namespace entrepot::webhook
