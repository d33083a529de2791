// Things to be done a while later, on a thread of their own.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>

namespace entrepot::partners {

/// Thread-safe. What is not yet due when it goes is dropped.
class Delays {
public:
  /// `defect` is told, on that thread, what a piece of work threw.
  explicit Delays(std::function<void(const std::string&)> defect);
  ~Delays();
  Delays(const Delays&) = delete;
  Delays& operator=(const Delays&) = delete;

  void after(std::chrono::milliseconds delay, std::function<void()> work);

private:
  void run();

  std::function<void(const std::string&)> defect_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::multimap<std::chrono::steady_clock::time_point, std::function<void()>> due_;
  bool ending_ = false;
  std::thread thread_; // last: it uses the rest
};

} // namespace entrepot::partners
