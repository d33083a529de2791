#include "domain/order/family.hpp"

namespace entrepot {

void evolve(Family& family, int child, const AnyEvent& event, Timestamp at) {
  if (const auto* of_order = std::get_if<order::Event>(&event)) {
    check(child == child::order, "an order's event stands in the order's stream");
    order::evolve(family.order, *of_order, at);
    return;
  }
  if (const auto* of_process = std::get_if<process::Event>(&event)) {
    check(child == child::process, "a process's event stands in the process's stream");
    process::evolve(family.diary, *of_process);
    return;
  }
  const auto* of_fulfilment = std::get_if<fulfilment::Event>(&event);
  check(of_fulfilment != nullptr, "a family holds events of its members only");
  check(child >= child::first_fulfilment && child <= child::last_fulfilment, "a fulfilment's event stands in a fulfilment's stream");
  fulfilment::evolve(family.fulfilments[child], *of_fulfilment, at);
}

} // namespace entrepot
