#include "domain/stock/holding.hpp"

#include <algorithm>
#include <utility>

#include "domain/stock/lag.hpp"
#include "domain/words.hpp"

namespace entrepot::stock {
namespace {

constexpr Words<Effect, 4> effects{{"none", "suspend", "suspend_all", "damage"}};

using Events = std::vector<Event>;

/// Returns the lines there are too few units for, in their order. Lines with one SKU are summed first: each alone might fit, together they do not.
std::vector<RejectionDetail> short_lines(const State& location, const Hold& command) {
  const auto& lines = command.lines;
  std::vector<std::uint32_t> by_sku(lines.size());
  for (std::uint32_t i = 0; i < by_sku.size(); ++i)
    by_sku[i] = i;
  std::ranges::sort(by_sku, [&](auto a, auto b) { return lines[a].sku != lines[b].sku ? lines[a].sku < lines[b].sku : a < b; });
  std::vector<std::pair<std::uint32_t, std::int32_t>> short_of; // line, available
  for (std::size_t from = 0, to = 0; from < by_sku.size(); from = to) {
    const auto& sku = lines[by_sku[from]].sku;
    std::int64_t wanted = 0;
    for (to = from; to < by_sku.size() && lines[by_sku[to]].sku == sku; ++to)
      wanted += lines[by_sku[to]].quantity.units();
    const auto* row = find_row(location, {location.profile.owner, sku});
    const auto category = command.categories.find(sku);
    auto available = row ? available_to_sell(location.profile, sku, category == command.categories.end() ? std::string_view{} : category->second, *row) : 0;
    if (wanted > available)
      for (auto i = from; i < to; ++i)
        short_of.emplace_back(by_sku[i], available);
  }
  std::ranges::sort(short_of);
  std::vector<RejectionDetail> details;
  for (auto [line, available] : short_of)
    details.push_back({"/lines/" + std::to_string(line), "stock-short",
                       std::to_string(available) + " of " + lines[line].sku.text() + " available at " + location.profile.code.text()});
  return details;
}

/// Returns what was cut before and is not kept either: the order has heard of it.
std::vector<HoldLine> heard_of(const Claim& claim, const std::vector<HoldLine>& keep) {
  std::vector<HoldLine> heard;
  for (const auto& cut : claim.cut) {
    const auto kept = units_of(keep, cut.line);
    const auto owed = above(kept, std::min(kept, units_of(claim.lines, cut.line) + units_of(claim.issued, cut.line)));
    if (auto units = above(cut.quantity, owed))
      heard.push_back({cut.line, cut.sku, units});
  }
  return heard;
}

/// Returns what of `line` is not kept. What has left before was kept.
Quantity given_up(const Claim& claim, const HoldLine& line, const std::vector<HoldLine>& keep) {
  return std::min(line.quantity, above(line.quantity + units_of(claim.issued, line.line), units_of(keep, line.line)));
}

void take_slot(State& location, Timestamp at) {
  if (day_of(at) > location.slots.day)
    location.slots = {day_of(at), 0};
  if (day_of(at) == location.slots.day)
    ++location.slots.taken;
}

} // namespace

std::string_view name_of(Effect effect) { return effects.of(effect); }
std::optional<Effect> effect_from(std::string_view name) { return effects.from(name); }

std::int32_t available_to_sell(const Profile& place, const Sku& sku, std::string_view category, const Row& row) {
  return std::max(row.available() - safety_stock(place, sku, category), 0);
}

bool is_stale(const Profile& place, const Sources& sources, Timestamp now) {
  if (place.fed_by.empty())
    return false;
  auto source = sources.find(place.fed_by);
  return source == sources.end() || lag_of(stock_lag, source->second.taken_at, now).grade == LagGrade::breach;
}

std::optional<std::int32_t> capacity_left(const Profile& place, const DaySlots& slots, Timestamp now) {
  if (place.orders_a_day == 0)
    return {};
  const auto taken = slots.day == day_of(now) ? slots.taken : 0;
  return std::max(place.orders_a_day - taken, 0);
}

Decision<Event> hold(const State& location, const Hold& command, Timestamp now) {
  auto key = ClaimKey{command.order, command.round};
  if (location.claims.contains(key))
    return Events{}; // asked again after a crash or a slow answer
  if (now > command.not_after)
    return reject("hold-too-late", "the order no longer waits for this hold");
  if (auto bar = location.barred.find(key); bar != location.barred.end() && now <= bar->second)
    return reject("hold-barred", "this hold was released before it came");
  check(!command.lines.empty(), "a hold has lines");
  check(std::ranges::all_of(command.lines, [](const HoldLine& line) { return static_cast<bool>(line.quantity); }), "every line of a hold has units");
  if (command.takes_slot && is_stale(location, now))
    return reject("stock-stale", "what lies at " + location.profile.code.text() + " has not been told for too long");
  if (command.takes_slot && capacity_left(location, now) == 0)
    return reject("no-capacity", location.profile.code.text() + " sends no more orders today");
  if (auto details = short_lines(location, command); !details.empty())
    return reject("stock-short", details.front().text, details);
  return Events{Held{command.order, command.round, location.profile.owner, command.lines, command.takes_slot}};
}

Decision<Event> allocate(const State& location, const Allocate& command) {
  auto claim = location.claims.find({command.order, command.round});
  if (claim == location.claims.end())
    return reject("hold-unknown", "there is no such hold at this location");
  if (claim->second.allocated)
    return Events{};
  return Events{Allocated{command.order, command.round}};
}

std::vector<Event> release(const State& location, const Release& command, Timestamp now) {
  auto key = ClaimKey{command.order, command.round};
  Events events;
  if (location.claims.contains(key))
    events.push_back(Released{command.order, command.round});
  auto bar = location.barred.find(key);
  auto is_barred = bar != location.barred.end() && bar->second >= command.not_after;
  if (now <= command.not_after && !is_barred)
    events.push_back(HoldBarred{command.order, command.round, command.not_after});
  return events;
}

std::vector<Event> shrink(const State& location, const Shrink& command) {
  auto claim = location.claims.find({command.order, command.round});
  if (claim == location.claims.end())
    return {};
  Shrunk shrunk{command.order, command.round, {}, heard_of(claim->second, command.keep)};
  std::unordered_map<Sku, std::int32_t> left; // of what "all that lie there" means, when several lines name one SKU
  for (const auto& line : claim->second.lines) {
    auto units = given_up(claim->second, line, command.keep);
    if (!units)
      continue;
    GivenUp given{line.line, line.sku, units};
    if (command.effect == Effect::suspend)
      given.suspended = units.units();
    if (command.effect == Effect::damage)
      given.damaged = units.units();
    if (command.effect == Effect::suspend_all) {
      auto row = row_of(location, {claim->second.owner, line.sku});
      auto [rest, first] = left.try_emplace(line.sku, row.available());
      given.suspended = units.units() + std::exchange(rest->second, 0);
    }
    shrunk.lines.push_back(std::move(given));
  }
  if (shrunk.lines.empty() && shrunk.heard.empty())
    return {};
  return {std::move(shrunk)};
}

/// Returns what of `left` has not been booked out before.
std::vector<HoldLine> leaving_now(const Claim& claim, const std::vector<HoldLine>& left) {
  std::vector<HoldLine> lines;
  for (const auto& line : claim.lines)
    if (auto units = std::min(line.quantity, above(units_of(left, line.line), units_of(claim.issued, line.line))))
      lines.push_back({line.line, line.sku, units});
  return lines;
}

std::vector<Event> issue(const State& location, const Issue& command) {
  auto claim = location.claims.find({command.order, command.round});
  if (claim == location.claims.end())
    return {};
  Issued issued{command.order, command.round, command.left.empty() ? claim->second.lines : leaving_now(claim->second, command.left)};
  if (issued.lines.empty())
    return {}; // they had left before
  return {std::move(issued)};
}

std::vector<Event> transfer_out(const State& location, const TransferOut& command) {
  auto claim = location.claims.find({command.order, command.round});
  if (claim == location.claims.end())
    return {};
  TransferredOut sent{command.order, command.round, command.to, leaving_now(claim->second, command.left)};
  if (sent.lines.empty())
    return {}; // they had left before
  return {std::move(sent)};
}

std::int64_t contents_of(const TransferredIn& event) {
  std::string text = event.owner.text() + '\n' + event.from.text();
  for (const auto& line : event.lines)
    text += '\n' + std::to_string(line.line) + ' ' + line.sku.text() + ' ' + std::to_string(line.quantity.units());
  return static_cast<std::int64_t>(stable_hash(text));
}

Decision<Event> transfer_in(const State& location, const TransferIn& command) {
  check(!command.lines.empty() && !command.reference.empty(), "what comes from another place has lines and a name");
  check(std::ranges::all_of(command.lines, [](const HoldLine& line) { return static_cast<bool>(line.quantity); }), "every line that has come has units");
  TransferredIn come{command.reference, command.order, command.round, command.from, command.owner, command.lines, command.missing, command.claimed};
  switch (known_as(location, reference_key(come), contents_of(come))) {
  case Known::same: return Events{};
  case Known::other: return reject("reference-reused", "other units came here as " + command.reference);
  case Known::no: break;
  }
  std::unordered_map<Sku, std::int64_t> sums;
  for (const auto& line : command.lines)
    if ((sums.try_emplace(line.sku, row_of(location, {command.owner, line.sku}).on_hand).first->second += line.quantity.units()) > INT32_MAX)
      return reject("quantity-invalid", "more of " + line.sku.text() + " than can be kept");
  return Events{std::move(come)};
}

void give_slot_back(State& location, Claim& claim) {
  if (!claim.takes_slot || !claim.issued.empty() || day_of(claim.held_at) != location.slots.day)
    return;
  claim.takes_slot = false; // once
  check(location.slots.taken > 0, "no more slots are given back than were taken");
  --location.slots.taken;
}

void apply(State& location, const Held& event, Timestamp at) {
  auto [claim, added] = location.claims.try_emplace({event.order, event.round}, Claim{event.owner, event.lines, false, at, event.takes_slot});
  check(added, "a hold is taken once");
  if (event.takes_slot)
    take_slot(location, at);
  for (const auto& line : event.lines)
    change(location, event.owner, line.sku, 0, line.quantity.units(), 0);
}

void apply(State& location, const Allocated& event) {
  auto claim = location.claims.find({event.order, event.round});
  check(claim != location.claims.end() && !claim->second.allocated, "only what is held is allocated, once");
  claim->second.allocated = true;
  for (const auto& line : claim->second.lines)
    change(location, claim->second.owner, line.sku, 0, -line.quantity.units(), line.quantity.units());
}

void apply(State& location, const Released& event) {
  auto claim = location.claims.find({event.order, event.round});
  check(claim != location.claims.end(), "only what is claimed is released");
  auto& gone = claim->second;
  for (const auto& line : gone.lines)
    change(location, gone.owner, line.sku, 0, gone.allocated ? 0 : -line.quantity.units(), gone.allocated ? -line.quantity.units() : 0);
  give_slot_back(location, gone);
  location.in_hand.erase(claim->first);
  location.claims.erase(claim);
}

void apply(State& location, const Shrunk& event) {
  auto at = location.claims.find({event.order, event.round});
  check(at != location.claims.end(), "only what is claimed is given up");
  auto& claim = at->second;
  for (const auto& given : event.lines) {
    auto line = std::ranges::find(claim.lines, given.line, &HoldLine::line);
    check(line != claim.lines.end() && line->sku == given.sku && given.quantity <= line->quantity, "no more is given up than was claimed");
    auto units = given.quantity.units();
    change(location, claim.owner, given.sku, 0, claim.allocated ? 0 : -units, claim.allocated ? -units : 0, given.suspended, given.damaged);
    line->quantity -= given.quantity;
  }
  std::erase_if(claim.lines, [](const HoldLine& line) { return !line.quantity; });
  for (const auto& heard : event.heard) {
    auto cut = std::ranges::find(claim.cut, heard.line, &HoldLine::line);
    check(cut != claim.cut.end() && heard.quantity <= cut->quantity, "an order hears of no more than was cut");
    cut->quantity -= heard.quantity;
  }
  std::erase_if(claim.cut, [](const HoldLine& line) { return !line.quantity; });
  end_if_empty(location, at->first);
}

namespace {

/// Units of a claim leave the place: the claim remembers them as long as others of it lie here.
void leave(State& location, const ClaimKey& key, const std::vector<HoldLine>& lines, Timestamp at) {
  auto found = location.claims.find(key);
  check(found != location.claims.end(), "what leaves was claimed");
  auto& claim = found->second;
  for (const auto& line : lines) {
    auto claimed = std::ranges::find(claim.lines, line.line, &HoldLine::line);
    check(claimed != claim.lines.end() && claimed->sku == line.sku && line.quantity <= claimed->quantity, "what leaves was claimed");
    change(location, claim.owner, line.sku, -line.quantity.units(), claim.allocated ? 0 : -line.quantity.units(), claim.allocated ? -line.quantity.units() : 0);
    note_move(location, {claim.owner, line.sku}, -line.quantity.units(), at, at);
    claimed->quantity -= line.quantity;
    add_to(claim.issued, line);
  }
  std::erase_if(claim.lines, [](const HoldLine& line) { return !line.quantity; });
  end_if_empty(location, found->first); // its slot is used: something has left
}

/// Adds to the order's claim here, which the first units that come begin.
void claim_come(State& location, const TransferredIn& event, Timestamp at) {
  auto& claim = location.claims.try_emplace({event.order, event.round}, Claim{event.owner, {}, true, at}).first->second;
  check(claim.allocated && claim.owner == event.owner, "units that come for an order join its claim on the same owner's");
  for (const auto& line : event.lines) {
    auto before = std::ranges::find(claim.lines, line.line, &HoldLine::line);
    if (before == claim.lines.end())
      claim.lines.push_back(line);
    else
      before->quantity += line.quantity;
  }
}

} // namespace

void apply(State& location, const Issued& event, Timestamp at) { leave(location, {event.order, event.round}, event.lines, at); }
void apply(State& location, const TransferredOut& event, Timestamp at) { leave(location, {event.order, event.round}, event.lines, at); }

void apply(State& location, const TransferredIn& event, Timestamp at) {
  for (const auto& line : event.lines) {
    change(location, event.owner, line.sku, line.quantity.units(), 0, event.claimed ? line.quantity.units() : 0);
    note_move(location, {event.owner, line.sku}, line.quantity.units(), at, at);
  }
  if (event.claimed)
    claim_come(location, event, at);
  location.references.remember(reference_key(event), contents_of(event));
}

void apply(State& location, const HoldBarred& event, Timestamp at) {
  auto key = ClaimKey{event.order, event.round};
  auto [entry, added] = location.barred.try_emplace(key, event.not_after);
  if (!added) {
    location.barred_by_time.erase({entry->second, key});
    entry->second = std::max(entry->second, event.not_after);
  }
  location.barred_by_time.emplace(entry->second, key);
  while (!location.barred_by_time.empty() && location.barred_by_time.begin()->first < at) {
    location.barred.erase(location.barred_by_time.begin()->second);
    location.barred_by_time.erase(location.barred_by_time.begin());
  }
}

} // namespace entrepot::stock
