// Who is in memory in one shard: which actor answers for which stream, who has been idle longest, and who must not be woken.
#pragma once

#include <caf/actor.hpp>
#include <deque>
#include <list>
#include <unordered_map>

#include "actors/context.hpp"

namespace entrepot::actors {

/// Messages on their way to one actor and not yet taken; shared with it.
using QueueLength = std::shared_ptr<std::atomic<std::size_t>>;

/// One living actor of a shard.
struct Resident {
  caf::actor actor; ///< strong: it lives because of this
  std::uint64_t activation = 0;
  std::list<StreamId>::iterator idle; ///< its place in the order of use
  bool leaving = false;               ///< asked to passivate; what comes meanwhile waits here
  std::deque<EnvelopePtr> waiting;
  QueueLength queued;
};

/// A stream whose actor ended with a fault.
struct Failure {
  int unreadable = 0;    ///< how often its history could not be folded
  int failures = 0;
  Timestamp not_before;  ///< no new activation before
  std::string why;
};

class Residents {
public:
  Resident* find(StreamId stream);
  Resident& add(StreamId stream, caf::actor actor, std::uint64_t activation, QueueLength queued);
  void used(Resident& resident);
  void remove(StreamId stream);
  /// The one idle longest; nothing if none is here.
  std::optional<StreamId> idlest() const;
  std::size_t size() const { return by_stream_.size(); }

private:
  std::unordered_map<StreamId, Resident> by_stream_;
  std::list<StreamId> by_use_; ///< idlest first
};

} // namespace entrepot::actors
