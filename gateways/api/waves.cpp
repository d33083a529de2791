// /v1/locations/{code}/waves: several parcels are picked in one walk, from one list.
#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>

#include "gateways/api/idempotency.hpp"
#include "gateways/api/place_request.hpp"
#include "gateways/api/work_json.hpp"
#include "gateways/http/json_writer.hpp"

namespace entrepot::api {
namespace {

using gateway::Board;
using gateway::OrderView;
using gateway::Outcome;
using gateway::WorkItem;

constexpr std::int64_t usual_parcels = 20, most_parcels = 100; ///< of one wave

const fulfilment::State& parcel_of(const WorkItem& item) { return std::get<fulfilment::State>(item.state); }

/// A repeated request means the same wave.
std::string wave_of(CommandId request) { return to_text("wav_", StreamId{static_cast<std::int64_t>(request.low >> 1)}); }

/// The list: what to take of each SKU, and how it is shared out. What is picked already stands there no more.
http::Response pick_list(const std::string& wave, const LocationCode& place, std::vector<WorkItem> items, const NameOf& name_of) {
  std::ranges::sort(items, {}, [](const WorkItem& item) { return std::pair(parcel_of(item).due, item.stream); });
  std::map<Sku, std::vector<std::pair<StreamId, Quantity>>> picks;
  for (const auto& item : items)
    if (parcel_of(item).status == fulfilment::Status::picking)
      for (const auto& line : lines_going(parcel_of(item)))
        picks[line.sku].emplace_back(item.stream, line.quantity);
  http::Response response;
  http::JsonWriter json(response.body);
  json.open().field("id", wave).field("location", place.text()).key("fulfilments").open('[');
  for (const auto& item : items) {
    json.open().field("id", id_of(item)).field("order", to_text(OrderId{family_of(item.stream)})).field("status", fulfilment::name_of(parcel_of(item).status));
    json.field("due", to_rfc3339(parcel_of(item).due)).close();
  }
  json.close(']').key("picks").open('[');
  for (const auto& [sku, shares] : picks) {
    std::int64_t all = 0;
    for (const auto& [stream, units] : shares)
      all += units.units();
    json.open().field("sku", sku.text()).field("name", name_of(sku)).field("quantity", all).key("of").open('[');
    for (const auto& [stream, units] : shares)
      json.open().field("fulfilment", to_text("ful_", stream)).field("quantity", units.units()).close();
    json.close(']').close();
  }
  json.close(']').close();
  return response;
}

/// A wave that is being put together: one question for each parcel, the last answer makes the list.
struct Gathering {
  Shared inside;
  http::Responder responder;
  LocationCode place;
  std::string wave, instance;
  std::mutex mutex; ///< guards `items`; answers come on any thread
  std::vector<WorkItem> items;
  std::atomic<std::size_t> open = 0;

  Gathering(Shared shared, http::Responder to, LocationCode where, std::string id, std::string asked) : inside(std::move(shared)), responder(std::move(to)), place(std::move(where)), wave(std::move(id)), instance(std::move(asked)) {}

