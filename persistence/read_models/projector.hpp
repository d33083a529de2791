// Feeds the read models: every committed event, once, per shard in order, with the checkpoint moved in the same transaction.
#pragma once

#include <array>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "persistence/journal.hpp"
#include "persistence/read_models/fact.hpp"
#include "persistence/read_models/lag.hpp"

namespace entrepot::read_models {

/// Events that wait in memory for the projector; beyond it they are read back from the journal.
inline constexpr std::size_t max_waiting_events = 50'000;
/// From the beginning of one batch to that of the next: how long changes of one order are gathered into one row written.
inline constexpr std::chrono::milliseconds projector_pace{50};
/// Events read back from the journal at once.
inline constexpr std::size_t read_back_page = 2'000;

struct ProjectorOptions {
  std::string conninfo;
  std::vector<int> shards;                           ///< empty: all
  std::chrono::milliseconds pace = projector_pace;
  std::size_t max_waiting = max_waiting_events;
  std::function<void(const std::string&)> log = {};  ///< what an operator should know; called on the projector's thread
  std::function<void(std::span<const Fact>)> on_shown = {}; ///< what readers see from now on; called on the projector's thread, must not block
};

/// One thread and one connection. The journal must outlive it.
class Projector {
public:
  Projector(ProjectorOptions options, journal::Journal& journal);
  ~Projector();

  /// Starts the thread, which first catches up with the journal.
  void start();

  /// Takes a committed batch as a hint. For Journal::on_commit: called on a lane's thread, per shard in order; never blocks for long.
  void offer(int shard, std::span<const journal::Record> records);

  /// Waits until the read models show everything of the shard up to `pos`; false if that took longer than `patience` or the projector has stopped.
  bool wait_for(int shard, std::int64_t pos, std::chrono::milliseconds patience);

  LagStats lag() const;

  /// Why it has stopped for good: an event that cannot be read, or a checkpoint above the journal's head. Nothing while it works or only waits for PostgreSQL.
  std::optional<std::string> stopped() const;

  /// Ends the thread after the batch it is at.
  void close();

private:
  using Clock = std::chrono::steady_clock;
  using Positions = std::array<std::int64_t, shard_count>;

  struct Batch { // what was committed at once in one shard
    int shard = 0;
    std::int64_t first = 0, last = 0;
    Clock::time_point committed;
    std::vector<Fact> facts;
  };
  class Session; // a connection with its prepared statements and the positions it stands at

  void run();
  void work(Session& session);
  bool wait_for_work(Clock::time_point not_before);
  void gather(std::deque<Batch>& batches, Positions& announced);
  void project(Session& session, const std::deque<Batch>& batches, const Positions& announced);
  void show(const Positions& applied, const std::vector<const Batch*>& done);
  void tell(std::span<const Fact> facts) const;
  void say(const std::string& text) const;
  bool pause(std::chrono::milliseconds length);

  ProjectorOptions options_;
  journal::Journal& journal_;
  mutable std::mutex mutex_;
  std::condition_variable work_, closing_changed_, shown_changed_;
  bool closing_ = false;
  std::optional<std::string> stopped_;
  std::deque<Batch> waiting_;
  std::size_t waiting_events_ = 0;
  Positions announced_{}; // last committed position that was offered
  Positions shown_{};     // last position that readers see
  LagHistogram lag_;
  std::thread thread_;
};

/// Fills the tables of a model anew from the whole journal beside the old ones and swaps them, at the checkpoint, in one transaction: readers see the old
/// rows until then. `name` is "order_list", "definitions" or "work". Returns how many events were read. The projector may run meanwhile. What an interrupted
/// rebuild left behind is dropped by the next. Blocks. Throws journal::Unavailable, codec::Undecodable, std::invalid_argument for another name.
std::uint64_t rebuild(std::string_view name, const std::string& conninfo, journal::Journal& journal);

/// Empties every read model and forgets the checkpoint, so that a projector feeds them from the beginning: the way on after a restored backup.
/// Throws journal::Unavailable.
void start_over(const std::string& conninfo);

} // namespace entrepot::read_models
