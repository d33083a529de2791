// Tells actors what follows from events of others: commands drawn from the feed, each under the id (shard, position, number), given until they are acknowledged.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "persistence/consequences/checkpoint.hpp"
#include "persistence/consequences/feed.hpp"
#include "persistence/journal.hpp"

namespace entrepot::consequences {

inline constexpr std::size_t max_open_commands = 1'000;       ///< drawn and not yet acknowledged; beyond it the feed waits, in the journal
inline constexpr std::size_t max_commands_on_the_way = 64;    ///< at the actors at once
inline constexpr std::chrono::milliseconds first_repeat{200}, longest_repeat{60'000}; ///< pauses of a command that was not taken, doubling
inline constexpr std::chrono::milliseconds messenger_save_pace{1'000}; ///< how often the checkpoint is moved

struct MessengerOptions {
  /// What follows from an event of a stream: the n-th is always the same.
  std::function<std::vector<Consequence>(StreamId stream, const AnyEvent& event)> draw;
  Interest interest;
  /// Gives a command to an actor. `done` is called once, on any thread: acknowledged, or not.
  std::function<void(const Consequence& what, CommandId id, const std::string& causation, std::function<void(bool acknowledged)> done)> give;
  std::function<Timestamp()> now;
  std::function<void(const std::string&)> log = {}; ///< what an operator should know
  std::size_t max_open = max_open_commands, max_on_the_way = max_commands_on_the_way;
  std::chrono::milliseconds save_pace = messenger_save_pace;
};

struct MessengerFigures {
  std::uint64_t acknowledged = 0;
  std::uint64_t repeated = 0;      ///< given again, since they were not taken
  std::size_t waiting = 0;         ///< open now
  std::optional<Timestamp> oldest; ///< when the oldest of them was caused
  std::optional<std::string> stopped; ///< why it works no more: an event that cannot be read
};

/// One thread, or nobody but who calls step(). Journal, checkpoint and what the options name outlive it.
class Messenger {
public:
  Messenger(MessengerOptions options, journal::Journal& journal, Checkpoint& checkpoint);
  /// Ends; what is not acknowledged is given again after the next start, under the same ids.
  ~Messenger();
  Messenger(const Messenger&) = delete;
  Messenger& operator=(const Messenger&) = delete;

  /// Starts the thread, which first catches up with the journal.
  void start();
  /// Takes a committed batch as a hint. For Journal::on_commit: never blocks for long.
  void offer(int shard, std::span<const journal::Record> records);
  void close();
  MessengerFigures figures() const;

  /// Draws what is new, gives what is due, and moves the checkpoint if it is time. For tests; otherwise the thread does it. Throws journal::Unavailable, Overtaken, codec::Undecodable.
  void step();

private:
  struct Inbox;
  class Round; // what is open, from one reading of the checkpoint on

  void run();
  void say(const std::string& text) const;

  const MessengerOptions options_;
  Checkpoint& checkpoint_;
  Feed feed_;
  std::shared_ptr<Inbox> inbox_;
  std::unique_ptr<Round> round_;
  int rounds_ = 0;
  std::thread thread_;
};

} // namespace entrepot::consequences
