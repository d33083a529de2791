// Forgets, every hour, which orders were made under which Idempotency-Key more than 30 days ago. External numbers stay for ever.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "persistence/journal.hpp"

namespace entrepot::journal {

inline constexpr std::chrono::hours forgetting_pace{1};
inline constexpr std::size_t forgotten_at_once = 1'000;            ///< rows that one statement looks at
inline constexpr std::chrono::milliseconds forgetting_pause{20};   ///< between two statements, so that orders come first

struct ForgettingOptions {
  std::function<Timestamp()> now;
  std::function<void(const std::string&)> log = {}; ///< what an operator should know; called on the thread
  std::size_t at_once = forgotten_at_once;
  std::chrono::milliseconds pause = forgetting_pause;
};

/// One thread. Every node forgets for the shards it owns, so that each row is one node's. The journal must outlive it.
class Forgetting {
public:
  Forgetting(ForgettingOptions options, Journal& journal);
  ~Forgetting();

  /// Goes over all shards every hour from now on, the first time at once.
  void start();
  /// Goes over all shards on the caller's thread. Returns how many creations were forgotten. Throws Unavailable.
  std::uint64_t go_round();
  /// Ends after the statement it is at.
  void close();

  /// How many were forgotten since the start of the program.
  std::uint64_t forgotten() const { return forgotten_; }

private:
  bool rest(std::chrono::milliseconds length);
  void work();

  const ForgettingOptions options_;
  Journal& journal_;
  std::atomic<std::uint64_t> forgotten_{0};
  std::mutex mutex_;
  std::condition_variable changed_;
  bool closing_ = false;
  std::thread thread_;
};

} // namespace entrepot::journal
