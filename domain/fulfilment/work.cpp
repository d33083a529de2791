#include "domain/fulfilment/work.hpp"

#include <algorithm>

#include "domain/words.hpp"

namespace entrepot::fulfilment {
namespace {

constexpr Words<Reason, 13> reasons{
    {"not_in_stock", "mismatch", "damaged", "too_busy", "no_capacity", "closed", "customer_choice", "other", "no_answer", "not_collected", "cancelled", "lost_in_transit", "counted"}};

const Found* found_of(const std::vector<Found>& found, std::int32_t line) {
  auto at = std::ranges::find(found, line, &Found::line);
  return at == found.end() ? nullptr : &*at;
}

} // namespace

std::string_view name_of(Reason reason) { return reasons.of(reason); }
std::optional<Reason> reason_from(std::string_view name) { return reasons.from(name); }
bool is_of_staff(Reason reason) { return reason <= Reason::other; }

stock::Effect effect_of(Reason reason) {
  switch (reason) {
  case Reason::not_in_stock:
    return stock::Effect::suspend_all;
  case Reason::mismatch:
    return stock::Effect::suspend;
  case Reason::damaged:
    return stock::Effect::damage;
  default:
    return stock::Effect::none;
  }
}

Quantity going(const Work& work, std::size_t index) { return work.lines[index].quantity - work.dropped[index]; }

bool any_going(const Work& work) {
  for (std::size_t i = 0; i < work.lines.size(); ++i)
    if (going(work, i))
      return true;
  return false;
}

std::vector<Line> lines_going(const Work& work) {
  std::vector<Line> lines;
  for (std::size_t i = 0; i < work.lines.size(); ++i)
    if (auto units = going(work, i))
      lines.push_back({work.lines[i].line, work.lines[i].sku, units});
  return lines;
}

void check_lines(const std::vector<Line>& lines) {
  check(!lines.empty(), "a place has work to do");
  check(std::ranges::all_of(lines, [](const Line& line) { return static_cast<bool>(line.quantity); }), "every line of the work has units");
}

Work planned(LocationCode location, std::vector<Line> lines, Timestamp due, std::optional<Timestamp> offer_until) {
  check_lines(lines);
  Work work;
  work.location = std::move(location);
  work.dropped.resize(lines.size());
  work.lines = std::move(lines);
  work.due = due;
  work.offer_until = offer_until;
  return work;
}

void drop_all(Work& work, Reason why) {
  for (std::size_t i = 0; i < work.lines.size(); ++i)
    work.dropped[i] = work.lines[i].quantity;
  work.why_dropped = why;
}

void drop_missing(Work& work, const std::vector<Found>& found, Reason why) {
  for (std::size_t i = 0; i < work.lines.size(); ++i)
    if (const auto* line = found_of(found, work.lines[i].line); line && line->units < going(work, i)) {
      work.dropped[i] = work.lines[i].quantity - line->units;
      work.why_dropped = why;
    }
}

bool is_possible(const Work& work, const std::vector<Found>& found) {
  bool any = false;
  for (std::size_t i = 0; i < work.lines.size(); ++i) {
    const auto* line = found_of(found, work.lines[i].line);
    if (line && line->units > going(work, i))
      return false;
    any |= line ? static_cast<bool>(line->units) : static_cast<bool>(going(work, i));
  }
  for (const auto& line : found)
    if (std::ranges::count(found, line.line, &Found::line) != 1 || std::ranges::find(work.lines, line.line, &Line::line) == work.lines.end())
      return false;
  return any;
}

bool is_whole(const Work& work) {
  if (!work.cut.empty())
    return work.dropped == work.cut;
  return std::ranges::none_of(work.dropped, [](Quantity units) { return static_cast<bool>(units); });
}

void cut_units(Work& work, const std::vector<Found>& left) {
  for (std::size_t i = 0; i < work.lines.size(); ++i)
    if (const auto* line = found_of(left, work.lines[i].line); line && line->units < going(work, i)) {
      work.cut.resize(work.lines.size());
      const auto gone = going(work, i) - line->units;
      work.cut[i] += gone;
      work.dropped[i] += gone;
      work.why_dropped = Reason::counted;
    }
}

bool is_possible_cut(const Work& work, const std::vector<Found>& left) {
  auto after = work;
  cut_units(after, left);
  return after.dropped != work.dropped && any_going(after);
}

void forget_finds(Work& work) {
  auto cut = work.cut;
  cut.resize(work.lines.size());
  work.dropped = std::move(cut);
}

} // namespace entrepot::fulfilment
