#include "gateways/partners/sandbox/delays.hpp"

#include <utility>

namespace entrepot::partners {

Delays::Delays(std::function<void(const std::string&)> defect) : defect_(std::move(defect)), thread_([this] { run(); }) {}

Delays::~Delays() {
  {
    std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void Delays::after(std::chrono::milliseconds delay, std::function<void()> work) {
  {
    std::lock_guard lock(mutex_);
    due_.emplace(std::chrono::steady_clock::now() + delay, std::move(work));
  }
  changed_.notify_one();
}

void Delays::run() {
  std::unique_lock lock(mutex_);
  while (!ending_) {
    if (due_.empty()) {
      changed_.wait(lock);
      continue;
    }
    auto when = due_.begin()->first;
    if (std::chrono::steady_clock::now() < when) {
      changed_.wait_until(lock, when);
      continue;
    }
    auto work = std::move(due_.begin()->second);
    due_.erase(due_.begin());
    lock.unlock();
    try {
      work();
    } catch (const std::exception& why) {
      defect_(why.what());
    }
    work = nullptr; // it may hold the last handle on a request: not under the lock
    lock.lock();
  }
}

} // namespace entrepot::partners
