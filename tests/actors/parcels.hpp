// A parcel on a node's packing table, and what staff do with it.
#pragma once

#include "tests/support/node.hpp"

namespace entrepot::test {

/// Staff do something with a fulfilment; `number` names the tap.
inline void staff(Node& node, StreamId fulfilment, fulfilment::Command command, std::uint64_t number) {
  Awaited<gateway::OrderView> done;
  node.ports->act(fulfilment, command, {std::uint64_t{1} << 56, number}, {.by = "staff", .traceparent = {}, .occurred_at = {}}, gateway::Until::stored, done.reply());
  node.settle();
  ASSERT_TRUE(done.answered());
}

/// Makes an order with a carrier and packs it; returns its fulfilment, which has a label if the node's carrier makes one.
inline StreamId a_packed_parcel(Node& node) {
  auto agreement = an_agreement();
  agreement.delivery.carrier = "swift";
  node.open_warehouse();
  auto order = node.submit("k1", agreement);
  node.settle();
  auto fulfilment = member(order.value().family->id, child::first_fulfilment);
  staff(node, fulfilment, fulfilment::Pick{}, 11);
  staff(node, fulfilment, fulfilment::Pack{{{900}}}, 12);
  return fulfilment;
}

} // namespace entrepot::test
