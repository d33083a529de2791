// /v1/locations/{code}/sales: what a till has sold, or asks whether it may.
#include "gateways/api/place_request.hpp"
#include "gateways/http/json_writer.hpp"

namespace entrepot::api {
namespace {

using gateway::Outcome;
using Events = std::vector<stock::Event>;

Result<stock::Sell> read_sale(JsonDocument& body, const Place& place, const Principal& principal, Timestamp now) {
  JsonReader reader(body);
  auto root = reader.root();
  stock::Sell sale;
  sale.till = root.text("till", reference_bytes);
  sale.receipt = root.text("receipt", reference_bytes);
  sale.occurred_at = root.optional_time("occurred_at").value_or(now);
  if (sale.occurred_at > now + http::limits::clock_skew)
    root.refuse("occurred_at", "time-invalid", "That time has not come yet.");
  sale.offline = root.has("offline") && root.truth("offline");
  for (const auto& line : root.objects("lines", 1, http::limits::lines))
    sale.lines.push_back({read_item(line, place, principal), Quantity{static_cast<std::int32_t>(line.integer("quantity", 1, max_line_quantity))}, line.money("price")});
  if (auto wrong = reader.faults())
    return std::move(*wrong);
  return sale;
}

std::int64_t oversold_in(const Events& events) {
  std::int64_t sum = 0;
  for (const auto& event : events)
    if (const auto* sold = std::get_if<stock::Sold>(&event))
      for (const auto& line : sold->lines)
        sum += line.oversold;
  return sum;
}

/// What the sale would take from whom. A receipt that is booked already takes nothing again.
http::Response foreseen(const LocationCode& code, const Events& events) {
  http::Response response;
  http::JsonWriter json(response.body);
  json.open().field("location", code.text()).flag("booked", events.empty()).field("oversold", oversold_in(events)).key("cuts").open('[');
  for (const auto& event : events)
    if (const auto* cut = std::get_if<stock::ClaimsCut>(&event))
      for (const auto& line : cut->lines) {
        json.open().field("order", to_text(line.order)).field("round", line.round).field("line", line.line).field("sku", line.item.sku.text());
        json.field("quantity", line.quantity.units()).close();
      }
  json.close(']').close();
  return response;
}

void check_sale(const Shared& inside, const Call& call, const Place& place, stock::Sell sale) {
  auto answer = [responder = call.responder, instance = call.instance(), code = place.code](Outcome<Events> outcome) {
    responder.answer_by([instance, code, outcome = std::move(outcome)] {
      return std::visit(Overload{[&](const Events& events) { return foreseen(code, events); }, [&](const auto& no) { return to_response(no, instance); }}, outcome);
    });
  };
  inside->ports.foresee(place.code, stock::Command{std::move(sale)}, inside->options.clock(), std::move(answer));
}

/// Reads "?check=true".
Result<bool> only_asks(const Call& call) {
  auto query = query_of(call.request, {"check"});
  if (!query)
    return query.error();
  for (const auto& [name, value] : *query)
    if (value != "true" && value != "false")
      return parameter_invalid(name, "is to be true or false.");
  return !query->empty() && query->back().second == "true";
}

void post_sale(const Shared& inside, const Call& call) {
  auto asks = only_asks(call);
  if (!asks)
    return call.refuse(asks.error());
  auto message = place_message(inside, call);
  if (!message)
    return call.refuse(message.error());
  auto sale = read_sale(message->body, message->place, call.principal, inside->options.clock());
  if (!sale)
    return call.refuse(sale.error());
  if (*asks)
    return check_sale(inside, call, message->place, std::move(*sale));
  tell(inside, call, message->place, message->key, stock::Command{std::move(*sale)}, answer_place(call, message->place, 201));
}

} // namespace

void add_sales(Desk& desk) {
  using enum http::Role;
  desk.add(http::Method::post, "/v1/locations/{code}/sales", {staff, admin}, [inside = desk.inside()](const Call& call) { post_sale(inside, call); });
}

} // namespace entrepot::api
