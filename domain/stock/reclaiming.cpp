#include "domain/stock/reclaiming.hpp"

#include <algorithm>

namespace entrepot::stock {
namespace {

std::vector<HoldLine> units_back(const Claim& claim, const std::vector<HoldLine>& in_hand) {
  std::vector<HoldLine> back;
  for (const auto& cut : claim.cut) {
    const auto owed = above(units_of(in_hand, cut.line), units_of(claim.lines, cut.line) + units_of(claim.issued, cut.line));
    if (auto units = std::min(cut.quantity, owed))
      back.push_back({cut.line, cut.sku, units});
  }
  return back;
}

/// Returns what has left and was not issued so far, as much of it as is claimed then.
std::vector<HoldLine> left_unissued(const Claim& claim, const std::vector<HoldLine>& back, const std::vector<HoldLine>& left) {
  auto claimed = claim.lines;
  for (const auto& line : back)
    add_to(claimed, line);
  for (auto& line : claimed)
    line.quantity = std::min(line.quantity, above(units_of(left, line.line), units_of(claim.issued, line.line)));
  std::erase_if(claimed, [](const HoldLine& line) { return !line.quantity; });
  return claimed;
}

UnitsByItem by_item(const EntityCode& owner, const std::vector<HoldLine>& lines) {
  UnitsByItem sums;
  for (const auto& line : lines)
    sums[{owner, line.sku}] += line.quantity.units();
  return sums;
}

} // namespace

std::vector<Event> reclaim(const State& location, const Reclaim& command) {
  const ClaimKey key{command.order, command.round};
  auto at = location.claims.find(key);
  if (at == location.claims.end() || at->second.cut.empty())
    return {};
  const auto& claim = at->second;
  Reclaimed reclaimed{command.order, command.round, units_back(claim, command.lines), {}};
  const auto wanted = by_item(claim.owner, reclaimed.lines);
  UnitsByItem for_others;
  for (const auto& [item, units] : wanted)
    for_others[item] = row_of(location, item).on_hand - units;
  ClaimsCut cut{CutCause::in_hand, to_text(command.order), cuts_for(location, for_others, key)};
  for (const auto& [item, units] : for_others) {
    const auto row = row_of(location, item);
    std::int64_t claimed = std::int64_t{row.held} + row.allocated;
    for (const auto& line : cut.lines)
      claimed -= line.item == item ? line.quantity.units() : 0;
    if (claimed > units)
      reclaimed.found.push_back({item, static_cast<std::int32_t>(claimed - units)});
  }
  std::vector<Event> events;
  auto left = left_unissued(claim, reclaimed.lines, command.left);
  if (!cut.lines.empty())
    events.push_back(std::move(cut));
  events.push_back(std::move(reclaimed));
  if (!left.empty())
    events.push_back(Issued{command.order, command.round, std::move(left)});
  return events;
}

void apply(State& location, const Reclaimed& event) {
  const ClaimKey key{event.order, event.round};
  auto at = location.claims.find(key);
  check(at != location.claims.end(), "only a claim that was cut is claimed again");
  auto& claim = at->second;
  for (const auto& [item, units] : event.found)
    set_on_hand(location, item, std::int64_t{row_of(location, item).on_hand} + units);
  for (const auto& line : event.lines) {
    make_room(location, {claim.owner, line.sku}, line.quantity.units());
    change(location, claim.owner, line.sku, 0, claim.allocated ? 0 : line.quantity.units(), claim.allocated ? line.quantity.units() : 0);
    add_to(claim.lines, line);
  }
  claim.cut.clear();
  claim.in_hand = true;
  location.in_hand.insert(key);
  end_if_empty(location, key);
}

} // namespace entrepot::stock
