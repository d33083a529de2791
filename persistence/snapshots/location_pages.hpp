// A stock location on pages: rows by SKU, and what moved them of late; claims by when they came, bars, references by their slot in the ring, counts that wait, sources of feeds.
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
  void touch_moved(stock::ItemView item);
  template <class Lines>
  void touch_all_moved(const Lines& lines);
  void touch_reference(const stock::State& before, std::int64_t reference);
  void touch_cut(const stock::State& before, const stock::ClaimsCut& event);
  template <class Arrival>
  void touch_arrival(const stock::State& before, const Arrival& event);
  void touch_claim(const stock::State& before, const stock::ClaimKey& key);
  template <class Leaving>
  void touch_leaving(const stock::State& before, const stock::ClaimKey& key, const Leaving& event);
  void lay_out(const stock::State& state);

  bool laid_out_ = false; ///< before the first snapshot nothing need be known
  bool profile_changed_ = false, slots_changed_ = false;
  PageIndex<stock::Item, stock::ItemHash, stock::ItemEqual> rows_;
  PageIndex<stock::ClaimKey, stock::ClaimKeyHash> claims_, bars_;
  PageIndex<std::size_t, std::hash<std::size_t>> references_;
  PageIndex<stock::Item, stock::ItemHash, stock::ItemEqual> moves_;
  PageIndex<std::string, std::hash<std::string>> counts_, sources_;
};

} // namespace entrepot::snapshot
