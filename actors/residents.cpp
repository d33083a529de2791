#include "actors/residents.hpp"

namespace entrepot::actors {

Resident* Residents::find(StreamId stream) {
  auto found = by_stream_.find(stream);
  return found == by_stream_.end() ? nullptr : &found->second;
}

Resident& Residents::add(StreamId stream, caf::actor actor, std::uint64_t activation, QueueLength queued) {
  auto place = by_use_.insert(by_use_.end(), stream);
  auto [added, is_new] = by_stream_.try_emplace(stream, Resident{std::move(actor), activation, place, false, {}, std::move(queued)});
  check(is_new, "a stream has one actor at a time");
  return added->second;
}

void Residents::used(Resident& resident) { by_use_.splice(by_use_.end(), by_use_, resident.idle); }

void Residents::remove(StreamId stream) {
  auto found = by_stream_.find(stream);
  if (found == by_stream_.end())
    return;
  by_use_.erase(found->second.idle);
  by_stream_.erase(found);
}

std::optional<StreamId> Residents::idlest() const {
  if (by_use_.empty())
    return {};
  return by_use_.front();
}

} // namespace entrepot::actors
