#include "actors/settled.hpp"

#include "persistence/codec.hpp"

namespace entrepot::actors {

SettledFamily as_first_settled(StreamId family, const journal::History& history) {
  SettledFamily settled;
  settled.family.id = family;
  std::optional<Timestamp> when; // records come stream by stream, the order's own first
  for (auto& record : history.records) {
    auto child = child_of(record.stream);
    if (when && (child == child::order || record.at > *when))
      continue;
    evolve(settled.family, child, codec::decode(record.type, record.version, record.data), record.at);
    ++settled.version;
    if (child == child::order && is_settled(settled.family.order))
      when = record.at;
  }
  return settled;
}

} // namespace entrepot::actors
