// /v1/locations/{code}/counts: what somebody has counted, and the counts that a second person has to believe.
#include "gateways/api/idempotency.hpp"
#include "gateways/api/place_request.hpp"
#include "gateways/http/json_writer.hpp"

namespace entrepot::api {
namespace {

using gateway::CountsView;
using gateway::Outcome;
using CountReference = Code<struct CountReferenceTag>; ///< stands in a path

constexpr std::int32_t most_counted = 1'000'000'000;

Result<stock::Count> read_count(JsonDocument& body, const Place& place, const Principal& principal) {
  JsonReader reader(body);
  auto root = reader.root();
  stock::Count count;
  count.reference = root.code<CountReference>("reference").text();
  count.taken_at = read_time(root, "taken_at");
  for (const auto& line : root.objects("lines", 1, http::limits::lines))
    count.lines.push_back({read_item(line, place, principal), static_cast<std::int32_t>(line.integer("counted", 0, most_counted))});
  if (auto wrong = reader.faults())
    return std::move(*wrong);
  return count;
}

/// Whether the count waits is asked after it was taken: also who sends it again learns how it stands now.
gateway::Reply<std::int64_t> answer_count(const Shared& inside, const Call& call, const Place& place, std::string reference) {
  return [inside, responder = call.responder, instance = call.instance(), code = place.code, reference = std::move(reference)](Outcome<std::int64_t> outcome) {
    if (!std::holds_alternative<std::int64_t>(outcome))
      return responder.answer(std::visit(Overload{[&](std::int64_t) { return http::Response{}; }, [&](const auto& no) { return to_response(no, instance); }}, outcome));
    inside->ports.read_counts(code, [responder, instance, code, reference](Outcome<CountsView> seen) {
      responder.answer_by([instance, code, reference, seen = std::move(seen)] {
        const auto* view = std::get_if<CountsView>(&seen);
        if (!view)
          return std::visit(Overload{[&](const CountsView&) { return http::Response{}; }, [&](const auto& no) { return to_response(no, instance); }}, seen);
        http::Response response;
        response.status = 201;
        http::JsonWriter json(response.body);
        json.open().field("location", code.text()).field("reference", reference).flag("waiting", view->waiting.contains(reference)).field("version", view->version).close();
        response.with("ETag", "\"" + std::to_string(view->version) + "\"");
        return response;
      });
    });
  };
}

void post_count(const Shared& inside, const Call& call) {
  auto message = place_message(inside, call);
  if (!message)
    return call.refuse(message.error());
  auto count = read_count(message->body, message->place, call.principal);
  if (!count)
    return call.refuse(count.error());
  auto reply = answer_count(inside, call, message->place, count->reference);
  tell(inside, call, message->place, message->key, stock::Command{std::move(*count)}, std::move(reply));
}

template <class Judgement>
void judge(const Shared& inside, const Call& call) {
  auto key = idempotency_key(call.request);
  if (!key)
    return call.refuse(key.error());
  auto place = place_of(inside, call);
  if (!place)
    return call.refuse(place.error());
  auto reference = path_code<CountReference>(call.request, "reference", "count-not-waiting", "No such count waits here.");
  if (!reference)
    return call.refuse(reference.error());
  tell(inside, call, *place, *key, stock::Command{Judgement{reference->text()}}, answer_place(call, *place, 200));
}

http::Response counts_response(const LocationCode& code, const CountsView& view) {
  http::Response response;
  http::JsonWriter json(response.body);
  json.open().field("location", code.text()).key("items").open('[');
  for (const auto& [reference, count] : view.waiting) {
    json.open().field("reference", reference).field("taken_at", to_rfc3339(count.taken_at)).key("lines").open('[');
    for (const auto& line : count.lines)
      json.open().field("owner", line.item.owner.text()).field("sku", line.item.sku.text()).field("counted", line.counted).close();
    json.close(']').close();
  }
  json.close(']').field("version", view.version).close();
  response.with("ETag", "\"" + std::to_string(view.version) + "\"");
  return response;
}

void get_counts(const Shared& inside, const Call& call) {
  auto place = place_of(inside, call);
  if (!place)
    return call.refuse(place.error());
  inside->ports.read_counts(place->code, [responder = call.responder, instance = call.instance(), code = place->code](Outcome<CountsView> outcome) {
    responder.answer_by([instance, code, outcome = std::move(outcome)] {
      return std::visit(Overload{[&](const CountsView& view) { return counts_response(code, view); }, [&](const auto& no) { return to_response(no, instance); }}, outcome);
    });
  });
}

} // namespace

void add_counts(Desk& desk) {
  using enum http::Role;
  using http::Method;
  auto inside = desk.inside();
  desk.add(Method::post, "/v1/locations/{code}/counts", {staff, admin}, [inside](const Call& call) { post_count(inside, call); });
  desk.add(Method::get, "/v1/locations/{code}/counts", {staff, operator_, auditor, admin}, [inside](const Call& call) { get_counts(inside, call); });
  desk.add(Method::post, "/v1/locations/{code}/counts/{reference}/approve", {staff, admin}, [inside](const Call& call) { judge<stock::ApproveCount>(inside, call); });
  desk.add(Method::post, "/v1/locations/{code}/counts/{reference}/reject", {staff, admin}, [inside](const Call& call) { judge<stock::RejectCount>(inside, call); });
}

} // namespace entrepot::api
