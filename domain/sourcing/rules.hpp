// How a channel's orders find the places they ship from: rules as data, tried in their order.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/ids.hpp"
#include "domain/time.hpp"

namespace entrepot::sourcing {

/// What makes one place better than another; an earlier one in a rule's list counts before a later one.
enum class Sort : std::uint8_t { cost, distance, promise, balance, ageing_stock };
std::string_view name_of(Sort sort);
std::optional<Sort> sort_from(std::string_view name);

/// What happens when no single place of a rule has everything: the next rule is tried, the order is split among the rule's places (if that does not work either,
/// the next rule), it waits for better times, it is promised for later, or it ends here.
enum class After : std::uint8_t { next_rule, split, wait, back_order, cancel };
std::string_view name_of(After after);
std::optional<After> after_from(std::string_view name);

struct Rule {
  std::string name;                        ///< as it is explained, e.g. "stores within 50 km"
  // Which places it is about; all of these must hold.
  std::vector<std::string> groups = {};    ///< the place is in one of them; empty: any
  std::optional<std::int32_t> within_km = {};
  bool open_now = false;                   ///< its doors are open
  bool own_stock = false;                  ///< the stock there belongs to who sells
  std::int32_t keep_back = 0;              ///< so many units of each SKU stay there
  // Which of them is best.
  std::vector<Sort> sort = {};             ///< of equals the one whose code comes first
  // How an order is split.
  bool first_come = false;                 ///< the best place sends what it has, even if another has everything
  std::int64_t least_part = 0;             ///< no parcel of goods worth less than this, minor units, but of an order that is not split
  std::int32_t most_parts = 2;
  // What else.
  After otherwise = After::next_rule;
  Duration patience = {};                  ///< of wait: how long; of back_order: until when the goods are promised to leave
  bool operator==(const Rule&) const = default;
};

struct Routing {
  std::vector<Rule> rules;                 ///< empty: this channel's deliveries leave from where their option says
  std::int32_t most_attempts = 5;          ///< places chosen for the same units; then nobody else is asked
  bool operator==(const Routing&) const = default;
};

/// Places from which goods are brought to a store where a customer wants to fetch them and it has none: one, or those of a group.
struct TransferSource {
  LocationCode location = {};              ///< empty: of the group
  std::string group = {};
  Duration transit = {};                   ///< from its door to the store's
  bool operator==(const TransferSource&) const = default;
};
inline constexpr std::size_t max_transfer_sources = 20;
inline constexpr auto max_transit = std::chrono::days{30};

inline constexpr std::size_t max_rules = 20;
inline constexpr std::int32_t max_parts = 8, max_attempts = 10;

/// What is wrong with a routing: the field, e.g. "/rules/0/sort", and why.
struct Fault { std::string pointer, text; };
/// Returns every fault: no name, a name twice, a number out of range, waiting without a time, a rule behind one that lets nothing through.
std::vector<Fault> faults_of(const Routing& routing);

} // namespace entrepot::sourcing
