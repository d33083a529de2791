#include "tests/simulation/staff.hpp"

#include "domain/order/draft.hpp"
#include "tests/simulation/codes.hpp"

namespace entrepot::simulation {
namespace {

using fulfilment::Reason;

AnyCommand of(bool is_pickup, fulfilment::Command parcel, pickup::Command bag) { return is_pickup ? AnyCommand{std::move(bag)} : AnyCommand{std::move(parcel)}; }

} // namespace

Staff::Staff(World& world, Shelves& shelves) : world_(world), shelves_(shelves) {
  world_.listen([this](const journal::Record& record, const AnyEvent& event) { note(record, event); });
}

Character Staff::character(const LocationCode& place) const { return world_.is_calm() ? Character{0, 0, 0, 0, 0} : shop_of(place)->character; }

void Staff::note(const journal::Record& record, const AnyEvent& event) {
  const auto is_work = std::holds_alternative<fulfilment::Event>(event) || std::holds_alternative<pickup::Event>(event);
  if (is_work && open_.try_emplace(record.stream, 0).second)
    attend_later(record.stream, 2min, 50min);
}

void Staff::attend_later(StreamId work, Duration from, Duration to) {
  world_.after(world_.chance().mostly_short(from, to), [this, work] { attend(work); });
}

/// Looks at a piece of work, does the next thing, and comes back to it until nothing is left to do.
void Staff::attend(StreamId work) {
  const auto& family = *world_.family(work);
  const auto child = child_of(work);
  ++open_[work];
  if (auto parcel = family.fulfilments.find(child); parcel != family.fulfilments.end()) {
    const auto& state = parcel->second;
    auto over = (fulfilment::is_terminal(state.status) || state.status == fulfilment::Status::shipped) && !state.put_back;
    if (over)
      return void(open_.erase(work));
    work_on(work, state);
  } else {
    const auto& state = family.pickups.at(child);
    if (pickup::is_terminal(state.status) && !state.put_back)
      return void(open_.erase(work));
    work_on(work, state);
  }
  attend_later(work, 3min, 3h);
}

void Staff::tap(StreamId work, AnyCommand command) { world_.act(work, std::move(command), "staff"); }

void Staff::reject(StreamId work, bool is_pickup, Reason reason) { tap(work, of(is_pickup, fulfilment::Reject{reason}, pickup::Reject{reason})); }

void Staff::pick(StreamId work, const fulfilment::Work& of_work, bool is_pickup) {
  if (shelves_.has_bag(work))
    return; // the answer to the last tap has not come
  auto found = shelves_.fill_bag(work, of_work, world_.chance().percent(character(of_work.location).misses));
  Quantity all;
  for (const auto& line : found)
    all += line.units;
  if (!all) {
    shelves_.empty_bag(work);
    return reject(work, is_pickup, Reason::not_in_stock);
  }
  world_.act(work, of(is_pickup, fulfilment::Pick{found}, pickup::Pick{found}), "staff", [this, work](const Said& said) {
    if (!said.done)
      shelves_.empty_bag(work);
  });
}

/// What nobody should do: it is refused, or changes nothing.
void Staff::misuse(StreamId work, bool is_pickup) {
  auto& chance = world_.chance();
  const auto bag = codes_of(work);
  switch (chance.between(0, 8)) {
  case 0: return tap(work, of(is_pickup, fulfilment::Deliver{}, pickup::HandOver{{bag.front(), false}, bag}));
  case 1: return tap(work, of(is_pickup, fulfilment::Accept{}, pickup::Accept{}));
  case 2: return tap(work, of(is_pickup, fulfilment::Ship{"T-0"}, pickup::HandOver{{"nonsense", false}, bag}));
  case 3: return tap(work, of(is_pickup, fulfilment::PutBack{}, pickup::PutBack{}));
  case 4: return tap(member(work, child_of(work) + 1), of(is_pickup, fulfilment::StartPick{}, pickup::HandOver{{bag.front(), true}, bag})); // work that is not there
  case 5: return tap(work, of(is_pickup, fulfilment::Pick{{{1, Quantity{1'000}}}}, pickup::Pick{{{1, Quantity{1'000}}}}));
  case 6: return tap(work, of(is_pickup, fulfilment::ConfirmStop{}, pickup::Refuse{}));
  case 7: return tap(work, of(is_pickup, fulfilment::RefuseStop{}, pickup::Stage{"", world_.now() + pickup::collection_window}));
  default: return tap(work, of(is_pickup, fulfilment::Pack{{}}, pickup::Unstage{}));
  }
}

void Staff::work_on(StreamId work, const fulfilment::State& parcel) {
  using enum fulfilment::Status;
  auto& chance = world_.chance();
  const auto who = character(parcel.location);
  if (chance.percent(who.misuses))
    misuse(work, false);
  if (chance.percent(who.neglects))
    return;
  const auto undoes = chance.percent(who.undoes);
  if (parcel.put_back)
    return tap(work, fulfilment::Command{fulfilment::PutBack{}});
  switch (parcel.status) {
  case offered:
    if (chance.percent(who.rejects))
      return reject(work, false, static_cast<Reason>(chance.between(0, 7)));
    return tap(work, fulfilment::Command{fulfilment::Accept{}});
  case accepted:
    if (undoes)
      return tap(work, fulfilment::Command{fulfilment::Unaccept{}});
    if (chance.percent(who.rejects / 2))
      return reject(work, false, static_cast<Reason>(chance.between(0, 7)));
    if (chance.percent(30))
      return tap(work, fulfilment::Command{fulfilment::StartPick{}});
    return pick(work, parcel, false);
  case picking:
    if (undoes)
      return tap(work, fulfilment::Command{fulfilment::Unpick{}});
    return pick(work, parcel, false);
  case picked:
    if (undoes)
      return tap(work, fulfilment::Command{fulfilment::Unpick{}});
    return tap(work, fulfilment::Command{fulfilment::Pack{{{static_cast<std::int32_t>(chance.between(100, 9'000))}}}});
  case packed:
    if (parcel.stop_until && !parcel.stop_refused) {
      if (chance.percent(60))
        return tap(work, fulfilment::Command{fulfilment::ConfirmStop{}});
      return tap(work, fulfilment::Command{fulfilment::RefuseStop{}});
    }
    if (undoes)
      return tap(work, fulfilment::Command{fulfilment::Unpack{}});
    return tap(work, fulfilment::Command{fulfilment::Ship{chance.percent(50) ? "T-" + std::to_string(work.value % 100'000) : ""}});
  default: return;
  }
}

void Staff::work_on(StreamId work, const pickup::State& bag) {
  using enum pickup::Status;
  auto& chance = world_.chance();
  const auto who = character(bag.location);
  if (chance.percent(who.misuses))
    misuse(work, true);
  if (chance.percent(who.neglects))
    return;
  const auto undoes = chance.percent(who.undoes);
  if (bag.put_back)
    return tap(work, pickup::Command{pickup::PutBack{}});
  switch (bag.status) {
  case offered:
    if (chance.percent(who.rejects))
      return reject(work, true, static_cast<Reason>(chance.between(0, 7)));
    return tap(work, pickup::Command{pickup::Accept{}});
  case accepted:
    if (undoes)
      return tap(work, pickup::Command{pickup::Unaccept{}});
    if (chance.percent(who.rejects / 2))
      return reject(work, true, static_cast<Reason>(chance.between(0, 7)));
    if (chance.percent(30))
      return tap(work, pickup::Command{pickup::StartPick{}});
    return pick(work, bag, true);
  case picking:
    if (undoes)
      return tap(work, pickup::Command{pickup::Unpick{}});
    return pick(work, bag, true);
  case picked:
    if (undoes)
      return tap(work, pickup::Command{pickup::Unpick{}});
    return tap(work, pickup::Command{pickup::Stage{"B-" + std::to_string(chance.between(1, 40)), world_.now() + pickup::collection_window}});
  case staged:
    if (undoes)
      return tap(work, pickup::Command{pickup::Unstage{}});
    return;
  default: return;
  }
}

} // namespace entrepot::simulation
