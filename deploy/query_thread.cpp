#include "deploy/query_thread.hpp"

namespace entrepot {

QueryThread::QueryThread(std::size_t limit) : limit_(limit), thread_([this] { work(); }) {}

QueryThread::~QueryThread() {
  {
    std::lock_guard lock(mutex_);
    closing_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

bool QueryThread::run(std::function<void()> question) {
  {
    std::lock_guard lock(mutex_);
    if (closing_ || waiting_.size() >= limit_)
      return false;
    waiting_.push_back(std::move(question));
  }
  changed_.notify_one();
  return true;
}

void QueryThread::work() {
  for (;;) {
    std::function<void()> question;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return closing_ || !waiting_.empty(); });
      if (closing_)
        return;
      question = std::move(waiting_.front());
      waiting_.pop_front();
    }
    question();
  }
}

} // namespace entrepot
