// Time as the business sees it: instants in UTC with a millisecond. The clock itself is always injected.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace entrepot {

using Duration = std::chrono::milliseconds;
using Timestamp = std::chrono::sys_time<Duration>;

/// Returns `at` as RFC 3339 in UTC with milliseconds, e.g. "2026-03-10T09:00:00.000Z".
std::string to_rfc3339(Timestamp at);

/// Returns the instant that `text` names (RFC 3339, "Z" or an offset, up to nine decimals of which three are kept),
/// nothing if it is not such a text. Years 1970 to 9999.
std::optional<Timestamp> from_rfc3339(std::string_view text);

} // namespace entrepot
