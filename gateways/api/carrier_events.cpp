// POST /v1/carrier-events: what the carrier tells of its parcels, signed as Standard Webhooks says.
#include "gateways/api/carrier_events.hpp"

#include "domain/words.hpp"
#include "gateways/api/desk.hpp"
#include "gateways/api/idempotency.hpp"
#include "gateways/api/work_json.hpp"
#include "gateways/http/json_writer.hpp"
#include "gateways/partners/standard_webhook.hpp"

namespace entrepot::api {
namespace {

using gateway::OrderView;
using gateway::Outcome;
using fulfilment::Status;

constexpr Words<CarrierOutcome, carrier_outcome_count> outcomes{
    {"delivered", "repeated", "ignored", "closed", "too_early", "unknown", "malformed", "not_signed", "failed"}};

constexpr auto carrier = "carrier"; ///< who it is, for the record and for its share of requests
constexpr auto route = "/v1/carrier-events";
constexpr std::size_t type_bytes = 64, reference_bytes = 64, tracking_bytes = 64;

enum class Type : std::uint8_t { in_transit, delivered, unheard_of };

/// What one message says. Of a type that is unheard of nothing else is known.
struct Told {
  Type type = Type::unheard_of;
  std::string reference, tracking;
  Timestamp occurred_at;
};

/// One message on its way in.
struct Taking {
  Shared inside;
  http::Responder responder;
  std::string instance;
  Told told;
  StreamId member; ///< the fulfilment it names
  CommandId id;
};
using TakingPtr = std::shared_ptr<Taking>;

void count(const Inside& inside, CarrierOutcome outcome) { inside.options.carrier_events.counts->add(outcome); }

void refuse(const Taking& taking, const Rejection& why, CarrierOutcome outcome) {
  count(*taking.inside, outcome);
  taking.responder.answer(to_response(why, taking.instance));
}

void fail(const Taking& taking, const gateway::Fault& fault) {
  count(*taking.inside, CarrierOutcome::failed);
  taking.responder.answer(to_response(fault, taking.instance));
}

void accept(const Taking& taking, CarrierOutcome outcome) {
  count(*taking.inside, outcome);
  http::Response response;
  response.status = 202;
  http::JsonWriter(response.body).open().field("outcome", name_of(outcome)).close();
  taking.responder.answer(std::move(response));
}

/// Nothing: it is the carrier's, and of now.
std::optional<Rejection> not_the_carriers(const http::Request& request, const partners::WebhookSecret& secret, Timestamp now) {
  for (auto name : {"webhook-id", "webhook-timestamp", "webhook-signature"})
    if (request.count(name) != 1)
      return reject("signature-invalid", "Messages are signed: one header each of webhook-id, webhook-timestamp and webhook-signature.");
  auto id = request.header("webhook-id"), timestamp = request.header("webhook-timestamp");
  auto seconds = partners::webhook_seconds(timestamp);
  if (!seconds || id.empty() || id.size() > partners::webhook_id_bytes || !partners::is_signed(secret, {id, timestamp, request.body()}, request.header("webhook-signature")))
    return reject("signature-invalid", "The message is not signed with the secret that was agreed on.");
  auto sent = Timestamp{std::chrono::seconds{*seconds}};
  if (sent < now - http::limits::webhook_window || sent > now + http::limits::webhook_window)
    return reject("timestamp-out-of-window", "The message was signed more than five minutes before or after now. Sign it anew.");
  return {};
}

Result<Told> told_by(const http::Request& request, Timestamp now) {
  auto body = json_body(request);
  if (!body)
    return body.error();
  JsonReader reader(*body);
  auto root = reader.root();
  auto type = root.text("type", type_bytes);
  if (!type.empty() && type != "in_transit" && type != "delivered")
    return Told{}; // whatever it says: carriers tell more than we listen to
  Told told{type == "delivered" ? Type::delivered : Type::in_transit, root.text("reference", reference_bytes), root.text("tracking", tracking_bytes), {}};
  auto occurred_at = root.optional_time("occurred_at");
  if (!root.has("occurred_at"))
    root.refuse("occurred_at", "field-missing", "Say when it happened.");
  else if (occurred_at && *occurred_at > now + http::limits::clock_skew)
    root.refuse("occurred_at", "time-invalid", "What has not happened yet cannot be recorded.");
  if (auto wrong = reader.faults())
    return *wrong;
  told.occurred_at = occurred_at.value();
  return told;
}

Rejection unknown() { return reject("fulfilment-unknown", "There is no such fulfilment under this tracking number."); }

/// Whether the number is the parcel's. Nothing: it will be known when the label's answer is.
std::optional<bool> is_tracked_as(const fulfilment::State& state, const std::string& tracking) {
  const auto& ours = state.tracking.empty() ? state.label.tracking : state.tracking;
  if (ours.empty() && fulfilment::is_awaited(state.label))
    return {};
  return !ours.empty() && ours == tracking;
}

bool is_closed(const fulfilment::State& state) { return state.status == Status::cancelled || state.status == Status::rejected; }

void deliver(const TakingPtr& taking, bool already) {
  auto& inside = *taking->inside;
  inside.ports.act(taking->member, fulfilment::Command{fulfilment::Deliver{}}, taking->id, {.by = carrier, .traceparent = {}, .occurred_at = taking->told.occurred_at},
                   gateway::Until::stored, [taking, already](Outcome<OrderView> outcome) {
                     std::visit(Overload{[&](const OrderView& view) { accept(*taking, already || view.replayed ? CarrierOutcome::repeated : CarrierOutcome::delivered); },
                                         [&](const Rejection& why) { refuse(*taking, why, CarrierOutcome::failed); }, [&](const gateway::Fault& fault) { fail(*taking, fault); }},
                                outcome);
                   });
}

void take(const TakingPtr& taking, const Family& family) {
  auto found = family.fulfilments.find(child_of(taking->member));
  if (found == family.fulfilments.end())
    return refuse(*taking, unknown(), CarrierOutcome::unknown);
  const auto& state = found->second;
  auto tracked = is_tracked_as(state, taking->told.tracking);
  auto none_known = state.tracking.empty() && state.label.tracking.empty();
  if (is_closed(state) && (none_known || tracked.value_or(false))) {
    taking->inside->options.carrier_events.log("the carrier says that " + to_text("ful_", taking->member) + " was delivered, which is " + std::string(name_of(state.status)));
    return accept(*taking, CarrierOutcome::closed); // told again it would be no other
  }
  if (!tracked)
    return refuse(*taking, reject("label-awaited", "The label of this parcel is still being asked for. Tell it again later."), CarrierOutcome::too_early);
  if (!*tracked)
    return refuse(*taking, unknown(), CarrierOutcome::unknown);
  if (state.status != Status::shipped && state.status != Status::delivered)
    return refuse(*taking, reject("not-shipped-yet", "This parcel has not been handed over yet, as far as is known here. Tell it again later."), CarrierOutcome::too_early);
  deliver(taking, state.status == Status::delivered);
}

void look_up(const TakingPtr& taking) {
  auto member = fulfilment_from(taking->told.reference);
  if (!member)
    return refuse(*taking, unknown(), CarrierOutcome::unknown);
  taking->member = *member;
  taking->inside->ports.read_order({family_of(*member)}, [taking](Outcome<OrderView> outcome) {
    std::visit(Overload{[&](const OrderView& view) { take(taking, *view.family); }, [&](const Rejection&) { refuse(*taking, unknown(), CarrierOutcome::unknown); },
                        [&](const gateway::Fault& fault) { fail(*taking, fault); }},
               outcome);
  });
}

void post_event(const Shared& inside, const http::Request& request, const http::Responder& responder) {
  auto taking = std::make_shared<Taking>(Taking{inside, responder, std::string(request.path()), {}, {}, {}});
  const auto& secret = inside->options.carrier_events.secret;
  if (secret.empty())
    return refuse(*taking, reject("carrier-events-not-configured", "This server knows no secret of the carrier: it takes no messages of it."), CarrierOutcome::failed);
  auto now = inside->options.clock();
  if (auto why = not_the_carriers(request, secret, now))
    return refuse(*taking, *why, CarrierOutcome::not_signed);
  auto share = inside->counts.begin(carrier);
  if (!share)
    return refuse(*taking, reject("too-many-requests", "The carrier has as many requests under way as it may."), CarrierOutcome::failed);
  responder.keep(std::move(share));
  auto told = told_by(request, now);
  if (!told)
    return refuse(*taking, told.error(), CarrierOutcome::malformed);
  if (told->type != Type::delivered)
    return accept(*taking, CarrierOutcome::ignored);
  taking->told = *std::move(told);
  taking->id = request_command(carrier, request.header("webhook-id"), std::string("POST ") + route);
  look_up(taking);
}

} // namespace

std::string_view name_of(CarrierOutcome outcome) { return outcomes.of(outcome); }

void add_carrier_events(Desk& desk) {
  desk.add_open(http::Method::post, route, [inside = desk.inside()](http::Request& request, const http::Responder& responder) { post_event(inside, request, responder); });
}

} // namespace entrepot::api
