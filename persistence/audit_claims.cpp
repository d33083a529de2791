#include "persistence/audit_claims.hpp"

#include <algorithm>

namespace entrepot::audit {
namespace {

void judge(const OrderDigest& order, std::uint64_t units, std::ptrdiff_t claims, const std::function<bool(StreamId place)>& readable, Report& report) {
  if (order.unreadable || !std::ranges::all_of(order.places, readable))
    return;
  auto name = name_of_member(order.family);
  if (order.in_motion)
    return;
  if (claims == 0) {
    if (order.was_confirmed && order.units != 0)
      report.contradict("promise-without-claim", name, "it is confirmed, and no location keeps its units");
    return;
  }
  auto status = std::string(order::name_of(order.status));
  if (order::is_terminal(order.status))
    report.contradict("claim-of-" + status + "-order", name, "it is " + status + " and everything was settled, and a location still keeps units for it");
  else if (units != order.units)
    report.contradict("claim-differs", name, "what locations keep for it is not what its lines say");
}

} // namespace

void compare_claims(const std::vector<OrderDigest>& orders, std::vector<ClaimDigest> claims, const std::function<bool(StreamId place)>& readable, Report& report) {
  std::ranges::sort(claims, {}, &ClaimDigest::family);
  auto claim = claims.begin();
  auto of_nobody = [&](StreamId family) { report.contradict("claim-of-unknown-order", name_of_member(family), "a location keeps units for an order that there is not"); };
  for (const auto& order : orders) {
    for (; claim != claims.end() && claim->family < order.family; ++claim)
      of_nobody(claim->family);
    std::uint64_t units = 0;
    bool is_cut = false;
    auto first = claim;
    for (; claim != claims.end() && claim->family == order.family; ++claim) {
      units += claim->units;
      is_cut |= claim->cut;
    }
    if (!is_cut) // the order hears of it in a moment
      judge(order, units, claim - first, readable, report);
  }
  for (; claim != claims.end(); ++claim)
    of_nobody(claim->family);
}

} // namespace entrepot::audit
