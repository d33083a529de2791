#include "persistence/forgetting.hpp"

namespace entrepot::journal {

Forgetting::Forgetting(ForgettingOptions options, Journal& journal) : options_(std::move(options)), journal_(journal) {}

Forgetting::~Forgetting() { close(); }

void Forgetting::start() {
  thread_ = std::thread([this] { work(); });
}

void Forgetting::close() {
  {
    std::lock_guard lock(mutex_);
    closing_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable())
    thread_.join();
}

std::uint64_t Forgetting::go_round() {
  const auto before = options_.now() - submission_memory;
  std::uint64_t forgotten = 0;
  for (int shard = 0; shard < shard_count; ++shard) {
    std::optional<Digest> after = Digest{}; // no digest is all zero
    while (after) {
      const auto page = journal_.forget_submissions(shard, before, *after, options_.at_once);
      forgotten += page.forgotten;
      forgotten_ += page.forgotten;
      after = page.last;
      if (after && !rest(options_.pause))
        return forgotten;
    }
  }
  return forgotten;
}

/// Returns false when this is to end.
bool Forgetting::rest(std::chrono::milliseconds length) {
  std::unique_lock lock(mutex_);
  return !changed_.wait_for(lock, length, [this] { return closing_; });
}

void Forgetting::work() {
  do {
    try {
      go_round();
    } catch (const Unavailable& why) {
      if (options_.log)
        options_.log(std::string("old creations are forgotten an hour later: ") + why.what());
    }
  } while (rest(forgetting_pace));
}

} // namespace entrepot::journal
