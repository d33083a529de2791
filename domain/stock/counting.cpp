#include "domain/stock/counting.hpp"

#include <algorithm>
#include <cstdlib>

#include "domain/words.hpp"

namespace entrepot::stock {
namespace {

constexpr Words<Reason, 8> reasons{{"found", "lost", "stolen", "expired", "broken", "own_use", "written_off", "correction"}};

using Events = std::vector<Event>;

std::int64_t key_of_count(const std::string& reference) { return static_cast<std::int64_t>(stable_hash("counted\n" + reference)); }

std::int64_t contents_of(Timestamp taken_at, const std::vector<CountLine>& lines) {
  auto sum = stable_hash(to_rfc3339(taken_at));
  for (const auto& [item, counted] : lines)
    sum += stable_hash(item.owner.text() + '\n' + item.sku.text() + '\n' + std::to_string(counted));
  return static_cast<std::int64_t>(sum);
}

std::vector<CountLine> lines_of(const Counted& event) {
  std::vector<CountLine> lines;
  for (const auto& line : event.lines)
    lines.push_back({line.item, line.counted});
  return lines;
}

UnitsByItem sums_of(const std::vector<Movement>& movements) {
  UnitsByItem sums;
  for (const auto& [item, units] : movements)
    sums[item] += units;
  return sums;
}

bool sign_fits(Reason reason, std::int32_t units) {
  if (reason == Reason::correction)
    return units != 0;
  return reason == Reason::found ? units > 0 : units < 0;
}

/// Returns why a row cannot change by so many units; an empty code: it can.
RejectionDetail fault_in(const State& location, const Item& item, std::int64_t by, Reason reason) {
  const auto row = row_of(location, item);
  if (row.on_hand + by > INT32_MAX)
    return {{}, "quantity-invalid", "that is more than any place holds"};
  if (reason == Reason::written_off && row.damaged + by < 0)
    return {{}, "quantity-invalid", std::to_string(row.damaged) + " of " + item.sku.text() + " are damaged"};
  const auto free = row.on_hand - row.held - row.allocated - (reason == Reason::written_off ? 0 : row.damaged);
  if (by < 0 && free + by < 0)
    return {{}, "units-claimed", std::to_string(std::max(free, 0)) + " of " + item.sku.text() + " lie there unclaimed"};
  return {};
}

Events settled(const State& location, const std::string& reference, Timestamp taken_at, std::vector<Recount> lines) {
  Events events;
  if (auto cuts = cuts_for(location, lines); !cuts.empty())
    events.push_back(ClaimsCut{CutCause::count, reference, std::move(cuts)});
  events.push_back(Counted{reference, taken_at, std::move(lines)});
  return events;
}

std::size_t still_waiting(const WaitingCounts& counts, Timestamp now) {
  return static_cast<std::size_t>(std::ranges::count_if(counts, [&](const auto& entry) { return entry.second.taken_at >= now - count_horizon; }));
}

} // namespace

std::string_view name_of(Reason reason) { return reasons.of(reason); }
std::optional<Reason> reason_from(std::string_view name) { return reasons.from(name); }

std::int64_t reference_key(const Adjusted& event) { return static_cast<std::int64_t>(stable_hash("adjusted\n" + event.reference)); }
std::int64_t reference_key(const CountProposed& event) { return key_of_count(event.reference); }
std::int64_t reference_key(const Counted& event) { return key_of_count(event.reference); }

Decision<Event> adjust(const State& location, const Adjust& command) {
  Adjusted adjusted{command.reference, command.reason, command.movements};
  for (auto& movement : adjusted.movements)
    movement.item.owner = owner_or_own(location, movement.item.owner);
  if (auto known = known_as(location, reference_key(adjusted), stock::contents_of(adjusted.movements)); known == Known::same)
    return Events{};
  else if (known == Known::other)
    return reject("reference-reused", "something else was corrected here as " + command.reference);
  if (adjusted.movements.empty())
    return reject("quantity-invalid", "a correction has at least one line");
  if (auto twice = named_twice(adjusted.movements))
    return *twice;
  std::vector<RejectionDetail> faults;
  for (std::size_t i = 0; i < adjusted.movements.size(); ++i) {
    const auto& [item, units] = adjusted.movements[i];
    auto fault = sign_fits(command.reason, units) ? fault_in(location, item, units, command.reason)
                                                  : RejectionDetail{{}, "quantity-invalid", "this reason does not go with so many units"};
    if (fault.code.empty())
      continue;
    fault.pointer = "/lines/" + std::to_string(i) + "/quantity";
    faults.push_back(std::move(fault));
  }
  if (!faults.empty())
    return reject(faults.front().code, faults.front().text, faults);
  return Events{std::move(adjusted)};
}

Result<std::vector<Recount>> recounted(const State& location, const std::vector<CountLine>& lines, Timestamp taken_at, Timestamp now) {
  std::vector<Recount> rows;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto& [item, counted] = lines[i];
    const auto* moves = find_moves(location, item);
    if (taken_at < now - count_horizon || (moves && !moves->reaches_back_to(taken_at))) {
      auto text = "of " + item.sku.text() + " it is not known any more what has moved since, or somebody has counted later";
      return reject("count-too-old", text, {{"/lines/" + std::to_string(i) + "/sku", "count-too-old", text}});
    }
    const auto on_hand = std::clamp<std::int64_t>(counted + (moves ? moves->since(taken_at) : 0), in_hand(location, item), INT32_MAX);
    rows.push_back({item, counted, row_of(location, item).on_hand, static_cast<std::int32_t>(on_hand)});
  }
  return rows;
}

