#include "gateways/api/repeats.hpp"

#include <map>

namespace entrepot::api {
namespace {

/// The customer's number and the goods, however they are spread over lines.
std::string basket_of(const order::Agreement& agreed) {
  std::map<std::string_view, std::int64_t> goods;
  for (const auto& line : agreed.lines)
    if (!line.service)
      goods[line.sku.text()] += line.quantity.units();
  auto text = agreed.customer.text();
  for (const auto& [sku, units] : goods)
    text.append("\n").append(sku).append(" ").append(std::to_string(units));
  return text;
}

} // namespace

std::optional<OrderId> RecentBaskets::note(OrderId order, const order::Agreement& agreed, Timestamp now) {
  if (!agreed.customer)
    return {};
  auto basket = basket_of(agreed);
  std::lock_guard lock(mutex_);
  auto [place, is_new] = seen_.try_emplace(basket, Seen{order, now, {}});
  auto& seen = place->second;
  if (is_new) {
    in_order_.push_back(std::move(basket));
    if (in_order_.size() > most_recent_baskets) {
      seen_.erase(in_order_.front());
      in_order_.pop_front();
    }
    return {};
  }
  if (seen.order.family != order.family)
    seen = {order, now, now - seen.at <= repeat_window ? std::optional(seen.order) : std::nullopt};
  return seen.before;
}

} // namespace entrepot::api
