#include "domain/stock/ledger.hpp"

#include <algorithm>
#include <tuple>

#include "domain/words.hpp"

namespace entrepot::stock {
namespace {

constexpr Words<CutCause, 4> causes{{"count", "sale", "feed", "in_hand"}};

/// A line of a claim on an item of which there are too few.
struct Candidate {
  Timestamp held_at;
  ClaimKey key;
  const Claim* claim = nullptr;
  const HoldLine* line = nullptr;
};

bool is_cut_before(const Candidate& a, const Candidate& b) {
  return std::tie(a.held_at, a.key, a.line->line) > std::tie(b.held_at, b.key, b.line->line);
}

Row& row_at(State& location, ItemView item) {
  auto at = location.rows.find(item);
  return at == location.rows.end() ? location.rows[Item{item.owner, item.sku}] : at->second;
}

void check_row(const Row& row) { check(row.available() >= 0, "no more units are promised than lie there (L4)"); }

} // namespace

std::string_view name_of(CutCause cause) { return causes.of(cause); }
std::optional<CutCause> cut_cause_from(std::string_view name) { return causes.from(name); }

std::vector<OrderCut> cuts_by_order(const ClaimsCut& event) {
  std::vector<OrderCut> orders;
  for (const auto& line : event.lines) {
    auto of_order = std::ranges::find_if(orders, [&](const OrderCut& one) { return one.order == line.order && one.round == line.round; });
    if (of_order == orders.end())
      of_order = orders.insert(orders.end(), OrderCut{line.order, line.round, {}});
    of_order->lines.push_back(line);
  }
  return orders;
}

const Row* find_row(const State& location, ItemView item) {
  auto at = location.rows.find(item);
  return at == location.rows.end() ? nullptr : &at->second;
}

void change(State& location, const EntityCode& owner, const Sku& sku, std::int64_t on_hand, std::int64_t held, std::int64_t allocated, std::int64_t suspended, std::int64_t damaged) {
  auto& row = row_at(location, {owner, sku});
  auto count = [](std::int32_t& counter, std::int64_t by) {
    auto sum = counter + by;
    check(sum >= 0, "no counter of a stock location is negative");
    check(sum <= INT32_MAX, "a counter of a stock location fits into 32 bits");
    counter = static_cast<std::int32_t>(sum);
  };
  count(row.on_hand, on_hand);
  count(row.held, held);
  count(row.allocated, allocated);
  count(row.suspended, suspended);
  count(row.damaged, damaged);
  check_row(row);
}

void set_on_hand(State& location, const Item& item, std::int64_t units) {
  check(units >= 0 && units <= INT32_MAX, "a counter of a stock location is not negative and fits into 32 bits");
  auto& row = row_at(location, item);
  row.on_hand = static_cast<std::int32_t>(units);
  for (auto counter : {&Row::suspended, &Row::damaged})
    row.*counter -= std::clamp(-row.available(), 0, row.*counter);
  check_row(row);
}

void make_room(State& location, const Item& item, std::int64_t units) {
  auto& row = row_at(location, item);
  for (auto counter : {&Row::suspended, &Row::damaged})
    row.*counter -= static_cast<std::int32_t>(std::clamp<std::int64_t>(units - row.available(), 0, row.*counter));
}

void note_move(State& location, ItemView item, std::int64_t units, Timestamp happened, Timestamp now) {
  auto at = location.moves.find(item);
  auto& moves = at == location.moves.end() ? location.moves[Item{item.owner, item.sku}] : at->second;
  moves.note({happened, static_cast<std::int32_t>(units)}, now);
}

const Moves* find_moves(const State& location, ItemView item) {
  auto at = location.moves.find(item);
  return at == location.moves.end() ? nullptr : &at->second;
}

std::int64_t in_hand(const State& location, ItemView item) {
  std::int64_t units = 0;
  for (const auto& key : location.in_hand) {
    const auto& claim = location.claims.at(key);
    if (claim.owner == item.owner)
      for (const auto& line : claim.lines)
        units += line.sku == item.sku ? line.quantity.units() : 0;
  }
  return units;
}

std::vector<Cut> cuts_for(const State& location, const UnitsByItem& on_hand, std::optional<ClaimKey> spared) {
  UnitsByItem missing;
  for (const auto& [item, units] : on_hand)
    if (const auto* row = find_row(location, item); row && row->held + row->allocated > units)
      missing[item] = row->held + row->allocated - units;
  if (missing.empty())
    return {};
  std::vector<Candidate> candidates;
  for (const auto& [key, claim] : location.claims) {
    if (claim.in_hand || key == spared)
      continue;
    for (const auto& line : claim.lines)
      if (missing.contains(Item{claim.owner, line.sku}))
        candidates.push_back({claim.held_at, key, &claim, &line});
  }
  std::ranges::sort(candidates, is_cut_before);
  std::vector<Cut> cuts;
  for (const auto& [held_at, key, claim, line] : candidates) {
    auto& still = missing[Item{claim->owner, line->sku}];
    const auto units = static_cast<std::int32_t>(std::min<std::int64_t>(still, line->quantity.units()));
    if (units == 0)
      continue;
    still -= units;
    const auto left = line->quantity - Quantity{units} + units_of(claim->issued, line->line);
    cuts.push_back({key.order, key.round, line->line, {claim->owner, line->sku}, Quantity{units}, left});
  }
  return cuts;
}

void cut(State& location, const ClaimsCut& event) {
  for (const auto& gone : event.lines) {
    auto at = location.claims.find({gone.order, gone.round});
    check(at != location.claims.end(), "only what is claimed is cut");
    auto& claim = at->second;
    auto line = std::ranges::find(claim.lines, gone.line, &HoldLine::line);
    check(line != claim.lines.end() && line->sku == gone.item.sku && claim.owner == gone.item.owner && gone.quantity <= line->quantity, "no more is cut than was claimed");
    const auto units = gone.quantity.units();
    change(location, claim.owner, line->sku, 0, claim.allocated ? 0 : -units, claim.allocated ? -units : 0);
    line->quantity -= gone.quantity;
    add_to(claim.cut, {gone.line, gone.item.sku, gone.quantity});
    std::erase_if(claim.lines, [](const HoldLine& one) { return !one.quantity; });
    if (claim.lines.empty())
      give_slot_back(location, claim);
  }
}

Quantity units_of(const std::vector<HoldLine>& lines, std::int32_t number) {
  auto line = std::ranges::find(lines, number, &HoldLine::line);
  return line == lines.end() ? Quantity{} : line->quantity;
}

void add_to(std::vector<HoldLine>& lines, const HoldLine& more) {
  auto line = std::ranges::find(lines, more.line, &HoldLine::line);
  if (line == lines.end())
    lines.push_back(more);
  else
    line->quantity += more.quantity;
}

void end_if_empty(State& location, const ClaimKey& key) {
  auto at = location.claims.find(key);
  if (at == location.claims.end() || !at->second.lines.empty() || !at->second.cut.empty())
    return;
  give_slot_back(location, at->second);
  location.in_hand.erase(key);
  location.claims.erase(at);
}

Known known_as(const State& location, std::int64_t reference, std::int64_t contents) {
  const auto* before = location.references.find(reference);
  if (!before)
    return Known::no;
  return before->contents == contents ? Known::same : Known::other;
}

std::int64_t contents_of(const std::vector<Movement>& movements) {
  std::uint64_t sum = 0;
  for (const auto& [item, units] : movements)
    sum += stable_hash(item.owner.text() + '\n' + item.sku.text() + '\n' + std::to_string(units));
  return static_cast<std::int64_t>(sum);
}

} // namespace entrepot::stock
