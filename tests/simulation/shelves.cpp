#include "tests/simulation/shelves.hpp"

#include <algorithm>

#include "domain/order/places.hpp"

namespace entrepot::simulation {

Shelves::Shelves(World& world) : world_(world) {
  for (const auto& shop : shops())
    places_.emplace(stream_of(shop.profile.code), shop.profile.code);
  world_.listen([this](const journal::Record& record, const AnyEvent& event) { note(record, event); });
}

std::int32_t Shelves::on_shelf(const LocationCode& place, const Sku& sku) const {
  auto at = items_.find({place, sku});
  return at == items_.end() ? 0 : at->second.shelf;
}
std::int32_t Shelves::in_building(const LocationCode& place, const Sku& sku) const {
  auto at = items_.find({place, sku});
  return at == items_.end() ? 0 : at->second.shelf + at->second.bags;
}
std::int32_t Shelves::on_hand(const LocationCode& place, const Sku& sku) const {
  auto at = items_.find({place, sku});
  return at == items_.end() ? 0 : static_cast<std::int32_t>(at->second.on_hand);
}
std::int32_t Shelves::promised(const LocationCode& place, const Sku& sku) const {
  auto at = items_.find({place, sku});
  return at == items_.end() ? 0 : static_cast<std::int32_t>(at->second.promised);
}

// --- what people do ------------------------------------------------------------------------------------------------

void Shelves::unload(const LocationCode& place, const Sku& sku, std::int32_t units) {
  auto& item = items_[{place, sku}];
  item.shelf += units;
  item.underway -= units;
}

std::int32_t Shelves::steal(const LocationCode& place, const Sku& sku, std::int32_t units) {
  auto& item = items_[{place, sku}];
  units = std::min(units, item.shelf);
  item.shelf -= units;
  item.stolen += units;
  stolen_in_all_ += units;
  return units;
}

bool Shelves::take(const LocationCode& place, const Sku& sku, std::int32_t units) {
  auto& item = items_[{place, sku}];
  if (item.shelf < units)
    return false;
  item.shelf -= units;
  item.bags += units;
  return true;
}
void Shelves::put_back(const LocationCode& place, const Sku& sku, std::int32_t units) {
  auto& item = items_[{place, sku}];
  item.shelf += units;
  item.bags -= units;
}
void Shelves::sold(const LocationCode& place, const Sku& sku, std::int32_t units) { items_[{place, sku}].bags -= units; }

std::vector<fulfilment::Found> Shelves::fill_bag(StreamId work, const fulfilment::Work& of, bool misses) {
  std::vector<fulfilment::Found> found;
  Bag bag{of.location, {}};
  for (const auto& line : fulfilment::lines_going(of)) {
    auto& item = items_[{of.location, line.sku}];
    auto units = std::min(line.quantity.units(), item.shelf);
    if (misses && units > 0) {
      --units;
      misses = false;
    }
    item.shelf -= units;
    item.bags += units;
    found.push_back({line.line, Quantity{units}});
    if (units > 0)
      bag.lines[line.line] = {line.sku, units};
  }
  check(!bags_.contains(work), "a bag is filled once");
  bags_.emplace(work, std::move(bag));
  return found;
}

void Shelves::empty_bag(StreamId work) {
  auto bag = bags_.extract(work);
  if (!bag)
    return;
  for (const auto& [line, goods] : bag.mapped().lines)
    put_back(bag.mapped().place, goods.first, goods.second);
}

// --- what the journal says -----------------------------------------------------------------------------------------

void Shelves::note(const journal::Record& record, const AnyEvent& event) {
  if (const auto* stock = std::get_if<stock::Event>(&event))
    return note_stock(record.stream, *stock, record.at);
  if (const auto* of_fulfilment = std::get_if<fulfilment::Event>(&event)) {
    if (std::holds_alternative<fulfilment::ReturnedToOrigin>(*of_fulfilment))
      return unpack_returned(record.stream);
    return note_work(record.stream, std::holds_alternative<fulfilment::Shipped>(*of_fulfilment),
                     std::holds_alternative<fulfilment::UnitsPutBack>(*of_fulfilment) || std::holds_alternative<fulfilment::Unpicked>(*of_fulfilment));
  }
  if (const auto* of_pickup = std::get_if<pickup::Event>(&event))
    note_work(record.stream, std::holds_alternative<pickup::HandedOver>(*of_pickup),
              std::holds_alternative<pickup::UnitsPutBack>(*of_pickup) || std::holds_alternative<pickup::Unpicked>(*of_pickup));
}

/// What came back whole lies on the shelf before it is in the book.
void Shelves::unpack_returned(StreamId work) {
  const auto& parcel = world_.family(family_of(work))->fulfilments.at(child_of(work));
  for (std::size_t i = 0; i < parcel.lines.size(); ++i)
    unload(parcel.location, parcel.lines[i].sku, parcel.whole[i].units());
}

/// The bag leaves the building, or its goods go back to the shelf.
void Shelves::note_work(StreamId work, bool leaves, bool back_to_shelf) {
  if (back_to_shelf)
    return empty_bag(work);
  if (!leaves)
    return;
  auto bag = bags_.extract(work);
  if (!bag)
    throw Broken(work, "goods leave that nobody has picked, or leave twice");
  for (const auto& [line, goods] : bag.mapped().lines) {
    auto& item = items_[{bag.mapped().place, goods.first}];
    item.bags -= goods.second;
    item.underway += goods.second;
    left_in_all_ += goods.second;
  }
  if (!departed_.emplace(std::pair{family_of(work), round_of(child_of(work))}, std::move(bag.mapped())).second)
    throw Broken(work, "a parcel leaves twice");
}

void Shelves::book(StreamId place, const Sku& sku, std::int64_t units, bool adjusts) {
  auto& item = items_[{places_.at(place), sku}];
  item.on_hand += units;
  if (adjusts)
    item.adjusted += units;
  check_item(place, sku, {});
}

void Shelves::check_item(StreamId place, const Sku& sku, StreamId order) const {
  const auto& item = items_.at({places_.at(place), sku});
  auto where = sku.text() + " at " + places_.at(place).text();
  if (item.on_hand < 0)
    throw Broken(order, "fewer than no units of " + where);
  if (item.promised < 0)
    throw Broken(order, "fewer than no units are promised of " + where);
  if (item.promised > item.on_hand)
    throw Broken(order, std::to_string(item.promised) + " are promised of " + std::to_string(item.on_hand) + " " + where);
}

void Shelves::promise(StreamId place, const Sku& sku, std::int64_t units, StreamId order) {
  items_[{places_.at(place), sku}].promised += units;
  check_item(place, sku, order);
}

/// Whoever is promised a unit leaves the safety stock alone.
void Shelves::keep_safe(StreamId place, const Sku& sku, StreamId order) const {
  const auto& profile = shop_of(places_.at(place))->profile;
  const auto& item = items_.at({profile.code, sku});
  if (item.on_hand - item.promised < stock::safety_stock(profile, sku, definitions()->products.at(sku)->category))
    throw Broken(order, "units of the safety stock of " + sku.text() + " at " + profile.code.text() + " are promised");
}

void Shelves::give_up(StreamId place, const stock::ClaimKey& key, std::int32_t line, const Sku& sku, std::int32_t units) {
  auto claim = claims_.find({place, key});
  if (claim == claims_.end() || claim->second[{line, sku}] < units)
    throw Broken(key.order.family, "a place gives up units of the order that it does not keep");
  claim->second[{line, sku}] -= units;
  promise(place, sku, -units, key.order.family);
}

void Shelves::end_claim(StreamId place, const stock::ClaimKey& key) {
  auto claim = claims_.extract({place, key});
  if (!claim)
    throw Broken(key.order.family, "a place ends a claim of the order that there is not");
  for (const auto& [line, units] : claim.mapped())
    promise(place, line.second, -units, key.order.family);
}

void Shelves::recount(StreamId place, const std::vector<stock::Recount>& lines, Timestamp taken_at) {
  for (const auto& line : lines) {
    auto& item = items_[{places_.at(place), line.item.sku}];
    item.counted_at = taken_at;
    book(place, line.item.sku, line.on_hand - item.on_hand, true);
  }
}

void Shelves::note_stock(StreamId at, const stock::Event& event, Timestamp when) {
  auto moves = [&](const std::vector<stock::Movement>& movements, bool adjusts) {
    for (const auto& line : movements)
      book(at, line.item.sku, line.units, adjusts);
  };
  std::visit(Overload{[](const stock::Defined&) {},
                      [&](const stock::Received& e) {
                        moves(e.movements, false);
                        for (const auto& line : e.movements)
                          items_[{places_.at(at), line.item.sku}].underway += line.units;
                      },
                      [&](const stock::Held& e) {
                        auto& claim = claims_[{at, {e.order, e.round}}];
                        if (!claim.empty())
                          throw Broken(e.order.family, "a place holds the same units twice");
                        for (const auto& line : e.lines) {
                          claim[{line.line, line.sku}] += line.quantity.units();
                          promise(at, line.sku, line.quantity.units(), e.order.family);
                          keep_safe(at, line.sku, e.order.family);
                        }
                      },
                      [&](const stock::Allocated& e) {
                        if (!claims_.contains({at, {e.order, e.round}}))
                          throw Broken(e.order.family, "units are allocated that were not held");
                      },
                      [&](const stock::Released& e) { end_claim(at, {e.order, e.round}); },
                      [](const stock::HoldBarred&) {},
                      [&](const stock::Shrunk& e) {
                        for (const auto& line : e.lines)
                          give_up(at, {e.order, e.round}, line.line, line.sku, line.quantity.units());
                        auto& claim = claims_[{at, {e.order, e.round}}];
                        if (std::ranges::all_of(claim, [](const auto& line) { return line.second == 0; }))
                          claims_.erase({at, {e.order, e.round}});
                      },
                      [](const stock::TransferredOut& e) { throw Broken(e.order.family, "goods are brought to a store, which no channel of this town does"); },
                      [](const stock::TransferredIn& e) { throw Broken(e.order.family, "goods are brought to a store, which no channel of this town does"); },
                      [&](const stock::Issued& e) {
                        auto departed = departed_.extract({e.order.family, e.round});
                        if (!departed)
                          throw Broken(e.order.family, "units are issued that have not left the building");
                        auto& goods = departed.mapped().lines;
                        for (const auto& line : e.lines) {
                          auto& [sku, units] = goods[line.line];
                          units -= line.quantity.units();
                          if (sku != line.sku || units < 0 || departed.mapped().place != places_.at(at))
                            throw Broken(e.order.family, "other units are issued than have left the building");
                          give_up(at, {e.order, e.round}, line.line, line.sku, line.quantity.units());
                        }
                        std::erase_if(goods, [](const auto& line) { return line.second.second == 0; });
                        if (!goods.empty() && !cut_.contains({e.order.family, e.round}))
                          throw Broken(e.order.family, "fewer units are issued than have left the building");
                        if (!goods.empty())
                          departed_.insert(std::move(departed)); // the order has yet to hear that the place has cut them, and the place that they have left
                        auto& claim = claims_[{at, {e.order, e.round}}];
                        if (std::ranges::all_of(claim, [](const auto& line) { return line.second == 0; }))
                          claims_.erase({at, {e.order, e.round}});
                        for (const auto& line : e.lines) {
                          book(at, line.sku, -line.quantity.units(), false);
                          items_[{places_.at(at), line.sku}].underway -= line.quantity.units();
                        }
                      },
                      [&](const stock::TakenBack& e) {
                        moves(e.movements, false);
                        for (const auto& line : e.movements)
                          items_[{places_.at(at), line.item.sku}].underway += line.units;
                      },
                      [&](const stock::Adjusted& e) { moves(e.movements, true); },
                      [](const stock::CountProposed&) {},
                      [](const stock::CountRejected&) {},
                      [&](const stock::Counted& e) { recount(at, e.lines, std::min(e.taken_at, when)); },
                      [&](const stock::ClaimsCut& e) {
                        for (const auto& line : e.lines) {
                          give_up(at, {line.order, line.round}, line.line, line.item.sku, line.quantity.units());
                          cut_.emplace(line.order.family, line.round);
                        }
                      },
                      [&](const stock::Reclaimed& e) {
                        moves(e.found, true);
                        for (const auto& line : e.lines) {
                          claims_[{at, {e.order, e.round}}][{line.line, line.sku}] += line.quantity.units();
                          promise(at, line.sku, line.quantity.units(), e.order.family);
                        }
                      },
                      [&](const stock::Sold& e) {
                        for (const auto& line : e.lines) {
                          auto& item = items_[{places_.at(at), line.item.sku}];
                          auto gone = line.in_count ? 0 : line.quantity.units() - line.oversold;
                          item.adjusted += line.quantity.units() - gone; // left the building and not the book: something was found before
                          book(at, line.item.sku, -gone, false);
                        }
                      },
                      [&](const stock::FeedMoved& e) {
                        for (const auto& line : e.lines) { // goods that another system has unloaded
                          auto& item = items_[{places_.at(at), line.item.sku}];
                          item.underway += line.units;
                          if (e.taken_at < item.counted_at)
                            item.adjusted -= line.units; // a count was faster
                          else
                            book(at, line.item.sku, line.units, false);
                        }
                      },
                      [&](const stock::FeedReset& e) { recount(at, e.lines, std::min(e.taken_at, when)); }},
             event);
}

void Shelves::compare() const {
  if (!departed_.empty())
    throw Broken(departed_.begin()->first.first, "a parcel has left and was never issued");
  for (const auto& [key, item] : items_) {
    if (item.underway != 0)
      throw Broken({}, std::to_string(item.underway) + " of " + key.second.text() + " at " + key.first.text() + " are still between book and building");
    auto missing = item.on_hand - (item.shelf + item.bags);
    if (missing != item.stolen + item.adjusted)
      throw Broken({}, key.second.text() + " at " + key.first.text() + ": the book has " + std::to_string(item.on_hand) + ", there lie " + std::to_string(item.shelf + item.bags) + ", " +
                           std::to_string(item.stolen) + " were stolen and " + std::to_string(item.adjusted) + " corrected");
    if (item.promised != 0)
      throw Broken({}, std::to_string(item.promised) + " of " + key.second.text() + " at " + key.first.text() + " are promised to nobody");
  }
}

} // namespace entrepot::simulation
