// Those who mean no good: they carry goods away, try codes, and send again under an old key what they would like to happen.
#pragma once

#include "tests/simulation/shelves.hpp"

namespace entrepot::simulation {

class Thieves {
public:
  Thieves(World& world, Shelves& shelves);

private:
  void note(const journal::Record& record, const AnyEvent& event);
  void prowl();
  void try_codes(StreamId pickup);
  void replay();

  World& world_;
  Shelves& shelves_;
  std::vector<StreamId> staged_;
  std::vector<std::pair<StreamId, CommandId>> overheard_; ///< commands of people to orders
};

} // namespace entrepot::simulation
