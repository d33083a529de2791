#include "domain/sourcing/decision.hpp"

#include <algorithm>
#include <numeric>

#include "domain/order/draft.hpp"
#include "domain/words.hpp"

namespace entrepot::sourcing {
namespace {

constexpr Words<Outcome, 4> outcomes{{"placed", "wait", "back_order", "nothing"}};

/// Units by line of the demand.
using Units = std::vector<std::int32_t>;

/// A place under one rule.
struct Candidate {
  const Place* place = nullptr;
  std::int64_t metres = -1;
  Units usable;                     ///< by line, as much as is wanted; lines with one SKU share what is there
  bool whole = false;               ///< it could send everything
  std::vector<std::string> against; ///< why it is out of the question; empty: it may be asked
};

/// The demand, and what is still without a place while parts are found.
class Search {
public:
  Search(const Demand& demand, const Routing& routing, std::span<const Place> places, Timestamp now) : demand_(demand), routing_(routing), places_(places), now_(now) {
    for (std::size_t i = 0; i < demand.lines.size(); ++i) {
      const auto& lines = demand.lines;
      shares_.push_back(static_cast<std::size_t>(std::ranges::find(lines, lines[i].sku, &Wanted::sku) - lines.begin()));
    }
  }

  Choice run() {
    check(!demand_.lines.empty(), "somebody wants something");
    if (demand_.attempt > routing_.most_attempts || demand_.room < 1)
      return tried_too_often();
    for (const auto& rule : routing_.rules) {
      look_at(rule);
      if (auto choice = by(rule))
        return *std::move(choice);
    }
    return nobody({});
  }

private:
  // ---- which places may be asked -------------------------------------------------------------------------------------------------------------

  void look_at(const Rule& rule) {
    candidates_.clear();
    for (const auto& place : places_)
      candidates_.push_back(judged(rule, place));
    std::ranges::sort(candidates_, [&](const Candidate& a, const Candidate& b) { return comes_before(rule, a, b); });
    may_be_asked_ = static_cast<std::size_t>(std::ranges::count_if(candidates_, [](const Candidate& it) { return it.against.empty(); }));
  }

  Candidate judged(const Rule& rule, const Place& place) const {
    Candidate it{.place = &place, .usable = usable(rule, place), .against = {}};
    const auto& profile = *place.profile;
    if (demand_.to)
      it.metres = stock::metres_between(stock::point_of(profile), *demand_.to);
    auto expect = [&](bool right, const char* code) {
      if (!right)
        it.against.emplace_back(code);
    };
    auto is_in_group = [&](const std::string& group) { return std::ranges::find(profile.groups, group) != profile.groups.end(); };
    expect(rule.groups.empty() || std::ranges::any_of(rule.groups, is_in_group), "other-group");
    if (rule.within_km)
      expect(it.metres >= 0 && it.metres <= std::int64_t{*rule.within_km} * 1000, it.metres < 0 ? "distance-unknown" : "too-far");
    expect(!rule.open_now || stock::is_open(profile, now_), "closed");
    expect(!rule.own_stock || profile.owner == demand_.seller, "other-owner");
    expect(place.capacity_left > 0, "no-capacity");
    expect(!place.is_stale, "stock-stale");
    expect(!is_barred(profile.code, 0), "refused-before");
    it.whole = true;
    auto any = false;
    for (std::size_t i = 0; i < it.usable.size(); ++i) {
      it.whole &= it.usable[i] == wanted(i);
      any |= it.usable[i] > 0;
    }
    expect(any, "short");
    return it;
  }

  bool is_barred(const LocationCode& location, std::int32_t line) const {
    return std::ranges::any_of(demand_.barred, [&](const Barred& barred) { return barred.location == location && barred.line == line; });
  }

  Units usable(const Rule& rule, const Place& place) const {
    Units left = place.available, usable(demand_.lines.size());
    for (std::size_t i = 0; i < usable.size(); ++i) {
      auto& of_sku = left[shares_[i]];
      usable[i] = is_barred(place.profile->code, demand_.lines[i].line) ? 0 : std::clamp(of_sku - rule.keep_back, 0, wanted(i));
      of_sku -= usable[i];
    }
    return usable;
  }

  std::int32_t wanted(std::size_t line) const { return demand_.lines[line].units.units(); }

  // ---- which of them is best -------------------------------------------------------------------------------------------------------------------

  /// What a sort looks at; less is better.
  std::int64_t measure(Sort sort, const Candidate& it) const {
    switch (sort) {
    case Sort::cost: return it.place->profile->parcel_cost;
    case Sort::distance: return it.metres < 0 ? std::numeric_limits<std::int64_t>::max() : it.metres;
    case Sort::promise: return stock::done_in_opening_hours(*it.place->profile, now_, order::pickup_preparation).time_since_epoch().count();
    case Sort::balance: {
      std::int64_t left = 0;
      for (std::size_t i = 0; i < shares_.size(); ++i)
        if (shares_[i] == i)
          left += it.place->available[i];
      return -left;
    }
    case Sort::ageing_stock: return it.place->oldest.time_since_epoch().count();
    }
    return 0;
  }

