// /v1/locations/{code}/pickups and /fulfilments: what a place has to do.
#include "gateways/api/desk.hpp"
#include "gateways/api/work_json.hpp"
#include "gateways/http/json_writer.hpp"

namespace entrepot::api {
namespace {

http::Response shown(const gateway::Board& board, const NameOf& name_of) {
  http::Response response;
  http::JsonWriter json(response.body);
  json.open().key("items").open('[');
  for (const auto& item : board.items) {
    std::string text;
    append_work_item(text, item, name_of, AsOf{"change", item.change});
    json.raw(text);
  }
  json.close(']').field("as_of", board.as_of).close();
  return response;
}

void get_board(const Shared& inside, const Call& call, bool pickups) {
  auto code = path_code<LocationCode>(call.request, "code", "location-unknown", "There is no such location.");
  if (!code)
    return call.refuse(code.error());
  if (!call.principal.may_store(code->text()))
    return call.refuse(reject("out-of-scope", "This key may not see what " + code->text() + " has to do."));
  if (!inside->ports.definitions()->locations.contains(*code))
    return call.refuse(reject("location-unknown", "There is no such location."));
  inside->ports.board(*code, pickups, [inside, responder = call.responder, instance = call.instance()](gateway::Outcome<gateway::Board> outcome) {
    responder.answer_by([inside, instance, outcome = std::move(outcome)] {
      return std::visit(Overload{[&](const gateway::Board& board) { return shown(board, names_in(inside->ports.definitions())); },
                                 [&](const auto& no) { return to_response(no, instance); }},
                        outcome);
    });
  });
}

} // namespace

void add_boards(Desk& desk) {
  using enum http::Role;
  auto inside = desk.inside();
  for (auto pickups : {false, true})
    desk.add(http::Method::get, pickups ? "/v1/locations/{code}/pickups" : "/v1/locations/{code}/fulfilments", {staff, operator_, auditor, admin},
             [inside, pickups](const Call& call) { get_board(inside, call, pickups); });
}

} // namespace entrepot::api
