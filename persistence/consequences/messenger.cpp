#include "persistence/consequences/messenger.hpp"

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <utility>

#include "domain/check.hpp"
#include "persistence/codec.hpp"

namespace entrepot::consequences {
namespace {

constexpr std::chrono::milliseconds first_retry{100}, longest_retry{2'000}; ///< of PostgreSQL
constexpr std::chrono::milliseconds idle_pace{200};                         ///< how often it looks for what was not announced

/// Which consequence of which event.
struct Place {
  int shard = 0;
  std::int64_t pos = 0;
  int number = 0;
  auto operator<=>(const Place&) const = default;
};

std::size_t at(int shard) { return static_cast<std::size_t>(shard); }

} // namespace

struct Messenger::Inbox {
  struct Answered { int round = 0; Place place; bool acknowledged = false; };
  std::mutex mutex;
  std::condition_variable changed;
  bool closing = false, news = false;
  std::vector<Answered> answers;
  MessengerFigures figures;
};

class Messenger::Round {
public:
  Round(Messenger& messenger, int number, Standing standing)
      : messenger_(messenger), options_(messenger.options_), number_(number), saved_(standing.positions), read_(standing.positions), save_next_(options_.now()) {
    messenger.feed_.begin(read_);
  }

  void step() {
    take_answers();
    draw();
    give_due();
    if (auto now = options_.now(); now >= save_next_ && acknowledged() != saved_) {
      auto to = acknowledged();
      messenger_.checkpoint_.move(saved_, to);
      saved_ = to;
      save_next_ = now + options_.save_pace;
    }
    tell_figures();
  }

private:
  struct Open { Consequence what; std::string causation; Timestamp caused_at; int tries = 0; };

  void take_answers() {
    std::vector<Inbox::Answered> answers;
    {
      std::lock_guard lock(messenger_.inbox_->mutex);
      answers.swap(messenger_.inbox_->answers);
    }
    for (const auto& [round, place, acknowledged] : answers)
      if (round == number_)
        settle(place, acknowledged);
  }

  void settle(const Place& place, bool acknowledged) {
    --on_the_way_;
    auto open = open_.find(place);
    if (acknowledged) {
      ++acknowledged_;
      open_.erase(open);
      return;
    }
    ++repeated_;
    const auto pause = std::min(longest_repeat, first_repeat * (1 << std::min(open->second.tries++, 16)));
    due_.emplace(options_.now() + pause, place);
  }

  void draw() {
    while (open_.size() < options_.max_open) {
      auto stretch = messenger_.feed_.next();
      if (!stretch)
        return;
      for (const auto& occurrence : stretch->occurrences) {
        const auto causation = to_text("", occurrence.stream) + "/" + std::to_string(occurrence.seq);
        int number = 0;
        for (auto& consequence : options_.draw(occurrence.stream, *occurrence.event)) {
          const Place place{stretch->shard, occurrence.pos, number++};
          due_.emplace(options_.now(), place);
          open_.emplace(place, Open{std::move(consequence), causation, occurrence.at, 0});
        }
      }
      read_[at(stretch->shard)] = stretch->last;
    }
  }

  void give_due() {
    const auto now = options_.now();
    while (!due_.empty() && due_.begin()->first <= now && on_the_way_ < options_.max_on_the_way) {
      const auto place = due_.begin()->second;
      due_.erase(due_.begin());
      ++on_the_way_;
      const auto& open = open_.at(place);
      options_.give(open.what, consequence_command(place.shard, place.pos, place.number), open.causation, [inbox = messenger_.inbox_, place, round = number_](bool acknowledged) {
        std::lock_guard lock(inbox->mutex);
        inbox->answers.push_back({round, place, acknowledged});
        inbox->changed.notify_one();
      });
    }
  }

  /// As far as nothing is open.
  Positions acknowledged() const {
    auto positions = read_;
    for (int shard = 0; shard < shard_count; ++shard)
      if (auto first = open_.lower_bound({shard, 0, 0}); first != open_.end() && first->first.shard == shard)
        positions[at(shard)] = first->first.pos - 1;
    return positions;
  }

  void tell_figures() {
    std::optional<Timestamp> oldest;
    for (const auto& [place, open] : open_)
      oldest = oldest ? std::min(*oldest, open.caused_at) : open.caused_at;
    std::lock_guard lock(messenger_.inbox_->mutex);
    auto& figures = messenger_.inbox_->figures;
    figures.acknowledged += std::exchange(acknowledged_, 0);
    figures.repeated += std::exchange(repeated_, 0);
    figures.waiting = open_.size();
    figures.oldest = oldest;
  }

  Messenger& messenger_;
  const MessengerOptions& options_;
  const int number_;
  Positions saved_, read_;
  std::map<Place, Open> open_;
  std::set<std::pair<Timestamp, Place>> due_;
  std::size_t on_the_way_ = 0;
  std::uint64_t acknowledged_ = 0, repeated_ = 0; // since the last telling
  Timestamp save_next_;
};

Messenger::Messenger(MessengerOptions options, journal::Journal& journal, Checkpoint& checkpoint)
    : options_(std::move(options)), checkpoint_(checkpoint), feed_(journal, max_waiting_events, options_.interest), inbox_(std::make_shared<Inbox>()) {
  check(options_.max_open > 0 && options_.max_on_the_way > 0, "a messenger may tell something");
}

Messenger::~Messenger() { close(); }

void Messenger::start() {
  check(!thread_.joinable(), "a messenger is started once");
  thread_ = std::thread([this] { run(); });
}

void Messenger::offer(int shard, std::span<const journal::Record> records) {
  feed_.offer(shard, records);
  if (std::ranges::none_of(records, [&](const journal::Record& record) { return options_.interest.in_type(record.stream, record.type); }))
    return; // it is read past when something comes
  std::lock_guard lock(inbox_->mutex);
  inbox_->news = true;
  inbox_->changed.notify_one();
}

void Messenger::close() {
  {
    std::lock_guard lock(inbox_->mutex);
    inbox_->closing = true;
  }
  inbox_->changed.notify_all();
  if (thread_.joinable())
    thread_.join();
}

MessengerFigures Messenger::figures() const {
  std::lock_guard lock(inbox_->mutex);
  return inbox_->figures;
}

void Messenger::say(const std::string& text) const {
  if (options_.log)
    options_.log(text);
}

void Messenger::step() {
  if (!round_)
    round_ = std::make_unique<Round>(*this, ++rounds_, checkpoint_.read());
  round_->step();
}

void Messenger::run() {
  auto retry = first_retry;
  for (;;) {
    auto pause = idle_pace;
    try {
      step();
      retry = first_retry;
    } catch (const codec::Undecodable& why) {
      say(std::string("nobody is told of consequences any more: ") + why.what());
      std::lock_guard lock(inbox_->mutex);
      inbox_->figures.stopped = why.what();
      return;
    } catch (const std::exception& why) { // PostgreSQL is away, or another node was faster: from the checkpoint on, under the same ids
      say(std::string("consequences wait: ") + why.what());
      round_.reset();
      pause = std::exchange(retry, std::min(retry * 2, longest_retry));
    }
    std::unique_lock lock(inbox_->mutex);
    inbox_->changed.wait_for(lock, pause, [&] { return inbox_->closing || (round_ && (inbox_->news || !inbox_->answers.empty())); });
    inbox_->news = false;
    if (inbox_->closing)
      break;
  }
  if (round_)
    try {
      round_->step();
    } catch (const std::exception& why) {
      say(std::string("consequences will be told again: ") + why.what());
    }
}

} // namespace entrepot::consequences
