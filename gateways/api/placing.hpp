// An order on its way in, whoever brings it: whose it is, what it will say, and off to the inside.
#pragma once

#include "gateways/api/desk.hpp"
#include "gateways/api/order_request.hpp"

namespace entrepot::api {

/// One order on its way in.
struct Placing {
  Shared inside;
  OrderRequest request;
  gateway::Origin origin;
  gateway::Creation creation; ///< the pair and the digest; gone once submitted
  gateway::Until until = gateway::Until::stored;
  /// Makes the agreement of a basket whose contact and address are sealed.
  std::function<Result<order::Agreement>(const order::Basket& basket)> draft;
  gateway::Reply<gateway::OrderView> reply; ///< given on once submitted: if the inside forgets it, whoever waits is told
};

/// Finds or makes the customer, seals what is personal, drafts, and submits.
void place(std::shared_ptr<Placing> placing);

} // namespace entrepot::api
