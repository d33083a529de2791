#include "tests/simulation/thieves.hpp"

#include "tests/simulation/codes.hpp"

namespace entrepot::simulation {
namespace {

constexpr std::size_t remembered = 200;

}

Thieves::Thieves(World& world, Shelves& shelves) : world_(world), shelves_(shelves) {
  world_.listen([this](const journal::Record& record, const AnyEvent& event) { note(record, event); });
  prowl();
}

void Thieves::note(const journal::Record& record, const AnyEvent& event) {
  const auto* of_pickup = std::get_if<pickup::Event>(&event);
  if (of_pickup && std::holds_alternative<pickup::Staged>(*of_pickup))
    staged_.push_back(record.stream);
  if (!is_named(record.stream) && source_of(record.command) == CommandSource::request)
    overheard_.emplace_back(record.stream, record.command);
  if (overheard_.size() > remembered)
    overheard_.erase(overheard_.begin(), overheard_.begin() + remembered / 2);
  if (staged_.size() > remembered)
    staged_.erase(staged_.begin(), staged_.begin() + remembered / 2);
}

void Thieves::prowl() {
  world_.after(world_.chance().between(Duration{20min}, Duration{3h}), [this] {
    if (world_.is_calm())
      return;
    auto& chance = world_.chance();
    switch (chance.between(0, 3)) {
    case 0:
    case 1: shelves_.steal(chance.one_of(shops()).profile.code, chance.one_of(skus()), static_cast<std::int32_t>(chance.mostly_small(1, 3))); break;
    case 2:
      if (!staged_.empty())
        try_codes(chance.one_of(staged_));
      break;
    default: replay();
    }
    prowl();
  });
}

void Thieves::try_codes(StreamId pickup) {
  for (int i = 0; i < 6; ++i)
    world_.act(pickup, pickup::Command{pickup::HandOver{{std::to_string(100'000 + i), false}, codes_of(pickup)}}, "thief", [pickup](const Said& said) {
      if (said.done)
        throw Broken(pickup, "a guessed code opened a bag");
    });
}

/// A command's key that has been seen, with what the thief would like: it is not done.
void Thieves::replay() {
  if (overheard_.empty())
    return;
  auto [stream, id] = world_.chance().one_of(overheard_);
  auto family = family_of(stream);
  world_.act(family, order::Command{order::Cancel{"customer-request", "sent again by somebody else"}}, "thief", {}, id);
}

} // namespace entrepot::simulation
