#include "domain/stock/feeding.hpp"

#include <algorithm>

namespace entrepot::stock {
namespace {

using Events = std::vector<Event>;

std::string name_of(const Feed& command) { return command.source + "/" + std::to_string(command.sequence); }

Events with_cuts(std::vector<Cut> cuts, const Feed& command, Event event) {
  Events events;
  if (!cuts.empty())
    events.push_back(ClaimsCut{CutCause::feed, name_of(command), std::move(cuts)});
  events.push_back(std::move(event));
  return events;
}

/// Whether a count taken later has seen what the feed tells. What a source tells as of the moment of its own reset, and after it, has happened after it.
bool is_in_count(const State& location, const Item& item, Timestamp taken_at) {
  const auto* moves = find_moves(location, item);
  return moves && taken_at < moves->counted_at;
}

std::int64_t on_hand_after(const State& location, const Movement& line) {
  return std::clamp<std::int64_t>(std::int64_t{row_of(location, line.item).on_hand} + line.units, in_hand(location, line.item), INT32_MAX);
}

Decision<Event> reset(const State& location, const Feed& command, const std::vector<Movement>& lines, Timestamp now) {
  std::vector<CountLine> counts;
  for (const auto& [item, units] : lines) {
    if (units < 0)
      return reject("quantity-invalid", "no fewer than no units lie anywhere");
    counts.push_back({item, units});
  }
  auto rows = recounted(location, counts, command.taken_at, now);
  if (!rows)
    return rows.error();
  auto cuts = cuts_for(location, *rows);
  return with_cuts(std::move(cuts), command, FeedReset{command.source, command.sequence, command.taken_at, std::move(*rows)});
}

Decision<Event> move(const State& location, const Feed& command, const std::vector<Movement>& lines) {
  UnitsByItem on_hand;
  for (const auto& line : lines)
    if (!is_in_count(location, line.item, command.taken_at))
      on_hand[line.item] = on_hand_after(location, line);
  return with_cuts(cuts_for(location, on_hand), command, FeedMoved{command.source, command.sequence, command.taken_at, lines});
}

void come_to(State& location, const std::string& source, std::int64_t sequence, Timestamp taken_at) {
  auto& state = location.sources[source];
  state.sequence = sequence;
  state.taken_at = std::max(state.taken_at, taken_at);
}

} // namespace

Decision<Event> feed(const State& location, const Feed& command, Timestamp now) {
  check(!command.source.empty() && command.sequence > 0, "a feed has a source and a number");
  auto source = location.sources.find(command.source);
  const auto last = source == location.sources.end() ? 0 : source->second.sequence;
  if (command.sequence <= last)
    return Events{};
  if (source == location.sources.end() && location.sources.size() >= max_feed_sources)
    return reject("too-many-feeds", std::to_string(max_feed_sources) + " sources tell of this place already");
  if (!command.reset && command.sequence != last + 1) {
    auto text = std::to_string(last + 1) + " is expected; send a reset";
    return reject("feed-gap", text, {{"/sequence", "feed-gap", text}});
  }
  if (command.taken_at > now + clock_tolerance)
    return reject("feed-in-future", "that time has not come yet");
  auto lines = command.lines;
  for (auto& line : lines)
    line.item.owner = owner_or_own(location, line.item.owner);
  if (auto twice = named_twice(lines))
    return *twice;
  return command.reset ? reset(location, command, lines, now) : move(location, command, lines);
}

void apply(State& location, const FeedMoved& event, Timestamp at) {
  for (const auto& line : event.lines) {
    if (is_in_count(location, line.item, event.taken_at))
      continue;
    set_on_hand(location, line.item, on_hand_after(location, line));
    note_move(location, line.item, line.units, event.taken_at, at);
  }
  come_to(location, event.source, event.sequence, event.taken_at);
}

void apply(State& location, const FeedReset& event, Timestamp at) {
  apply_recount(location, event.lines, std::min(event.taken_at, at));
  come_to(location, event.source, event.sequence, event.taken_at);
}

} // namespace entrepot::stock
