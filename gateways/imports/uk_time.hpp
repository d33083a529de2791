// What a clock on a wall in the United Kingdom shows, as an instant.
#pragma once

#include <optional>
#include <string_view>

#include "domain/time.hpp"

namespace entrepot::imports {

/// Returns the instant of "YYYY-MM-DD HH:MM[:SS]" (or with a T) in UK local time; nothing if it is no such text. Years 1996 to 2999.
/// Summer time holds from the last Sunday of March to the last of October, 01:00 UTC each: the rule in force since 1996. Of the hour that comes twice
/// in October the first is meant; the one that is left out in March is read as winter time.
std::optional<Timestamp> from_uk_time(std::string_view text);

} // namespace entrepot::imports
