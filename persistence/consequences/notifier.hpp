// Tells customers what happens to their orders: draws notices from the feed and hands them to the notification provider, at least once, under a key that
// makes it once; those of an order one after the other.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "domain/notification/notification.hpp"
#include "persistence/consequences/checkpoint.hpp"
#include "persistence/consequences/notice_writer.hpp"
#include "persistence/journal.hpp"

namespace entrepot::consequences {

inline constexpr std::size_t max_open_notices = 1'000;  ///< drawn from the feed and not yet acknowledged; beyond it the feed waits, in the journal
inline constexpr std::size_t max_notices_on_the_way = 16; ///< at the provider at once
inline constexpr int max_notices_per_second = 500;      ///< so that a day's sale does not cost the orders their speed, nor the provider its patience
inline constexpr std::chrono::milliseconds first_resend{1'000}, longest_resend{60'000}; ///< pauses, doubling; a part of each is chance
inline constexpr std::chrono::milliseconds feed_pace{50}; ///< how often the feed is looked at
inline constexpr std::chrono::milliseconds checkpoint_pace{1'000}; ///< how often the checkpoint is moved
inline constexpr auto worth_telling = std::chrono::days{7}; ///< a notice that nobody has taken for so long is passed by

struct NotifierOptions {
  NoticeWriter::Words words;
  /// Opens a contact; nothing: the person has been erased. Blocks. Throws journal::Unavailable.
  std::function<std::optional<notification::Recipient>(StreamId person, const customer::Contact& contact)> open;
  notification::Provider provider;
  std::function<Timestamp()> now;
  std::function<double()> chance;                    ///< 0 to 1: how much of a pause that may vary is taken
  std::function<void(const std::string&)> log = {};  ///< what an operator should know, without personal data; called on the notifier's thread
  std::size_t max_open = max_open_notices;
  std::size_t max_on_the_way = max_notices_on_the_way;
  int per_second = max_notices_per_second;
  std::chrono::milliseconds first_pause = first_resend, longest_pause = longest_resend;
  std::chrono::milliseconds pace = feed_pace, save_pace = checkpoint_pace;
};

struct NotifierFigures {
  std::uint64_t sent = 0;     ///< acknowledged by the provider
  std::uint64_t refused = 0;  ///< by the provider, for good
  std::uint64_t erased = 0;   ///< the person is not known here any more
  std::uint64_t nobody = 0;   ///< neither e-mail nor phone
  std::uint64_t past = 0;     ///< happened long before it was recorded
  std::uint64_t too_late = 0; ///< passed by after `worth_telling`
  std::uint64_t unanswered = 0; ///< tries without an answer
  std::size_t waiting = 0;    ///< open now
  std::optional<Timestamp> oldest; ///< when the oldest of them was caused
  std::optional<std::string> stopped; ///< why it works no more: an event that cannot be read, or a checkpoint that is not this journal's
};

/// One thread. Journal, checkpoint and what the options name outlive it; the provider's replies may come later.
class Notifier {
public:
  Notifier(NotifierOptions options, journal::Journal& journal, Checkpoint& checkpoint);
  /// Ends; what is not acknowledged is told again after the next start.
  ~Notifier();
  Notifier(const Notifier&) = delete;
  Notifier& operator=(const Notifier&) = delete;

  /// Starts the thread, which first catches up with the journal.
  void start();
  /// Takes a committed batch as a hint. For Journal::on_commit: never blocks for long.
  void offer(int shard, std::span<const journal::Record> records);
  void close();
  NotifierFigures figures() const;

private:
  using Steady = std::chrono::steady_clock;
  struct Answered; // by the provider
  struct Inbox;    // what comes from other threads
  class Delivery;  // what is open, from one reading of the checkpoint on

  void run();
  void work(Delivery& delivery, std::chrono::milliseconds& retry);
  bool took_news();
  bool draw(Delivery& delivery);
  bool listen(const Delivery& delivery, Steady::time_point read_next, Steady::time_point wake, std::vector<Answered>& answers);
  void stop(const std::string& why);
  bool pause(std::chrono::milliseconds length);
  void say(const std::string& text) const;

  const NotifierOptions options_;
  journal::Journal& journal_;
  Checkpoint& checkpoint_;
  Feed feed_;
  std::shared_ptr<Inbox> inbox_;
  NoticeWriter writer_;
  NotifierFigures counted_; // by the thread; others see a copy
  int readings_ = 0;        // of the checkpoint
  std::thread thread_;
};

} // namespace entrepot::consequences
