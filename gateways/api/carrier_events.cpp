// POST /v1/carrier-events: what the carrier tells of its parcels, signed as Standard Webhooks says.
#include "gateways/api/partner_message.hpp"
#include "gateways/api/work_json.hpp"

namespace entrepot::api {
namespace {

using gateway::OrderView;
using gateway::Outcome;
using fulfilment::Status;
using fulfilment::Tracking;

constexpr Partner carrier{"carrier", "carrier", &ApiOptions::carrier_events};
constexpr std::size_t type_bytes = 64, reference_bytes = 64, tracking_bytes = 64;

/// What one message says of a parcel: that it was delivered, that it never will be, or where it is.
struct News {
  std::string reference, tracking;
  Timestamp occurred_at;
  fulfilment::Command command;
};

/// One message on its way in.
struct Taking {
  PartnerMessage message;
  News told;
  StreamId member; ///< the fulfilment it names
};
using TakingPtr = std::shared_ptr<Taking>;

/// What a type of message means to us; nothing: carriers tell more than we listen to.
std::optional<fulfilment::Command> meant_by(const std::string& type) {
  if (type == "delivered")
    return fulfilment::Deliver{};
  if (auto loss = fulfilment::loss_from(type))
    return fulfilment::Lose{*loss};
  if (auto says = fulfilment::tracking_from(type); says && *says != Tracking::unknown)
    return fulfilment::Track{*says};
  return {};
}

/// Nothing: it is none of what we listen to.
Result<std::optional<News>> told_by(const http::Request& request, Timestamp now) {
  auto body = json_body(request);
  if (!body)
    return body.error();
  JsonReader reader(*body);
  auto root = reader.root();
  auto type = root.text("type", type_bytes);
  auto command = meant_by(type);
  if (!type.empty() && !command)
    return std::optional<News>{};
  News told{root.text("reference", reference_bytes), root.text("tracking", tracking_bytes), occurred_at_in(root, now), command.value_or(fulfilment::Command{})};
  if (auto wrong = reader.faults())
    return *wrong;
  return std::optional(std::move(told));
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

/// Whether what is told is so already, or is overtaken by what is known.
bool is_known(const fulfilment::State& state, const fulfilment::Command& command) {
  if (const auto* track = std::get_if<fulfilment::Track>(&command))
    return state.carrier_says == track->says || state.status == Status::delivered || state.status == Status::returned_to_origin;
  return std::holds_alternative<fulfilment::Deliver>(command) ? state.status == Status::delivered : is_lost(state);
}

/// What to tell the fulfilment. A parcel that moves has been handed to the carrier, whoever has forgotten to say so; one that was given up as lost and arrives after all is on record, for a person.
fulfilment::Command command_for(const fulfilment::State& state, const fulfilment::Command& told) {
  const auto* track = std::get_if<fulfilment::Track>(&told);
  if (state.status == Status::packed && track && (track->says == Tracking::in_transit || track->says == Tracking::out_for_delivery))
    return fulfilment::Ship{};
  if (is_lost(state) && std::holds_alternative<fulfilment::Deliver>(told))
    return fulfilment::Track{Tracking::delivered};
  return told;
}

void tell(const TakingPtr& taking, fulfilment::Command command, bool already) {
  taking->message.ports().act(taking->member, std::move(command), taking->message.command(), taking->message.origin(taking->told.occurred_at), gateway::Until::stored,
                              [taking, already](Outcome<OrderView> outcome) {
                                const auto& message = taking->message;
                                std::visit(Overload{[&](const OrderView& view) { message.accept(already || view.replayed ? EventOutcome::repeated : EventOutcome::taken); },
                                                    [&](const Rejection& why) { message.refuse(why, EventOutcome::failed); }, [&](const gateway::Fault& fault) { message.fail(fault); }},
                                           outcome);
                              });
}

void take(const TakingPtr& taking, const Family& family) {
  const auto& message = taking->message;
  auto found = family.fulfilments.find(child_of(taking->member));
  if (found == family.fulfilments.end())
    return message.refuse(unknown(), EventOutcome::unknown);
  const auto& state = found->second;
  auto tracked = is_tracked_as(state, taking->told.tracking);
  auto none_known = state.tracking.empty() && state.label.tracking.empty();
  if (is_closed(state) && (none_known || tracked.value_or(false))) {
    message.log("the carrier has news of " + to_text("ful_", taking->member) + ", which is " + std::string(name_of(state.status)));
    return message.accept(EventOutcome::closed); // told again it would be no other
  }
  if (!tracked)
    return message.refuse(reject("label-awaited", "The label of this parcel is still being asked for. Tell it again later."), EventOutcome::too_early);
  if (!*tracked)
    return message.refuse(unknown(), EventOutcome::unknown);
  auto command = command_for(state, taking->told.command);
  if (std::holds_alternative<fulfilment::Lose>(command) && state.status == Status::delivered) {
    message.log("the carrier says that " + to_text("ful_", taking->member) + " did not arrive, which was delivered");
    return message.accept(EventOutcome::closed);
  }
  if (!has_left(state) && !std::holds_alternative<fulfilment::Ship>(command)) {
    if (const auto* track = std::get_if<fulfilment::Track>(&command); track && track->says == Tracking::pre_transit)
      return message.accept(EventOutcome::ignored); // it has heard of the label
    return message.refuse(reject("not-shipped-yet", "This parcel has not been handed over yet, as far as is known here. Tell it again later."), EventOutcome::too_early);
  }
  auto already = is_known(state, command);
  if (already && std::holds_alternative<fulfilment::Track>(command))
    return message.accept(EventOutcome::repeated);
  tell(taking, std::move(command), already);
}

void look_up(const TakingPtr& taking) {
  const auto& message = taking->message;
  auto member = fulfilment_from(taking->told.reference);
  if (!member)
    return message.refuse(unknown(), EventOutcome::unknown);
  taking->member = *member;
  message.ports().read_order({family_of(*member)}, [taking](Outcome<OrderView> outcome) {
    std::visit(Overload{[&](const OrderView& view) { take(taking, *view.family); }, [&](const Rejection&) { taking->message.refuse(unknown(), EventOutcome::unknown); },
                        [&](const gateway::Fault& fault) { taking->message.fail(fault); }},
               outcome);
  });
}

void post_event(const Shared& inside, const http::Request& request, const http::Responder& responder) {
  PartnerMessage message(inside, carrier, request, responder);
  if (!message.is_admitted(request))
    return;
  auto told = told_by(request, message.now());
  if (!told)
    return message.refuse(told.error(), EventOutcome::malformed);
  if (!*told)
    return message.accept(EventOutcome::ignored);
  look_up(std::make_shared<Taking>(Taking{std::move(message), **std::move(told), {}}));
}

} // namespace

void add_carrier_events(Desk& desk) {
  desk.add_open(http::Method::post, "/v1/carrier-events", [inside = desk.inside()](http::Request& request, const http::Responder& responder) { post_event(inside, request, responder); });
}

} // namespace entrepot::api
