#include "actors/settled.hpp"

#include <algorithm>

#include "persistence/codec.hpp"

namespace entrepot::actors {

SettledFamily as_first_settled(StreamId family, const journal::History& history) {
  std::vector<const journal::Record*> in_order; // a history comes stream by stream; positions tell what came first
  for (auto& record : history.records)
    in_order.push_back(&record);
  std::ranges::sort(in_order, {}, &journal::Record::pos);
  SettledFamily settled;
  settled.family.id = family;
  for (auto* record : in_order) {
    evolve(settled.family, child_of(record->stream), codec::decode(record->type, record->version, record->data), record->at);
    ++settled.version;
    if (is_settled(settled.family))
      break;
  }
  return settled;
}

} // namespace entrepot::actors
