// /v1/orders/{id}/payments: another card after a decline.
#include "gateways/api/order_act.hpp"
#include "gateways/api/order_json.hpp"

namespace entrepot::api {
namespace {

using gateway::OrderView;
using gateway::Outcome;

constexpr std::size_t token_bytes = 200;
constexpr std::int64_t max_instalments = 100;

/// One payment on its way in.
struct Paying {
  Shared inside;
  http::Responder responder;
  Principal principal;
  std::string instance, token;
  OrderId order;
  std::int32_t instalment = 0; ///< 0: the first one declined
  CommandId id;
  gateway::Origin origin;
  bool waits = false;
};
using PayingPtr = std::shared_ptr<Paying>;

http::Response paid(const Paying& paying, const OrderView& view) {
  if (auto declined = decline_of(*view.family))
    return to_response(*declined, paying.instance, to_text(paying.order), view.replayed);
  http::Response response;
  response.status = view.family->order.status == order::Status::submitted ? 202 : 200;
  response.body = order_json(*view.family, {});
  response.with("ETag", "\"" + std::to_string(view.version) + "\"");
  if (view.replayed)
    response.with("Idempotent-Replayed", "true");
  return response;
}

void answer(const PayingPtr& paying, const http::Responder& responder, Outcome<OrderView> outcome) {
  responder.answer_by([paying, outcome = std::move(outcome)] {
    return std::visit(Overload{[&](const OrderView& view) { return paid(*paying, view); }, [&](const auto& no) { return to_response(no, paying->instance); }}, outcome);
  });
}

std::int32_t first_declined(const Family& family) {
  for (const auto& tender : family.payment.tenders)
    if (tender.status == payment::Status::declined)
      return tender.agreed.number;
  return family.payment.tenders.empty() ? 0 : family.payment.tenders.front().agreed.number;
}

void pay(const PayingPtr& paying, const OrderView& view) {
  if (!paying->principal.may_channel(view.family->order.agreement.channel.text()))
    return paying->responder.answer(to_response(reject("out-of-scope", "This key may not pay orders of that channel."), paying->instance));
  payment::OfferTender tender{paying->instalment != 0 ? paying->instalment : first_declined(*view.family), paying->token};
  auto responder = std::exchange(paying->responder, {}); // if the port forgets it, the client is told
  paying->inside->ports.act(member(paying->order.family, child::payment), payment::Command{std::move(tender)}, paying->id, paying->origin, paying->waits ? gateway::Until::settled : gateway::Until::stored,
                            [paying, responder](Outcome<OrderView> outcome) { answer(paying, responder, std::move(outcome)); });
}

void post_payment(const Shared& inside, const Call& call) {
  auto message = order_message(call);
  if (!message)
    return call.refuse(message.error());
  JsonReader reader(message->body);
  auto root = reader.root();
  auto paying = std::make_shared<Paying>(Paying{inside, call.responder, call.principal, call.instance(), root.text("token", token_bytes), message->order,
                                                static_cast<std::int32_t>(root.optional_integer("instalment", 1, max_instalments).value_or(0)),
                                                message->id, call.origin(), false});
  if (auto wrong = reader.faults())
    return call.refuse(*wrong);
  auto wait = preferred_wait(call.request);
  paying->waits = wait.count() > 0;
  if (paying->waits) // the wait is over: the order is shown as it is
    call.responder.at_deadline(wait, [paying](const http::Responder& responder) {
      paying->inside->ports.read_order(paying->order, [paying, responder](Outcome<OrderView> outcome) { answer(paying, responder, std::move(outcome)); });
    });
  inside->ports.read_order(message->order, [paying](Outcome<OrderView> outcome) {
    std::visit(Overload{[&](const OrderView& view) { pay(paying, view); }, [&](const auto& no) { paying->responder.answer(to_response(no, paying->instance)); }}, outcome);
  });
}

} // namespace

void add_payments(Desk& desk) {
  using enum http::Role;
  desk.add(http::Method::post, "/v1/orders/{id}/payments", {gateway, admin}, [inside = desk.inside()](const Call& call) { post_payment(inside, call); });
}

} // namespace entrepot::api
