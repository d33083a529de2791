// /v1/locations/{code}/pickups and /fulfilments: what a place has to do; /ageing: bags that nobody has fetched.
#include <algorithm>
#include <map>

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

/// The bags that lie ready, the oldest first, and how many of them have to be fetched today.
http::Response aged(gateway::Board board, Timestamp now, const NameOf& name_of) {
  auto lies_ready = [](const gateway::WorkItem& item) {
    const auto* bag = std::get_if<pickup::State>(&item.state);
    return bag && (bag->status == pickup::Status::staged || bag->status == pickup::Status::arrived || bag->status == pickup::Status::paying);
  };
  std::erase_if(board.items, [&](const gateway::WorkItem& item) { return !lies_ready(item); });
  std::ranges::stable_sort(board.items, {}, [](const gateway::WorkItem& item) { return std::get<pickup::State>(item.state).staged_at; });
  const auto today = std::chrono::floor<std::chrono::days>(now);
  std::map<std::int64_t, std::int64_t> by_age;
  std::int64_t due_today = 0;
  http::Response response;
  http::JsonWriter json(response.body);
  json.open().key("bags").open('[');
  for (const auto& item : board.items) {
    const auto& bag = std::get<pickup::State>(item.state);
    const auto age = std::max<std::int64_t>(std::chrono::floor<std::chrono::days>(now - bag.staged_at).count(), 0);
    const auto due = bag.collect_until < today + std::chrono::days{1};
    ++by_age[age];
    due_today += due;
    std::string text;
    append_work_item(text, item, name_of, AsOf{"change", item.change});
    json.open().field("age_days", age).flag("due_today", due).key("pickup").raw(text).close();
  }
  json.close(']').key("ages").open('[');
  for (const auto& [days, bags] : by_age)
    json.open().field("days", days).field("bags", bags).close();
  json.close(']').field("due_today", due_today).field("as_of", board.as_of).close();
  return response;
}

using Shown = std::function<http::Response(const gateway::Board& board, const Inside& inside)>;

void get_board(const Shared& inside, const Call& call, bool pickups, const Shown& shown) {
  auto code = path_code<LocationCode>(call.request, "code", "location-unknown", "There is no such location.");
  if (!code)
    return call.refuse(code.error());
  if (!call.principal.may_store(code->text()))
    return call.refuse(reject("out-of-scope", "This key may not see what " + code->text() + " has to do."));
  if (!inside->ports.definitions()->locations.contains(*code))
    return call.refuse(reject("location-unknown", "There is no such location."));
  inside->ports.board(*code, pickups, [inside, shown, responder = call.responder, instance = call.instance()](gateway::Outcome<gateway::Board> outcome) {
    responder.answer_by([inside, shown, instance, outcome = std::move(outcome)] {
      return std::visit(Overload{[&](const gateway::Board& board) { return shown(board, *inside); },
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
             [inside, pickups](const Call& call) {
               get_board(inside, call, pickups, [](const gateway::Board& board, const Inside& room) { return shown(board, names_in(room.ports.definitions())); });
             });
  desk.add(http::Method::get, "/v1/locations/{code}/ageing", {staff, operator_, auditor, admin}, [inside](const Call& call) {
    get_board(inside, call, true, [](const gateway::Board& board, const Inside& room) { return aged(board, room.options.clock(), names_in(room.ports.definitions())); });
  });
}

} // namespace entrepot::api
