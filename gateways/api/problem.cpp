#include "gateways/api/problem.hpp"

#include <algorithm>

namespace entrepot::api {
namespace {

struct Row {
  std::string_view code;
  int status;
  int about_input; ///< if the code's details name fields of the body
};

constexpr Row table[] = {
    // The request is not what it should look like.
    {"json-malformed", 400, 400},
    {"type-wrong", 400, 400},
    {"field-missing", 400, 400},
    {"field-unknown", 400, 400},
    {"parameter-unknown", 400, 400},
    {"parameter-invalid", 400, 400},
    {"path-malformed", 400, 400},
    {"idempotency-key-missing", 400, 400},
    {"idempotency-key-invalid", 400, 400},
    {"media-type-unsupported", 415, 415},
    {"import-malformed", 400, 400},
    // Who asks.
    {"key-missing", 401, 401},
    {"key-unknown", 401, 401},
    {"signature-invalid", 401, 401},
    {"timestamp-out-of-window", 401, 401},
    {"role-not-allowed", 403, 403},
    {"out-of-scope", 403, 403},
    {"too-many-requests", 429, 429},
    // What is asked for is not there: in the path 404, in the body 422.
    {"payment-declined", 402, 402},

    {"order-unknown", 404, 422},
    {"fulfilment-unknown", 404, 404},
    {"wave-unknown", 404, 404},
    {"payment-unknown", 404, 404},
    {"pickup-unknown", 404, 404},
    {"transfer-unknown", 404, 404},
    {"customer-unknown", 404, 422},
    {"location-unknown", 404, 422},
    {"webhook-endpoint-unknown", 404, 404},
    {"webhook-delivery-unknown", 422, 422},
    {"channel-unknown", 422, 422},
    {"product-unknown", 422, 422},
    // It looks right and breaks a rule.
    {"text-invalid", 422, 422},
    {"code-invalid", 422, 422},
    {"value-unknown", 422, 422},
    {"value-out-of-range", 422, 422},
    {"currency-invalid", 422, 422},
    {"currency-mismatch", 422, 422},
    {"time-invalid", 422, 422},
    {"code-mismatch", 422, 422},
    {"phone-invalid", 422, 422},
    {"email-invalid", 422, 422},
    {"identity-invalid", 422, 422},
    {"credit-limit-invalid", 422, 422},
    {"amount-invalid", 422, 422},
    {"quantity-invalid", 422, 422},
    {"product-invalid", 422, 422},
    {"channel-invalid", 422, 422},
    {"location-invalid", 422, 422},
    {"lines-invalid", 422, 422},
    {"total-too-large", 422, 422},
    {"product-not-in-assortment", 422, 422},
    {"workflow-not-offered", 422, 422},
    {"delivery-option-unavailable", 422, 422},
    {"pickup-store-unavailable", 422, 422},
    {"code-wrong", 422, 422},
    {"count-in-future", 422, 422},
    {"feed-in-future", 422, 422},
    {"url-invalid", 422, 422},
    {"parcels-invalid", 422, 422},
    {"bin-missing", 422, 422},
    {"payment-rule-missing", 422, 422},
    {"payment-method-unavailable", 422, 422},
    {"external-number-required", 422, 422},
    {"receipt-missing", 422, 422},
    {"customer-required", 422, 422},
    {"price-exception-unavailable", 422, 422},
    {"price-exception-too-large", 422, 422},
    {"pickup-time-required", 422, 422},
    {"pickup-time-unavailable", 422, 422},
    {"pay-later-unavailable", 422, 422},
    {"origin-missing", 422, 422},
    {"idempotency-key-reused", 422, 422},
    // The order is still on its way in when the client's wait is over.
    {"timed-out", 503, 503},
    // Nobody has told this server how to know the partner.
    {"carrier-events-not-configured", 503, 503},
    {"payment-events-not-configured", 503, 503},
};

constexpr int business_no = 409; ///< stock-short, price-changed, name-taken, already-registered and all that come

} // namespace

int status_of(std::string_view code, bool about_input) {
  const auto* row = std::ranges::find(table, code, &Row::code);
  if (row == std::end(table))
    return business_no;
  return about_input ? row->about_input : row->status;
}

http::Response to_response(const Rejection& why, std::string_view instance) { return to_response(why, instance, {}, false); }

http::Response to_response(const Rejection& why, std::string_view instance, std::string order, bool replayed, std::string pay_back) {
  http::Problem problem;
  problem.status = status_of(why.code, !why.details.empty());
  problem.code = why.code;
  problem.detail = why.text;
  problem.errors = why.details;
  problem.instance = instance;
  problem.order = std::move(order);
  problem.pay_back = std::move(pay_back);
  auto response = http::to_response(problem);
  if (problem.status == 401)
    response.with("WWW-Authenticate", why.code.starts_with("key-") ? "Bearer" : "StandardWebhooks");
  if (replayed)
    response.with("Idempotent-Replayed", "true");
  return response;
}

http::Response to_response(const gateway::Fault& fault, std::string_view instance) {
  http::Problem problem;
  problem.status = 503;
  problem.instance = instance;
  switch (fault.kind) {
  case gateway::Fault::Kind::unavailable:
    problem.code = "unavailable";
    problem.detail = "The server cannot take this now. It may be sent again with the same key.";
    break;
  case gateway::Fault::Kind::overloaded:
    problem.code = "overloaded";
    problem.detail = "The server has as much to do as it can. It may be sent again with the same key.";
    break;
  case gateway::Fault::Kind::timed_out:
    problem.code = "timed-out";
    problem.detail = "Nobody answered in time. It may still be carried out; send it again with the same key to learn.";
    break;
  }
  return http::to_response(problem);
}

} // namespace entrepot::api
