#include "persistence/consequences/notifier.hpp"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include "domain/check.hpp"
#include "persistence/codec.hpp"

namespace entrepot::consequences {
namespace {

using Steady = std::chrono::steady_clock;
using notification::Answer;

constexpr std::chrono::milliseconds first_retry{100}, longest_retry{2'000}; ///< of PostgreSQL

/// Where an event stands, which names its notice.
using Place = std::pair<int, std::int64_t>;

std::size_t at(int shard) { return static_cast<std::size_t>(shard); }

/// The checkpoint is not one of this journal.
struct WrongHistory : std::runtime_error {
  using std::runtime_error::runtime_error;
};

} // namespace

struct Notifier::Answered {
  int reading = 0; ///< of the checkpoint: what was sent after an earlier one is sent again
  Place place;
  Answer answer;
};

struct Notifier::Inbox {
  std::mutex mutex;
  std::condition_variable changed;
  bool closing = false;
  bool news = false;      ///< the feed may have something
  bool listening = false; ///< and somebody waits for just that
  std::vector<Answered> answers;
  NotifierFigures figures;
};

class Notifier::Delivery {
public:
  Delivery(Notifier& notifier, const Standing& standing)
      : notifier_(notifier), options_(notifier.options_), counted_(notifier.counted_), reading_(++notifier.readings_), generations_(standing.generations),
        saved_(standing.positions), read_(standing.positions) {}

  const Positions& read() const { return read_; }
  bool is_full() const { return open_.size() >= options_.max_open; }
  std::size_t waiting() const { return open_.size(); }

  std::optional<Timestamp> oldest() const {
    return times_.empty() ? std::nullopt : std::optional(*times_.begin());
  }

  /// Everything up to `pos` has been added, or is nobody's.
  void has_read(int shard, std::int64_t pos) { read_[at(shard)] = pos; }

  void add(Notice notice) {
    Place place{shard_of(notice.family), notice.pos};
    auto& queue = of_order_[notice.family];
    queue.push_back(place);
    if (queue.size() == 1)
      due_.emplace(Steady::now(), place);
    times_.insert(notice.at);
    open_.emplace(place, Open{std::move(notice), 0});
  }

  void take(const std::vector<Answered>& answers) {
    for (const auto& one : answers)
      if (one.reading == reading_) {
        --on_the_way_;
        settle(open_.find(one.place), one.answer);
      }
  }

