// The events that tell one order's story, for whoever wants it explained.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "persistence/journal.hpp"

namespace entrepot::journal {

struct Story {
  std::vector<Record> records;      ///< as stored; an event of another stream (a hold at a location) stands just before the first one that it caused
  std::optional<Timestamp> wake_up; ///< when the order's process looks again
};

/// Reads the story of an order's family; no records: there is no such order. Blocks. Throws Unavailable.
Story read_story(const std::string& conninfo, StreamId family);

} // namespace entrepot::journal
