// An order's story in words: what happened, who did it, because of what, and what is awaited next.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "domain/order/family.hpp"

namespace entrepot::workflow {

/// An event as it stands in the journal.
struct Happened {
  StreamId stream;
  std::int32_t seq = 0;
  AnyEvent event;
  Timestamp at;
  std::string by;        ///< a key with its person, "process", "provider" or "deadline"
  std::string causation; ///< "<stream>/<seq>"; empty: nobody's but its own
  std::optional<Timestamp> occurred_at = {}; ///< when it happened, if not when it was recorded
};

/// Returns what happened, for people: "Order submitted: 2 x MUG-1, Transport 24h; 37.00 GBP".
std::string in_words(const AnyEvent& event);

/// Returns what the order waits for, for people; empty if its story is over.
std::string awaited(const Family& family);

using LocalTime = std::function<std::string(Timestamp)>;

/// Returns one numbered line per event, in the order given, each with the time at which it happened, and a last one for what is awaited and until when (`wake_up`: when the process looks again).
std::string explain(const std::vector<Happened>& story, std::optional<Timestamp> wake_up, const LocalTime& local_time);

} // namespace entrepot::workflow
