// A published event as it travels: CloudEvents 1.0 as structured JSON, with the extensions `sequence` and `correlationid`/`causationid`. No sockets, no clock.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "domain/webhook/publication.hpp"

namespace entrepot::partners {

inline constexpr std::size_t published_lines = 100; ///< of an order or parcel that are told; the others are counted in `lines_left_out`, so that a message stays small
inline constexpr std::string_view cloud_event_media_type = "application/cloudevents+json";

/// Returns the event as JSON. `source` names this installation (a URI). Names, addresses, e-mails, phones, words of people and tokens are never in it.
std::string cloud_event(const webhook::Publication& event, std::string_view source);

} // namespace entrepot::partners
