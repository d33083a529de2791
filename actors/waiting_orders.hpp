// Orders that wait for units: who is told first when some come in. In memory only; an order that is loaded says again that it waits, and looks now and then by itself.
#pragma once

#include <mutex>
#include <set>
#include <span>
#include <unordered_map>
#include <vector>

#include "domain/ids.hpp"
#include "domain/time.hpp"

namespace entrepot::actors {

struct Context;

class WaitingOrders {
public:
  /// `order` waits for units of these SKUs, promised or ordered at `since`; none: it waits no longer.
  void note(StreamId order, Timestamp since, const std::vector<Sku>& lacking);

  /// Returns who waits for any of these SKUs: the earliest promise first, `most` at most.
  std::vector<StreamId> waiting_for(std::span<const Sku> skus, std::size_t most) const;

private:
  struct Waiting { Timestamp since; std::vector<Sku> lacking; };
  mutable std::mutex mutex_;
  std::unordered_map<StreamId, Waiting> orders_;
  std::unordered_map<Sku, std::set<std::pair<Timestamp, StreamId>>> by_sku_;
};

/// Tells the first of `orders` to look again; when it has asked the places it found, the next, and so on: who was promised earlier takes first.
void let_look_again(const Context& context, std::vector<StreamId> orders);

} // namespace entrepot::actors
