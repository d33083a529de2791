// Who has ordered what a moment ago: so that whoever places an order for somebody hears that it may be the same one again.
#pragma once

#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "domain/order/order.hpp"

namespace entrepot::api {

inline constexpr auto repeat_window = std::chrono::minutes{10};
inline constexpr std::size_t most_recent_baskets = 10'000; ///< remembered; the oldest is forgotten first

/// What customers ordered in the last minutes, as this node has heard; nothing of a guest. Any thread.
class RecentBaskets {
public:
  /// Notes an order; returns another one of the same customer with the same goods within `repeat_window` before it, if there is one. Says the same again of an order noted before.
  std::optional<OrderId> note(OrderId order, const order::Agreement& agreed, Timestamp now);

private:
  struct Seen { OrderId order; Timestamp at; std::optional<OrderId> before; };
  std::mutex mutex_;
  std::unordered_map<std::string, Seen> seen_; ///< by customer and goods
  std::deque<std::string> in_order_;
};

} // namespace entrepot::api
