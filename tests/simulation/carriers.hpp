// The carriers: labels that come at once, late or never, parcels that arrive after days, and reports that come twice, late, or before the parcel has left; a few are lost, broken, or brought back.
#pragma once

#include "tests/simulation/world.hpp"

namespace entrepot::simulation {

class Carriers {
public:
  explicit Carriers(World& world);

private:
  void label(const fulfilment::LabelRequest& request, std::function<void(fulfilment::LabelAnswer)> reply);
  void note(const journal::Record& record, const AnyEvent& event);
  void fail(StreamId parcel, Duration after);
  void report(StreamId parcel, Duration after);

  World& world_;
  std::map<std::string, bool> labels_; ///< by key: made, or refused
};

} // namespace entrepot::simulation
