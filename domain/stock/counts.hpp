// Counts and corrections of stock: what is asked, and what has happened.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/stock/item.hpp"
#include "domain/time.hpp"

namespace entrepot::stock {

inline constexpr std::int32_t largest_unapproved_variance = 10; ///< units of an item by which a count may differ without a second person
inline constexpr std::size_t max_waiting_counts = 50;           ///< of a location; one that nobody has judged within count_horizon makes room
inline constexpr Duration clock_tolerance = std::chrono::minutes{1}; ///< by which the clock of who counts may go ahead

/// Why units are corrected without a count. found: more; correction: either way; every other: fewer. Written-off units were damaged before.
enum class Reason : std::uint8_t { found, lost, stolen, expired, broken, own_use, written_off, correction };
std::string_view name_of(Reason reason);
std::optional<Reason> reason_from(std::string_view name);

struct CountLine { Item item; std::int32_t counted = 0; bool operator==(const CountLine&) const = default; };

struct Adjust { std::string reference; Reason reason = Reason::correction; std::vector<Movement> movements; };
/// Somebody has counted all units that lie there, damaged ones too, and picked ones that have not left. An empty owner is the location's own.
struct Count { std::string reference; Timestamp taken_at; std::vector<CountLine> lines; };
struct ApproveCount { std::string reference; };
struct RejectCount { std::string reference; };

/// What a row said before and says now. `counted` units lay there when somebody looked; what moved since makes the difference to `on_hand`.
struct Recount { Item item; std::int32_t counted = 0, before = 0, on_hand = 0; bool operator==(const Recount&) const = default; };

struct Adjusted { std::string reference; Reason reason = Reason::correction; std::vector<Movement> movements; bool operator==(const Adjusted&) const = default; };
/// A count that differs too much to be believed unseen: it waits for a person.
struct CountProposed { std::string reference; Timestamp taken_at; std::vector<CountLine> lines; bool operator==(const CountProposed&) const = default; };
struct CountRejected { std::string reference; bool operator==(const CountRejected&) const = default; };
struct Counted { std::string reference; Timestamp taken_at; std::vector<Recount> lines; bool operator==(const Counted&) const = default; };

/// A count that waits.
struct WaitingCount { Timestamp taken_at; std::vector<CountLine> lines; bool operator==(const WaitingCount&) const = default; };
using WaitingCounts = std::map<std::string, WaitingCount>; ///< by reference

} // namespace entrepot::stock
