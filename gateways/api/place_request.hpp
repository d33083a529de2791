// A request that tells of what lies at a place: which place, who may, and the lines.
#pragma once

#include "gateways/api/desk.hpp"

namespace entrepot::api {

inline constexpr std::size_t reference_bytes = 64;

/// A place that was asked for by its code, with the definitions as they are now.
struct Place {
  LocationCode code;
  std::shared_ptr<const order::Definitions> definitions;
  const stock::Profile* profile = nullptr; ///< in the definitions
};

/// Returns the place of the path; refuses `location-unknown`, and `out-of-scope` if the key may not act there.
Result<Place> place_of(const Shared& inside, const Call& call);

/// What every message about a place has.
struct PlaceMessage {
  std::string key; ///< its Idempotency-Key
  Place place;
  JsonDocument body;
};

/// Returns key, place and body, in this order; refuses what each of them can be refused for.
Result<PlaceMessage> place_message(const Shared& inside, const Call& call);

/// Reads "sku" and "owner" (the place's own without it) of a line.
stock::Item read_item(const JsonObject& line, const Place& place, const Principal& principal);
/// Reads a time that has to be there.
Timestamp read_time(const JsonObject& body, std::string_view key);

/// Answers {"location": code, "version": n} with `status`.
gateway::Reply<std::int64_t> answer_place(const Call& call, const Place& place, int status);
/// Sends a command that the request's Idempotency-Key names.
void tell(const Shared& inside, const Call& call, const Place& place, const std::string& key, stock::Command command, gateway::Reply<std::int64_t> reply);

} // namespace entrepot::api
