#include "actors/waiting_orders.hpp"

#include "actors/context.hpp"

namespace entrepot::actors {
namespace {

/// Waits for one order's look, then goes on with the next, whatever came of it.
class ThenTheNext final : public ReplyTo {
public:
  ThenTheNext(const Context& context, std::vector<StreamId> rest) : context_(context), rest_(std::move(rest)) {}
  Release accepted(const Answer&) override { return next(); }
  Release refused(const Rejection&) override { return next(); }

private:
  Release next() {
    return [&context = context_, rest = std::move(rest_)] { let_look_again(context, rest); };
  }
  const Context& context_;
  std::vector<StreamId> rest_;
};

} // namespace

void WaitingOrders::note(StreamId order, Timestamp since, const std::vector<Sku>& lacking) {
  std::lock_guard lock(mutex_);
  if (auto known = orders_.find(order); known != orders_.end()) {
    for (const auto& sku : known->second.lacking)
      if (auto of_sku = by_sku_.find(sku); of_sku != by_sku_.end()) {
        of_sku->second.erase({known->second.since, order});
        if (of_sku->second.empty())
          by_sku_.erase(of_sku);
      }
    orders_.erase(known);
  }
  if (lacking.empty())
    return;
  for (const auto& sku : lacking)
    by_sku_[sku].emplace(since, order);
  orders_.emplace(order, Waiting{since, lacking});
}

std::vector<StreamId> WaitingOrders::waiting_for(std::span<const Sku> skus, std::size_t most) const {
  std::set<std::pair<Timestamp, StreamId>> found;
  {
    std::lock_guard lock(mutex_);
    for (const auto& sku : skus)
      if (auto of_sku = by_sku_.find(sku); of_sku != by_sku_.end()) {
        std::size_t count = 0;
        for (auto at = of_sku->second.begin(); at != of_sku->second.end() && count < most; ++at, ++count)
          found.insert(*at);
      }
  }
  std::vector<StreamId> orders;
  for (const auto& [since, order] : found) {
    if (orders.size() == most)
      break;
    orders.push_back(order);
  }
  return orders;
}

void let_look_again(const Context& context, std::vector<StreamId> orders) {
  if (orders.empty())
    return;
  auto process = member(orders.front(), child::process);
  orders.erase(orders.begin());
  context.send(std::make_shared<Envelope>(Envelope{.to = process, .payload = Command{process::Command{process::LookAgain{}}}, .by = "process",
                                                   .reply = std::make_shared<ThenTheNext>(context, std::move(orders))}));
}

} // namespace entrepot::actors
