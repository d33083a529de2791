#include "domain/order/family.hpp"

namespace entrepot {

void evolve(Family& family, int child, const AnyEvent& event, Timestamp at) {
  if (const auto* of_order = std::get_if<order::Event>(&event)) {
    check(child == child::order, "an order's event stands in the order's stream");
    order::evolve(family.order, *of_order, at);
    if (const auto* submitted = std::get_if<order::Submitted>(of_order))
      family.payment = payment::planned(submitted->agreement.instalments);
    return;
  }
  if (const auto* of_payment = std::get_if<payment::Event>(&event)) {
    check(child == child::payment, "a payment's event stands in the payment plan's stream");
    payment::evolve(family.payment, *of_payment, at);
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
