// /v1/transfers/{id}/... and /v1/locations/{code}/transfers: goods that go from one place to another, as its people send and receive them.
#include <algorithm>

#include "gateways/api/desk.hpp"
#include "gateways/api/idempotency.hpp"
#include "gateways/api/work_json.hpp"
#include "gateways/http/json_writer.hpp"

namespace entrepot::api {
namespace {

using gateway::OrderView;
using gateway::Outcome;

/// Who of the two places says it.
enum class Side : std::uint8_t { source, destination, either };

Rejection unknown() { return reject("transfer-unknown", "There is no such transfer."); }

void append_transfer(std::string& out, StreamId stream, const transfer::State& state, const NameOf& name_of, std::optional<std::int64_t> version) {
  http::JsonWriter json(out);
  json.open().field("id", transfer_id(stream)).field("order", to_text(OrderId{family_of(stream)})).field("pickup", to_text("pck_", member(stream, child::pickup_of(child_of(stream)))));
  json.field("from", state.from.text()).field("to", state.to.text()).field("status", transfer::name_of(state.status)).field("due", to_rfc3339(state.due));
  json.field("expected", to_rfc3339(state.expected)).field_or_null("shipped_at", state.shipped_at == Timestamp{} ? std::string() : to_rfc3339(state.shipped_at));
  json.field_or_null("why_cancelled", state.status == transfer::Status::cancelled ? fulfilment::name_of(state.why_cancelled) : std::string_view()).field("escalated", state.escalated);
  json.key("lines").open('[');
  for (std::size_t i = 0; i < state.lines.size(); ++i) {
    const auto& line = state.lines[i];
    json.open().field("line", line.line).field("sku", line.sku.text()).field("name", name_of(line.sku)).field("quantity", line.quantity.units());
    json.field("shipped", state.shipped[i].units()).field("received", state.received[i].units()).field("missing", state.missing[i].units());
    json.field("in_transit", transfer::on_its_way(state, i).units()).close();
  }
  json.close(']');
  if (version)
    json.field("version", *version);
  json.close();
}

const transfer::State* transfer_in(const OrderView& view, StreamId stream) {
  auto found = view.family->transfers.find(child_of(stream));
  return found == view.family->transfers.end() ? nullptr : &found->second;
}

http::Response shown(const OrderView& view, StreamId stream, const std::string& instance) {
  const auto* state = transfer_in(view, stream);
  if (!state)
    return to_response(unknown(), instance);
  http::Response response;
  append_transfer(response.body, stream, *state, names_in(*view.family), view.version);
  response.with("ETag", "\"" + std::to_string(view.version) + "\"");
  if (view.replayed)
    response.with("Idempotent-Replayed", "true");
  return response;
}

std::optional<Rejection> out_of_scope(const Principal& principal, const transfer::State& state, Side side) {
  const auto may_source = principal.may_store(state.from.text()), may_destination = principal.may_store(state.to.text());
  if (side == Side::source ? may_source : side == Side::destination ? may_destination : may_source || may_destination)
    return {};
  return reject("out-of-scope", "This key may not act for " + (side == Side::destination ? state.to : state.from).text() + ".");
}

/// One tap on its way in.
struct Acting {
  Shared inside;
  http::Responder responder;
  Principal principal;
  std::string instance;
  StreamId stream;
  transfer::Command command;
  Side side = Side::either;
  CommandId id;
  gateway::Origin origin;
};
using ActingPtr = std::shared_ptr<Acting>;

void act(const ActingPtr& acting, const OrderView& view) {
  const auto* state = transfer_in(view, acting->stream);
  if (!state)
    return acting->responder.answer(to_response(unknown(), acting->instance));
  if (auto why = out_of_scope(acting->principal, *state, acting->side))
    return acting->responder.answer(to_response(*why, acting->instance));
  auto responder = std::exchange(acting->responder, {}); // if the port forgets it, the client is told
  acting->inside->ports.act(acting->stream, acting->command, acting->id, acting->origin, gateway::Until::stored, [acting, responder](Outcome<OrderView> outcome) {
    responder.answer_by([acting, outcome = std::move(outcome)] {
      return std::visit(Overload{[&](const OrderView& fresh) { return shown(fresh, acting->stream, acting->instance); }, [&](const auto& no) { return to_response(no, acting->instance); }}, outcome);
    });
  });
}

/// Makes the command out of the body; faults are gathered by the reader.
using Read = std::function<transfer::Command(const JsonObject& body)>;

void post_act(const Shared& inside, const Call& call, Side side, const Read& read) {
  auto stream = transfer_from(call.request.param("id"));
  if (!stream)
    return call.refuse(unknown());
  auto key = idempotency_key(call.request);
  if (!key)
    return call.refuse(key.error());
  auto body = json_body(call.request);
  if (!body)
    return call.refuse(body.error());
  JsonReader reader(*body);
  auto command = read(reader.root());
  if (auto wrong = reader.faults())
    return call.refuse(*wrong);
  auto acting = std::make_shared<Acting>(Acting{inside, call.responder, call.principal, call.instance(), *stream, std::move(command), side,
                                                request_command(call.principal.key_id, *key, "POST " + call.instance()), call.origin()});
  inside->ports.read_order({family_of(*stream)}, [acting](Outcome<OrderView> outcome) {
    std::visit(Overload{[&](const OrderView& view) { act(acting, view); }, [&](const auto& no) { acting->responder.answer(to_response(no, acting->instance)); }}, outcome);
  });
}

void get_transfer(const Shared& inside, const Call& call) {
  auto stream = transfer_from(call.request.param("id"));
  if (!stream)
    return call.refuse(unknown());
  inside->ports.read_order({family_of(*stream)}, [stream = *stream, responder = call.responder, principal = call.principal, instance = call.instance()](Outcome<OrderView> outcome) {
    responder.answer_by([=, outcome = std::move(outcome)] {
      if (const auto* no = std::get_if<Rejection>(&outcome))
        return to_response(no->code == "order-unknown" ? unknown() : *no, instance);
      if (const auto* fault = std::get_if<gateway::Fault>(&outcome))
        return to_response(*fault, instance);
      const auto& view = std::get<OrderView>(outcome);
      if (const auto* state = transfer_in(view, stream))
        if (auto why = out_of_scope(principal, *state, Side::either))
          return to_response(*why, instance);
      return shown(view, stream, instance);
    });
  });
}

void get_board(const Shared& inside, const Call& call) {
  auto code = path_code<LocationCode>(call.request, "code", "location-unknown", "There is no such location.");
  if (!code)
    return call.refuse(code.error());
  if (!call.principal.may_store(code->text()))
    return call.refuse(reject("out-of-scope", "This key may not see what " + code->text() + " has to do."));
  if (!inside->ports.definitions()->locations.contains(*code))
    return call.refuse(reject("location-unknown", "There is no such location."));
  inside->ports.transfers(*code, [inside, code = *code, responder = call.responder, instance = call.instance()](Outcome<std::vector<gateway::TransferItem>> outcome) {
    responder.answer_by([=, outcome = std::move(outcome)] {
      const auto* items = std::get_if<std::vector<gateway::TransferItem>>(&outcome);
      if (!items)
        return std::visit(Overload{[](const std::vector<gateway::TransferItem>&) { return http::Response{}; }, [&](const auto& no) { return to_response(no, instance); }}, outcome);
      http::Response response;
      http::JsonWriter json(response.body);
      const auto names = names_in(inside->ports.definitions());
      json.open();
      for (auto leaves : {true, false}) {
        json.key(leaves ? "to_send" : "to_receive").open('[');
        for (const auto& item : *items)
          if ((leaves ? item.state.from : item.state.to) == code) {
            std::string text;
            append_transfer(text, item.stream, item.state, names, {});
            json.raw(text);
          }
        json.close(']');
      }
      json.close();
      return response;
    });
  });
}

std::vector<fulfilment::Found> read_lines(const JsonObject& body, const char* units) {
  std::vector<fulfilment::Found> lines;
  if (body.has("lines"))
    for (const auto& line : body.objects("lines", 0, http::limits::lines))
      lines.push_back({static_cast<std::int32_t>(line.integer("line", 1, static_cast<std::int64_t>(http::limits::lines))),
                       Quantity{static_cast<std::int32_t>(line.integer(units, 0, max_line_quantity))}});
  return lines;
}

transfer::Command read_receipt(const JsonObject& body) {
  auto come = read_lines(body, "received");
  if (body.one_of("rest", {"missing", "follows"}, 0) == 1)
    return transfer::ReceivePart{std::move(come)};
  return transfer::Receive{std::move(come)};
}

} // namespace

std::string transfer_id(StreamId stream) { return to_text("trf_", stream); }

std::optional<StreamId> transfer_from(std::string_view id) {
  auto stream = stream_from_text("trf_", id);
  if (!stream || is_named(*stream) || !child::is_transfer(child_of(*stream)))
    return {};
  return stream;
}

void add_transfers(Desk& desk) {
  using enum http::Role;
  auto inside = desk.inside();
  auto add = [&](const std::string& verb, Side side, const Read& read) {
    desk.add(http::Method::post, "/v1/transfers/{id}/" + verb, {staff, admin}, [inside, side, read](const Call& call) { post_act(inside, call, side, read); });
  };
  desk.add(http::Method::get, "/v1/transfers/{id}", {staff, operator_, auditor, admin}, [inside](const Call& call) { get_transfer(inside, call); });
  desk.add(http::Method::get, "/v1/locations/{code}/transfers", {staff, operator_, auditor, admin}, [inside](const Call& call) { get_board(inside, call); });
  add("ship", Side::source, [](const JsonObject& body) -> transfer::Command { return transfer::Ship{read_lines(body, "found")}; });
  add("receive", Side::destination, read_receipt);
  add("lost", Side::either, [](const JsonObject&) -> transfer::Command { return transfer::Lose{}; });
  add("cancel", Side::source, [](const JsonObject& body) -> transfer::Command {
    auto reason = body.one_of("reason", {"not_in_stock", "mismatch", "damaged", "too_busy", "no_capacity", "closed", "customer_choice", "other"});
    return transfer::Cancel{static_cast<fulfilment::Reason>(reason)};
  });
}

} // namespace entrepot::api
