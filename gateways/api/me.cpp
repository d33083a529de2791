// /v1/me: whose key this is, and what it may see. Pages begin with it.
#include <map>

#include "gateways/api/desk.hpp"
#include "gateways/http/json_writer.hpp"

namespace entrepot::api {
namespace {

void write_codes(http::JsonWriter& json, std::string_view name, const std::vector<std::string>& codes) {
  json.key(name).open('[');
  for (const auto& code : codes)
    json.text(code);
  json.close(']');
}

void get_me(const Shared& inside, const Call& call) {
  const auto& me = call.principal;
  http::Response response;
  http::JsonWriter json(response.body);
  json.open().field("role", name_of(me.role));
  write_codes(json, "stores", me.stores);
  write_codes(json, "channels", me.channels);
  json.field_or_null("person", me.person);
  std::map<std::string, const stock::Profile*> seen; // by code: the same order each time
  auto definitions = inside->ports.definitions();
  for (const auto& [code, profile] : definitions->locations)
    if (me.may_store(code.text()))
      seen.emplace(code.text(), profile.get());
  json.key("locations").open('[');
  for (const auto& [code, profile] : seen)
    json.open().field("code", code).field("name", profile->name).field("type", profile->type == stock::Type::store ? "store" : "warehouse").close();
  json.close(']').close();
  call.responder.answer(std::move(response.with("Cache-Control", "no-store")));
}

} // namespace

void add_me(Desk& desk) {
  using enum http::Role;
  desk.add(http::Method::get, "/v1/me", {gateway, staff, finance, operator_, auditor, admin}, [inside = desk.inside()](const Call& call) { get_me(inside, call); });
}

} // namespace entrepot::api
