// How the rows and claims of a location change: for the files beside this one that decide and apply its subjects.
#pragma once

#include <map>

#include "domain/stock/location.hpp"

namespace entrepot::stock {

using UnitsByItem = std::map<Item, std::int64_t>;

/// Returns the midnight, UTC, before `at`.
inline Timestamp day_of(Timestamp at) { return std::chrono::floor<std::chrono::days>(at); }

const Row* find_row(const State& location, ItemView item);

/// Returns whose units these are: `owner`, or the location's own if it is empty.
inline const EntityCode& owner_or_own(const State& location, const EntityCode& owner) { return owner ? owner : location.profile.owner; }

/// Adds to a row and checks it. Rows are kept even when all is zero: the SKU has lain here.
void change(State& location, const EntityCode& owner, const Sku& sku, std::int64_t on_hand, std::int64_t held, std::int64_t allocated, std::int64_t suspended = 0,
            std::int64_t damaged = 0);

/// So many units lie there now. Where that is fewer than the row accounts for, suspended units go first, then damaged ones. Check: no fewer than are claimed.
void set_on_hand(State& location, const Item& item, std::int64_t units);

/// So many units more are to be claimed: suspended units give way first, then damaged ones.
void make_room(State& location, const Item& item, std::int64_t units);

/// Units came or went at `happened`, as recorded at `now`.
void note_move(State& location, ItemView item, std::int64_t units, Timestamp happened, Timestamp now);

/// Returns what has moved an item; nothing if it was never moved.
const Moves* find_moves(const State& location, ItemView item);

/// Returns how many of an item somebody has in hand for an order, whatever was counted: no fewer lie there.
std::int64_t in_hand(const State& location, ItemView item);

/// Returns what is to be cut when only so many units of these items will lie there: the newest claims, the newest first, and of a claim the last lines first. Never
/// units in somebody's hand, nor any of the claim `spared`.
std::vector<Cut> cuts_for(const State& location, const UnitsByItem& on_hand, std::optional<ClaimKey> spared = {});
/// The claims lose the units. One that loses all gives its slot back, and stays until its order has heard of it.
void cut(State& location, const ClaimsCut& event);

/// Returns how many units these lines have of the one with this number.
Quantity units_of(const std::vector<HoldLine>& lines, std::int32_t number);
/// Adds units to the line with that number, or takes up the line.
void add_to(std::vector<HoldLine>& lines, const HoldLine& more);
inline Quantity above(Quantity units, Quantity bar) { return bar < units ? units - bar : Quantity{}; }

/// A claim of which nothing is left, and nothing cut that its order has not heard of, is gone, with its slot.
void end_if_empty(State& location, const ClaimKey& key);

/// A claim goes, and its order will not be sent from here.
void give_slot_back(State& location, Claim& claim);

/// Returns the refusal of lines that name an item twice, as `lines-invalid`; nothing: each stands there once.
template <class Lines>
std::optional<Rejection> named_twice(const Lines& lines) {
  std::map<Item, std::size_t> seen;
  for (std::size_t i = 0; i < lines.size(); ++i)
    if (!seen.try_emplace(lines[i].item, i).second) {
      auto text = lines[i].item.sku.text() + " stands there twice";
      return reject("lines-invalid", text, {{"/lines/" + std::to_string(i) + "/sku", "lines-invalid", text}});
    }
  return {};
}

/// What a location has remembered under a reference.
enum class Known : std::uint8_t { no, same, other };
Known known_as(const State& location, std::int64_t reference, std::int64_t contents);

/// Returns a hash of what came, whatever the order of its lines.
std::int64_t contents_of(const std::vector<Movement>& movements);

} // namespace entrepot::stock
