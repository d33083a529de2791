// What every stock location could give, as of its last commit: what places are chosen by. The locations alone decide; this only says whom to ask.
#pragma once

#include <shared_mutex>
#include <unordered_map>
#include <vector>

#include "domain/sourcing/decision.hpp"

namespace entrepot::actors {

/// What a location says about itself, once it is stored.
struct StockNews {
  struct Units { Sku sku; std::int32_t available = 0; }; ///< of its own stock, before safety stock
  std::shared_ptr<const stock::Profile> profile;
  stock::DaySlots slots;
  stock::Sources sources;
  std::vector<Units> units;
};

/// All locations of a node. Thread-safe. Lost with the node: each location tells all of itself when it is loaded.
class StockView {
public:
  /// Takes up what has changed; returns the SKUs of which there is more than before.
  std::vector<Sku> take(const StockNews& news);

  /// Returns every location with what it could give of `demand`, less its safety stock.
  std::vector<sourcing::Place> places(const sourcing::Demand& demand, Timestamp now) const;

private:
  struct Location {
    std::shared_ptr<const stock::Profile> profile;
    stock::DaySlots slots;
    stock::Sources sources;
  };
  struct Units { std::size_t location = 0; std::int32_t available = 0; };

  mutable std::shared_mutex mutex_;
  std::vector<Location> locations_;
  std::unordered_map<LocationCode, std::size_t> index_;
  std::unordered_map<Sku, std::vector<Units>> units_; ///< in order of locations
};

} // namespace entrepot::actors
