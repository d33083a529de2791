// /v1/orders/{id}/cancellations: the customer, an agent or the marketplace wants it no longer.
#include <array>

#include "gateways/api/order_act.hpp"

namespace entrepot::api {
namespace {

constexpr std::size_t reason_bytes = 200;

void post_cancellation(const Shared& inside, const Call& call) {
  act_on_order(inside, call, [by_customer = call.principal.role == Role::gateway](const JsonObject& root) {
    static constexpr std::array who{"customer", "agent", "marketplace"};
    auto reason = root.optional_text("reason", reason_bytes);
    auto by = root.one_of("by", {who[0], who[1], who[2]}, by_customer ? 0 : 1);
    return order::Cancel{who.at(by), reason.empty() ? "no longer wanted" : reason};
  });
}

} // namespace

void add_cancellations(Desk& desk) {
  using enum http::Role;
  desk.add(http::Method::post, "/v1/orders/{id}/cancellations", {gateway, admin}, [inside = desk.inside()](const Call& call) { post_cancellation(inside, call); });
}

} // namespace entrepot::api
