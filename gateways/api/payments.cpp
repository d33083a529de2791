// /v1/orders/{id}/payments: a card, after a decline or by link; or what a till has taken for a slip.
#include "gateways/api/order_act.hpp"
#include "gateways/api/order_json.hpp"
#include "gateways/http/json_writer.hpp"

namespace entrepot::api {
namespace {

using gateway::OrderView;
using gateway::Outcome;

constexpr std::size_t token_bytes = 200;
constexpr std::size_t reference_bytes = 64;
constexpr std::int64_t max_instalments = 100;

/// One payment on its way in.
struct Paying {
  Shared inside;
  http::Responder responder;
  Principal principal;
  std::string instance, token; ///< token: of a card; empty: a till has taken it
  payment::Collect taken;      ///< at a till
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

/// The first instalment of that method that waits for the customer: since a card was declined, or from the start.
std::int32_t first_awaited(const Family& family, payment::Method method) {
  for (const auto& tender : family.payment.tenders)
    if (tender.agreed.method == method && (tender.status == payment::Status::declined || tender.status == payment::Status::awaited))
      return tender.agreed.number;
  return family.payment.tenders.empty() ? 0 : family.payment.tenders.front().agreed.number;
}

/// What a till took for an order that does not take it is paid back under the same receipt.
http::Response refused(const Paying& paying, const Rejection& why) {
  std::string pay_back;
  if (paying.token.empty()) {
    http::JsonWriter json(pay_back);
    json.open().field("method", name_of(payment::Method::till)).field_or_null("taken_by", paying.taken.by).field("reference", paying.taken.reference).key("amount");
    append_money(pay_back, paying.taken.amount);
    json.close();
  }
  return to_response(why, paying.instance, to_text(paying.order), false, std::move(pay_back));
}

void answer(const PayingPtr& paying, const http::Responder& responder, Outcome<OrderView> outcome) {
  responder.answer_by([paying, outcome = std::move(outcome)] {
    return std::visit(Overload{[&](const OrderView& view) { return paid(*paying, view); }, [&](const Rejection& no) { return refused(*paying, no); },
                               [&](const gateway::Fault& fault) { return to_response(fault, paying->instance); }}, outcome);
  });
}

/// Whether the till stands in a store of this key, if the order names one.
bool may_take(const Paying& paying, const order::Agreement& agreed) {
  const auto& store = agreed.origin ? agreed.origin : agreed.collection.store;
  return paying.principal.role != Role::staff || !store || paying.principal.may_store(store.text());
}

payment::Command command_of(const Paying& paying, const Family& family) {
  if (!paying.token.empty())
    return payment::OfferTender{paying.instalment != 0 ? paying.instalment : first_awaited(family, payment::Method::card), paying.token};
  auto taken = paying.taken;
  taken.instalment = paying.instalment != 0 ? paying.instalment : first_awaited(family, payment::Method::till);
  return taken;
}

void pay(const PayingPtr& paying, const OrderView& view) {
  if (!paying->principal.may_channel(view.family->order.agreement.channel.text()))
    return paying->responder.answer(to_response(reject("out-of-scope", "This key may not pay orders of that channel."), paying->instance));
  if (!may_take(*paying, view.family->order.agreement))
    return paying->responder.answer(to_response(reject("out-of-scope", "This key's store is not the order's."), paying->instance));
  auto command = command_of(*paying, *view.family);
  auto responder = std::exchange(paying->responder, {}); // if the port forgets it, the client is told
  paying->inside->ports.act(member(paying->order.family, child::payment), std::move(command), paying->id, paying->origin, paying->waits ? gateway::Until::settled : gateway::Until::stored,
                            [paying, responder](Outcome<OrderView> outcome) { answer(paying, responder, std::move(outcome)); });
}

void post_payment(const Shared& inside, const Call& call) {
  auto message = order_message(call);
  if (!message)
    return call.refuse(message.error());
  JsonReader reader(message->body);
  auto root = reader.root();
  auto token = root.optional_text("token", token_bytes);
  payment::Collect taken;
  if (token.empty())
    taken = {.by = root.text("taken_by", reference_bytes), .reference = root.text("reference", reference_bytes), .amount = root.money("amount")};
  if (!token.empty() && call.principal.role == Role::staff)
    return call.refuse(reject("role-not-allowed", "Keys with the role 'staff' take money at a till."));
  auto paying = std::make_shared<Paying>(Paying{inside, call.responder, call.principal, call.instance(), std::move(token), std::move(taken), message->order,
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
  desk.add(http::Method::post, "/v1/orders/{id}/payments", {gateway, staff, admin}, [inside = desk.inside()](const Call& call) { post_payment(inside, call); });
}

} // namespace entrepot::api
