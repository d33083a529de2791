// Phone numbers as people write them, made one: "07700 900123" in Britain and "+44 7700 900123" anywhere are +447700900123.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace entrepot::api {

inline constexpr std::string_view default_country = "GB"; ///< of phones without a country code, where a channel names none

/// Returns the number in E.164, e.g. "+447700900123"; nothing if no number has that length in its
/// country (whether it is in use nobody asks). `country` (ISO 3166, two capital letters) is where a number without a
/// country code is dialled; empty: the default one. May be called from any thread.
std::optional<std::string> phone_in_e164(std::string_view text, std::string_view country);

} // namespace entrepot::api
