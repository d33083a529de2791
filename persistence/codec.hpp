// Events as JSON and back. The names and versions are the ledger in README.md; released ones never change.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

#include "domain/events.hpp"

namespace entrepot::codec {

struct Encoded {
  std::string_view type; ///< lives for ever
  std::int16_t version = 1;
  std::string data;      ///< JSON
};

/// Returns the event as stored. Throws Unencodable if a text is not UTF-8 or has a NUL in it: PostgreSQL would refuse the whole batch.
Encoded encode(const AnyEvent& event);

/// Returns the event that was stored, older versions brought up to today's. Throws Undecodable, with type and version, if it is unknown or malformed.
AnyEvent decode(std::string_view type, std::int16_t version, std::string_view data);

struct Unencodable : std::runtime_error { using std::runtime_error::runtime_error; };
struct Undecodable : std::runtime_error { using std::runtime_error::runtime_error; };

} // namespace entrepot::codec
