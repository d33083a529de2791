// /v1/locations/{code}: places where stock lies, what comes in, and what is there.
#include <cmath>

#include "gateways/api/idempotency.hpp"
#include "gateways/api/place_request.hpp"
#include "gateways/http/json_writer.hpp"

namespace entrepot::api {
namespace {

constexpr std::size_t name_bytes = 200;
constexpr std::int64_t most_orders_a_day = 1'000'000;
constexpr auto bad_code = "A code is 1 to 64 letters, digits, '.', '_' or '-'.";

std::int32_t millionths(double degrees) { return static_cast<std::int32_t>(std::lround(degrees * 1e6)); }

/// Reads "10:00", "24:00" at most, as the minute of the day; missing: 0.
std::int32_t minute_of(const JsonObject& body, std::string_view key) {
  auto text = body.optional_text(key, 5);
  if (text.empty())
    return 0;
  auto is_digit = [&](std::size_t i) { return text[i] >= '0' && text[i] <= '9'; };
  if (text.size() == 5 && text[2] == ':' && is_digit(0) && is_digit(1) && is_digit(3) && is_digit(4)) {
    auto minute = std::stoi(text.substr(0, 2)) * 60 + std::stoi(text.substr(3));
    if (text[3] < '6' && minute <= 24 * 60)
      return minute;
  }
  body.refuse(key, "time-invalid", "This is to be a time of the day (UTC) such as 09:30.");
  return 0;
}

stock::SafetyRule read_safety_rule(const JsonObject& rule) {
  return {.category = rule.optional_text("category", stock::max_category_bytes),
          .sku = rule.optional_code<Sku>("sku"),
          .units = static_cast<std::int32_t>(rule.integer("units", 0, stock::max_safety_stock))};
}

Result<stock::Profile> read_profile(JsonDocument& body, LocationCode code, const Principal& principal) {
  JsonReader reader(body);
  auto root = reader.root();
  stock::Profile profile;
  profile.code = std::move(code);
  profile.name = root.text("name", name_bytes);
  profile.type = root.one_of("type", {"warehouse", "store"}) == 0 ? stock::Type::warehouse : stock::Type::store;
  profile.owner = root.code<EntityCode>("owner");
  if (profile.owner && !principal.may_entity(profile.owner.text()))
    root.refuse("owner", "out-of-scope", "This key may not act for " + profile.owner.text() + ".");
  profile.latitude = millionths(root.real("latitude", -90, 90));
  profile.longitude = millionths(root.real("longitude", -180, 180));
  profile.opens = minute_of(root, "opens");
  profile.closes = minute_of(root, "closes");
  profile.orders_a_day = static_cast<std::int32_t>(root.optional_integer("orders_a_day", 0, most_orders_a_day).value_or(0));
  if (root.has("safety_stock"))
    for (const auto& rule : root.objects("safety_stock", 0, stock::max_safety_rules))
      profile.safety.push_back(read_safety_rule(rule));
  profile.fed_by = root.optional_text("fed_by", stock::max_source_bytes);
  if (root.has("groups"))
    profile.groups = root.texts("groups", 0, stock::max_groups);
  profile.parcel_cost = root.optional_integer("parcel_cost", 0, http::limits::unit_price - 1).value_or(0);
  if (auto wrong = reader.faults())
    return std::move(*wrong);
  return profile;
}

void put_location(const Shared& inside, const Call& call) {
  auto code = path_code<LocationCode>(call.request, "code", "code-invalid", bad_code);
  if (!code)
    return call.refuse(code.error());
  if (!call.principal.may_store(code->text()))
    return call.refuse(reject("out-of-scope", "This key may not define the location " + code->text() + "."));
  auto id = request_command(call.request, call.principal.key_id, inside->options.random);
  if (!id)
    return call.refuse(id.error());
  auto body = json_body(call.request);
  if (!body)
    return call.refuse(body.error());
  auto profile = read_profile(*body, *code, call.principal);
  if (!profile)
    return call.refuse(profile.error());
  inside->ports.command(stream_of(*code), AnyCommand{stock::Command{stock::Define{std::move(*profile)}}}, *id, call.origin(), {},
                        answer_version(call, [code = *code](std::int64_t version) { return code_and_version("code", code.text(), version); }));
}

// ---------------------------------------------------------------------------------------------------------- movements

stock::Receive read_receipt(const JsonObject& root, const Place& place, const Principal& principal) {
  stock::Receive receipt;
  receipt.reference = root.text("reference", reference_bytes);
  for (const auto& line : root.objects("lines", 1, http::limits::lines))
    receipt.movements.push_back({read_item(line, place, principal), static_cast<std::int32_t>(line.integer("quantity", 1, max_line_quantity))});
  return receipt;
}

stock::Adjust read_correction(const JsonObject& root, const Place& place, const Principal& principal) {
  stock::Adjust correction;
  correction.reference = root.text("reference", reference_bytes);
  correction.reason = static_cast<stock::Reason>(root.one_of("reason", {"found", "lost", "stolen", "expired", "broken", "own_use", "written_off", "correction"}));
  for (const auto& line : root.objects("lines", 1, http::limits::lines))
    correction.movements.push_back({read_item(line, place, principal), static_cast<std::int32_t>(line.integer("quantity", -max_line_quantity, max_line_quantity))});
  return correction;
}

Result<stock::Command> read_movements(JsonDocument& body, const Place& place, const Principal& principal) {
  JsonReader reader(body);
  auto root = reader.root();
  const bool is_receipt = root.one_of("kind", {"receipt", "adjustment"}) == 0;
  auto command = is_receipt ? stock::Command{read_receipt(root, place, principal)} : stock::Command{read_correction(root, place, principal)};
  if (auto wrong = reader.faults())
    return std::move(*wrong);
  return command;
}

void post_movement(const Shared& inside, const Call& call) {
  auto message = place_message(inside, call);
  if (!message)
    return call.refuse(message.error());
  auto command = read_movements(message->body, message->place, call.principal);
  if (!command)
    return call.refuse(command.error());
  tell(inside, call, message->place, message->key, std::move(*command), answer_place(call, message->place, 201));
}

// -------------------------------------------------------------------------------------------------------------- stock

std::string_view category_of(const order::Definitions& definitions, const Sku& sku) {
  auto product = definitions.products.find(sku);
  return product == definitions.products.end() ? std::string_view{} : product->second->category;
}

http::Response stock_response(const LocationCode& code, const gateway::LocationView& view, const order::Definitions& definitions, Timestamp now) {
  http::Response response;
  http::JsonWriter json(response.body);
  json.open().field("location", code.text()).key("items").open('[');
  for (const auto& [item, row] : view.rows) {
    json.open().field("owner", item.owner.text()).field("sku", item.sku.text()).field("on_hand", row.on_hand).field("held", row.held);
    json.field("allocated", row.allocated).field("suspended", row.suspended).field("damaged", row.damaged).field("available", row.available());
    json.field("to_sell", item.owner == view.profile.owner ? available_to_sell(view.profile, item.sku, category_of(definitions, item.sku), row) : 0).close();
  }
  json.close(']').key("capacity_left");
  if (auto left = stock::capacity_left(view.profile, view.slots, now))
    json.number(*left);
  else
    json.null();
  json.flag("stale", is_stale(view.profile, view.sources, now)).field("version", view.version).close();
  response.with("ETag", "\"" + std::to_string(view.version) + "\"");
  return response;
}

void get_stock(const Shared& inside, const Call& call) {
  auto code = path_code<LocationCode>(call.request, "code", "location-unknown", "There is no such location.");
  if (!code)
    return call.refuse(code.error());
  if (!call.principal.may_store(code->text()))
    return call.refuse(reject("out-of-scope", "This key may not see the stock at " + code->text() + "."));
  auto query = query_of(call.request, {"sku"});
  if (!query)
    return call.refuse(query.error());
  std::vector<Sku> skus;
  for (const auto& [name, value] : *query) {
    auto sku = Sku::from(value);
    if (!sku || skus.size() == http::limits::stock_rows)
      return call.refuse(parameter_invalid(name, sku ? "stands there too often." : "is no SKU."));
    skus.push_back(std::move(*sku));
  }
  auto answer = [responder = call.responder, instance = call.instance(), code = *code, definitions = inside->ports.definitions(),
                 now = inside->options.clock()](gateway::Outcome<gateway::LocationView> outcome) {
    responder.answer_by([instance, code, definitions, now, outcome = std::move(outcome)] {
      return std::visit(Overload{[&](const gateway::LocationView& view) { return stock_response(code, view, *definitions, now); },
                                 [&](const auto& no) { return to_response(no, instance); }},
                        outcome);
    });
  };
  inside->ports.read_location(*code, std::move(skus), std::move(answer));
}

} // namespace

void add_locations(Desk& desk) {
  using enum http::Role;
  auto inside = desk.inside();
  desk.add(http::Method::put, "/v1/locations/{code}", {admin}, [inside](const Call& call) { put_location(inside, call); });
  desk.add(http::Method::post, "/v1/locations/{code}/movements", {staff, admin}, [inside](const Call& call) { post_movement(inside, call); });
  desk.add(http::Method::get, "/v1/locations/{code}/stock", {gateway, staff, finance, operator_, auditor, admin},
           [inside](const Call& call) { get_stock(inside, call); });
}

} // namespace entrepot::api
