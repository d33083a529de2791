// The people at the places: they look at their list, do the next thing, make mistakes, forget, and now and then do what makes no sense.
#pragma once

#include "tests/simulation/shelves.hpp"
#include "tests/simulation/world.hpp"

namespace entrepot::simulation {

class Staff {
public:
  Staff(World& world, Shelves& shelves);

  /// Returns how many fulfilments and pickups are not at their end.
  std::size_t open() const { return open_.size(); }

private:
  void note(const journal::Record& record, const AnyEvent& event);
  void attend(StreamId work);
  void attend_later(StreamId work, Duration from, Duration to);
  void work_on(StreamId work, const fulfilment::State& fulfilment);
  void work_on(StreamId work, const pickup::State& pickup);
  void pick(StreamId work, const fulfilment::Work& of, bool is_pickup);
  void reject(StreamId work, bool is_pickup, fulfilment::Reason reason);
  void misuse(StreamId work, bool is_pickup);
  void tap(StreamId work, AnyCommand command);
  Character character(const LocationCode& place) const;

  World& world_;
  Shelves& shelves_;
  std::map<StreamId, int> open_; ///< and how often it was looked at
};

} // namespace entrepot::simulation
