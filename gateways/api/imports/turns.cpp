#include "gateways/api/imports/turns.hpp"

#include <algorithm>

namespace entrepot::api::imports {

void Turns::take(std::vector<StreamId> orders, Work work) {
  {
    std::lock_guard lock(mutex_);
    waiting_.push_back({std::move(orders), std::move(work)});
  }
  go_on();
}

void Turns::end(const std::vector<StreamId>& orders) {
  {
    std::lock_guard lock(mutex_);
    for (auto order : orders)
      busy_.erase(order);
  }
  go_on();
}

/// Begins every turn that may begin. An order that somebody waits for is not given to whoever came later.
void Turns::go_on() {
  std::list<Asked> begun;
  {
    std::lock_guard lock(mutex_);
    auto wanted = busy_;
    for (auto next = waiting_.begin(); next != waiting_.end();) {
      auto asked = next++;
      auto is_free = std::ranges::none_of(asked->orders, [&](StreamId order) { return wanted.contains(order); });
      wanted.insert(asked->orders.begin(), asked->orders.end());
      if (!is_free)
        continue;
      busy_.insert(asked->orders.begin(), asked->orders.end());
      begun.splice(begun.end(), waiting_, asked);
    }
  }
  for (auto& [orders, work] : begun)
    work(Turn(nullptr, [self = shared_from_this(), orders = orders](void*) { self->end(orders); }));
}

} // namespace entrepot::api::imports
