// /v1/orders/{id}/holds: somebody wants to look at an order before it goes on, and lets it go on.
#include <array>

#include "gateways/api/order_act.hpp"

namespace entrepot::api {
namespace {

constexpr std::size_t text_bytes = 200;

/// What a person may say; "charge_back" the platform says itself.
std::string reason_in(const JsonObject& root) {
  static constexpr std::array reasons{"fraud", "bad_address", "credit_limit", "manual"};
  return reasons.at(root.one_of("code", {reasons[0], reasons[1], reasons[2], reasons[3]}));
}

void post_hold(const Shared& inside, const Call& call) {
  act_on_order(inside, call, [](const JsonObject& root) { return order::PutOnHold{reason_in(root), root.text("text", text_bytes)}; });
}

void post_release(const Shared& inside, const Call& call) {
  act_on_order(inside, call, [code = std::string(call.request.param("code"))](const JsonObject&) { return order::ReleaseFromHold{code}; });
}

} // namespace

void add_holds(Desk& desk) {
  using enum http::Role;
  auto inside = desk.inside();
  desk.add(http::Method::post, "/v1/orders/{id}/holds", {gateway, finance, operator_, admin}, [inside](const Call& call) { post_hold(inside, call); });
  desk.add(http::Method::post, "/v1/orders/{id}/holds/{code}/release", {finance, operator_, admin}, [inside](const Call& call) { post_release(inside, call); });
}

} // namespace entrepot::api
