// The goods themselves, which no computer sees: what lies on the shelves, what is in bags, what was stolen. Beside it a second book of what the journal says.
//
// Of every item at a place: what the book has on hand, less what really lies there, is what was stolen and not yet found, and nothing else. So each unit leaves the
// book once, where and when it leaves the building.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/simulation/world.hpp"

namespace entrepot::simulation {

using Units = std::map<Sku, std::int32_t>;

class Shelves {
public:
  explicit Shelves(World& world);

  std::int32_t on_shelf(const LocationCode& place, const Sku& sku) const;
  /// What lies in the building, bags that have not left included.
  std::int32_t in_building(const LocationCode& place, const Sku& sku) const;
  /// What the journal says lies there; of it promised.
  std::int32_t on_hand(const LocationCode& place, const Sku& sku) const;
  std::int32_t promised(const LocationCode& place, const Sku& sku) const;

  /// Goods come in by a lorry; the journal hears of them by a command.
  void unload(const LocationCode& place, const Sku& sku, std::int32_t units);
  /// Somebody takes units away unseen; returns how many there were to be taken.
  std::int32_t steal(const LocationCode& place, const Sku& sku, std::int32_t units);
  /// A customer takes units to the till and out; or puts them back.
  bool take(const LocationCode& place, const Sku& sku, std::int32_t units);
  void put_back(const LocationCode& place, const Sku& sku, std::int32_t units);
  void sold(const LocationCode& place, const Sku& sku, std::int32_t units);
  /// Puts what is found into the bag of a fulfilment or pickup; `misses`: a unit that lies there is overlooked.
  std::vector<fulfilment::Found> fill_bag(StreamId work, const fulfilment::Work& of, bool misses);
  void empty_bag(StreamId work);
  bool has_bag(StreamId work) const { return bags_.contains(work); }

  /// Throws Broken unless book and building agree. Nothing may be under way.
  void compare() const;
  std::int64_t stolen() const { return stolen_in_all_; }
  std::int64_t left() const { return left_in_all_; }

private:
  struct Item {
    std::int32_t shelf = 0, bags = 0, stolen = 0, underway = 0; ///< underway: unloaded and not yet booked, or left and not yet booked
    std::int64_t on_hand = 0, promised = 0, adjusted = 0;       ///< the book's
    Timestamp counted_at;
  };
  using Key = std::pair<LocationCode, Sku>;
  struct Bag { LocationCode place; std::map<std::int32_t, std::pair<Sku, std::int32_t>> lines; };
  using Claim = std::map<std::pair<std::int32_t, Sku>, std::int32_t>; ///< by line and SKU

  void note(const journal::Record& record, const AnyEvent& event);
  void note_stock(StreamId stream, const stock::Event& event, Timestamp when);
  void recount(StreamId place, const std::vector<stock::Recount>& lines, Timestamp taken_at);
  void unpack_returned(StreamId work);
  void note_work(StreamId work, bool leaves, bool back_to_shelf);
  void promise(StreamId place, const Sku& sku, std::int64_t units, StreamId order);
  void keep_safe(StreamId place, const Sku& sku, StreamId order) const;
  void give_up(StreamId place, const stock::ClaimKey& key, std::int32_t line, const Sku& sku, std::int32_t units);
  void end_claim(StreamId place, const stock::ClaimKey& key);
  void book(StreamId place, const Sku& sku, std::int64_t units, bool adjusts);
  void check_item(StreamId place, const Sku& sku, StreamId order) const;

  World& world_;
  std::map<StreamId, LocationCode> places_;
  std::map<Key, Item> items_;
  std::map<StreamId, Bag> bags_;
  std::map<std::pair<StreamId, stock::ClaimKey>, Claim> claims_;
  std::map<std::pair<StreamId, std::int32_t>, Bag> departed_; ///< by order and round: has left, and is not yet issued
  std::set<std::pair<StreamId, std::int32_t>> issued_;
  std::set<std::pair<StreamId, std::int32_t>> cut_; ///< by order and round: some of their units were counted away
  std::int64_t stolen_in_all_ = 0, left_in_all_ = 0;
};

} // namespace entrepot::simulation
