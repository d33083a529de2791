#include "domain/stock/profile.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "domain/check.hpp"
#include "domain/words.hpp"

namespace entrepot::stock {
namespace {

constexpr Words<Type, 2> types{{"warehouse", "store"}};
constexpr std::int32_t day = 24 * 60; // minutes
constexpr std::int32_t quarter_turn = 90'000'000; // degrees times a million

} // namespace

std::string_view name_of(Type type) { return types.of(type); }
std::optional<Type> type_from(std::string_view name) { return types.from(name); }

std::vector<RejectionDetail> faults_of(const Profile& wanted) {
  std::vector<RejectionDetail> faults;
  auto expect = [&](bool right, const char* pointer, const char* text) {
    if (!right)
      faults.push_back({pointer, "location-invalid", text});
  };
  expect(static_cast<bool>(wanted.code), "/code", "a location has a code");
  expect(!wanted.name.empty(), "/name", "a location has a name");
  expect(static_cast<bool>(wanted.owner), "/owner", "a location says whose stock lies there");
  expect(std::abs(std::int64_t{wanted.latitude}) <= quarter_turn, "/latitude", "a latitude is -90 to 90 degrees");
  expect(std::abs(std::int64_t{wanted.longitude}) <= 2 * quarter_turn, "/longitude", "a longitude is -180 to 180 degrees");
  expect(wanted.closes == 0 ? wanted.opens == 0 : wanted.opens >= 0 && wanted.opens < wanted.closes && wanted.closes <= day, "/opens",
         "a place opens before it closes, on the same day");
  expect(wanted.orders_a_day >= 0, "/orders_a_day", "no fewer than no orders are sent on a day");
  expect(wanted.safety.size() <= max_safety_rules, "/safety_stock", "a location has 100 rules of safety stock at most");
  expect(std::ranges::all_of(wanted.safety, [](const SafetyRule& rule) { return rule.units >= 0 && rule.units <= max_safety_stock; }), "/safety_stock",
         "a safety stock is 0 to 1,000,000 units");
  expect(std::ranges::all_of(wanted.safety, [](const SafetyRule& rule) { return rule.category.size() <= max_category_bytes; }), "/safety_stock",
         "a category has 64 bytes at most");
  expect(wanted.fed_by.size() <= max_source_bytes, "/fed_by", "the name of a feed has 64 bytes at most");
  expect(wanted.groups.size() <= max_groups, "/groups", "a location is in 20 groups at most");
  expect(std::ranges::all_of(wanted.groups, [](const std::string& group) { return !group.empty() && group.size() <= max_group_bytes; }), "/groups",
         "the name of a group has 1 to 64 bytes");
  expect(wanted.parcel_cost >= 0, "/parcel_cost", "a cost is not negative");
  return faults;
}

std::int32_t safety_stock(const Profile& place, const Sku& sku, std::string_view category) {
  const SafetyRule* best = nullptr;
  auto rank = [](const SafetyRule& rule) { return std::pair((rule.sku ? 1 : 0) + (rule.category.empty() ? 0 : 1), rule.sku ? 1 : 0); };
  for (const auto& rule : place.safety) {
    const bool fits = (!rule.sku || rule.sku == sku) && (rule.category.empty() || rule.category == category);
    if (fits && (!best || rank(rule) > rank(*best)))
      best = &rule;
  }
  return best ? best->units : 0;
}

bool is_open(const Profile& place, Timestamp now) {
  if (place.closes == 0)
    return true;
  auto minute = std::chrono::floor<std::chrono::minutes>(now - std::chrono::floor<std::chrono::days>(now)).count();
  return minute >= place.opens && minute < place.closes;
}

Timestamp done_in_opening_hours(const Profile& place, Timestamp now, Duration length) {
  using std::chrono::minutes;
  if (place.closes == 0)
    return now + length;
  check(length <= minutes{day}, "the work of an order fits into a day");
  auto midnight = std::chrono::floor<std::chrono::days>(now);
  auto opens = midnight + minutes{place.opens}, closes = midnight + minutes{place.closes};
  auto begin = std::max<Timestamp>(now, opens);
  if (begin + length <= closes)
    return begin + length;
  return opens + std::chrono::days{1} + length;
}

} // namespace entrepot::stock
