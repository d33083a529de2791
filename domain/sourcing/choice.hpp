// What was chosen for an order, and why: the places it ships from, and every place that was looked at.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/ids.hpp"
#include "domain/stock/location.hpp"

namespace entrepot::sourcing {

/// Everything has a place; nothing is done until a moment; what has no place is promised for later; what has no place has none.
enum class Outcome : std::uint8_t { placed, wait, back_order, nothing };
std::string_view name_of(Outcome outcome);
std::optional<Outcome> outcome_from(std::string_view name);

/// What one place sends.
struct Part {
  LocationCode location;
  std::vector<stock::HoldLine> lines;
  std::optional<Timestamp> answer_by = {}; ///< a store is asked, and answers by then; a warehouse is told
  LocationCode to = {};                    ///< the store to which the units are brought, for a customer who fetches them there; empty: they stay, or leave for the customer
  EntityCode owner = {};                   ///< of units that are brought to a store: whose they are
  bool operator==(const Part&) const = default;
};

/// A place that was looked at. Codes of what speaks against it: `other-group`, `too-far`, `distance-unknown`, `closed`, `other-owner`, `no-capacity`, `stock-stale`, `refused-before`, `short` (not
/// everything wanted of it is there); of one that could send everything, what the chosen one has over it: `dearer`, `farther`, `later`, `less-stock`, `fresher-stock`, `outranked`.
struct Considered {
  LocationCode location;
  std::int64_t metres = -1; ///< to the customer; -1: nobody knows
  std::vector<std::string> against = {};
  bool operator==(const Considered&) const = default;
};

/// A place that is not asked again: for one line, or for line 0, any.
struct Barred {
  LocationCode location;
  std::int32_t line = 0;
  bool operator==(const Barred&) const = default;
};

struct Choice {
  std::int32_t attempt = 1;               ///< the how-manieth for this order
  Outcome outcome = Outcome::placed;
  std::string rule;                       ///< that decided; empty: every rule was tried
  std::vector<Part> parts;
  std::vector<stock::HoldLine> missing;   ///< what no place sends now
  std::optional<Timestamp> until;         ///< of wait and back_order
  std::vector<Considered> candidates;     ///< of that rule, or the last: the chosen, then the best, max_explained at most
  std::int32_t others = 0;                ///< places looked at and not listed
  bool behind_promise = false;            ///< the order had been confirmed: its units are held anew
  std::int32_t customers_choice = 0;      ///< the how-manieth choice of the customer this carries out; 0: none
  std::optional<Timestamp> ready_by = {}; ///< the customer fetches the units there, from then on; nothing: they are sent
  std::optional<Timestamp> leave_by = {}; ///< of units that are brought to a store: when they are to leave for it
  std::optional<Timestamp> there_by = {}; ///< and to be there
  bool operator==(const Choice&) const = default;
};

inline constexpr std::size_t max_explained = 12; ///< places named in a choice: the event stays small where there are hundreds

} // namespace entrepot::sourcing
