#include "gateways/partners/carrier_http.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "gateways/http/json_writer.hpp"
#include "gateways/partners/wire.hpp"

namespace entrepot::partners {
namespace {

using fulfilment::LabelAnswer;
using fulfilment::LabelRequest;
using Kind = LabelAnswer::Kind;
using Asked = LabelRequest::Kind;

/// Refusals of this label alone; any other may be a wrong key or address of ours.
constexpr std::array of_the_label = {400, 410, 413, 422};

bool is_printable(const std::string& text) {
  return std::ranges::all_of(text, [](unsigned char c) { return c > 0x20 && c < 0x7f; });
}

std::string message_of(const LabelRequest& request, const std::string& address, std::string_view host) {
  std::string message;
  if (request.kind == Asked::enquire) {
    std::string path = "/labels/";
    append_percent_encoded(path, request.key);
    append_get(message, path, host);
    return message;
  }
  std::string body;
  http::JsonWriter json(body);
  json.open().field("key", request.key).field("reference", request.reference).field("carrier", request.carrier).field("ship_from", request.ship_from.text());
  json.field("address", address).key("parcels").open('[');
  for (const auto& parcel : request.parcels)
    json.open().field("weight_grams", parcel.weight_grams).close();
  json.close(']').close();
  append_post(message, "/labels", host, request.key, body);
  return message;
}

/// The address of a question that needs one; nothing: the label is answered already.
std::optional<std::string> address_for(const LabelRequest& request, const OpenAddress& open, const std::function<void(LabelAnswer)>& reply) {
  if (request.kind == Asked::enquire)
    return std::string();
  try {
    auto address = open(request.person, request.address);
    if (!address)
      reply({Kind::refused, {}, {}, "address-unknown"});
    return address;
  } catch (const std::exception&) { // the database is away
    reply({});
    return {};
  }
}

} // namespace

LabelAnswer label_answer_from(Asked asked, int status, const std::string& text) {
  auto body = nlohmann::json::parse(text, nullptr, false);
  if (status == 404 && asked == Asked::enquire) // a wrong address is 404 too: only the carrier's own word for it counts
    return code_in(body) == "label-unknown" ? LabelAnswer{Kind::never_heard, {}, {}, {}} : LabelAnswer{};
  if (std::ranges::find(of_the_label, status) != of_the_label.end()) {
    auto code = code_in(body);
    return code.empty() ? LabelAnswer{} : LabelAnswer{Kind::refused, {}, {}, std::move(code)};
  }
  auto tracking = text_in(body, "tracking"), document = text_in(body, "label");
  auto is_whole = !tracking.empty() && tracking.size() <= tracking_bytes && document.size() <= label_document_bytes && is_printable(tracking) && is_printable(document);
  if (status != 200 || !is_whole)
    return {};
  return {Kind::labelled, std::move(tracking), std::move(document), {}};
}

fulfilment::Carrier make_http_carrier(PartnerHttpOptions options, Aside aside, OpenAddress open) {
  options.connections = std::min(options.connections, carrier_connections);
  auto http = std::make_shared<PartnerHttp>(std::move(options));
  return [http, aside = std::move(aside), open = std::move(open)](LabelRequest request, std::function<void(LabelAnswer)> reply) {
    auto taken = aside([http, open, request = std::move(request), reply] {
      auto address = address_for(request, open, reply);
      if (!address)
        return;
      http->ask(message_of(request, *address, http->host()), [asked = request.kind, reply](int status, const std::string& body) {
        auto answer = label_answer_from(asked, status, body);
        auto is_outcome = answer.kind != Kind::no_answer;
        reply(std::move(answer));
        return is_outcome;
      });
    });
    if (!taken)
      reply({});
  };
}

} // namespace entrepot::partners
