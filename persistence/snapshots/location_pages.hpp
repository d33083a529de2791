// A stock location on pages: rows by SKU, claims by when they came, bars, and references by their slot in the ring.
#pragma once

#include "domain/stock/location.hpp"
#include "persistence/snapshots/page_index.hpp"

namespace entrepot::snapshot {

template <>
class Pages<stock::State> {
public:
  Pages();
  void touch(const stock::State& before, const stock::Event& event, Timestamp at);
  void write(const stock::State& state, bool all, Changes& changes);
  void read(stock::State& state, std::span<const journal::Page> pages);

private:
  void touch_row(stock::ItemView item);
  template <class Arrival>
  void touch_arrival(const stock::State& before, const Arrival& event);
  void touch_claim(const stock::State& before, const stock::ClaimKey& key);
  void lay_out(const stock::State& state);

  bool laid_out_ = false; ///< before the first snapshot nothing need be known
  bool profile_changed_ = false, slots_changed_ = false;
  PageIndex<stock::Item, stock::ItemHash, stock::ItemEqual> rows_;
  PageIndex<stock::ClaimKey, stock::ClaimKeyHash> claims_, bars_;
  PageIndex<std::size_t, std::hash<std::size_t>> references_;
};

} // namespace entrepot::snapshot
