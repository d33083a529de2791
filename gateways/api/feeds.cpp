// /v1/locations/{code}/feeds: another system tells what lies at a place.
#include "gateways/api/place_request.hpp"

namespace entrepot::api {
namespace {

constexpr std::int64_t most_units = 1'000'000'000, most_sequence = 9'007'199'254'740'991;

Result<stock::Feed> read_feed(JsonDocument& body, const Place& place, const Principal& principal) {
  JsonReader reader(body);
  auto root = reader.root();
  stock::Feed feed;
  feed.source = root.text("source", stock::max_source_bytes);
  feed.sequence = root.integer("sequence", 1, most_sequence);
  feed.reset = root.one_of("kind", {"delta", "reset"}) == 1;
  feed.taken_at = read_time(root, "taken_at");
  for (const auto& line : root.objects("lines", 0, http::limits::lines))
    feed.lines.push_back({read_item(line, place, principal), static_cast<std::int32_t>(line.integer("quantity", feed.reset ? 0 : -most_units, most_units))});
  if (auto wrong = reader.faults())
    return std::move(*wrong);
  return feed;
}

void post_feed(const Shared& inside, const Call& call) {
  auto message = place_message(inside, call);
  if (!message)
    return call.refuse(message.error());
  auto feed = read_feed(message->body, message->place, call.principal);
  if (!feed)
    return call.refuse(feed.error());
  tell(inside, call, message->place, message->key, stock::Command{std::move(*feed)}, answer_place(call, message->place, 200));
}

} // namespace

void add_feeds(Desk& desk) {
  using enum http::Role;
  desk.add(http::Method::post, "/v1/locations/{code}/feeds", {staff, admin}, [inside = desk.inside()](const Call& call) { post_feed(inside, call); });
}

} // namespace entrepot::api