  bool comes_before(const Rule& rule, const Candidate& a, const Candidate& b) const {
    if (a.against.empty() != b.against.empty())
      return a.against.empty();
    if (a.against.empty() && !rule.first_come && a.whole != b.whole)
      return a.whole;
    if (a.against.size() != b.against.size())
      return a.against.size() < b.against.size();
    for (auto sort : rule.sort)
      if (auto of_a = measure(sort, a), of_b = measure(sort, b); of_a != of_b)
        return of_a < of_b;
    return a.place->profile->code < b.place->profile->code;
  }

  std::string why_behind(const Rule& rule, const Candidate& chosen, const Candidate& it) const {
    for (auto sort : rule.sort)
      if (measure(sort, chosen) < measure(sort, it))
        switch (sort) {
        case Sort::cost: return "dearer";
        case Sort::distance: return "farther";
        case Sort::promise: return "later";
        case Sort::balance: return "less-stock";
        case Sort::ageing_stock: return "fresher-stock";
        }
    return "outranked";
  }

  // ---- what is chosen ---------------------------------------------------------------------------------------------------------------------------

  std::optional<Choice> by(const Rule& rule) {
    if (rule.first_come)
      if (auto parts = one_after_another(rule, true))
        return chosen(rule, *std::move(parts));
    if (may_be_asked_ > 0)
      if (const auto* best = first_whole())
        return chosen(rule, {{best, best->usable}});
    switch (rule.otherwise) {
    case After::next_rule:
      return {};
    case After::split:
      if (auto parts = pair(rule))
        return chosen(rule, *std::move(parts));
      if (auto parts = one_after_another(rule, true))
        return chosen(rule, *std::move(parts));
      return {};
    case After::wait:
      if (auto until = demand_.since + rule.patience; now_ < until)
        return later(rule, Outcome::wait, until, {});
      return {};
    case After::back_order:
      return later(rule, Outcome::back_order, now_ + rule.patience, one_after_another(rule, false).value_or(Shares{}));
    case After::cancel:
      return nobody(rule.name);
    }
    return {};
  }

  struct Share { const Candidate* from; Units units; };
  using Shares = std::vector<Share>;

  std::span<const Candidate> asked() const { return std::span(candidates_).first(may_be_asked_); }
  const Candidate* first_whole() const {
    auto all = asked();
    auto found = std::ranges::find(all, true, &Candidate::whole);
    return found == all.end() ? nullptr : &*found;
  }

  std::int64_t value_of(const Units& units) const {
    std::int64_t value = 0;
    for (std::size_t i = 0; i < units.size(); ++i)
      value += entrepot::share(demand_.lines[i].value, units[i], wanted(i)).amount;
    return value;
  }
  std::size_t most_parts(const Rule& rule) const { return static_cast<std::size_t>(std::min(rule.most_parts, demand_.room)); }
  bool worth_a_parcel(const Rule& rule, const Units& units) const { return value_of(units) >= rule.least_part; }

  /// Two places that have everything between them; of several such pairs the one whose members rank best. A line that both have whole comes from the better one.
  std::optional<Shares> pair(const Rule& rule) const {
    auto all = asked();
    if (most_parts(rule) < 2)
      return {};
    for (std::size_t sum = 1; sum + 1 < 2 * all.size(); ++sum) // of ranks: the best pairs first
      for (std::size_t a = sum < all.size() ? 0 : sum - all.size() + 1; a < sum - a; ++a) {
        Shares shares{{&all[a], Units(shares_.size())}, {&all[sum - a], Units(shares_.size())}};
        if (divide(all[a], all[sum - a], shares[0].units, shares[1].units) && worth_a_parcel(rule, shares[0].units) && worth_a_parcel(rule, shares[1].units))
          return shares;
      }
    return {};
  }

  /// Gives each line to one of two; returns whether each line has found one.
  bool divide(const Candidate& a, const Candidate& b, Units& of_a, Units& of_b) const {
    for (std::size_t i = 0; i < of_a.size(); ++i)
      if (a.usable[i] == wanted(i))
        of_a[i] = wanted(i);
      else if (b.usable[i] == wanted(i))
        of_b[i] = wanted(i);
      else
        return false;
    return true;
  }

