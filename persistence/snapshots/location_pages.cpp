#include "persistence/snapshots/location_pages.hpp"

#include <algorithm>

#include "domain/check.hpp"
#include "domain/stock/counting.hpp"
#include "domain/stock/selling.hpp"
#include "persistence/codecs/stock_fields.hpp"
#include "persistence/snapshots/every_member.hpp"

// A new member of one of these: list it, as `field`, not as `spare`, so that snapshots without it are passed over. A new meaning of an old event: raise the version.

namespace entrepot::codec {

template <>
struct Fields<stock::Row> {
  static constexpr auto list = std::tuple{
      field<"on_hand">(&stock::Row::on_hand),
      field<"held">(&stock::Row::held),
      field<"allocated">(&stock::Row::allocated),
      field<"suspended">(&stock::Row::suspended),
      field<"damaged">(&stock::Row::damaged),
  };
};

template <>
struct Fields<stock::Claim> {
  static constexpr auto list = std::tuple{
      field<"owner">(&stock::Claim::owner),
      field<"lines">(&stock::Claim::lines),
      field<"allocated">(&stock::Claim::allocated),
      field<"held_at">(&stock::Claim::held_at),
      field<"takes_slot">(&stock::Claim::takes_slot),
      spare<"issued">(&stock::Claim::issued),
      spare<"cut">(&stock::Claim::cut),
      spare<"in_hand">(&stock::Claim::in_hand),
  };
};

template <>
struct Fields<stock::ClaimKey> {
  static constexpr auto list = std::tuple{
      field<"order">(&stock::ClaimKey::order),
      field<"round">(&stock::ClaimKey::round),
  };
};

template <>
struct Fields<stock::DaySlots> {
  static constexpr auto list = std::tuple{
      field<"day">(&stock::DaySlots::day),
      field<"taken">(&stock::DaySlots::taken),
  };
};

template <>
struct Json<stock::Move> { // [milliseconds, units]: there are many
  static void write(std::string& out, const stock::Move& move) {
    out += '[';
    write_integer(out, move.at.time_since_epoch().count());
    out += ',';
    write_integer(out, move.units);
    out += ']';
  }
  static stock::Move read(const nlohmann::json& from) {
    if (!from.is_array() || from.size() != 2)
      throw Malformed(" is no move");
    return {Timestamp{Json<Duration>::read(from[0])}, Json<std::int32_t>::read(from[1])};
  }
};

template <>
struct Fields<stock::Moves> {
  static constexpr auto list = std::tuple{
      field<"moves">(&stock::Moves::moves),
      field<"known_since">(&stock::Moves::known_since),
      field<"counted_at">(&stock::Moves::counted_at),
  };
};

template <>
struct Fields<stock::WaitingCount> {
  static constexpr auto list = std::tuple{
      field<"taken_at">(&stock::WaitingCount::taken_at),
      field<"lines">(&stock::WaitingCount::lines),
  };
};

template <>
struct Fields<stock::Source> {
  static constexpr auto list = std::tuple{
      field<"sequence">(&stock::Source::sequence),
      field<"taken_at">(&stock::Source::taken_at),
  };
};

template <>
struct Fields<stock::Booking> {
  static constexpr auto list = std::tuple{
      field<"number">(&stock::Booking::number),
      field<"reference">(&stock::Booking::reference),
      field<"contents">(&stock::Booking::contents),
  };
};

} // namespace entrepot::codec

