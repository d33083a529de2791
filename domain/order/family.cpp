#include "domain/order/family.hpp"

namespace entrepot {
namespace {

/// From here on the order is being worked on, which the customer's own cancellation must ask about.
bool is_work(const fulfilment::Event& event) { return std::holds_alternative<fulfilment::PickStarted>(event) || std::holds_alternative<fulfilment::Picked>(event); }
bool is_work(const pickup::Event& event) { return std::holds_alternative<pickup::PickStarted>(event) || std::holds_alternative<pickup::Picked>(event); }

void begin(Family& family, const order::Agreement& agreement) {
  family.payment = payment::planned(agreement.instalments);
  family.diary.first_place = child::first_fulfilment + (order::place_of(agreement) ? 1 : 0);
}

} // namespace

void evolve(Family& family, int child, const AnyEvent& event, Timestamp at) {
  if (const auto* of_order = std::get_if<order::Event>(&event)) {
    check(child == child::order, "an order's event stands in the order's stream");
    order::evolve(family.order, *of_order, at);
    if (const auto* submitted = std::get_if<order::Submitted>(of_order))
      begin(family, submitted->agreement);
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
  if (const auto* of_transfer = std::get_if<transfer::Event>(&event)) {
    check(child::is_transfer(child), "what becomes of a transfer stands in its stream");
    transfer::evolve(family.transfers[child], *of_transfer, at);
    return;
  }
  check(child >= child::first_fulfilment && child <= child::last_fulfilment, "what a place does stands in a place's stream");
  if (const auto* of_fulfilment = std::get_if<fulfilment::Event>(&event)) {
    fulfilment::evolve(family.fulfilments[child], *of_fulfilment, at);
    if (is_work(*of_fulfilment))
      order::begin_fulfilment(family.order);
    return;
  }
  const auto* of_pickup = std::get_if<pickup::Event>(&event);
  check(of_pickup != nullptr, "a family holds events of its members only");
  pickup::evolve(family.pickups[child], *of_pickup, at);
  if (is_work(*of_pickup))
    order::begin_fulfilment(family.order);
}

} // namespace entrepot