  /// Takes from one place after the other: by rank if the first that comes sends what it has, else from that with most of what is left. Lines may be divided. Nothing, if
  /// everything must be found and is not, or a part would not be worth a parcel.
  std::optional<Shares> one_after_another(const Rule& rule, bool everything) const {
    Shares shares;
    Units left(shares_.size());
    for (std::size_t i = 0; i < left.size(); ++i)
      left[i] = wanted(i);
    auto any_left = [&] { return std::ranges::any_of(left, [](auto units) { return units > 0; }); };
    while (any_left() && shares.size() < most_parts(rule)) {
      auto best = next_share(rule, left, shares);
      if (!best)
        break;
      for (std::size_t i = 0; i < left.size(); ++i)
        left[i] -= best->units[i];
      shares.push_back(*std::move(best));
    }
    if (everything && any_left())
      return {};
    return shares;
  }

  std::optional<Share> next_share(const Rule& rule, const Units& left, const Shares& taken) const {
    std::optional<Share> best;
    std::int64_t most = 0;
    for (const auto& candidate : asked()) {
      if (std::ranges::find(taken, &candidate, &Share::from) != taken.end())
        continue;
      Units units(left.size());
      for (std::size_t i = 0; i < left.size(); ++i)
        units[i] = std::min(left[i], candidate.usable[i]);
      auto count = std::accumulate(units.begin(), units.end(), std::int64_t{0});
      if (count == 0 || !worth_a_parcel(rule, units) || (best && count <= most))
        continue;
      best = Share{&candidate, std::move(units)};
      most = count;
      if (rule.first_come)
        break;
    }
    return best;
  }

  // ---- how it is told ---------------------------------------------------------------------------------------------------------------------------

  Choice choice(std::string rule, Outcome outcome) const {
    return {.attempt = demand_.attempt, .outcome = outcome, .rule = std::move(rule), .parts = {}, .missing = {}, .until = {}, .candidates = {}, .others = 0,
            .behind_promise = demand_.behind_promise};
  }

  Choice chosen(const Rule& rule, Shares shares) const {
    auto result = choice(rule.name, Outcome::placed);
    give_out(rule, result, shares);
    return result;
  }
  Choice later(const Rule& rule, Outcome outcome, Timestamp until, Shares shares) const {
    auto result = choice(rule.name, outcome);
    result.until = until;
    give_out(rule, result, shares);
    return result;
  }
  Choice nobody(std::string rule) const {
    auto result = choice(std::move(rule), Outcome::nothing);
    give_out({}, result, {});
    return result;
  }
  Choice tried_too_often() const {
    if (routing_.rules.empty() || routing_.rules.back().otherwise != After::back_order)
      return nobody({});
    return later(routing_.rules.back(), Outcome::back_order, now_ + routing_.rules.back().patience, {});
  }

  void give_out(const Rule& rule, Choice& result, const Shares& shares) const {
    Units left(shares_.size());
    for (std::size_t i = 0; i < left.size(); ++i)
      left[i] = wanted(i);
    for (const auto& [from, units] : shares) {
      const auto& profile = *from->place->profile;
      Part part{profile.code, lines_of(units), {}};
      if (profile.type == stock::Type::store)
        part.answer_by = stock::done_in_opening_hours(profile, now_, order::offer_patience);
      result.parts.push_back(std::move(part));
      result.candidates.push_back({profile.code, from->metres, {}});
      for (std::size_t i = 0; i < left.size(); ++i)
        left[i] -= units[i];
    }
    result.missing = lines_of(left);
    tell_of_the_others(rule, result, shares);
  }

  std::vector<stock::HoldLine> lines_of(const Units& units) const {
    std::vector<stock::HoldLine> lines;
    for (std::size_t i = 0; i < units.size(); ++i)
      if (units[i] > 0)
        lines.push_back({demand_.lines[i].line, demand_.lines[i].sku, Quantity{units[i]}});
    return lines;
  }

  void tell_of_the_others(const Rule& rule, Choice& result, const Shares& shares) const {
    for (const auto& it : candidates_) {
      if (std::ranges::find(shares, &it, &Share::from) != shares.end())
        continue;
      if (result.candidates.size() == max_explained) {
        ++result.others;
        continue;
      }
      auto against = it.against;
      if (against.empty() && !it.whole)
        against.emplace_back("short");
      if (against.empty() && !shares.empty())
        against.push_back(why_behind(rule, *shares.front().from, it));
      result.candidates.push_back({it.place->profile->code, it.metres, std::move(against)});
    }
  }

  const Demand& demand_;
  const Routing& routing_;
  std::span<const Place> places_;
  Timestamp now_;
  std::vector<std::size_t> shares_; ///< by line, the first line with its SKU
  std::vector<Candidate> candidates_;
  std::size_t may_be_asked_ = 0;    ///< of the candidates, the first ones
};

} // namespace

std::string_view name_of(Outcome outcome) { return outcomes.of(outcome); }
std::optional<Outcome> outcome_from(std::string_view name) { return outcomes.from(name); }

Choice choose(const Demand& demand, const Routing& routing, std::span<const Place> places, Timestamp now) { return Search(demand, routing, places, now).run(); }

} // namespace entrepot::sourcing