namespace entrepot::snapshot {
namespace {

using codec::Json;
using namespace stock;

static_assert(members_of<State>() == 12, "a location's state has got another member: keep it on pages, or derive it from what is kept");
static_assert(lists_every_member<Row> && lists_every_member<Claim> && lists_every_member<ClaimKey> && lists_every_member<Item> && lists_every_member<HoldLine> &&
                  lists_every_member<Profile> && lists_every_member<Booking> && lists_every_member<DaySlots> &&
                  lists_every_member<SafetyRule> && lists_every_member<Moves> && members_of<Move>() == 2 && lists_every_member<WaitingCount> &&
                  lists_every_member<CountLine> && lists_every_member<Source>,
              "every member stands on a page");

constexpr std::int16_t version = 3; // from 3 on every event that moves units is also a move
constexpr std::string_view profile_type = "LocationProfile", slots_type = "LocationSlots";
constexpr std::int32_t profile_number = number::state, slots_number = number::state + 1;
constexpr Sort rows_sort{"LocationRows", version, 1 * number::sort_size, 256}, claims_sort{"LocationClaims", version, 2 * number::sort_size, 128},
    bars_sort{"LocationBars", version, 3 * number::sort_size, 512}, references_sort{"LocationReferences", version, 4 * number::sort_size, 256},
    moves_sort{"LocationMoves", version, 5 * number::sort_size, 32}, counts_sort{"LocationCounts", version, 6 * number::sort_size, 4}, sources_sort{"LocationSources", version, 7 * number::sort_size, 32};

/// A page of its own for one value.
template <class Value>
journal::Page page_of(std::int32_t number, std::string_view type, const Value& value) {
  journal::Page page{.number = number, .version = version, .seq = 0, .type = std::string(type), .data = {}};
  Json<Value>::write(page.data, value);
  return page;
}

/// An item of a page is a pair: what it is called by, and what is kept of it.
template <class Key, class Value>
void write_pair(std::string& out, const Key& key, const Value& value) {
  out += '[';
  Json<Key>::write(out, key);
  out += ',';
  Json<Value>::write(out, value);
  out += ']';
}

/// Writes an item's pair if it is still there.
template <class Map>
auto writer_of(const Map& map) {
  return [&map](std::string& out, const typename Map::key_type& key) {
    auto found = map.find(key);
    if (found == map.end())
      return false;
    write_pair(out, found->first, found->second);
    return true;
  };
}

template <class Map, class Index>
void read_items(const journal::Page& page, Map& map, Index& index) {
  using Key = typename Map::key_type;
  using Value = typename Map::mapped_type;
  const auto json = nlohmann::json::parse(page.data);
  for (const auto& pair : json) {
    if (!pair.is_array() || pair.size() != 2)
      throw Unreadable("an item is a pair");
    auto key = Json<Key>::read(pair[0]);
    index.put_back(key, page.number);
    map.emplace(std::move(key), Json<Value>::read(pair[1]));
  }
}

/// Throws Unreadable.
template <class Index>
References read_references(const std::vector<const journal::Page*>& pages, Index& index) {
  std::vector<Booking> bookings;
  for (const auto* page : pages)
    for (const auto& json : nlohmann::json::parse(page->data)) {
      bookings.push_back(Json<Booking>::read(json));
      index.put_back(References::slot_of(bookings.back()), page->number);
    }
  auto all = References::from(std::move(bookings));
  if (!all)
    throw Unreadable("references are missing");
  return std::move(*all);
}

/// Whether `gone` names every unit of these lines.
template <class Gone>
bool is_all(const std::vector<HoldLine>& lines, const std::vector<Gone>& gone) {
  return std::ranges::all_of(lines, [&](const HoldLine& line) {
    return std::ranges::any_of(gone, [&](const Gone& one) { return one.line == line.line && one.quantity == line.quantity; });
  });
}

/// Whether every unit of the claim is given up or issued, and every cut heard of, so that evolve forgets it.
template <class Event>
bool nothing_is_left(const State& before, const Event& event, const std::vector<HoldLine>& heard) {
  auto claim = before.claims.find({event.order, event.round});
  return claim != before.claims.end() && is_all(claim->second.lines, event.lines) && is_all(claim->second.cut, heard);
}

} // namespace

Pages<State>::Pages()
    : rows_(rows_sort), claims_(claims_sort), bars_(bars_sort), references_(references_sort), moves_(moves_sort), counts_(counts_sort), sources_(sources_sort) {}

void Pages<State>::touch_row(ItemView item) {
  rows_.touch(item, [&] { return Item{item.owner, item.sku}; });
}

/// Units of an item came or went.
void Pages<State>::touch_moved(ItemView item) {
  touch_row(item);
  moves_.touch(item, [&] { return Item{item.owner, item.sku}; });
}
template <class Lines>
void Pages<State>::touch_all_moved(const Lines& lines) {
  for (const auto& line : lines)
    touch_moved(line.item);
}
void Pages<State>::touch_reference(const State& before, std::int64_t reference) { references_.touch(before.references.slot_for(reference)); }

void Pages<State>::touch_cut(const State& before, const ClaimsCut& event) {
  for (const auto& gone : event.lines)
    touch_claim(before, {gone.order, gone.round});
}

/// A claim changes, and with it the rows of its lines.
void Pages<State>::touch_claim(const State& before, const ClaimKey& key) {
  auto claim = before.claims.find(key);
  if (claim == before.claims.end())
    return; // evolve will not like it
  claims_.touch(key);
  slots_changed_ |= claim->second.takes_slot;
  for (const auto& line : claim->second.lines)
    touch_row({claim->second.owner, line.sku});
}

template <class Arrival>
void Pages<State>::touch_arrival(const State& before, const Arrival& event) {
  touch_all_moved(event.movements);
  if (!event.reference.empty())
    touch_reference(before, reference_key(event));
}

/// Units of a claim leave: what is left of it stays, if anything.
template <class Leaving>
void Pages<State>::touch_leaving(const State& before, const ClaimKey& key, const Leaving& event) {
  touch_claim(before, key);
  if (auto claim = before.claims.find(key); claim != before.claims.end())
    for (const auto& line : event.lines)
      touch_moved({claim->second.owner, line.sku});
  if (nothing_is_left(before, event, {}))
    claims_.remove(key);
}

void Pages<State>::touch(const State& before, const Event& event, Timestamp at) {
  if (!laid_out_)
    return;
  std::visit(Overload{[&](const Defined&) { profile_changed_ = true; },
                      [&](const Received& e) { touch_arrival(before, e); }, [&](const TakenBack& e) { touch_arrival(before, e); },
                      [&](const Adjusted& e) { touch_arrival(before, e); }, [&](const ClaimsCut& e) { touch_cut(before, e); },
                      [&](const CountRejected& e) { counts_.remove(e.reference); },
                      [&](const CountProposed& e) {
                        for (const auto& [reference, waiting] : before.counts)
                          if (waiting.taken_at < at - count_horizon)
                            counts_.remove(reference); // evolve forgets them
                        counts_.touch(e.reference);
                        touch_reference(before, reference_key(e));
                      },
                      [&](const Counted& e) {
                        touch_all_moved(e.lines);
                        counts_.remove(e.reference);
                        touch_reference(before, reference_key(e));
                      },
                      [&](const Sold& e) {
                        touch_all_moved(e.lines);
                        touch_reference(before, reference_key(e));
                      },
                      [&](const FeedMoved& e) {
                        touch_all_moved(e.lines);
                        sources_.touch(e.source);
                      },
                      [&](const FeedReset& e) {
                        touch_all_moved(e.lines);
                        sources_.touch(e.source);
                      },
                      [&](const Held& e) {
                        claims_.touch({e.order, e.round});
                        slots_changed_ |= e.takes_slot;
                        for (const auto& line : e.lines)
                          touch_row({e.owner, line.sku});
                      },
                      [&](const Allocated& e) { touch_claim(before, {e.order, e.round}); },
                      [&](const Released& e) {
                        touch_claim(before, {e.order, e.round});
                        claims_.remove({e.order, e.round});
                      },
                      [&](const Issued& e) { touch_leaving(before, {e.order, e.round}, e); }, [&](const TransferredOut& e) { touch_leaving(before, {e.order, e.round}, e); },
                      [&](const TransferredIn& e) {
                        for (const auto& line : e.lines)
                          touch_moved({e.owner, line.sku});
                        touch_reference(before, reference_key(e));
                        if (e.claimed)
                          claims_.touch({e.order, e.round});
                      },
                      [&](const Reclaimed& e) {
                        touch_claim(before, {e.order, e.round});
                        if (auto claim = before.claims.find({e.order, e.round}); claim != before.claims.end()) {
                          for (const auto& line : e.lines)
                            touch_row({claim->second.owner, line.sku});
                          if (claim->second.lines.empty() && e.lines.empty())
                            claims_.remove(claim->first);
                        }
                      },
                      [&](const Shrunk& e) {
                        touch_claim(before, {e.order, e.round});
                        if (nothing_is_left(before, e, e.heard))
                          claims_.remove({e.order, e.round});
                      },
                      [&](const HoldBarred& e) {
                        for (auto past = before.barred_by_time.begin(); past != before.barred_by_time.end() && past->first < at; ++past)
                          bars_.remove(past->second); // evolve forgets them
                        bars_.touch({e.order, e.round});
                      }},
             event);
}

/// What came together lies together: claims by the time of their orders.
void Pages<State>::lay_out(const State& state) {
  for (const auto& [item, row] : state.rows)
    rows_.touch(item);
  std::vector<ClaimKey> claims;
  for (const auto& [key, claim] : state.claims)
    claims.push_back(key);
  std::ranges::sort(claims, {}, [](const ClaimKey& key) { return std::pair(minted_at(key.order.family), key); });
  for (const auto& key : claims)
    claims_.touch(key);
  for (const auto& [until, key] : state.barred_by_time)
    bars_.touch(key);
  for (const auto& booking : state.references.slots())
    references_.touch(References::slot_of(booking));
  for (const auto& [item, moves] : state.moves)
    moves_.touch(item);
  for (const auto& [reference, waiting] : state.counts)
    counts_.touch(reference);
  for (const auto& [name, source] : state.sources)
    sources_.touch(name);
}

void Pages<State>::write(const State& state, bool all, Changes& changes) {
  if (!std::exchange(laid_out_, true)) {
    lay_out(state);
    profile_changed_ = slots_changed_ = true;
  }
  if ((std::exchange(profile_changed_, false) || all) && state.defined)
    changes.pages.push_back(page_of(profile_number, profile_type, state.profile));
  if ((std::exchange(slots_changed_, false) || all) && state.slots != DaySlots{})
    changes.pages.push_back(page_of(slots_number, slots_type, state.slots));
  rows_.write(all, changes, writer_of(state.rows));
  claims_.write(all, changes, writer_of(state.claims));
  bars_.write(all, changes, writer_of(state.barred));
  moves_.write(all, changes, writer_of(state.moves));
  counts_.write(all, changes, writer_of(state.counts));
  sources_.write(all, changes, writer_of(state.sources));
  references_.write(all, changes, [&](std::string& out, std::size_t slot) {
    if (slot >= state.references.slots().size())
      return false;
    Json<Booking>::write(out, state.references.slots()[slot]);
    return true;
  });
}

void Pages<State>::read(State& state, std::span<const journal::Page> pages) {
  auto of_sort = [&](const Sort& sort) {
    return static_cast<std::size_t>(std::ranges::count(pages, sort.type, &journal::Page::type)) * sort.items_per_page;
  };
  state.rows.reserve(of_sort(rows_sort));
  state.claims.reserve(of_sort(claims_sort));
  std::vector<const journal::Page*> of_references;
  try {
    for (const auto& page : pages) {
      if (page.version != version)
        throw Unreadable("a page has another version");
      if (page.type == profile_type) {
        state.profile = Json<Profile>::read(nlohmann::json::parse(page.data));
        state.defined = true;
      } else if (page.type == slots_type) {
        state.slots = Json<DaySlots>::read(nlohmann::json::parse(page.data));
      } else if (page.type == rows_sort.type)
        read_items(page, state.rows, rows_);
      else if (page.type == claims_sort.type)
        read_items(page, state.claims, claims_);
      else if (page.type == bars_sort.type)
        read_items(page, state.barred, bars_);
      else if (page.type == moves_sort.type)
        read_items(page, state.moves, moves_);
      else if (page.type == counts_sort.type)
        read_items(page, state.counts, counts_);
      else if (page.type == sources_sort.type)
        read_items(page, state.sources, sources_);
      else if (page.type == references_sort.type)
        of_references.push_back(&page);
      else
        throw Unreadable("a page is of another kind");
    }
    state.references = read_references(of_references, references_);
  } catch (const codec::Malformed& why) {
    throw Unreadable(why.what());
  } catch (const nlohmann::json::exception& why) {
    throw Unreadable(why.what());
  }
  for (const auto& [key, until] : state.barred)
    state.barred_by_time.emplace(until, key);
  for (const auto& [key, claim] : state.claims)
    if (claim.in_hand)
      state.in_hand.insert(key);
  rows_.all_put_back();
  claims_.all_put_back();
  bars_.all_put_back();
  references_.all_put_back();
  moves_.all_put_back();
  counts_.all_put_back();
  sources_.all_put_back();
  laid_out_ = true;
}

} // namespace entrepot::snapshot
