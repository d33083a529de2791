#include "gateways/partners/payment_wire.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "gateways/http/json_writer.hpp"
#include "gateways/partners/wire.hpp"

namespace entrepot::partners {
namespace {

using payment::ProviderAnswer;
using payment::ProviderRequest;
using Asked = ProviderRequest::Kind;
using Kind = ProviderAnswer::Kind;

std::string body_of(const ProviderRequest& request) {
  std::string body;
  http::JsonWriter json(body);
  json.open().field("key", request.key);
  if (request.kind == Asked::refund)
    json.field("of", request.of);
  if (request.kind != Asked::void_)
    json.key("amount").open().field("amount", request.amount.amount).field("currency", request.amount.currency.code()).close();
  if (request.kind == Asked::capture)
    json.field("token", request.token).field("not_after", to_rfc3339(request.not_after));
  json.close();
  return body;
}

std::string_view path_of(Asked kind) {
  switch (kind) {
  case Asked::capture:
    return "/payments/captures";
  case Asked::void_:
    return "/payments/voids";
  case Asked::refund:
    return "/payments/refunds";
  case Asked::enquire:
    break;
  }
  return "/payments/";
}

std::optional<Kind> kind_from(std::string_view result) {
  if (result == "captured")
    return Kind::captured;
  if (result == "declined")
    return Kind::declined;
  if (result == "voided")
    return Kind::voided;
  if (result == "refunded")
    return Kind::refunded;
  if (result == "refund_failed")
    return Kind::refund_failed;
  if (result == "action_required")
    return Kind::action_required;
  return {};
}

/// Whether such an answer can be one to such a question: a mixed-up provider must not have a refund count as money taken.
bool fits(Asked asked, Kind kind) {
  switch (asked) {
  case Asked::capture:
    return kind == Kind::captured || kind == Kind::declined || kind == Kind::action_required;
  case Asked::void_:
    return kind == Kind::voided || kind == Kind::refunded;
  case Asked::refund:
    return kind == Kind::refunded || kind == Kind::refund_failed;
  case Asked::enquire:
    return true;
  }
  return false;
}

constexpr std::size_t url_bytes = 2'000;

/// A customer is sent there: nothing but the web will do.
bool is_web_address(std::string_view url) {
  return url.size() <= url_bytes && (url.starts_with("https://") || url.starts_with("http://")) && std::ranges::all_of(url, [](char c) { return c > ' ' && c < 127 && c != '"' && c != '<' && c != '>'; });
}

} // namespace

void append_request(std::string& out, const ProviderRequest& request, std::string_view host) {
  if (request.kind != Asked::enquire)
    return append_post(out, path_of(request.kind), host, {}, body_of(request));
  std::string path(path_of(request.kind));
  append_percent_encoded(path, request.key);
  append_get(out, path, host);
}

ProviderAnswer answer_from(Asked asked, int status, const std::string& text) {
  if (status != 200 && !(status == 404 && asked == Asked::enquire))
    return {};
  auto body = nlohmann::json::parse(text, nullptr, false);
  if (!body.is_object())
    return {};
  auto code = text_in(body, "code");
  if (status == 404) // a wrong address is 404 too: only the provider's own word for it counts
    return code == "payment-unknown" ? ProviderAnswer{Kind::never_heard, {}, {}, {}} : ProviderAnswer{};
  auto kind = kind_from(text_in(body, "result"));
  auto amount = body.find("amount");
  if (!kind || !fits(asked, *kind) || amount == body.end() || !amount->is_object())
    return {};
  auto currency = Currency::from(text_in(*amount, "currency"));
  auto number = amount->find("amount");
  if (!currency || number == amount->end() || !number->is_number_integer())
    return {};
  ProviderAnswer answer{*kind, text_in(body, "reference"), std::move(code), {number->get<std::int64_t>(), *currency}};
  if (*kind == Kind::action_required) {
    auto act_by = from_rfc3339(text_in(body, "act_by"));
    answer.url = text_in(body, "url");
    if (!act_by || !is_web_address(answer.url))
      return {};
    answer.act_by = *act_by;
  }
  return answer;
}

} // namespace entrepot::partners
