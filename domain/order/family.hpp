// An order with everything that belongs to it: one actor, one slice, neighbouring streams.
#pragma once

#include <map>

#include "domain/events.hpp"

namespace entrepot {

struct Family {
  StreamId id; ///< child 0
  order::State order;
  payment::State payment; ///< its instalments are the agreement's
  process::Diary diary;
  std::map<int, fulfilment::State> fulfilments; ///< by child
  std::map<int, pickup::State> pickups;         ///< by child
  std::map<int, transfer::State> transfers = {}; ///< by child
  bool operator==(const Family&) const = default;
};

/// Applies an event of the member `child`. Never refuses: the event has happened. Check: the event is one of that member's.
void evolve(Family& family, int child, const AnyEvent& event, Timestamp at);

} // namespace entrepot
