#include "actors/wheel.hpp"

namespace entrepot::actors {

void Wheel::set(StreamId stream, std::optional<Timestamp> due) {
  std::lock_guard lock(mutex_);
  auto found = by_stream_.find(stream);
  if (found != by_stream_.end()) {
    if (due && found->second == *due)
      return;
    by_time_.erase({found->second, stream});
    if (!due) {
      by_stream_.erase(found);
      return;
    }
    found->second = *due;
  } else if (due) {
    by_stream_.emplace(stream, *due);
  } else {
    return;
  }
  by_time_.emplace(*due, stream);
}

std::vector<StreamId> Wheel::take_due(Timestamp now, std::size_t limit) {
  std::lock_guard lock(mutex_);
  std::vector<StreamId> due;
  while (due.size() < limit && !by_time_.empty() && by_time_.begin()->first <= now) {
    auto first = by_time_.begin();
    due.push_back(first->second);
    by_stream_.erase(first->second);
    by_time_.erase(first);
  }
  return due;
}

std::size_t Wheel::size() const {
  std::lock_guard lock(mutex_);
  return by_stream_.size();
}

std::optional<Timestamp> Wheel::next() const {
  std::lock_guard lock(mutex_);
  if (by_time_.empty())
    return {};
  return by_time_.begin()->first;
}

} // namespace entrepot::actors
