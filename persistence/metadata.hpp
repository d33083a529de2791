// What is kept beside an event: who caused it, when it really happened, and the trace it belongs to. Never personal data.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "domain/time.hpp"

namespace entrepot::journal {

struct Metadata {
  std::string by;                       ///< key id and person or device, "process", "deadline"
  std::optional<Timestamp> occurred_at; ///< if not when it was recorded
  std::string traceparent;              ///< W3C trace context
  bool operator==(const Metadata&) const = default;
};

/// Returns compact JSON; what is empty is left out.
std::string encode(const Metadata& metadata);
/// Returns what encode wrote. Throws std::invalid_argument if it is no such JSON.
Metadata decode_metadata(std::string_view json);

} // namespace entrepot::journal
