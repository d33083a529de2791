#include "domain/fulfilment/pickup.hpp"

#include <algorithm>

#include "domain/words.hpp"

namespace entrepot::pickup {
namespace {

constexpr Words<Status, 14> statuses{{"none", "awaiting_transfer", "offered", "accepted", "picking", "picked", "staged", "arrived", "paying", "handed_over", "rejected", "cancelled", "no_show",
                                      "refused_by_customer"}};
constexpr Words<Verb, 30> verbs{{"offer", "accept", "reject", "lapse", "start_pick", "pick", "stage", "arrive", "hand_over", "begin_hand_over", "finish_hand_over", "break_off_hand_over",
                                 "count_wrong_code", "resend_code", "extend", "remind", "give_up_waiting", "refuse", "unaccept", "unpick", "unstage", "stop", "put_back", "escalate", "hand_over_part",
                                 "finish_part", "await", "miss", "take_in", "cut_units"}};

bool same_work(const State& pickup, const Command& command) {
  const auto& offer = std::get<Offer>(command);
  return pickup.location == offer.location && pickup.lines == offer.lines && pickup.due == offer.due;
}
bool same_wait(const State& pickup, const Command& command) {
  const auto& wanted = std::get<Await>(command);
  return pickup.from_elsewhere && pickup.location == wanted.location && pickup.lines == wanted.lines;
}
bool is_possible_loss(const State& pickup, const Command& command) { return is_possible(pickup, std::get<Miss>(command).found); }
bool is_possible_find(const State& pickup, const Command& command) { return is_possible(pickup, std::get<Pick>(command).found); }
bool same_find(const State& pickup, const Command& command) {
  auto again = static_cast<Work>(pickup);
  forget_finds(again);
  drop_missing(again, std::get<Pick>(command).found);
  return again.dropped == pickup.dropped;
}
bool names_bin(const State&, const Command& command) { return !std::get<Stage>(command).bin.empty(); }
bool same_bin(const State& pickup, const Command& command) { return pickup.bin == std::get<Stage>(command).bin; }
bool untouched(const State& pickup, const Command&) { return !pickup.from_elsewhere && is_whole(pickup) && std::ranges::none_of(pickup.handed, [](Quantity units) { return static_cast<bool>(units); }); }

bool proves(const State& pickup, const Proof& proof, const Codes& codes) {
  if (proof.id_checked)
    return true;
  const auto& right = codes[static_cast<std::size_t>(pickup.issue - 1)];
  return !is_locked(pickup) && !right.empty() && proof.code == right;
}
template <class Named>
bool is_entitled(const State& pickup, const Command& command) {
  const auto& asked = std::get<Named>(command);
  return proves(pickup, asked.proof, asked.codes);
}
bool nothing_stays(const State& pickup, const Command&) { return !pickup.rest_stays; }
bool something_stays(const State& pickup, const Command&) { return pickup.rest_stays; }
bool may_send_again(const State& pickup, const Command&) { return pickup.issue < static_cast<std::int32_t>(max_code_issues); }
bool not_yet_extended(const State& pickup, const Command&) { return !pickup.extended; }
bool is_next_reminder(const State& pickup, const Command& command) { return std::get<Remind>(command).number == pickup.reminded + 1; }
bool lies_outside(const State& pickup, const Command&) { return pickup.put_back; }
bool is_real_cut(const State& pickup, const Command& command) { return is_possible_cut(pickup, std::get<CutUnits>(command).left); }
bool is_worse(const State& pickup, const Command& command) { return std::get<Escalate>(command).percent > pickup.escalated; }

using enum Status;
using enum Verb;
using machine::any_other;
using Guard = machine::Guard<State, Command>;
constexpr Guard possible{"no more units were found than were looked for, and at least one", is_possible_find};
constexpr Guard whole{"nothing was missing, nothing handed over", untouched};
constexpr Guard some_come{"no more come than are awaited, and at least one", is_possible_loss};
constexpr Guard bin_named{"the bin has a name", names_bin};
constexpr Guard entitled{"the code is right or the identity is checked", is_entitled<HandOver>};
constexpr Guard entitled_to_part{"the code is right or the identity is checked", is_entitled<HandOverPart>};
constexpr Guard entitled_to_pay{"the code is right or the identity is checked", is_entitled<BeginHandOver>};
constexpr Guard last{"nothing stays there", nothing_stays};
constexpr Guard in_part{"the rest stays there", something_stays};
constexpr Guard outside{"units lie outside their place", lies_outside};
constexpr Guard can_be_cut{"fewer units are there than are looked for, and at least one", is_real_cut};
constexpr Guard worse{"it is later than last time", is_worse};
constexpr std::array table{
    Transition::goes(none, offer, offered),
    Transition::already(any_other, offer, {"the work is the same", same_work}, "pickup-already-planned"),
    Transition::goes(none, await, awaiting_transfer),
    Transition::already(any_other, await, {"the goods are the same", same_wait}, "pickup-already-planned"),
    Transition::goes(awaiting_transfer, miss, awaiting_transfer, some_come, "quantity-invalid"),
    Transition::refused(any_other, miss, "pickup-not-awaiting"),
    Transition::goes(awaiting_transfer, take_in, picked),
    Transition::refused(any_other, take_in, "pickup-not-awaiting"),
    Transition::goes(awaiting_transfer, Verb::reject, rejected),
    Transition::goes(offered, accept, accepted),
    Transition::already(accepted, accept),
    Transition::refused(any_other, accept, "pickup-not-offered"),
    Transition::goes(offered, Verb::reject, rejected),
    Transition::goes(accepted, Verb::reject, rejected),
    Transition::goes(picking, Verb::reject, rejected),
    Transition::already(rejected, Verb::reject),
    Transition::refused(any_other, Verb::reject, "pickup-not-open"),
    Transition::goes(offered, lapse, rejected),
    Transition::already(any_other, lapse), // it was answered in the meantime

    Transition::goes(accepted, start_pick, picking),
    Transition::already(picking, start_pick),
    Transition::refused(any_other, start_pick, "pickup-not-accepted"),
    Transition::goes(accepted, pick, picked, possible, "quantity-invalid"),
    Transition::goes(picking, pick, picked, possible, "quantity-invalid"),
    Transition::already(picked, pick, {"the same was found", same_find}, "pickup-already-picked"),
    Transition::refused(any_other, pick, "pickup-not-accepted"),
    Transition::goes(picked, stage, staged, bin_named, "bin-missing"),
    Transition::already(staged, stage, {"the bin is the same", same_bin}, "pickup-already-staged"),
    Transition::refused(any_other, stage, "pickup-not-picked"),

    Transition::goes(staged, arrive, arrived),
    Transition::already(arrived, arrive),
    Transition::refused(any_other, arrive, "pickup-not-staged"),
    Transition::goes(staged, hand_over, handed_over, entitled, "code-wrong"),
    Transition::goes(arrived, hand_over, handed_over, entitled, "code-wrong"),
    Transition::refused(handed_over, hand_over, "already-handed-over"),
    Transition::refused(paying, hand_over, "payment-under-way"),
    Transition::refused(any_other, hand_over, "pickup-not-staged"),
    Transition::goes(staged, begin_hand_over, paying, entitled_to_pay, "code-wrong"),
    Transition::goes(arrived, begin_hand_over, paying, entitled_to_pay, "code-wrong"),
    Transition::refused(handed_over, begin_hand_over, "already-handed-over"),
    Transition::refused(paying, begin_hand_over, "payment-under-way"),
    Transition::refused(any_other, begin_hand_over, "pickup-not-staged"),
    Transition::goes(staged, hand_over_part, staged, entitled_to_part, "code-wrong"),
    Transition::goes(arrived, hand_over_part, staged, entitled_to_part, "code-wrong"),
    Transition::refused(handed_over, hand_over_part, "already-handed-over"),
    Transition::refused(paying, hand_over_part, "payment-under-way"),
    Transition::refused(any_other, hand_over_part, "pickup-not-staged"),
    Transition::goes(paying, finish_part, staged, in_part, "nothing-stays"),
    Transition::refused(any_other, finish_part, "pickup-not-staged"),
    Transition::goes(paying, finish_hand_over, handed_over, last, "something-stays"),
    Transition::already(handed_over, finish_hand_over),
    Transition::refused(any_other, finish_hand_over, "pickup-not-staged"),
    Transition::goes(paying, break_off_hand_over, staged),
    Transition::already(any_other, break_off_hand_over),
    Transition::goes(staged, count_wrong_code, staged),
    Transition::goes(arrived, count_wrong_code, arrived),
    Transition::already(any_other, count_wrong_code),
    Transition::goes(staged, resend_code, staged, {"codes are left", may_send_again}, "codes-exhausted"),
    Transition::goes(arrived, resend_code, arrived, {"codes are left", may_send_again}, "codes-exhausted"),
    Transition::refused(any_other, resend_code, "pickup-not-staged"),

    Transition::goes(staged, extend, staged, {"it was not extended before", not_yet_extended}, "already-extended"),
    Transition::refused(any_other, extend, "pickup-not-staged"),
    Transition::goes(staged, remind, staged, {"it is the next reminder", is_next_reminder}, "already-reminded"),
    Transition::already(any_other, remind),
    Transition::goes(staged, give_up_waiting, no_show),
    Transition::goes(arrived, give_up_waiting, no_show),
    Transition::already(any_other, give_up_waiting),
    Transition::goes(staged, refuse, refused_by_customer),
    Transition::goes(arrived, refuse, refused_by_customer),
    Transition::already(refused_by_customer, refuse),
    Transition::refused(paying, refuse, "payment-under-way"),
    Transition::refused(any_other, refuse, "pickup-not-staged"),

    Transition::goes(accepted, unaccept, offered),
    Transition::already(offered, unaccept),
    Transition::refused(any_other, unaccept, "pickup-not-accepted"),
    Transition::goes(picking, unpick, accepted),
    Transition::goes(picked, unpick, accepted, whole, "short-pick-settled"),
    Transition::already(accepted, unpick),
    Transition::refused(any_other, unpick, "pickup-not-picked"),
    Transition::goes(staged, unstage, picked),
    Transition::already(picked, unstage),
    Transition::refused(any_other, unstage, "pickup-not-staged"),

    Transition::goes(awaiting_transfer, stop, cancelled),
    Transition::goes(offered, stop, cancelled),
    Transition::goes(accepted, stop, cancelled),
    Transition::goes(picking, stop, cancelled),
    Transition::goes(picked, stop, cancelled),
    Transition::goes(staged, stop, cancelled),
    Transition::goes(arrived, stop, cancelled),
    Transition::refused(paying, stop, "payment-under-way"),
    Transition::refused(handed_over, stop, "units-issued"),
    Transition::refused(none, stop, "pickup-unknown"),
    Transition::already(any_other, stop),
    Transition::goes(cancelled, put_back, cancelled, outside, "nothing-to-put-back"),
    Transition::goes(handed_over, put_back, handed_over, outside, "nothing-to-put-back"),
    Transition::goes(rejected, put_back, rejected, outside, "nothing-to-put-back"),
    Transition::goes(no_show, put_back, no_show, outside, "nothing-to-put-back"),
    Transition::goes(refused_by_customer, put_back, refused_by_customer, outside, "nothing-to-put-back"),
    Transition::refused(any_other, put_back, "nothing-to-put-back"),

    Transition::goes(offered, escalate, offered, worse, "already-escalated"),
    Transition::goes(accepted, escalate, accepted, worse, "already-escalated"),
    Transition::goes(picking, escalate, picking, worse, "already-escalated"),
    Transition::goes(picked, escalate, picked, worse, "already-escalated"),
    Transition::goes(arrived, escalate, arrived, worse, "already-escalated"),
    Transition::already(any_other, escalate),

    Transition::goes(offered, Verb::cut_units, offered, can_be_cut, "quantity-invalid"),
    Transition::goes(accepted, Verb::cut_units, accepted, can_be_cut, "quantity-invalid"),
    Transition::goes(picking, Verb::cut_units, picking, can_be_cut, "quantity-invalid"),
    Transition::already(any_other, Verb::cut_units), // somebody has them in hand
};
static_assert(std::variant_size_v<Command> == verbs.words.size());
static_assert(machine::answers_everything(std::span<const Transition>{table}, statuses.words.size()));

/// Nothing named: all that lies there. Said in words where that is not the whole bag: who reads the event alone knows what left.
std::vector<Taken> all_lying(const State& pickup) {
  std::vector<Taken> taken;
  for (std::size_t i = 0; i < pickup.lines.size(); ++i)
    if (auto units = lying(pickup, i))
      taken.push_back({pickup.lines[i].line, units});
  return taken;
}
HandedOver handed_over_now(const State& pickup, bool id_checked, const std::vector<Taken>& taken) {
  auto was_whole = std::ranges::none_of(pickup.handed, [](Quantity units) { return static_cast<bool>(units); });
  if (taken.empty() || takes_everything(pickup, taken))
    return {id_checked, was_whole ? std::vector<Taken>{} : all_lying(pickup)};
  return {id_checked, taken};
}

/// Whether `taken` names lines of this work, each once, with units that lie there.
bool lie_there(const State& pickup, const std::vector<Taken>& taken) {
  return std::ranges::all_of(taken, [&](const Taken& units) {
    auto line = std::ranges::find(pickup.lines, units.line, &Line::line);
    return line != pickup.lines.end() && units.units && units.units <= lying(pickup, static_cast<std::size_t>(line - pickup.lines.begin())) &&
           std::ranges::count(taken, units.line, &Taken::line) == 1;
  });
}
std::optional<Rejection> wrong_units(const State& pickup, const std::vector<Taken>& taken, bool rest_stays) {
  if (!lie_there(pickup, taken))
    return entrepot::reject("quantity-invalid", "no more is handed over than lies there for the customer");
  if (rest_stays && (taken.empty() || takes_everything(pickup, taken)))
    return entrepot::reject("quantity-invalid", "nothing would stay there");
  return {};
}
std::optional<Rejection> wrong_units(const State& pickup, const Command& command) {
  return std::visit(Overload{[&](const HandOver& c) { return wrong_units(pickup, c.taken, false); }, [&](const HandOverPart& c) { return wrong_units(pickup, c.taken, true); },
                             [&](const BeginHandOver& c) { return wrong_units(pickup, c.taken, c.rest_stays); }, [](const auto&) { return std::optional<Rejection>(); }},
                    command);
}

Event caused_by(const State& pickup, const Command& command) {
  return std::visit(Overload{[](const Offer& c) -> Event { return Offered{c.location, c.lines, c.due, c.offer_until}; },
                             [](const Accept&) -> Event { return Accepted{}; },
                             [](const Reject& c) -> Event { return Rejected{c.reason}; },
                             [](const Lapse&) -> Event { return Rejected{Reason::no_answer}; },
                             [](const StartPick&) -> Event { return PickStarted{}; },
                             [](const Pick& c) -> Event { return Picked{c.found}; },
                             [](const Stage& c) -> Event { return Staged{c.bin, c.collect_until}; },
                             [](const Arrive& c) -> Event {
                               return Arrived{c.bay, c.car};
                             },
                             [&](const HandOver& c) -> Event { return handed_over_now(pickup, c.proof.id_checked, c.taken); },
                             [](const BeginHandOver& c) -> Event {
                               return HandOverBegun{c.proof.id_checked, c.taken, c.rest_stays};
                             },
                             [&](const FinishHandOver&) -> Event { return handed_over_now(pickup, pickup.id_checked, pickup.leaving); },
                             [](const HandOverPart& c) -> Event {
                               return PartHandedOver{c.proof.id_checked, c.taken};
                             },
                             [&](const FinishPart&) -> Event {
                               return PartHandedOver{pickup.id_checked, pickup.leaving};
                             },
                             [](const BreakOffHandOver&) -> Event { return HandOverBrokenOff{}; },
                             [](const CountWrongCode&) -> Event { return WrongCodeGiven{}; },
                             [&](const ResendCode&) -> Event { return CodeSentAgain{pickup.issue + 1}; },
                             [](const Extend& c) -> Event { return CollectionExtended{c.collect_until}; },
                             [](const Remind& c) -> Event { return CustomerReminded{c.number}; },
                             [](const GiveUpWaiting&) -> Event { return NotCollected{}; },
                             [](const Refuse&) -> Event { return RefusedByCustomer{}; },
                             [](const Unaccept&) -> Event { return Unaccepted{}; },
                             [](const Unpick&) -> Event { return Unpicked{}; },
                             [](const Unstage&) -> Event { return Unstaged{}; },
                             [](const Stop&) -> Event { return Cancelled{}; },
                             [](const PutBack&) -> Event { return UnitsPutBack{}; },
                             [](const Escalate& c) -> Event { return Escalated{c.percent}; },
                             [](const Await& c) -> Event {
                               return TransferAwaited{c.location, c.lines, c.due};
                             },
                             [](const Miss& c) -> Event {
                               return UnitsMissing{c.found, c.reason};
                             },
                             [](const TakeIn&) -> Event { return GoodsTakenIn{}; }, [](const CutUnits& c) -> Event { return UnitsCut{c.left}; }},
                    command);
}

void begin(State& pickup, const Offered& event) {
  pickup = State{};
  static_cast<Work&>(pickup) = fulfilment::planned(event.location, event.lines, event.due, event.offer_until);
  pickup.status = offered;
}

void begin(State& pickup, const TransferAwaited& event) {
  pickup = State{};
  static_cast<Work&>(pickup) = fulfilment::planned(event.location, event.lines, event.due, {});
  pickup.from_elsewhere = true;
  pickup.status = awaiting_transfer;
}

/// What lies there for the customer does not go on; what the customer has, has gone.
void drop_what_lies_there(State& pickup, Reason why) {
  for (std::size_t i = 0; i < pickup.lines.size(); ++i)
    pickup.dropped[i] = pickup.lines[i].quantity - handed(pickup, i);
  pickup.why_dropped = why;
}

void hand(State& pickup, const std::vector<Taken>& taken) {
  pickup.handed.resize(pickup.lines.size());
  for (const auto& units : taken)
    for (std::size_t i = 0; i < pickup.lines.size(); ++i)
      if (pickup.lines[i].line == units.line)
        pickup.handed[i] += units.units;
  pickup.leaving.clear();
  pickup.rest_stays = false;
}

void handed_over_as(State& pickup, const HandedOver& event) {
  hand(pickup, event.taken.empty() ? all_lying(pickup) : event.taken);
  if (!all_lying(pickup).empty()) {
    drop_what_lies_there(pickup, Reason::customer_choice);
    pickup.put_back = pickup.rest_refused = true;
  }
  pickup.id_checked = event.id_checked;
  pickup.status = handed_over;
}

void leave(State& pickup, Status status, Reason why) {
  pickup.put_back = pickup.status == picking || pickup.status == picked || pickup.status == staged || pickup.status == arrived;
  drop_what_lies_there(pickup, why);
  pickup.status = status;
}

/// The clock of collection begins with the first staging: un-staging and staging again does not buy time.
void staged_in(State& pickup, const Staged& event, Timestamp at) {
  pickup.bin = event.bin;
  if (!pickup.was_staged) {
    pickup.staged_at = at;
    pickup.collect_until = event.collect_until;
  }
  pickup.was_staged = true;
  pickup.status = staged;
}

} // namespace

std::string_view name_of(Status status) { return statuses.of(status); }
std::optional<Status> pickup_status_from(std::string_view name) { return statuses.from(name); }
std::string_view name_of(Verb verb) { return verbs.of(verb); }
std::span<const Transition> transitions() { return table; }

Quantity handed(const State& pickup, std::size_t index) { return index < pickup.handed.size() ? pickup.handed[index] : Quantity{}; }
Quantity lying(const State& pickup, std::size_t index) { return going(pickup, index) - handed(pickup, index); }

bool takes_everything(const State& pickup, const std::vector<Taken>& taken) {
  for (std::size_t i = 0; i < pickup.lines.size(); ++i) {
    auto named = std::ranges::find(taken, pickup.lines[i].line, &Taken::line);
    if ((named == taken.end() ? Quantity{} : named->units) < lying(pickup, i))
      return false;
  }
  return true;
}

std::vector<Taken> leaving_now(const State& pickup) {
  if (pickup.status != paying)
    return {};
  return pickup.leaving.empty() ? all_lying(pickup) : pickup.leaving;
}

Decision<Event> decide(const State& pickup, const Command& command, Timestamp now) {
  auto answer = machine::judge(transitions(), "the pickup", pickup.status, pickup, command);
  if (!answer) {
    if (answer.error().code == "code-wrong" && is_locked(pickup))
      return entrepot::reject("code-locked", "too many wrong codes were given: check the customer's identity");
    return answer.error();
  }
  if (*answer == machine::Answer::already)
    return std::vector<Event>{};
  if (const auto* offer = std::get_if<Offer>(&command))
    fulfilment::check_lines(offer->lines);
  if (const auto* wait = std::get_if<Await>(&command))
    fulfilment::check_lines(wait->lines);
  auto answers = std::holds_alternative<Accept>(command) || std::holds_alternative<Unaccept>(command); // taken back later than that it would lapse at once
  if (answers && pickup.offer_until && now > *pickup.offer_until)
    return entrepot::reject("offer-expired", "the offer was open until " + to_rfc3339(*pickup.offer_until));
  if (auto wrong = wrong_units(pickup, command))
    return *wrong;
  return std::vector<Event>{caused_by(pickup, command)};
}

void evolve(State& pickup, const Event& event, Timestamp at) {
  std::visit(Overload{[&](const Offered& e) { begin(pickup, e); },
                      [&](const Accepted&) {
                        pickup.escalated = 0; // another clock begins
                        pickup.status = accepted;
                      },
                      [&](const Rejected& e) { leave(pickup, rejected, e.reason); },
                      [&](const PickStarted&) { pickup.status = picking; },
                      [&](const Picked& e) {
                        drop_missing(pickup, e.found);
                        pickup.status = picked;
                      },
                      [&](const Staged& e) { staged_in(pickup, e, at); },
                      [&](const Arrived& e) {
                        pickup.bay = e.bay;
                        pickup.car = e.car;
                        pickup.arrived_at = at;
                        pickup.escalated = 0; // another clock begins
                        pickup.status = arrived;
                      },
                      [&](const HandOverBegun& e) {
                        pickup.id_checked = e.id_checked;
                        pickup.leaving = e.taken;
                        pickup.rest_stays = e.rest_stays;
                        pickup.status = paying;
                      },
                      [&](const HandOverBrokenOff&) {
                        pickup.leaving.clear();
                        pickup.rest_stays = false;
                        pickup.status = staged;
                      },
                      [&](const HandedOver& e) { handed_over_as(pickup, e); },
                      [&](const WrongCodeGiven&) { ++pickup.wrong_codes; },
                      [&](const CodeSentAgain& e) {
                        pickup.issue = e.issue;
                        pickup.wrong_codes = 0;
                      },
                      [&](const CollectionExtended& e) {
                        pickup.collect_until = e.collect_until;
                        pickup.extended = true;
                      },
                      [&](const CustomerReminded& e) { pickup.reminded = e.number; },
                      [&](const NotCollected&) { leave(pickup, no_show, Reason::not_collected); },
                      [&](const RefusedByCustomer&) { leave(pickup, refused_by_customer, Reason::customer_choice); },
                      [&](const Unaccepted&) { pickup.status = offered; },
                      [&](const Unpicked&) { pickup.status = accepted; },
                      [&](const Unstaged&) { pickup.status = picked; },
                      [&](const Cancelled&) { leave(pickup, cancelled, Reason::cancelled); },
                      [&](const UnitsPutBack&) { pickup.put_back = false; },
                      [&](const Escalated& e) { pickup.escalated = e.percent; },
                      [&](const PartHandedOver& e) {
                        hand(pickup, e.taken);
                        pickup.id_checked = e.id_checked;
                        pickup.status = staged;
                      },
                      [&](const TransferAwaited& e) { begin(pickup, e); },
                      [&](const UnitsMissing& e) { drop_missing(pickup, e.found, e.reason); },
                      [&](const GoodsTakenIn&) { pickup.status = picked; }, [&](const UnitsCut& e) { fulfilment::cut_units(pickup, e.left); }},
             event);
}

} // namespace entrepot::pickup
