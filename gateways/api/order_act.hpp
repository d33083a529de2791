// What somebody does with an order as a whole, e.g. cancels it: reads the order first, to see whether its channel is in the key's scope.
#pragma once

#include "gateways/api/desk.hpp"
#include "gateways/api/idempotency.hpp"

namespace entrepot::api {

/// What every message about an order has.
struct OrderMessage {
  OrderId order;
  CommandId id; ///< what its Idempotency-Key makes of the command
  JsonDocument body;
};

/// Returns order, key and body, in this order; refuses `order-unknown`, and what key and body can be refused for.
Result<OrderMessage> order_message(const Call& call);

/// Gives the payment plan of the path's order a command and answers with the order, as `act_on_order` does. `read` makes of the body what makes the command of the order as it is.
void act_on_payment(const Shared& inside, const Call& call, const std::function<std::function<payment::Command(const Family& family)>(const JsonObject& root)>& read);

/// Gives the order of the path a command and answers with the order: 202 as long as a cancellation is under way, else 200. `read` makes the command of the body.
/// Refuses `order-unknown`, `out-of-scope`, what is wrong with body and Idempotency-Key, and what the order refuses.
void act_on_order(const Shared& inside, const Call& call, const std::function<order::Command(const JsonObject& root)>& read);

} // namespace entrepot::api
