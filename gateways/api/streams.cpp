// /v1/streams: what changes at a location or of an order, told as it happens (server-sent events).
#include <algorithm>
#include <charconv>

#include "gateways/api/desk.hpp"
#include "gateways/http/json_writer.hpp"
#include "gateways/http/live_body.hpp"

namespace entrepot::api {
namespace {

using gateway::OrderView;
using gateway::Outcome;
using http::LiveBody;

struct StreamQuery {
  gateway::Watched what;
  std::int64_t after = 0;
};

Result<std::int64_t> change_number(std::string_view text, std::string name) {
  std::int64_t number = -1;
  auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc{} || end != text.data() + text.size() || number < 0)
    return parameter_invalid(std::move(name), "is to be the id of an event of this stream.");
  return number;
}

/// `Last-Event-ID` wins: a client that resumes sends it by itself, with the address it began with.
Result<StreamQuery> stream_query(const http::Request& request) {
  auto parameters = query_of(request, {"location", "order", "after"});
  if (!parameters)
    return parameters.error();
  StreamQuery query;
  auto subjects = 0;
  auto after = std::string(request.header("last-event-id"));
  for (const auto& [name, value] : *parameters) {
    if (name == "after") {
      if (after.empty())
        after = value;
      continue;
    }
    ++subjects;
    if (name == "location") {
      auto code = LocationCode::from(value);
      if (!code)
        return reject("location-unknown", "There is no such location.");
      query.what = *code;
    } else {
      auto id = order_id_from(value);
      if (!id)
        return reject("order-unknown", "There is no such order.");
      query.what = *id;
    }
  }
  if (subjects != 1)
    return parameter_invalid("location", "or 'order' is needed, one of the two.");
  if (!after.empty()) {
    auto number = change_number(after, "after");
    if (!number)
      return number.error();
    query.after = *number;
  }
  return query;
}

/// Writes events into the body as long as the client is there. Calls come from any thread; a number is told once, and never a smaller one after it.
class Teller {
public:
  Teller(const std::shared_ptr<LiveBody>& body, std::string_view event, std::int64_t after) : body_(body), event_(event), told_(after) {}

  /// Returns false: nobody listens any more.
  bool tell(std::int64_t change, std::string_view json) {
    std::lock_guard lock(mutex_);
    if (change <= told_)
      return true;
    told_ = change;
    std::string text = "id: ";
    http::append_number(text, change);
    text.append("\nevent: ").append(event_).append("\ndata: ").append(json).append("\n\n");
    return push(text);
  }

  /// The client has to read its list again.
  void lost() {
    std::lock_guard lock(mutex_);
    push("event: reset\ndata: {}\n\n");
  }

private:
  bool push(std::string_view text) {
    auto body = body_.lock();
    return body && body->push(text);
  }
  std::weak_ptr<LiveBody> body_;
  std::string_view event_;
  std::mutex mutex_;
  std::int64_t told_;
};

/// What one client with a stream has: its connection goes on when this request has long been answered.
struct Opening {
  Shared inside;
  http::Responder responder;
  std::string instance;
  std::shared_ptr<LiveBody> body = std::make_shared<LiveBody>();
};

/// Answers with the body, which begins at once, so that the client knows that it is connected.
void begin(const Opening& opening, const StreamQuery& query, const std::shared_ptr<Teller>& teller) {
  opening.body->push("retry: 1000\n\n");
  opening.body->keep(opening.inside->ports.watch(query.what, query.after,
                                                 {[teller](std::int64_t change, std::string_view json) { return teller->tell(change, json); }, [teller] { teller->lost(); }}));
  http::Response response;
  response.content_type = "text/event-stream";
  response.live = opening.body;
  response.with("Cache-Control", "no-store").with("X-Accel-Buffering", "no");
  opening.responder.answer(std::move(response));
}

std::string order_event(const OrderView& view) {
  std::string text;
  http::JsonWriter(text).open().field("id", to_text(OrderId{view.family->id})).field("status", order::name_of(view.family->order.status)).field("version", view.version).close();
  return text;
}

/// The order as it is now comes first; it is read after the watch has begun, so that no change falls between the two.
void open_order(const Opening& opening, const StreamQuery& query, const Principal& principal) {
  auto id = std::get<OrderId>(query.what);
  opening.inside->ports.read_order(id, [opening, query, principal, id](Outcome<OrderView> outcome) {
    auto* view = std::get_if<OrderView>(&outcome);
    if (auto* no = std::get_if<Rejection>(&outcome))
      return opening.responder.answer(to_response(*no, opening.instance));
    if (!view)
      return opening.responder.answer(to_response(std::get<gateway::Fault>(outcome), opening.instance));
    if (!principal.may_channel(view->family->order.agreement.channel.text()))
      return opening.responder.answer(to_response(reject("out-of-scope", "This key may not see orders of that channel."), opening.instance));
    auto teller = std::make_shared<Teller>(opening.body, "order", query.after);
    begin(opening, query, teller);
    opening.inside->ports.read_order(id, [teller](Outcome<OrderView> now) {
      if (auto* again = std::get_if<OrderView>(&now))
        teller->tell(again->version, order_event(*again));
    });
  });
}

void open_location(const Opening& opening, const StreamQuery& query, const Principal& principal) {
  const auto& code = std::get<LocationCode>(query.what);
  if (principal.role == Role::gateway)
    return opening.responder.answer(to_response(reject("role-not-allowed", "Keys with the role 'gateway' may watch orders only."), opening.instance));
  if (!principal.may_store(code.text()))
    return opening.responder.answer(to_response(reject("out-of-scope", "This key may not see what happens at " + code.text() + "."), opening.instance));
  if (!opening.inside->ports.definitions()->locations.contains(code))
    return opening.responder.answer(to_response(reject("location-unknown", "There is no location " + code.text() + "."), opening.instance));
  begin(opening, query, std::make_shared<Teller>(opening.body, "work", query.after));
}

void open_stream(const Shared& inside, const std::shared_ptr<ClientCounts>& counts, const Call& call) {
  auto query = stream_query(call.request);
  if (!query)
    return call.refuse(query.error());
  auto share = counts->begin(call.principal.key_id);
  if (!share)
    return call.refuse(reject("too-many-requests", "This client has as many streams open as it may."));
  Opening opening{inside, call.responder, call.instance()};
  opening.body->keep(std::move(share));
  if (std::holds_alternative<OrderId>(query->what))
    open_order(opening, *query, call.principal);
  else
    open_location(opening, *query, call.principal);
}

} // namespace

void add_streams(Desk& desk) {
  using enum http::Role;
  auto counts = std::make_shared<ClientCounts>(http::limits::streams_per_client);
  desk.add(http::Method::get, "/v1/streams", {gateway, staff, operator_, admin},
           [inside = desk.inside(), counts](const Call& call) { open_stream(inside, counts, call); });
}

} // namespace entrepot::api
