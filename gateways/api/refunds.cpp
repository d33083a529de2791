// /v1/orders/{id}/refunds: whoever took the money elsewhere, a marketplace or a till, has given some of it back.
#include <algorithm>

#include "gateways/api/order_act.hpp"

namespace entrepot::api {
namespace {

constexpr std::size_t reference_bytes = 64;
constexpr std::int64_t max_instalments = 100;

/// The first instalment that is to be given back elsewhere; the first of all, which refuses, if none is.
std::int32_t first_delegated(const Family& family) {
  auto found = std::ranges::find(family.payment.tenders, payment::Status::refund_delegated, &payment::Tender::status);
  return found == family.payment.tenders.end() ? 1 : found->agreed.number;
}

void post_refund(const Shared& inside, const Call& call) {
  act_on_payment(inside, call, [](const JsonObject& root) {
    payment::RecordPaidBack told{.instalment = static_cast<std::int32_t>(root.optional_integer("instalment", 1, max_instalments).value_or(0)),
                                 .reference = root.text("reference", reference_bytes),
                                 .amount = root.money("amount")};
    return [told](const Family& family) -> payment::Command {
      auto command = told;
      if (command.instalment == 0)
        command.instalment = first_delegated(family);
      return command;
    };
  });
}

} // namespace

void add_refunds(Desk& desk) {
  using enum http::Role;
  desk.add(http::Method::post, "/v1/orders/{id}/refunds", {gateway, staff, finance, admin}, [inside = desk.inside()](const Call& call) { post_refund(inside, call); });
}

} // namespace entrepot::api
