// Tells endpoints outside what happens to orders: draws it from the feed for each of them and hands it over, at least once, an order's events one after the other.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "domain/webhook/registry.hpp"
#include "persistence/consequences/checkpoint.hpp"
#include "persistence/consequences/feed.hpp"
#include "persistence/journal.hpp"
#include "persistence/webhooks/publisher.hpp"
#include "persistence/webhooks/queue.hpp"

namespace entrepot::webhook {

inline constexpr std::size_t max_in_flight = max_endpoints * max_in_flight_of_endpoint; ///< messages on their way, of all endpoints: slow ones cannot take the others' place
inline constexpr int max_webhooks_per_second = 1'000; ///< of all endpoints, so that a day's sale does not cost the orders their speed
inline constexpr std::size_t max_waiting_for_endpoint = 5'000; ///< events that wait in memory for one endpoint; beyond it they are read back from the journal
inline constexpr int stretches_at_once = 64;          ///< drawn for an endpoint before it is the next one's turn
inline constexpr std::chrono::milliseconds courier_feed_pace{50}, courier_save_pace{1'000};
inline constexpr std::chrono::milliseconds endpoints_pace{1'000}; ///< how often it looks whether endpoints have changed

struct CourierOptions {
  Wording wording;
  Sender sender;
  std::function<std::unique_ptr<consequences::Checkpoint>(const std::string& endpoint)> checkpoint;
  std::function<Timestamp()> now;
  std::function<double()> chance;                   ///< 0 to 1
  std::function<void(const std::string&)> log = {}; ///< what an operator should know; ids only. Called on the courier's thread
  QueueLimits limits = {};
  std::size_t in_flight = max_in_flight;
  int per_second = max_webhooks_per_second;
  std::chrono::milliseconds pace = courier_feed_pace, save_pace = courier_save_pace, look_pace = endpoints_pace;
};

struct EndpointFigures {
  std::string id;
  std::uint64_t sent = 0;   ///< acknowledged
  std::uint64_t failed = 0; ///< tries that were not
  std::uint64_t died = 0;   ///< given up
  std::uint64_t past = 0;   ///< of orders of long ago: nobody is told
  std::size_t waiting = 0;  ///< open now, of them
  std::size_t set_aside = 0; ///< in the table
  bool resting = false;     ///< it does not answer, and is left alone for a while
  std::optional<Timestamp> oldest = {}; ///< when the oldest of those open happened
  std::optional<std::string> stopped = {}; ///< why it is told nothing more: an event that cannot be read, or a checkpoint that is not this journal's
};

/// One thread. Registry (for this thread alone), journal and what the options name outlive it; the sender's replies may come later.
class Courier {
public:
  Courier(CourierOptions options, journal::Journal& journal, Registry& registry);
  /// Ends; what is not acknowledged is told again after the next start.
  ~Courier();
  Courier(const Courier&) = delete;
  Courier& operator=(const Courier&) = delete;

  void start();
  /// Takes a committed batch as a hint. For Journal::on_commit: never blocks for long, and does nothing while there is no endpoint.
  void offer(int shard, std::span<const journal::Record> records);
  void close();
  /// By id; endpoints that are told something now.
  std::vector<EndpointFigures> figures() const;

private:
  using Steady = std::chrono::steady_clock;
  struct Answered;
  struct Inbox;
  struct Mailing; // what one endpoint is told, from one reading of its checkpoint on
  using Feeds = std::vector<std::shared_ptr<consequences::Feed>>;

  void run();
  void work();
  void take_answers();
  void settle(Mailing& mailing, const Answered& answered);
  void look_at_endpoints();
  void open(const Endpoint& endpoint);
  void reload(Mailing& mailing);
  void leave(const std::string& id);
  void hear_of_commits();
  bool took_news();
  bool draw_all();
  bool draw(Mailing& mailing);
  void write(Mailing& mailing);
  void save(Mailing& mailing);
  void send_all();
  bool send_one(Mailing& mailing, Timestamp now);
  void allow();
  Steady::time_point wake_up() const;
  bool listen(Steady::time_point wake);
  bool is_closing() const;
  void say(const std::string& text) const;
  void show();

  const CourierOptions options_;
  journal::Journal& journal_;
  Registry& registry_;
  std::shared_ptr<Inbox> inbox_;
  std::atomic<bool> has_feeds_ = false;
  std::mutex feeds_mutex_;
  Feeds feeds_;

  // The thread's own.
  std::map<std::string, std::unique_ptr<Mailing>> mailings_; // by endpoint
  std::map<std::string, EndpointFigures> counted_;
  std::vector<Version> seen_;
  std::uint64_t openings_ = 0;
  std::size_t on_the_way_ = 0, turn_ = 0;
  double allowance_ = 1;
  bool more_ = false;
  Steady::time_point allowed_at_{}, look_next_{}, read_next_{}, save_next_{};
  std::thread thread_;
};

} // namespace entrepot::webhook
