// /v1/customers/{number}/credit-limit, /credit-settlements, /block, /unblock: the terms on which a customer may order.
#include "gateways/api/desk.hpp"
#include "gateways/api/idempotency.hpp"

namespace entrepot::api {
namespace {

constexpr std::size_t reason_bytes = 200, order_bytes = 40;

/// Sends a command to the customer of the path and answers the version.
void command(const Shared& inside, const Call& call, customer::Command what) {
  auto number = path_code<CustomerNumber>(call.request, "number", "customer-unknown", "There is no such customer.");
  if (!number)
    return call.refuse(number.error());
  auto key = idempotency_key(call.request);
  if (!key)
    return call.refuse(key.error());
  auto id = request_command(call.principal.key_id, *key, "POST " + call.instance());
  inside->ports.command(stream_of(*number), AnyCommand{std::move(what)}, id, call.origin(), {},
                        answer_version(call, [number = *number](std::int64_t version) { return code_and_version("number", number.text(), version); }));
}

/// Reads the body with `read` and sends the command it makes.
template <class Read>
void command_of_body(const Shared& inside, const Call& call, Read read) {
  auto body = json_body(call.request);
  if (!body)
    return call.refuse(body.error());
  JsonReader reader(*body);
  customer::Command what = read(reader.root());
  if (auto wrong = reader.faults())
    return call.refuse(*wrong);
  command(inside, call, std::move(what));
}

} // namespace

void add_customer_terms(Desk& desk) {
  using enum http::Role;
  auto inside = desk.inside();
  desk.add(http::Method::post, "/v1/customers/{number}/credit-limit", {finance, admin}, [inside](const Call& call) {
    command_of_body(inside, call, [](const JsonObject& root) { // null lifts the limit; a limit left out would not be meant so
      return customer::SetCreditLimit{root.is_null("limit") ? root.optional_money("limit") : root.money("limit")};
    });
  });
  desk.add(http::Method::post, "/v1/customers/{number}/credit-settlements", {finance, admin}, [inside](const Call& call) {
    command_of_body(inside, call, [](const JsonObject& root) {
      auto order = order_id_from(root.text("order", order_bytes));
      if (!order)
        root.refuse("order", "text-invalid", "It is no order's id.");
      return customer::SettleCredit{order.value_or(OrderId{})};
    });
  });
  desk.add(http::Method::post, "/v1/customers/{number}/block", {finance, admin}, [inside](const Call& call) {
    command_of_body(inside, call, [](const JsonObject& root) { return customer::Block{root.text("reason", reason_bytes)}; });
  });
  desk.add(http::Method::post, "/v1/customers/{number}/unblock", {finance, admin}, [inside](const Call& call) { command(inside, call, customer::Unblock{}); });
}

} // namespace entrepot::api
