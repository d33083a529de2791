// A thread for questions that wait for PostgreSQL, so that neither actors nor connections do.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace entrepot {

class QueryThread {
public:
  /// `limit`: questions that may wait.
  explicit QueryThread(std::size_t limit = 1'000);
  /// Finishes the question it is at and forgets those that wait.
  ~QueryThread();

  /// Returns false, and never runs `question`, if too many wait. The question must not throw.
  bool run(std::function<void()> question);

private:
  void work();

  const std::size_t limit_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> waiting_;
  bool closing_ = false;
  std::thread thread_;
};

} // namespace entrepot