  /// A parcel that was stopped in the meantime, or is picked by somebody else, is not on the list.
  void take(StreamId member, const Outcome<OrderView>& outcome) {
    if (const auto* view = std::get_if<OrderView>(&outcome))
      if (auto item = item_in(*view->family, member); item && parcel_of(*item).wave == wave) {
        std::lock_guard lock(mutex);
        items.push_back(*std::move(item));
      }
    if (--open == 0)
      answer();
  }
  void answer() {
    if (items.empty())
      return responder.answer(to_response(reject("nothing-to-pick", "No parcel waits here to be picked."), instance));
    responder.answer_by([wave = wave, place = place, items = std::move(items), definitions = inside->ports.definitions()] {
      auto response = pick_list(wave, place, items, names_in(definitions));
      response.status = 201;
      return response;
    });
  }
};

/// What is accepted and most urgent; of a wave that was made before, what stands on it.
std::vector<WorkItem> chosen(const Board& board, const std::string& wave, std::size_t parcels) {
  std::vector<WorkItem> items, of_wave;
  for (const auto& item : board.items) {
    if (parcel_of(item).wave == wave)
      of_wave.push_back(item);
    else if (parcel_of(item).status == fulfilment::Status::accepted)
      items.push_back(item);
  }
  if (!of_wave.empty())
    return of_wave;
  std::ranges::sort(items, {}, [](const WorkItem& item) { return std::pair(parcel_of(item).due, item.stream); });
  items.resize(std::min(items.size(), parcels));
  return items;
}

void begin_picking(const std::shared_ptr<Gathering>& gathering, const std::vector<WorkItem>& items, const std::function<CommandId(StreamId)>& id_for, const gateway::Origin& origin) {
  gathering->open = items.size();
  for (const auto& item : items)
    gathering->inside->ports.act(item.stream, AnyCommand{fulfilment::Command{fulfilment::StartPick{gathering->wave}}}, id_for(item.stream), origin, gateway::Until::stored,
                                 [gathering, member = item.stream](const Outcome<OrderView>& outcome) { gathering->take(member, outcome); });
}

void post_wave(const Shared& inside, const Call& call) {
  auto message = place_message(inside, call);
  if (!message)
    return call.refuse(message.error());
  JsonReader reader(message->body);
  auto parcels = reader.root().optional_integer("parcels", 1, most_parcels).value_or(usual_parcels);
  if (auto wrong = reader.faults())
    return call.refuse(*wrong);
  auto route = "POST " + call.instance();
  auto id_for = [client = call.principal.key_id, key = message->key, route](StreamId member) { return request_command(client, key, route + "/" + to_text("ful_", member)); };
  auto wave = wave_of(request_command(call.principal.key_id, message->key, route));
  auto gathering = std::make_shared<Gathering>(inside, call.responder, message->place.code, wave, call.instance());
  inside->ports.board(message->place.code, false, [gathering, id_for, parcels, origin = call.origin()](const Outcome<Board>& outcome) {
    const auto* board = std::get_if<Board>(&outcome);
    if (!board)
      return gathering->responder.answer(std::visit(Overload{[](const Board&) { return http::Response{}; }, [&](const auto& no) { return to_response(no, gathering->instance); }}, outcome));
    auto items = chosen(*board, gathering->wave, static_cast<std::size_t>(parcels));
    if (items.empty())
      return gathering->responder.answer(to_response(reject("nothing-to-pick", "No parcel waits here to be picked."), gathering->instance));
    begin_picking(gathering, items, id_for, origin);
  });
}

void get_wave(const Shared& inside, const Call& call) {
  auto place = place_of(inside, call);
  if (!place)
    return call.refuse(place.error());
  auto wave = std::string(call.request.param("wave"));
  inside->ports.board(place->code, false, [inside, wave, code = place->code, responder = call.responder, instance = call.instance()](Outcome<Board> outcome) {
    responder.answer_by([inside, wave, code, instance, outcome = std::move(outcome)] {
      const auto* board = std::get_if<Board>(&outcome);
      if (!board)
        return std::visit(Overload{[](const Board&) { return http::Response{}; }, [&](const auto& no) { return to_response(no, instance); }}, outcome);
      auto items = board->items;
      std::erase_if(items, [&](const WorkItem& item) { return parcel_of(item).wave != wave || wave.empty(); });
      if (items.empty())
        return to_response(reject("wave-unknown", "No open parcel here stands on that list."), instance);
      return pick_list(wave, code, std::move(items), names_in(inside->ports.definitions()));
    });
  });
}

} // namespace

void add_waves(Desk& desk) {
  using enum http::Role;
  auto inside = desk.inside();
  desk.add(http::Method::post, "/v1/locations/{code}/waves", {staff, admin}, [inside](const Call& call) { post_wave(inside, call); });
  desk.add(http::Method::get, "/v1/locations/{code}/waves/{wave}", {staff, operator_, auditor, admin}, [inside](const Call& call) { get_wave(inside, call); });
}

} // namespace entrepot::api
