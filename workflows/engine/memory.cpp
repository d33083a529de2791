#include "workflows/engine/process.hpp"

#include <algorithm>

namespace entrepot::workflow {

Memory::Asked* Memory::find(CommandId question) {
  for (auto& [place, asked] : asked_)
    if (asked.id == question)
      return &asked;
  return nullptr;
}

bool Memory::any_of(Place place, const std::function<bool(const Asked&)>& is_so) const {
  for (auto at = asked_.lower_bound({place.table, place.step, 0}); at != asked_.end() && at->first.table == place.table && at->first.step == place.step; ++at)
    if (is_so(at->second))
      return true;
  return false;
}

void Memory::forget_all_of(Place place) {
  std::erase_if(asked_, [&](const auto& entry) { return entry.first.table == place.table && entry.first.step == place.step; });
}

Memory::Place Memory::place_of(CommandId question) const {
  for (auto& [place, asked] : asked_)
    if (asked.id == question)
      return place;
  throw BrokenInvariant("an answer is looked up only after it was found");
}

} // namespace entrepot::workflow
