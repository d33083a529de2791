// /v1/fulfilments/{id}/... and /v1/pickups/{id}/...: what staff do at a place, one tap a route.
#include <algorithm>

#include "gateways/api/desk.hpp"
#include "gateways/api/idempotency.hpp"
#include "gateways/api/pickup_code.hpp"
#include "gateways/api/work_json.hpp"

namespace entrepot::api {
namespace {

using gateway::OrderView;
using gateway::Outcome;
using gateway::WorkItem;

constexpr std::size_t bin_bytes = 40, code_bytes = 16, tracking_bytes = 64;
constexpr std::int64_t most_grams = 1'000'000;
constexpr auto unknown_fulfilment = "fulfilment-unknown", unknown_pickup = "pickup-unknown";

/// One tap on its way in.
struct Acting {
  Shared inside;
  http::Responder responder;
  Principal principal;
  std::string instance;
  StreamId member;
  std::function<AnyCommand(const WorkItem&)> command; ///< made when the item is known
  CommandId id;
  gateway::Origin origin;
  bool settles = false; ///< money may be taken before the answer
  std::vector<pickup::Taken> taken = {}; ///< in a hand-over: what the customer is to get of the bag
  std::int64_t had = 0;     ///< units of it that the customer had before
};
using ActingPtr = std::shared_ptr<Acting>;

Rejection unknown(StreamId, bool of_pickup) {
  return of_pickup ? reject(unknown_pickup, "There is no such pickup.") : reject(unknown_fulfilment, "There is no such fulfilment.");
}

http::Response item_response(const OrderView& view, const WorkItem& item) {
  http::Response response;
  append_work_item(response.body, item, names_in(*view.family), AsOf{"version", view.version});
  response.with("ETag", "\"" + std::to_string(view.version) + "\"");
  if (view.replayed)
    response.with("Idempotent-Replayed", "true");
  return response;
}

Rejection code_wrong(const pickup::State& state) {
  if (pickup::is_locked(state))
    return reject("code-locked", "Too many wrong codes were given: check the customer's identity.");
  auto left = std::to_string(pickup::max_wrong_codes - state.wrong_codes);
  return reject("code-wrong", "That is not the code. " + left + " tries are left.", {{"/code", "code-wrong", left + " tries left"}});
}

std::int64_t units_handed(const pickup::State& state) {
  std::int64_t units = 0;
  for (auto line : state.handed)
    units += line.units();
  return units;
}

/// Whether the customer has got a part of the bag by this. A repeat is known by what the customer has.
bool has_handed_part(const Acting& acting, const OrderView& view, const pickup::State& state) {
  if (state.status == pickup::Status::paying)
    return false;
  if (!view.replayed)
    return units_handed(state) > acting.had;
  return !acting.taken.empty() && std::ranges::all_of(acting.taken, [&](const pickup::Taken& units) {
    auto line = std::ranges::find(state.lines, units.line, &fulfilment::Line::line);
    return line != state.lines.end() && handed(state, static_cast<std::size_t>(line - state.lines.begin())) >= units.units;
  });
}

/// What a hand-over has come to: nothing is handed over without the money that is due.
http::Response handed_over(const Acting& acting, const OrderView& view, const WorkItem& item) {
  const auto* state = std::get_if<pickup::State>(&item.state);
  if (!state || state->status == pickup::Status::handed_over || has_handed_part(acting, view, *state))
    return item_response(view, item);
  for (const auto& tender : view.family->payment.tenders)
    if (tender.status == payment::Status::declined)
      return to_response(reject("payment-declined", "The card was declined (" + tender.decline_code + "): nothing may be handed over before another one is good."), acting.instance);
  if (state->status == pickup::Status::paying) {
    auto response = item_response(view, item);
    response.status = 202;
    return response;
  }
  return to_response(code_wrong(*state), acting.instance); // a repeat of what was refused
}

http::Response done(const Acting& acting, const OrderView& view) {
  auto item = item_in(*view.family, acting.member);
  if (!item)
    return to_response(reject(unknown_pickup, "There is no such work."), acting.instance);
  return acting.settles ? handed_over(acting, view, *item) : item_response(view, *item);
}

/// The refusal, with the state that the thing is really in: whoever tapped sees why.
void answer(const ActingPtr& acting, const http::Responder& responder, Outcome<OrderView> outcome) {
  auto* no = std::get_if<Rejection>(&outcome);
  if (no && no->code == "code-wrong") {
    acting->inside->ports.read_order({family_of(acting->member)}, [acting, responder](Outcome<OrderView> fresh) {
      responder.answer_by([acting, fresh = std::move(fresh)] {
        return std::visit(Overload{[&](const OrderView& view) { return done(*acting, view); }, [&](const auto& why) { return to_response(why, acting->instance); }}, fresh);
      });
    });
    return;
  }
  responder.answer_by([acting, outcome = std::move(outcome)] {
    return std::visit(Overload{[&](const OrderView& view) { return done(*acting, view); }, [&](const auto& why) { return to_response(why, acting->instance); }}, outcome);
  });
}

std::optional<Rejection> out_of_scope(const Principal& principal, const WorkItem& item) {
  auto place = std::visit([](const auto& state) { return state.location.text(); }, item.state);
  if (principal.may_store(place))
    return {};
  return reject("out-of-scope", "This key may not act at " + place + ".");
}

void act(const ActingPtr& acting, const OrderView& view) {
  auto item = item_in(*view.family, acting->member);
  if (!item)
    return acting->responder.answer(to_response(reject(unknown_pickup, "There is no such work."), acting->instance));
  if (auto why = out_of_scope(acting->principal, *item))
    return acting->responder.answer(to_response(*why, acting->instance));
  auto command = acting->command(*item);
  if (const auto* of_pickup = std::get_if<pickup::Command>(&command)) {
    if (const auto* whole = std::get_if<pickup::HandOver>(of_pickup))
      acting->taken = whole->taken;
    else if (const auto* part = std::get_if<pickup::HandOverPart>(of_pickup))
      acting->taken = part->taken;
    if (const auto* before = std::get_if<pickup::State>(&item->state))
      acting->had = units_handed(*before);
  }
  auto responder = std::exchange(acting->responder, {}); // if the port forgets it, the client is told
  acting->inside->ports.act(acting->member, std::move(command), acting->id, acting->origin, acting->settles ? gateway::Until::settled : gateway::Until::stored,
                            [acting, responder](Outcome<OrderView> outcome) { answer(acting, responder, std::move(outcome)); });
}

/// Makes the command out of the body; faults are gathered by the reader.
using Read = std::function<std::function<AnyCommand(const WorkItem&)>(const Shared& inside, StreamId member, const JsonObject& body)>;

void post_act(const Shared& inside, const Call& call, bool of_pickup, const Read& read, bool settles) {
  auto member = of_pickup ? pickup_from(call.request.param("id")) : fulfilment_from(call.request.param("id"));
  if (!member)
    return call.refuse(unknown({}, of_pickup));
  auto key = idempotency_key(call.request);
  if (!key)
    return call.refuse(key.error());
  auto body = json_body(call.request);
  if (!body)
    return call.refuse(body.error());
  JsonReader reader(*body);
  auto command = read(inside, *member, reader.root());
  if (auto wrong = reader.faults())
    return call.refuse(*wrong);
  auto acting = std::make_shared<Acting>(Acting{inside, call.responder, call.principal, call.instance(), *member, std::move(command),
                                                request_command(call.principal.key_id, *key, "POST " + call.instance()), call.origin(), settles});
  if (settles) // the provider is slow: the customer at the counter sees that it is still being asked
    call.responder.at_deadline(http::limits::counter_wait, [acting](const http::Responder& responder) {
      acting->inside->ports.read_order({family_of(acting->member)}, [acting, responder](Outcome<OrderView> outcome) { answer(acting, responder, std::move(outcome)); });
    });
  inside->ports.read_order({family_of(*member)}, [acting](Outcome<OrderView> outcome) {
    std::visit(Overload{[&](const OrderView& view) { act(acting, view); }, [&](const auto& no) { acting->responder.answer(to_response(no, acting->instance)); }}, outcome);
  });
}

void get_item(const Shared& inside, const Call& call, bool of_pickup) {
  auto member = of_pickup ? pickup_from(call.request.param("id")) : fulfilment_from(call.request.param("id"));
  if (!member)
    return call.refuse(unknown({}, of_pickup));
  inside->ports.read_order({family_of(*member)}, [member = *member, of_pickup, responder = call.responder, principal = call.principal, instance = call.instance()](Outcome<OrderView> outcome) {
    responder.answer_by([=, outcome = std::move(outcome)] {
      auto* view = std::get_if<OrderView>(&outcome);
      if (!view)
        return std::visit(Overload{[](const OrderView&) { return http::Response{}; }, [&](const auto& no) { return to_response(no, instance); }}, outcome);
      auto item = item_in(*view->family, member);
      if (!item)
        return to_response(unknown(member, of_pickup), instance);
      if (auto why = out_of_scope(principal, *item))
        return to_response(*why, instance);
      return item_response(*view, *item);
    });
  });
}

// ------------------------------------------------------------------------------------------------------------ bodies

template <class Aggregate, class Command>
Read nothing() {
  return [](const Shared&, StreamId, const JsonObject&) { return [](const WorkItem&) -> AnyCommand { return Aggregate{Command{}}; }; };
}

template <class Aggregate, class Command>
Read with_reason() {
  return [](const Shared&, StreamId, const JsonObject& body) {
    auto reason = body.one_of("reason", {"not_in_stock", "mismatch", "damaged", "too_busy", "no_capacity", "closed", "customer_choice", "other"});
    return [reason](const WorkItem&) -> AnyCommand { return Aggregate{Command{static_cast<fulfilment::Reason>(reason)}}; };
  };
}

template <class Aggregate, class Command>
Read with_found() {
  return [](const Shared&, StreamId, const JsonObject& body) {
    std::vector<fulfilment::Found> found;
    if (body.has("lines"))
      for (const auto& line : body.objects("lines", 0, http::limits::lines))
        found.push_back({static_cast<std::int32_t>(line.integer("line", 1, static_cast<std::int64_t>(http::limits::lines))),
                         Quantity{static_cast<std::int32_t>(line.integer("found", 0, max_line_quantity))}});
    return [found](const WorkItem&) -> AnyCommand { return Aggregate{Command{found}}; };
  };
}

Read parcels() {
  return [](const Shared&, StreamId, const JsonObject& body) {
    std::vector<fulfilment::Parcel> parcels;
    for (const auto& parcel : body.objects("parcels", 1, fulfilment::max_parcels))
      parcels.push_back({static_cast<std::int32_t>(parcel.integer("weight_grams", 1, most_grams))});
    return [parcels](const WorkItem&) -> AnyCommand { return fulfilment::Command{fulfilment::Pack{parcels}}; };
  };
}

Read tracking() {
  return [](const Shared&, StreamId, const JsonObject& body) {
    auto number = body.optional_text("tracking", tracking_bytes);
    return [number](const WorkItem&) -> AnyCommand { return fulfilment::Command{fulfilment::Ship{number}}; };
  };
}

Read loss() {
  return [](const Shared&, StreamId, const JsonObject& body) {
    auto why = static_cast<fulfilment::Loss>(body.one_of("reason", {"lost", "damaged"}));
    return [why](const WorkItem&) -> AnyCommand { return fulfilment::Command{fulfilment::Lose{why}}; };
  };
}

Read came_back() {
  return [](const Shared&, StreamId, const JsonObject& body) {
    std::vector<fulfilment::Found> whole;
    if (body.has("lines"))
      for (const auto& line : body.objects("lines", 0, http::limits::lines))
        whole.push_back({static_cast<std::int32_t>(line.integer("line", 1, static_cast<std::int64_t>(http::limits::lines))),
                         Quantity{static_cast<std::int32_t>(line.integer("whole", 0, max_line_quantity))}});
    return [whole](const WorkItem&) -> AnyCommand { return fulfilment::Command{fulfilment::ReturnToOrigin{whole}}; };
  };
}

Read bin() {
  return [](const Shared& inside, StreamId, const JsonObject& body) {
    auto text = body.text("bin", bin_bytes);
    auto until = inside->options.clock() + pickup::collection_window;
    return [text, until](const WorkItem&) -> AnyCommand { return pickup::Command{pickup::Stage{text, until}}; };
  };
}

Read bay() {
  return [](const Shared&, StreamId, const JsonObject& body) {
    auto text = body.optional_text("bay", bin_bytes), car = body.optional_text("car", bin_bytes);
    if (std::ranges::any_of(car, [](char c) { return c >= '0' && c <= '9'; }))
      body.refuse("car", "value-unknown", "Colour and make, without digits: number plates are not kept.");
    return [text, car](const WorkItem&) -> AnyCommand { return pickup::Command{pickup::Arrive{text, car}}; };
  };
}

Read proof() {
  return [](const Shared& inside, StreamId member, const JsonObject& body) {
    pickup::Proof shown;
    if (body.has("id_checked")) {
      shown.id_checked = body.truth("id_checked");
      if (!shown.id_checked)
        body.refuse("id_checked", "value-unknown", "Either the code is given or the identity was checked.");
    } else {
      shown.code = body.text("code", code_bytes);
    }
    auto codes = pickup_codes(inside->options.pickup_secret, member);
    std::vector<pickup::Taken> taken;
    bool rest_stays = false;
    if (body.has("lines")) {
      for (const auto& line : body.objects("lines", 1, http::limits::lines))
        taken.push_back({static_cast<std::int32_t>(line.integer("line", 1, static_cast<std::int64_t>(http::limits::lines))),
                         Quantity{static_cast<std::int32_t>(line.integer("quantity", 1, max_line_quantity))}});
      rest_stays = body.one_of("rest", {"refused", "stays"}) == 1;
    }
    return [shown, codes, taken, rest_stays](const WorkItem&) -> AnyCommand {
      if (rest_stays)
        return pickup::Command{pickup::HandOverPart{shown, codes, taken}};
      return pickup::Command{pickup::HandOver{shown, codes, taken}};
    };
  };
}

Read longer() {
  return [](const Shared&, StreamId, const JsonObject&) {
    return [](const WorkItem& item) -> AnyCommand {
      const auto* state = std::get_if<pickup::State>(&item.state);
      return pickup::Command{pickup::Extend{state ? state->collect_until + pickup::collection_window : Timestamp{}}};
    };
  };
}

} // namespace

void add_work(Desk& desk) {
  using enum http::Role;
  auto inside = desk.inside();
  auto add = [&](bool of_pickup, const std::string& verb, const Read& read, http::Allowed allowed = {staff, admin}, bool settles = false) {
    desk.add(http::Method::post, (of_pickup ? "/v1/pickups/{id}/" : "/v1/fulfilments/{id}/") + verb, allowed,
             [inside, of_pickup, read, settles](const Call& call) { post_act(inside, call, of_pickup, read, settles); });
  };
  for (auto of_pickup : {false, true})
    desk.add(http::Method::get, of_pickup ? "/v1/pickups/{id}" : "/v1/fulfilments/{id}", {staff, operator_, auditor, admin},
             [inside, of_pickup](const Call& call) { get_item(inside, call, of_pickup); });
  using F = fulfilment::Command;
  using P = pickup::Command;
  add(false, "accept", nothing<F, fulfilment::Accept>());
  add(false, "reject", with_reason<F, fulfilment::Reject>());
  add(false, "start-pick", nothing<F, fulfilment::StartPick>());
  add(false, "pick", with_found<F, fulfilment::Pick>());
  add(false, "pack", parcels());
  add(false, "ship", tracking());
  add(false, "deliver", nothing<F, fulfilment::Deliver>());
  add(false, "lost", loss());
  add(false, "return-to-origin", came_back());
  add(false, "unaccept", nothing<F, fulfilment::Unaccept>());
  add(false, "unpick", nothing<F, fulfilment::Unpick>());
  add(false, "unpack", nothing<F, fulfilment::Unpack>());
  add(false, "confirm-stop", nothing<F, fulfilment::ConfirmStop>());
  add(false, "refuse-stop", nothing<F, fulfilment::RefuseStop>());
  add(false, "put-back", nothing<F, fulfilment::PutBack>());
  add(true, "accept", nothing<P, pickup::Accept>());
  add(true, "reject", with_reason<P, pickup::Reject>());
  add(true, "start-pick", nothing<P, pickup::StartPick>());
  add(true, "pick", with_found<P, pickup::Pick>());
  add(true, "stage", bin());
  add(true, "arrive", bay(), {gateway, staff, admin});
  add(true, "hand-over", proof(), {staff, admin}, true);
  add(true, "refuse", nothing<P, pickup::Refuse>());
  add(true, "unaccept", nothing<P, pickup::Unaccept>());
  add(true, "unpick", nothing<P, pickup::Unpick>());
  add(true, "unstage", nothing<P, pickup::Unstage>());
  add(true, "put-back", nothing<P, pickup::PutBack>());
  add(true, "extend", longer(), {gateway, staff, admin});
  add(true, "resend-code", nothing<P, pickup::ResendCode>(), {gateway, staff, admin});
}

} // namespace entrepot::api
