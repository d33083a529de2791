// POST /v1/payment-events: what the payment provider tells of our keys, as if it had been asked; signed as Standard Webhooks says.
#include "gateways/api/partner_message.hpp"

namespace entrepot::api {
namespace {

using gateway::OrderView;
using gateway::Outcome;
using Kind = payment::ProviderAnswer::Kind;

constexpr Partner provider{"payment", "provider", &ApiOptions::payment_events};
constexpr std::size_t type_bytes = 64, key_bytes = 255, reference_bytes = 200, code_bytes = 100;

/// What one message says of a key.
struct Told {
  OrderId order;
  std::string key;
  payment::ProviderAnswer answer;
};

/// Nothing: of that kind we want to hear nothing.
std::optional<Kind> kind_from(std::string_view type) {
  if (type == "captured")
    return Kind::captured;
  if (type == "declined")
    return Kind::declined;
  if (type == "voided")
    return Kind::voided;
  if (type == "refunded")
    return Kind::refunded;
  if (type == "refund_failed")
    return Kind::refund_failed;
  if (type == "charged_back")
    return Kind::charged_back;
  return {};
}

/// A key begins with the order that it was made for: "ord_1cj37r03x0000/1/1".
std::optional<OrderId> order_in(std::string_view key) { return order_id_from(key.substr(0, key.find('/'))); }

Rejection unknown() { return reject("payment-unknown", "There is no order that this key belongs to."); }

/// Nothing: it is of a type that changes nothing.
Result<std::optional<Told>> told_by(const http::Request& request) {
  auto body = json_body(request);
  if (!body)
    return body.error();
  JsonReader reader(*body);
  auto root = reader.root();
  auto type = root.text("type", type_bytes);
  auto kind = kind_from(type);
  if (!type.empty() && !kind)
    return std::optional<Told>{};
  Told told{{}, root.text("key", key_bytes), {kind.value_or(Kind::no_answer), root.optional_text("reference", reference_bytes), root.optional_text("code", code_bytes), root.money("amount")}};
  if (auto wrong = reader.faults())
    return *wrong;
  auto order = order_in(told.key);
  if (!order)
    return unknown();
  told.order = *order;
  return std::optional(std::move(told));
}

/// It is news if the order has moved on by it.
void take(const PartnerMessage& message, const Told& told, std::int64_t before) {
  message.ports().provider_says(told.order, told.key, told.answer, message.origin(), [message, before](Outcome<OrderView> outcome) {
    std::visit(Overload{[&](const OrderView& view) { message.accept(view.version > before ? EventOutcome::taken : EventOutcome::repeated); },
                        [&](const Rejection& why) { message.refuse(why, EventOutcome::failed); }, [&](const gateway::Fault& fault) { message.fail(fault); }},
               outcome);
  });
}

void post_event(const Shared& inside, const http::Request& request, const http::Responder& responder) {
  PartnerMessage message(inside, provider, request, responder);
  if (!message.is_admitted(request))
    return;
  auto told = told_by(request);
  if (!told)
    return message.refuse(told.error(), told.error().code == "payment-unknown" ? EventOutcome::unknown : EventOutcome::malformed);
  if (!*told)
    return message.accept(EventOutcome::ignored);
  auto order = (*told)->order;
  message.ports().read_order(order, [message, told = **std::move(told)](Outcome<OrderView> outcome) {
    std::visit(Overload{[&](const OrderView& view) { take(message, told, view.version); }, [&](const Rejection&) { message.refuse(unknown(), EventOutcome::unknown); },
                        [&](const gateway::Fault& fault) { message.fail(fault); }},
               outcome);
  });
}

} // namespace

void add_payment_events(Desk& desk) {
  desk.add_open(http::Method::post, "/v1/payment-events", [inside = desk.inside()](http::Request& request, const http::Responder& responder) { post_event(inside, request, responder); });
}

} // namespace entrepot::api
