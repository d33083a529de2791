#include "domain/fulfilment/fulfilment.hpp"

#include <algorithm>
#include <array>

#include "domain/words.hpp"

namespace entrepot::fulfilment {
namespace {

constexpr Words<Status, 12> statuses{{"none", "offered", "accepted", "picking", "picked", "packed", "shipped", "delivered", "rejected", "cancelled", "failed", "returned_to_origin"}};
constexpr Words<Tracking, 9> trackings{{"unknown", "pre_transit", "in_transit", "out_for_delivery", "available_for_pickup", "delivered", "exception", "return_to_sender", "lost"}};
constexpr Words<Loss, 2> losses{{"lost", "damaged"}};
constexpr Words<Verb, 26> verbs{{"plan", "offer", "accept", "reject", "lapse", "start_pick", "pick", "pack", "ship", "deliver", "unaccept", "unpick", "unpack", "stop",
                                 "confirm_stop", "refuse_stop", "put_back", "escalate", "ask_label", "record_label", "record_label_failed", "track", "lose", "return_to_origin", "record_restocked", "cut_units"}};

template <class Named>
bool same_work(const State& fulfilment, const Command& command) {
  const auto& plan = std::get<Named>(command);
  return fulfilment.location == plan.location && fulfilment.lines == plan.lines && fulfilment.due == plan.due;
}
bool is_possible_find(const State& fulfilment, const Command& command) { return is_possible(fulfilment, std::get<Pick>(command).found); }
bool same_find(const State& fulfilment, const Command& command) {
  auto again = static_cast<Work>(fulfilment);
  forget_finds(again);
  drop_missing(again, std::get<Pick>(command).found);
  return again.dropped == fulfilment.dropped;
}
bool has_parcels(const State&, const Command& command) {
  const auto& parcels = std::get<Pack>(command).parcels;
  return !parcels.empty() && parcels.size() <= max_parcels && std::ranges::all_of(parcels, [](const Parcel& parcel) { return parcel.weight_grams >= 0; });
}
bool same_parcels(const State& fulfilment, const Command& command) { return fulfilment.parcels == std::get<Pack>(command).parcels; }
bool was_offered(const State& fulfilment, const Command&) { return fulfilment.offer_until.has_value(); }
bool found_all(const State& fulfilment, const Command&) { return is_whole(fulfilment); }
bool stop_is_asked(const State& fulfilment, const Command&) { return fulfilment.stop_until && !fulfilment.stop_refused; }
bool stop_is_not_refused(const State& fulfilment, const Command&) { return !fulfilment.stop_refused; }
bool lies_outside(const State& fulfilment, const Command&) { return fulfilment.put_back; }
bool has_no_label(const State& fulfilment, const Command&) { return fulfilment.label.key.empty() || !fulfilment.label.code.empty(); }
bool awaits_this_label(const State& fulfilment, const Command& command) {
  const auto* made = std::get_if<RecordLabel>(&command);
  return is_awaited(fulfilment.label) && fulfilment.label.key == (made ? made->key : std::get<RecordLabelFailed>(command).key);
}
bool is_news(const State& fulfilment, const Command& command) { return std::get<Track>(command).says != fulfilment.carrier_says; }
/// Lines of this work, each once, with no more units than were sent.
bool were_sent(const State& fulfilment, const Command& command) {
  const auto& whole = std::get<ReturnToOrigin>(command).whole;
  return std::ranges::all_of(whole, [&](const Found& found) {
    auto line = std::ranges::find(fulfilment.lines, found.line, &Line::line);
    return line != fulfilment.lines.end() && found.units <= going(fulfilment, static_cast<std::size_t>(line - fulfilment.lines.begin())) &&
           std::ranges::count(whole, found.line, &Found::line) == 1;
  });
}
bool awaits_restocking(const State& fulfilment, const Command&) { return !fulfilment.restocked; }
bool is_real_cut(const State& fulfilment, const Command& command) { return is_possible_cut(fulfilment, std::get<CutUnits>(command).left); }
bool is_worse(const State& fulfilment, const Command& command) { return std::get<Escalate>(command).percent > fulfilment.escalated; }

using enum Status;
using enum Verb;
using machine::any_other;
using Guard = machine::Guard<State, Command>;
constexpr Guard possible{"no more units were found than were looked for, and at least one", is_possible_find};
constexpr Guard whole{"nothing was missing", found_all};
constexpr Guard parcels_named{"it says what each parcel weighs", has_parcels};
constexpr Guard stop_asked{"the order is being cancelled", stop_is_asked};
constexpr Guard can_be_cut{"fewer units are there than are looked for, and at least one", is_real_cut};
constexpr Guard label_awaited{"this label is awaited", awaits_this_label};
constexpr Guard news{"it is news", is_news};
constexpr Guard sent{"no more units came back than were sent", were_sent};
constexpr std::array table{
    Transition::goes(none, plan, accepted),
    Transition::already(any_other, plan, {"the work is the same", same_work<Plan>}, "fulfilment-already-planned"),
    Transition::goes(none, offer, offered),
    Transition::already(any_other, offer, {"the work is the same", same_work<Offer>}, "fulfilment-already-planned"),

    Transition::goes(offered, accept, accepted),
    Transition::already(accepted, accept),
    Transition::refused(any_other, accept, "fulfilment-not-offered"),
    Transition::goes(offered, Verb::reject, rejected),
    Transition::goes(accepted, Verb::reject, rejected),
    Transition::goes(picking, Verb::reject, rejected),
    Transition::already(rejected, Verb::reject),
    Transition::refused(any_other, Verb::reject, "fulfilment-not-open"),
    Transition::goes(offered, lapse, rejected),
    Transition::already(any_other, lapse), // it was answered in the meantime

    Transition::goes(accepted, start_pick, picking),
    Transition::already(picking, start_pick),
    Transition::refused(any_other, start_pick, "fulfilment-not-accepted"),
    Transition::goes(accepted, pick, picked, possible, "quantity-invalid"),
    Transition::goes(picking, pick, picked, possible, "quantity-invalid"),
    Transition::already(picked, pick, {"the same was found", same_find}, "fulfilment-already-picked"),
    Transition::refused(any_other, pick, "fulfilment-not-accepted"),
    Transition::goes(picked, pack, packed, parcels_named, "parcels-invalid"),
    Transition::already(packed, pack, {"the parcels are the same", same_parcels}, "fulfilment-already-packed"),
    Transition::refused(any_other, pack, "fulfilment-not-picked"),
    Transition::goes(packed, ship, shipped),
    Transition::already(shipped, ship),
    Transition::already(delivered, ship),
    Transition::already(failed, ship),
    Transition::already(returned_to_origin, ship),
    Transition::refused(cancelled, ship, "fulfilment-cancelled"),
    Transition::refused(any_other, ship, "fulfilment-not-packed"),
    Transition::goes(shipped, deliver, delivered),
    Transition::already(delivered, deliver),
    Transition::refused(any_other, deliver, "fulfilment-not-shipped"),

    Transition::goes(accepted, unaccept, offered, {"the place was asked", was_offered}, "fulfilment-not-offered"),
    Transition::already(offered, unaccept),
    Transition::refused(any_other, unaccept, "fulfilment-not-accepted"),
    Transition::goes(picking, unpick, accepted),
    Transition::goes(picked, unpick, accepted, whole, "short-pick-settled"),
    Transition::already(accepted, unpick),
    Transition::refused(any_other, unpick, "fulfilment-not-picked"),
    Transition::goes(packed, unpack, picked),
    Transition::already(picked, unpack),
    Transition::refused(any_other, unpack, "fulfilment-not-packed"),

    Transition::goes(offered, stop, cancelled),
    Transition::goes(accepted, stop, cancelled),
    Transition::goes(picking, stop, cancelled),
    Transition::goes(picked, stop, cancelled),
    Transition::goes(packed, stop, packed, {"staff have not refused it", stop_is_not_refused}, "stop-refused"), // the parcel may be in the carrier's cage: staff look
    Transition::already(cancelled, stop),
    Transition::already(rejected, stop),
    Transition::refused(none, stop, "fulfilment-unknown"),
    Transition::refused(any_other, stop, "units-issued"),
    Transition::goes(packed, confirm_stop, cancelled, stop_asked, "stop-not-asked"),
    Transition::already(cancelled, confirm_stop),
    Transition::refused(any_other, confirm_stop, "stop-not-asked"),
    Transition::goes(packed, refuse_stop, packed, stop_asked, "stop-not-asked"),
    Transition::refused(any_other, refuse_stop, "stop-not-asked"),
    Transition::goes(cancelled, put_back, cancelled, {"units lie outside their place", lies_outside}, "nothing-to-put-back"),
    Transition::goes(rejected, put_back, rejected, {"units lie outside their place", lies_outside}, "nothing-to-put-back"),
    Transition::refused(any_other, put_back, "nothing-to-put-back"),

    Transition::goes(offered, escalate, offered, {"it is later than last time", is_worse}, "already-escalated"),
    Transition::goes(accepted, escalate, accepted, {"it is later than last time", is_worse}, "already-escalated"),
    Transition::goes(picking, escalate, picking, {"it is later than last time", is_worse}, "already-escalated"),
    Transition::goes(picked, escalate, picked, {"it is later than last time", is_worse}, "already-escalated"),
    Transition::goes(packed, escalate, packed, {"it is later than last time", is_worse}, "already-escalated"),
    Transition::already(any_other, escalate),

    Transition::goes(packed, ask_label, packed, {"none is there or awaited", has_no_label}, "label-already-asked"),
    Transition::refused(any_other, ask_label, "fulfilment-not-packed"),
    Transition::goes(packed, record_label, packed, label_awaited, "label-not-awaited"),
    Transition::goes(shipped, record_label, shipped, label_awaited, "label-not-awaited"), // staff were faster than the carrier
    Transition::already(any_other, record_label),
    Transition::goes(packed, record_label_failed, packed, label_awaited, "label-not-awaited"),
    Transition::goes(shipped, record_label_failed, shipped, label_awaited, "label-not-awaited"),
    Transition::already(any_other, record_label_failed),

    Transition::goes(shipped, track, shipped, news, "already-tracked"),
    Transition::goes(failed, track, failed, news, "already-tracked"), // what was given up may turn up
    Transition::already(delivered, track),
    Transition::already(returned_to_origin, track),
    Transition::refused(any_other, track, "fulfilment-not-shipped"),
    Transition::goes(shipped, lose, failed),
    Transition::already(failed, lose),
    Transition::already(returned_to_origin, lose),
    Transition::refused(delivered, lose, "already-delivered"),
    Transition::refused(any_other, lose, "fulfilment-not-shipped"),
    Transition::goes(shipped, return_to_origin, returned_to_origin, sent, "quantity-invalid"),
    Transition::goes(failed, return_to_origin, returned_to_origin, sent, "quantity-invalid"),
    Transition::already(returned_to_origin, return_to_origin),
    Transition::refused(delivered, return_to_origin, "already-delivered"), // what the customer has comes back as a return
    Transition::refused(any_other, return_to_origin, "fulfilment-not-shipped"),
    Transition::goes(returned_to_origin, record_restocked, returned_to_origin, {"its units are not in the stock yet", awaits_restocking}, "already-restocked"),
    Transition::refused(any_other, record_restocked, "fulfilment-not-returned"),
    Transition::goes(offered, Verb::cut_units, offered, can_be_cut, "quantity-invalid"),
    Transition::goes(accepted, Verb::cut_units, accepted, can_be_cut, "quantity-invalid"),
    Transition::goes(picking, Verb::cut_units, picking, can_be_cut, "quantity-invalid"),
    Transition::already(any_other, Verb::cut_units), // somebody has them in hand
};
static_assert(std::variant_size_v<Command> == verbs.words.size());
static_assert(machine::answers_everything(std::span<const Transition>{table}, statuses.words.size()));

Event caused_by(const State& fulfilment, const Command& command) {
  return std::visit(Overload{[](const Plan& c) -> Event { return Accepted{c.location, c.lines, c.due}; },
                             [](const Offer& c) -> Event { return Offered{c.location, c.lines, c.due, c.offer_until}; },
                             [](const Accept&) -> Event { return OfferAccepted{}; },
                             [](const Reject& c) -> Event { return Rejected{c.reason}; },
                             [](const Lapse&) -> Event { return Rejected{Reason::no_answer}; },
                             [](const StartPick& c) -> Event { return PickStarted{c.wave}; },
                             [](const Pick& c) -> Event { return Picked{c.found}; },
                             [](const Pack& c) -> Event { return Packed{c.parcels}; },
                             [&](const Ship& c) -> Event { return Shipped{c.tracking.empty() ? fulfilment.label.tracking : c.tracking}; },
                             [](const Deliver&) -> Event { return Delivered{}; },
                             [](const Unaccept&) -> Event { return Unaccepted{}; },
                             [](const Unpick&) -> Event { return Unpicked{}; },
                             [](const Unpack&) -> Event { return Unpacked{}; },
                             [&](const Stop& c) -> Event {
                               if (fulfilment.status == packed)
                                 return StopAsked{c.answer_by};
                               return Cancelled{};
                             },
                             [](const ConfirmStop&) -> Event { return Cancelled{}; },
                             [](const RefuseStop&) -> Event { return StopRefused{}; },
                             [](const PutBack&) -> Event { return UnitsPutBack{}; },
                             [](const Escalate& c) -> Event { return Escalated{c.percent}; },
                             [](const AskLabel& c) -> Event { return LabelAsked{c.key, c.carrier}; },
                             [](const RecordLabel& c) -> Event { return Labelled{c.tracking, c.document}; },
                             [](const RecordLabelFailed& c) -> Event { return LabelFailed{c.code}; },
                             [](const Track& c) -> Event { return Tracked{c.says}; }, [](const Lose& c) -> Event { return Failed{c.why}; },
                             [](const ReturnToOrigin& c) -> Event { return ReturnedToOrigin{c.whole}; },
                             [](const RecordRestocked&) -> Event { return Restocked{}; },
                             [](const CutUnits& c) -> Event { return UnitsCut{c.left}; }},
                    command);
}

void check_work(const Command& command) {
  if (const auto* plan = std::get_if<Plan>(&command))
    check_lines(plan->lines);
  if (const auto* offer = std::get_if<Offer>(&command))
    check_lines(offer->lines);
}

void begin(State& fulfilment, Work work, Status status) {
  fulfilment = State{};
  static_cast<Work&>(fulfilment) = std::move(work);
  fulfilment.status = status;
}

void come_back(State& fulfilment, const ReturnedToOrigin& event) {
  fulfilment.whole.clear();
  for (std::size_t i = 0; i < fulfilment.lines.size(); ++i) {
    auto found = std::ranges::find(event.whole, fulfilment.lines[i].line, &Found::line);
    fulfilment.whole.push_back(found == event.whole.end() ? going(fulfilment, i) : found->units);
  }
  fulfilment.status = returned_to_origin;
}

void leave(State& fulfilment, Status status, Reason why) {
  fulfilment.put_back = fulfilment.status == picking || fulfilment.status == picked || fulfilment.status == packed;
  drop_all(fulfilment, why);
  fulfilment.status = status;
}

} // namespace

std::string_view name_of(Status status) { return statuses.of(status); }
std::optional<Status> status_from(std::string_view name) { return statuses.from(name); }
std::string_view name_of(Verb verb) { return verbs.of(verb); }
std::string_view name_of(Tracking tracking) { return trackings.of(tracking); }
std::optional<Tracking> tracking_from(std::string_view name) { return trackings.from(name); }
std::string_view name_of(Loss loss) { return losses.of(loss); }
std::optional<Loss> loss_from(std::string_view name) { return losses.from(name); }
std::span<const Transition> transitions() { return table; }

Decision<Event> decide(const State& fulfilment, const Command& command, Timestamp now) {
  auto answer = machine::judge(transitions(), "the fulfilment", fulfilment.status, fulfilment, command);
  if (!answer)
    return answer.error();
  if (*answer == machine::Answer::already)
    return std::vector<Event>{};
  check_work(command);
  auto answers = std::holds_alternative<Accept>(command) || std::holds_alternative<Unaccept>(command); // taken back later than that it would lapse at once
  if (answers && fulfilment.offer_until && now > *fulfilment.offer_until)
    return entrepot::reject("offer-expired", "the offer was open until " + to_rfc3339(*fulfilment.offer_until));
  return std::vector<Event>{caused_by(fulfilment, command)};
}

void evolve(State& fulfilment, const Event& event, Timestamp) {
  std::visit(Overload{[&](const Accepted& e) { begin(fulfilment, planned(e.location, e.lines, e.due, {}), accepted); },
                      [&](const Offered& e) { begin(fulfilment, planned(e.location, e.lines, e.due, e.offer_until), offered); },
                      [&](const OfferAccepted&) {
                        fulfilment.escalated = 0; // another clock begins
                        fulfilment.status = accepted;
                      },
                      [&](const Rejected& e) { leave(fulfilment, rejected, e.reason); },
                      [&](const PickStarted& e) {
                        fulfilment.wave = e.wave;
                        fulfilment.status = picking;
                      },
                      [&](const Picked& e) {
                        drop_missing(fulfilment, e.found);
                        fulfilment.status = picked;
                      },
                      [&](const Packed& e) {
                        fulfilment.parcels = e.parcels;
                        fulfilment.status = packed;
                      },
                      [&](const Shipped& e) {
                        fulfilment.tracking = e.tracking;
                        fulfilment.status = shipped;
                      },
                      [&](const Delivered&) { fulfilment.status = delivered; },
                      [&](const Unaccepted&) { fulfilment.status = offered; },
                      [&](const Unpicked&) { fulfilment.status = accepted; },
                      [&](const Unpacked&) {
                        fulfilment.parcels.clear();
                        fulfilment.stop_until.reset(); // it is here, and can be stopped
                        fulfilment.stop_refused = false;
                        fulfilment.label = {.key = {}, .attempts = fulfilment.label.attempts, .tracking = {}, .document = {}, .code = {}}; // of other parcels
                        fulfilment.status = picked;
                      },
                      [&](const StopAsked& e) { fulfilment.stop_until = e.answer_by; },
                      [&](const StopRefused&) { fulfilment.stop_refused = true; },
                      [&](const Cancelled&) { leave(fulfilment, cancelled, Reason::cancelled); },
                      [&](const UnitsPutBack&) { fulfilment.put_back = false; },
                      [&](const Escalated& e) { fulfilment.escalated = e.percent; },
                      [&](const LabelAsked& e) {
                        fulfilment.label.key = e.key;
                        fulfilment.label.carrier = e.carrier;
                        fulfilment.label.code.clear();
                        ++fulfilment.label.attempts;
                      },
                      [&](const Labelled& e) {
                        fulfilment.label.tracking = e.tracking;
                        fulfilment.label.document = e.document;
                        if (fulfilment.status == shipped && fulfilment.tracking.empty())
                          fulfilment.tracking = e.tracking;
                      },
                      [&](const LabelFailed& e) {
                        fulfilment.label.code = e.code;
                        ++fulfilment.label.refused;
                      },
                      [&](const Tracked& e) { fulfilment.carrier_says = e.says; },
                      [&](const Failed& e) {
                        fulfilment.loss = e.why;
                        fulfilment.status = failed;
                      },
                      [&](const ReturnedToOrigin& e) { come_back(fulfilment, e); },
                      [&](const Restocked&) { fulfilment.restocked = true; },
                      [&](const UnitsCut& e) { fulfilment::cut_units(fulfilment, e.left); }},
             event);
}

} // namespace entrepot::fulfilment
