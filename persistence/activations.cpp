#include "persistence/activations.hpp"

#include <algorithm>

namespace entrepot::journal {

bool Activations::admit(const Entry& entry) {
  if (closed(entry))
    return false;
  if (!closed_.empty())
    closed_.erase(entry.actor); // a newer activation has read what really happened
  auto* seen = seen_.find(entry.actor);
  if (seen && entry.activation < seen->activation)
    return false;
  if (!seen || entry.activation > seen->activation)
    seen = &seen_.put(entry.actor, {entry.activation, {}});
  for (const auto& record : entry.records)
    if (!follows(*seen, record)) {
      close(entry);
      return false;
    }
  return true;
}

bool Activations::follows(Seen& seen, const Record& record) {
  auto known = std::find_if(seen.last.begin(), seen.last.end(), [&](const auto& last) { return last.first == record.stream; });
  if (known == seen.last.end())
    seen.last.emplace_back(record.stream, record.seq);
  else if (record.seq == known->second + 1)
    known->second = record.seq;
  else
    return false;
  return true;
}

bool Activations::closed(const Entry& entry) {
  if (closed_.empty())
    return false;
  const auto* last = closed_.find(entry.actor);
  return last && entry.activation <= *last;
}

void Activations::close(const Entry& entry) {
  auto* last = closed_.find(entry.actor);
  if (!last || *last < entry.activation)
    closed_.put(entry.actor, entry.activation);
}

} // namespace entrepot::journal
