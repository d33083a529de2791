#include "domain/order/places.hpp"

#include <algorithm>

namespace entrepot {

const fulfilment::Work* work_of(const Family& family, int place) {
  if (auto fulfilment = family.fulfilments.find(place); fulfilment != family.fulfilments.end())
    return &fulfilment->second;
  auto pickup = family.pickups.find(place);
  return pickup == family.pickups.end() ? nullptr : &pickup->second;
}

bool has_left(const Family& family, int place) {
  if (auto fulfilment = family.fulfilments.find(place); fulfilment != family.fulfilments.end())
    return fulfilment->second.status == fulfilment::Status::shipped || fulfilment->second.status == fulfilment::Status::delivered;
  auto pickup = family.pickups.find(place);
  return pickup != family.pickups.end() && pickup->second.status == pickup::Status::handed_over;
}

bool has_heard(const Family& family, int place, bool order::Heard::*what) {
  auto heard = family.order.heard.find(place);
  return heard != family.order.heard.end() && heard->second.*what;
}

std::vector<order::LineUnits> units_unheard_of(const Family& family, int place) {
  std::vector<order::LineUnits> lines;
  const auto* work = work_of(family, place);
  if (!work)
    return lines;
  auto heard = family.order.heard.find(place);
  for (std::size_t i = 0; i < work->lines.size(); ++i) {
    auto units = work->dropped[i];
    if (heard != family.order.heard.end())
      if (auto before = std::ranges::find(heard->second.stopped, work->lines[i].line, &order::LineUnits::line); before != heard->second.stopped.end())
        units -= before->units;
    if (units)
      lines.push_back({work->lines[i].line, units});
  }
  return lines;
}

} // namespace entrepot
