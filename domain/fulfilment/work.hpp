// What the work of a place for one order is, whether the goods are then brought to the door or fetched: lines, times, and why units do not go on.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "domain/ids.hpp"
#include "domain/quantity.hpp"
#include "domain/stock/location.hpp"

namespace entrepot::fulfilment {

struct Line {
  std::int32_t line = 0; ///< the order's line number
  Sku sku;
  Quantity quantity;
  bool operator==(const Line&) const = default;
};

/// How many units of a line somebody found on the shelf.
struct Found { std::int32_t line = 0; Quantity units; bool operator==(const Found&) const = default; };

/// Why units do not go on from here. The first eight are what staff can say; the others the platform says itself. counted: fewer lie there than are promised.
enum class Reason : std::uint8_t { not_in_stock, mismatch, damaged, too_busy, no_capacity, closed, customer_choice, other, no_answer, not_collected, cancelled, lost_in_transit, counted };
std::string_view name_of(Reason reason);
std::optional<Reason> reason_from(std::string_view name);
/// Whether a person at the place may give this reason.
bool is_of_staff(Reason reason);

/// Returns what a reason says about the stock there. The count itself stays: a wrong reason chosen in a hurry must not corrupt it.
stock::Effect effect_of(Reason reason);

/// What fulfilments and pickups have in common.
struct Work {
  LocationCode location;
  std::vector<Line> lines;
  std::vector<Quantity> dropped;       ///< by line: units that will not go on from here
  Reason why_dropped = Reason::other;  ///< of the last that were
  Timestamp due;                       ///< when it should have left, or be ready
  std::optional<Timestamp> offer_until; ///< the place was asked, and answers by then; nothing: it was told
  bool put_back = false;               ///< picked units lie outside their place and go back to the shelf
  std::int32_t escalated = 0;          ///< per cent of its time after which somebody was alarmed: 50, then 100
  std::vector<Quantity> cut = {};      ///< by line: of the dropped units those that went before anybody looked for them, since fewer lie there than are promised; empty: none
  bool operator==(const Work&) const = default;
};

/// Returns how many units of the `index`-th line still go on.
Quantity going(const Work& work, std::size_t index);
/// Returns whether any unit still goes on.
bool any_going(const Work& work);
/// Returns the lines with units that still go on.
std::vector<Line> lines_going(const Work& work);

/// Check: there are lines, each with units.
void check_lines(const std::vector<Line>& lines);
/// Begins the work. Check: it has lines, each with units.
Work planned(LocationCode location, std::vector<Line> lines, Timestamp due, std::optional<Timestamp> offer_until);
/// All that still goes on will not.
void drop_all(Work& work, Reason why);
/// Of each line what was not found will not go on; lines not named were found whole.
void drop_missing(Work& work, const std::vector<Found>& found, Reason why = Reason::not_in_stock);
/// Whether `found` names lines of this work, each once, none with more units than are looked for, and at least one unit in all.
bool is_possible(const Work& work, const std::vector<Found>& found);
/// Whether every unit that was looked for has been found.
bool is_whole(const Work& work);
/// Of the lines named no more than so many units lie there: the others go no further, and nobody looks for them.
void cut_units(Work& work, const std::vector<Found>& left);
/// Whether units go by that, and some are left.
bool is_possible_cut(const Work& work, const std::vector<Found>& left);
/// As nothing had been looked for: only what was cut is dropped.
void forget_finds(Work& work);

} // namespace entrepot::fulfilment