  /// Hands over what is due. Returns when to come back; nothing: not before an answer.
  std::optional<Steady::time_point> send_due() {
    auto now = Steady::now();
    allow(now);
    while (!due_.empty() && due_.begin()->first <= now && on_the_way_ < options_.max_on_the_way && allowance_ >= 1) {
      auto due = due_.begin();
      send(open_.find(due->second));
      due_.erase(due); // not before: if the person cannot be looked up now, it stays due
      allowance_ -= 1;
    }
    if (due_.empty() || on_the_way_ >= options_.max_on_the_way)
      return {};
    return std::max(due_.begin()->first, now + std::chrono::milliseconds{allowance_ < 1 ? 1'000 / options_.per_second + 1 : 0});
  }

  bool is_ahead_of_checkpoint() const { return acknowledged() != saved_; }
  void save() {
    auto to = acknowledged();
    notifier_.checkpoint_.move(saved_, to);
    saved_ = to;
  }

private:
  struct Open {
    Notice notice;
    int tries = 0;
  };
  using Opens = std::map<Place, Open>;

  /// As far as nothing is open.
  Positions acknowledged() const {
    auto positions = read_;
    for (int shard = 0; shard < shard_count; ++shard)
      if (auto first = open_.lower_bound({shard, 0}); first != open_.end() && first->first.first == shard)
        positions[at(shard)] = first->first.second - 1;
    return positions;
  }

  void allow(Steady::time_point now) {
    auto passed = std::chrono::duration<double>(now - allowed_at_).count();
    allowance_ = std::min(allowance_ + passed * options_.per_second, std::max(1.0, options_.per_second / 10.0));
    allowed_at_ = now;
  }

  void send(Opens::iterator open) {
    const auto& [place, what] = *open;
    auto recipient = options_.open(what.notice.person, what.notice.contact);
    if (!recipient) {
      ++counted_.erased;
      return finish(open);
    }
    ++on_the_way_;
    auto [shard, pos] = place;
    auto key = "ntf_" + std::to_string(generations_[at(shard)]) + "_" + std::to_string(shard) + "_" + std::to_string(pos) + "_0";
    options_.provider({std::move(key), OrderId{what.notice.family}, what.notice.kind, what.notice.text, *std::move(recipient)},
                      [inbox = notifier_.inbox_, place = place, reading = reading_](Answer answer) {
                        std::lock_guard lock(inbox->mutex);
                        inbox->answers.push_back({reading, place, std::move(answer)});
                        inbox->changed.notify_one();
                      });
  }

  void settle(Opens::iterator open, const Answer& answer) {
    auto order = to_text(OrderId{open->second.notice.family});
    if (answer.kind == Answer::Kind::accepted) {
      ++counted_.sent;
      if (std::exchange(is_away_, false))
        notifier_.say("the notification provider answers again");
      return finish(open);
    }
    if (answer.kind == Answer::Kind::refused) {
      ++counted_.refused;
      notifier_.say("the notification provider refuses " + open->second.notice.kind + " of order " + order + ": " + (answer.code.empty() ? "without a code" : answer.code));
      return finish(open);
    }
    ++counted_.unanswered;
    if (!std::exchange(is_away_, true))
      notifier_.say("the notification provider does not answer; notices wait");
    if (open->second.notice.at < options_.now() - worth_telling) {
      ++counted_.too_late;
      notifier_.say("nobody has taken " + open->second.notice.kind + " of order " + order + " in time: it is passed by");
      return finish(open);
    }
    due_.emplace(Steady::now() + pause_after(++open->second.tries), open->first);
  }

  std::chrono::milliseconds pause_after(int tries) const {
    auto whole = options_.first_pause;
    for (int i = 1; i < tries && whole < options_.longest_pause; ++i)
      whole *= 2;
    whole = std::min(whole, options_.longest_pause);
    return whole / 2 + std::chrono::milliseconds{static_cast<std::int64_t>(options_.chance() * static_cast<double>(whole.count()) / 2)};
  }

  /// The next notice of that order may go.
  void finish(Opens::iterator open) {
    auto queue = of_order_.find(open->second.notice.family);
    queue->second.pop_front();
    if (queue->second.empty())
      of_order_.erase(queue);
    else
      due_.emplace(Steady::now(), queue->second.front());
    times_.erase(times_.find(open->second.notice.at));
    open_.erase(open);
  }

  Notifier& notifier_;
  const NotifierOptions& options_;
  NotifierFigures& counted_;
  const int reading_;
  const std::array<std::int32_t, shard_count> generations_;
  Positions saved_, read_;
  Opens open_;
  std::multiset<Timestamp> times_; ///< of what is open: asked for its oldest after every answer
  std::unordered_map<StreamId, std::deque<Place>> of_order_; // open ones in order; the first is due or on its way
  std::multimap<Steady::time_point, Place> due_;
  std::size_t on_the_way_ = 0;
  double allowance_ = 1;
  Steady::time_point allowed_at_ = Steady::now();
  bool is_away_ = false;
};

Notifier::Notifier(NotifierOptions options, journal::Journal& journal, Checkpoint& checkpoint)
    : options_(std::move(options)), journal_(journal), checkpoint_(checkpoint), feed_(journal), inbox_(std::make_shared<Inbox>()),
      writer_(journal, options_.words, [inbox = inbox_] {
        std::lock_guard lock(inbox->mutex);
        return inbox->closing;
      }) {
  check(options_.per_second > 0 && options_.max_open > 0 && options_.max_on_the_way > 0, "a notifier may send something");
}

Notifier::~Notifier() { close(); }

void Notifier::start() {
  check(!thread_.joinable(), "a notifier is started once");
  thread_ = std::thread([this] { run(); });
}

void Notifier::offer(int shard, std::span<const journal::Record> records) {
  feed_.offer(shard, records);
  std::lock_guard lock(inbox_->mutex);
  inbox_->news = true;
  if (inbox_->listening)
    inbox_->changed.notify_one();
}

void Notifier::close() {
  {
    std::lock_guard lock(inbox_->mutex);
    inbox_->closing = true;
  }
  inbox_->changed.notify_all();
  if (thread_.joinable())
    thread_.join();
}

NotifierFigures Notifier::figures() const {
  std::lock_guard lock(inbox_->mutex);
  return inbox_->figures;
}

void Notifier::say(const std::string& text) const {
  if (options_.log)
    options_.log(text);
}

/// Waits unless it is closing; true to go on.
bool Notifier::pause(std::chrono::milliseconds length) {
  std::unique_lock lock(inbox_->mutex);
  return !inbox_->changed.wait_for(lock, length, [&] { return inbox_->closing; });
}

void Notifier::stop(const std::string& why) {
  say("customers are told nothing any more: " + why);
  std::lock_guard lock(inbox_->mutex);
  inbox_->figures.stopped = why;
}

void Notifier::run() {
  auto retry = first_retry;
  do {
    try {
      Delivery delivery(*this, checkpoint_.read());
      work(delivery, retry);
      return;
    } catch (const codec::Undecodable& why) {
      return stop(why.what());
    } catch (const WrongHistory& why) {
      return stop(why.what());
    } catch (const BrokenInvariant& why) {
      return stop(why.what());
    } catch (const std::exception& why) { // PostgreSQL is away, or another notifier was faster: from the checkpoint on, under the same keys
      say(std::string("notices wait: ") + why.what());
    }
    if (!pause(retry))
      return;
    retry = std::min(retry * 2, longest_retry);
  } while (true);
}

/// Delivers until it is closing.
void Notifier::work(Delivery& delivery, std::chrono::milliseconds& retry) {
  const auto& from = delivery.read();
  for (int shard = 0; shard < shard_count; ++shard)
    if (auto pos = from[at(shard)]; pos > 0 && journal_.read(shard, pos - 1, 1).empty())
      throw WrongHistory("their checkpoint of shard " + std::to_string(shard) + " stands at " + std::to_string(pos) + ", where the journal has no event");
  feed_.begin(from);
  auto read_next = Steady::now(), save_next = read_next + options_.save_pace;
  std::vector<Answered> answers;
  auto more = true;
  for (;;) {
    delivery.take(answers);
    auto now = Steady::now();
    if (now >= read_next && !delivery.is_full() && (took_news() || more)) {
      more = draw(delivery);
      read_next = now + options_.pace;
    }
    auto send_next = delivery.send_due();
    if (now >= save_next && delivery.is_ahead_of_checkpoint()) {
      delivery.save();
      save_next = now + options_.save_pace;
    }
    retry = first_retry;
    auto wake = std::min(send_next.value_or(now + options_.save_pace), delivery.is_ahead_of_checkpoint() ? save_next : now + options_.save_pace);
    if (more && !delivery.is_full())
      wake = std::min(wake, read_next);
    if (!listen(delivery, read_next, wake, answers))
      break;
  }
  if (delivery.is_ahead_of_checkpoint())
    delivery.save();
}

bool Notifier::took_news() {
  std::lock_guard lock(inbox_->mutex);
  return std::exchange(inbox_->news, false);
}

/// Draws notices from the feed. Returns false once it has no more, true if too many are open.
bool Notifier::draw(Delivery& delivery) {
  while (!delivery.is_full()) {
    auto stretch = feed_.next();
    if (!stretch)
      return false;
    for (const auto& occurrence : stretch->occurrences)
      if (auto notice = writer_.write(occurrence))
        delivery.add(*std::move(notice));
    delivery.has_read(stretch->shard, stretch->last);
  }
  return true;
}

/// Waits for answers, or until `wake`, or for news of the feed, though not before `read_next`. Returns false if it is closing.
bool Notifier::listen(const Delivery& delivery, Steady::time_point read_next, Steady::time_point wake, std::vector<Answered>& answers) {
  answers.clear();
  auto oldest = delivery.oldest();
  std::unique_lock lock(inbox_->mutex);
  counted_.past = writer_.past();
  counted_.nobody = writer_.nobody();
  counted_.waiting = delivery.waiting();
  counted_.oldest = oldest;
  inbox_->figures = counted_;
  if (!delivery.is_full()) {
    inbox_->listening = Steady::now() >= read_next;
    if (!inbox_->listening)
      wake = std::min(wake, read_next);
  }
  inbox_->changed.wait_until(lock, wake, [&] { return inbox_->closing || !inbox_->answers.empty() || (inbox_->listening && inbox_->news); });
  inbox_->listening = false;
  answers.swap(inbox_->answers);
  return !inbox_->closing;
}

} // namespace entrepot::consequences