std::vector<Cut> cuts_for(const State& location, const std::vector<Recount>& lines) {
  UnitsByItem on_hand;
  for (const auto& line : lines)
    on_hand[line.item] = line.on_hand;
  return cuts_for(location, on_hand);
}

Decision<Event> count(const State& location, const Count& command, Timestamp now) {
  check(!command.reference.empty(), "a count has a name");
  auto lines = command.lines;
  for (auto& line : lines)
    line.item.owner = owner_or_own(location, line.item.owner);
  if (auto known = known_as(location, key_of_count(command.reference), contents_of(command.taken_at, lines)); known == Known::same)
    return Events{};
  else if (known == Known::other)
    return reject("reference-reused", "something else was counted here as " + command.reference);
  if (lines.empty() || std::ranges::any_of(lines, [](const CountLine& line) { return line.counted < 0; }))
    return reject("quantity-invalid", "a count has at least one line, and no fewer than no units in each");
  if (auto twice = named_twice(lines))
    return *twice;
  if (command.taken_at > now + clock_tolerance)
    return reject("count-in-future", "nobody has counted yet at that time");
  auto rows = recounted(location, lines, command.taken_at, now);
  if (!rows)
    return rows.error();
  const bool is_small = std::ranges::all_of(*rows, [](const Recount& row) { return std::abs(std::int64_t{row.on_hand} - row.before) <= largest_unapproved_variance; });
  if (is_small)
    return settled(location, command.reference, command.taken_at, std::move(*rows));
  if (still_waiting(location.counts, now) >= max_waiting_counts)
    return reject("too-many-counts-waiting", "so many counts wait for a person that no more are taken");
  return Events{CountProposed{command.reference, command.taken_at, std::move(lines)}};
}

Decision<Event> approve(const State& location, const ApproveCount& command, Timestamp now) {
  auto waiting = location.counts.find(command.reference);
  if (waiting == location.counts.end())
    return reject("count-not-waiting", "no count called " + command.reference + " waits here");
  const auto& [taken_at, lines] = waiting->second;
  auto rows = recounted(location, lines, taken_at, now);
  if (!rows)
    return rows.error();
  return settled(location, command.reference, taken_at, std::move(*rows));
}

Decision<Event> reject_count(const State& location, const RejectCount& command) {
  if (!location.counts.contains(command.reference))
    return reject("count-not-waiting", "no count called " + command.reference + " waits here");
  return Events{CountRejected{command.reference}};
}

void apply(State& location, const Adjusted& event, Timestamp at) {
  for (const auto& [item, by] : sums_of(event.movements)) {
    if (event.reason == Reason::written_off)
      change(location, item.owner, item.sku, by, 0, 0, 0, by);
    else
      set_on_hand(location, item, row_of(location, item).on_hand + by);
    note_move(location, item, by, at, at);
  }
  if (!event.reference.empty())
    location.references.remember(reference_key(event), stock::contents_of(event.movements));
}

void apply(State& location, const CountProposed& event, Timestamp at) {
  std::erase_if(location.counts, [&](const auto& entry) { return entry.second.taken_at < at - count_horizon; }); // nobody could approve them any more
  location.counts[event.reference] = {event.taken_at, event.lines};
  location.references.remember(reference_key(event), contents_of(event.taken_at, event.lines));
}

void apply(State& location, const CountRejected& event) { location.counts.erase(event.reference); }

void apply_recount(State& location, const std::vector<Recount>& lines, Timestamp taken_at) {
  for (const auto& line : lines) {
    set_on_hand(location, line.item, line.on_hand);
    location.moves[line.item].count_taken(taken_at);
  }
}

void apply(State& location, const Counted& event, Timestamp at) {
  for (const auto& line : event.lines)
    location.rows[line.item].suspended = 0;
  apply_recount(location, event.lines, std::min(event.taken_at, at)); // a clock that goes ahead has not seen what is still to come
  location.counts.erase(event.reference);
  location.references.remember(reference_key(event), contents_of(event.taken_at, lines_of(event)));
}

} // namespace entrepot::stock
