#include "tests/simulation/supply.hpp"

namespace entrepot::simulation {
namespace {

std::int32_t target(const LocationCode& place, const World& world) { // so that now and then something is not to be had
  auto a_day = std::max(1, world.plan().orders / world.plan().days);
  return static_cast<std::int32_t>(place.text().starts_with("DC") ? 8 + a_day / 6 : 4 + a_day / 20);
}

} // namespace

Supply::Supply(World& world, Shelves& shelves) : world_(world), shelves_(shelves) {}

void Supply::every(Duration from, Duration to, std::function<void()> act) {
  world_.after(world_.chance().between(from, to), [this, from, to, act] {
    if (world_.is_still())
      return;
    act();
    every(from, to, act);
  });
}

void Supply::open() {
  for (const auto& shop : shops()) {
    const auto& place = shop.profile.code;
    world_.command(place, stock::Define{shop.profile}, "admin");
    world_.settle();
    for (const auto& sku : skus())
      lorry(place, sku, target(place, world_) * 2);
    every(8h, 20h, [this, place] { restock(place); });
    every(3h, 12h, [this, place] {
      auto& chance = world_.chance();
      count(place, {skus()[static_cast<std::size_t>(chance.between(0, 3))], skus()[static_cast<std::size_t>(chance.between(4, 7))]});
    });
    every(10h, 40h, [this, place] { correct(place); });
    if (shop.profile.type == stock::Type::store)
      every(30min, 4h, [this, place] { till(place); });
  }
  every(2h, 8h, [this] { feed(shops()[1].profile.code); });
}

void Supply::lorry(const LocationCode& place, const Sku& sku, std::int32_t units) {
  if (units <= 0)
    return;
  shelves_.unload(place, sku, units);
  stock::Receive delivery{number("ASN"), {{{{}, sku}, units}}};
  auto late = world_.chance().percent(10) ? world_.chance().mostly_short(1min, 6h) : Duration{0};
  world_.after(late, [this, place, delivery] { world_.command(place, delivery, "admin"); });
  if (world_.chance().percent(10)) // the same note is sent again
    world_.after(late + world_.chance().mostly_short(1min, 24h), [this, place, delivery] { world_.command(place, delivery, "admin"); });
}

void Supply::restock(const LocationCode& place) {
  for (const auto& sku : skus()) {
    auto there = shelves_.on_hand(place, sku) - shelves_.promised(place, sku);
    if (there < target(place, world_) / 2 && world_.chance().percent(70))
      lorry(place, sku, target(place, world_) - there);
  }
}

/// Somebody looks, and types it in later.
void Supply::count(const LocationCode& place, const std::vector<Sku>& what) {
  stock::Count counted{number("COUNT"), world_.now(), {}};
  for (const auto& sku : what)
    counted.lines.push_back({{{}, sku}, shelves_.in_building(place, sku)});
  auto& chance = world_.chance();
  auto late = chance.percent(50) ? chance.mostly_short(1s, 2h) : Duration{0};
  world_.after(late, [this, place, counted] {
    world_.command(place, counted, "staff", [this, place, counted](const Said& said) {
      if (!said.done)
        return;
      world_.after(world_.chance().mostly_short(1min, 10h), [this, place, counted] { // if it waits for a second person
        if (world_.chance().percent(85))
          world_.command(place, stock::ApproveCount{counted.reference}, "staff");
        else
          world_.command(place, stock::RejectCount{counted.reference}, "staff");
      });
    });
  });
}

/// Somebody corrects a figure without looking: it stays wrong until somebody counts.
void Supply::correct(const LocationCode& place) {
  auto& chance = world_.chance();
  const auto& sku = chance.one_of(skus());
  stock::Adjust adjust{number("ADJ"), chance.one_of({stock::Reason::broken, stock::Reason::lost, stock::Reason::own_use, stock::Reason::written_off, stock::Reason::found}), {}};
  auto units = adjust.reason == stock::Reason::found ? 1 : -static_cast<std::int32_t>(chance.mostly_small(1, 3));
  adjust.movements.push_back({{{}, sku}, units});
  world_.command(place, adjust, "staff");
}

void Supply::till(const LocationCode& place) {
  auto& chance = world_.chance();
  const auto& sku = chance.one_of(skus());
  auto units = static_cast<std::int32_t>(chance.mostly_small(1, 3));
  if (!shelves_.take(place, sku, units))
    return;
  stock::Sell sale{"till-1", number("R"), world_.now(), {{{{}, sku}, Quantity{units}, test::money(500 * units)}}};
  world_.command(place, sale, "till", [this, place, sku, units, sale](const Said& said) {
    if (!said.done)
      return shelves_.put_back(place, sku, units);
    shelves_.sold(place, sku, units);
    if (world_.chance().percent(5)) // the till sends the receipt twice
      world_.after(world_.chance().mostly_short(1s, 3h), [this, place, sale] { world_.command(place, sale, "till"); });
  });
}

void Supply::feed(const LocationCode& place) {
  auto& chance = world_.chance();
  const auto& sku = chance.one_of(skus());
  auto units = static_cast<std::int32_t>(chance.mostly_small(1, 4));
  shelves_.unload(place, sku, units);
  stock::Feed message{"wms", ++sequences_[place], false, world_.now(), {{{{}, sku}, units}}};
  tell(place, message);
  if (chance.percent(10))
    world_.after(chance.mostly_short(1s, 1h), [this, place, message] { tell(place, message); });
}

/// A message that comes before the one it follows is sent again.
void Supply::tell(const LocationCode& place, const stock::Feed& message) {
  world_.command(place, message, "wms", [this, place, message](const Said& said) {
    if (!said.done)
      world_.after(1min, [this, place, message] { tell(place, message); });
  });
}

} // namespace entrepot::simulation
