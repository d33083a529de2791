// What a stock location is: a definition that people give.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/ids.hpp"
#include "domain/result.hpp"
#include "domain/time.hpp"

namespace entrepot::stock {

enum class Type : std::uint8_t { warehouse, store };
std::string_view name_of(Type type);
std::optional<Type> type_from(std::string_view name);

/// So many units of a SKU are not promised to orders that are sent or picked up: they cover what the count has wrong, and the customers at the shelf. An empty
/// condition fits any SKU.
struct SafetyRule {
  std::string category; ///< of the product
  Sku sku;
  std::int32_t units = 0;
  bool operator==(const SafetyRule&) const = default;
};
inline constexpr std::size_t max_safety_rules = 100; ///< so that a profile fits onto one page
inline constexpr std::size_t max_category_bytes = 64; ///< of a rule
inline constexpr std::size_t max_source_bytes = 64;   ///< of a feed's name
inline constexpr std::size_t max_groups = 20, max_group_bytes = 64;
inline constexpr std::int32_t max_safety_stock = 1'000'000;

/// What a location is. A definition: every change replaces the whole.
struct Profile {
  LocationCode code;
  std::string name;
  Type type = Type::warehouse;
  EntityCode owner;              ///< whose stock lies here unless a movement says otherwise
  std::int32_t latitude = 0;     ///< degrees times a million
  std::int32_t longitude = 0;
  std::int32_t opens = 0;        ///< minute of the day, UTC, at which the doors open
  std::int32_t closes = 0;       ///< and close, 1 to 1440; 0: always open
  std::int32_t orders_a_day = 0; ///< how many orders may be sent from here on one day, UTC; 0: any number
  std::vector<SafetyRule> safety = {};
  std::string fed_by = {}; ///< the source of feeds that has to be heard of, or nothing is sent from here; empty: none
  std::vector<std::string> groups = {}; ///< by which sourcing rules name it, e.g. "north"
  std::int64_t parcel_cost = 0;  ///< of an order that is sent from here, for comparison with other places; minor units
  bool operator==(const Profile&) const = default;
};

/// Returns when work of `length` that comes in at `now` is done: it is begun when the doors are open, and not begun again what would not be done before they close.
/// Worked number S4: open 10 to 20, two hours: 09:00 -> 12:00; 19:30 -> 12:00 of the next day. Check: the work fits into a day.
Timestamp done_in_opening_hours(const Profile& place, Timestamp now, Duration length);

/// Returns whether its doors are open.
bool is_open(const Profile& place, Timestamp now);

/// Returns how many units of a SKU of this category the place keeps back: by the rule with most conditions that fits; of equals one for the SKU comes before one for
/// the category, then the first. 0 without a rule.
std::int32_t safety_stock(const Profile& place, const Sku& sku, std::string_view category);

/// Returns what is wrong with a definition, each fault with its field and the code `location-invalid`; none: it can be.
std::vector<RejectionDetail> faults_of(const Profile& place);

} // namespace entrepot::stock
