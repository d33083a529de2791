#include "domain/payment/plan.hpp"

#include <algorithm>
#include <array>

#include "domain/words.hpp"

namespace entrepot::payment {
namespace {

constexpr Words<Status, 15> statuses{{"scheduled", "capturing", "unknown", "captured", "declined", "voiding", "voided", "billed", "refunding", "partially_refunded", "refunded",
                                      "refund_failed", "requires_action", "refund_delegated", "awaited"}};
constexpr Words<Verb, 20> verbs{{"capture", "record_captured", "record_declined", "record_unknown", "void", "record_voided", "offer_tender", "bill", "reduce", "refund", "record_refunded",
                                 "record_refund_failed", "credit", "divide", "record_action_required", "record_charge_back",
                                 "collect", "delegate_refund", "record_paid_back", "await_payment"}};

template <class Named>
bool names_newest(const Tender& tender, const Command& command) {
  return std::get<Named>(command).key == tender.key;
}
bool another_attempt(const Tender& tender, const Command&) { return tender.attempts < max_attempts; }
bool is_between(Money amount, Money most) { return amount.currency == most.currency && amount.amount > 0 && !less(most, amount); }
bool is_less(const Tender& tender, const Command& command) {
  const auto& amount = std::get<Reduce>(command).amount;
  return amount.currency == tender.due.currency && amount.amount >= 0 && less(amount, tender.due);
}
bool is_covered(const Tender& tender, const Command& command) { return is_between(std::get<Refund>(command).amount, tender.captured - tender.refunded); }
/// The bank takes back what it paid for the captured attempt, once under one reference.
bool is_new_charge_back(const Tender& tender, const Command& command) {
  const auto& told = std::get<RecordChargeBack>(command);
  return told.key == tender.key && told.reference != tender.charge_back && is_between(told.amount, tender.captured - tender.charged_back);
}
bool is_owed(const Tender& tender, const Command& command) { return is_between(std::get<Credit>(command).amount, tender.due - tender.credited); }
/// A part of it: neither nothing nor all.
bool is_part(const Tender& tender, const Command& command) {
  const auto& amount = std::get<Divide>(command).amount;
  return is_between(amount, tender.due) && amount != tender.due;
}
bool is_by_card(const Tender& tender, const Command&) { return tender.agreed.method == Method::card; }
bool is_awaited_elsewhere(const Tender& tender, const Command& command) {
  return is_taken_elsewhere(tender.agreed.method) && std::get<Collect>(command).amount == tender.due;
}
bool names_same_receipt(const Tender& tender, const Command& command) {
  return is_taken_elsewhere(tender.agreed.method) && std::get<Collect>(command).reference == tender.reference;
}
bool is_held_elsewhere(const Tender& tender, const Command& command) {
  return is_taken_elsewhere(tender.agreed.method) && is_between(std::get<DelegateRefund>(command).amount, tender.captured - tender.refunded - tender.delegated);
}
bool was_delegated(const Tender& tender, const Command& command) { return is_between(std::get<RecordPaidBack>(command).amount, tender.delegated); }
template <class Named>
bool names_newest_refund(const Tender& tender, const Command& command) {
  return std::get<Named>(command).key == tender.refund_key;
}

using enum Status;
using enum Verb;
using machine::any_other;
constexpr machine::Guard<Tender, Command> covered{"no more is given back than was taken", is_covered};
constexpr machine::Guard<Tender, Command> charge_back_is_new{"it is of the captured attempt, and new", is_new_charge_back};
constexpr machine::Guard<Tender, Command> held_elsewhere{"somebody else took it, and no more is given back than was taken", is_held_elsewhere};
constexpr std::array table{
    Transition::goes(scheduled, capture, capturing, {"attempts are left", another_attempt}, "attempts-exhausted"),
    Transition::goes(voided, capture, capturing, {"attempts are left", another_attempt}, "attempts-exhausted"), // the former attempt is dead and took nothing
    Transition::already(capturing, capture, {"it is the same attempt", names_newest<Capture>}, "payment-under-way"),
    Transition::already(requires_action, capture, {"it is the same attempt", names_newest<Capture>}, "payment-under-way"),
    Transition::already(captured, capture),
    Transition::refused(billed, capture, "payment-billed"),
    Transition::refused(declined, capture, "payment-declined"), // another card must be offered first
    Transition::refused(any_other, capture, "payment-under-way"),

    Transition::goes(capturing, record_captured, captured, {"it is the newest attempt", names_newest<RecordCaptured>}, "attempt-unknown"),
    Transition::goes(unknown, record_captured, captured, {"it is the newest attempt", names_newest<RecordCaptured>}, "attempt-unknown"),
    Transition::goes(requires_action, record_captured, captured, {"it is the newest attempt", names_newest<RecordCaptured>}, "attempt-unknown"),
    Transition::already(any_other, record_captured), // a void is under way or done: the provider gives the money back with it

    Transition::goes(capturing, record_declined, declined, {"it is the newest attempt", names_newest<RecordDeclined>}, "attempt-unknown"),
    Transition::goes(unknown, record_declined, declined, {"it is the newest attempt", names_newest<RecordDeclined>}, "attempt-unknown"),
    Transition::goes(requires_action, record_declined, declined, {"it is the newest attempt", names_newest<RecordDeclined>}, "attempt-unknown"),
    Transition::already(any_other, record_declined),

    Transition::goes(capturing, record_unknown, unknown, {"it is the newest attempt", names_newest<RecordUnknown>}, "attempt-unknown"),
    Transition::already(any_other, record_unknown),

    Transition::already(scheduled, void_), // nothing was asked, nothing is taken back
    Transition::goes(capturing, void_, voiding),
    Transition::goes(unknown, void_, voiding),
    Transition::goes(requires_action, void_, voiding),
    Transition::goes(captured, void_, voiding),
    Transition::goes(voided, void_, voiding),   // a success came after all
    Transition::goes(declined, void_, voiding), // the same
    Transition::already(any_other, void_),

    Transition::goes(voiding, record_voided, voided, {"it is the newest attempt", names_newest<RecordVoided>}, "attempt-unknown"),
    Transition::already(voided, record_voided),
    Transition::refused(any_other, record_voided, "payment-not-voiding"),

    Transition::goes(declined, offer_tender, scheduled, {"attempts are left", another_attempt}, "attempts-exhausted"),
    Transition::goes(awaited, offer_tender, scheduled, {"it is paid by card", is_by_card}, "payment-method-unavailable"),
    Transition::refused(any_other, offer_tender, "payment-not-declined"),

    Transition::goes(scheduled, bill, billed),
    Transition::goes(declined, bill, billed), // the goods are with the customer and the card is not good: it is owed
    Transition::goes(voided, bill, billed),
    Transition::already(billed, bill),
    Transition::refused(any_other, bill, "payment-under-way"),
    Transition::goes(scheduled, reduce, scheduled, {"it is less than what is due", is_less}, "amount-not-less"),
    Transition::goes(declined, reduce, declined, {"it is less than what is due", is_less}, "amount-not-less"),
    Transition::goes(voided, reduce, voided, {"it is less than what is due", is_less}, "amount-not-less"),
    Transition::goes(awaited, reduce, awaited, {"it is less than what is due", is_less}, "amount-not-less"),
    Transition::refused(any_other, reduce, "amount-fixed"), // what was asked for stays; what is too much is given back
    Transition::goes(captured, refund, refunding, covered, "refund-exceeds-capture"),
    Transition::goes(partially_refunded, refund, refunding, covered, "refund-exceeds-capture"),
    Transition::goes(refund_failed, refund, refunding, covered, "refund-exceeds-capture"),
    Transition::already(refunding, refund, {"it is the same refund", names_newest_refund<Refund>}, "refund-under-way"),
    Transition::refused(any_other, refund, "nothing-captured"),
    Transition::goes(refunding, record_refunded, refunded, {"it is the newest refund", names_newest_refund<RecordRefunded>}, "refund-unknown"), // partially, if some stays ours
    Transition::already(any_other, record_refunded),
    Transition::goes(refunding, record_refund_failed, refund_failed, {"it is the newest refund", names_newest_refund<RecordRefundFailed>}, "refund-unknown"),
    Transition::already(any_other, record_refund_failed),
    Transition::goes(billed, credit, billed, {"no more is credited than is owed", is_owed}, "credit-exceeds-bill"),
    Transition::refused(any_other, credit, "payment-not-billed"),

    Transition::goes(scheduled, divide, scheduled, {"it is a part of what is due", is_part}, "amount-not-less"),
    Transition::refused(any_other, divide, "amount-fixed"),

    Transition::goes(capturing, record_action_required, requires_action, {"it is the newest attempt", names_newest<RecordActionRequired>}, "attempt-unknown"),
    Transition::goes(unknown, record_action_required, requires_action, {"it is the newest attempt", names_newest<RecordActionRequired>}, "attempt-unknown"),
    Transition::already(any_other, record_action_required),
    Transition::goes(captured, record_charge_back, captured, charge_back_is_new, "charge-back-unknown"), // a fact; what follows is a person's decision
    Transition::goes(refunding, record_charge_back, refunding, charge_back_is_new, "charge-back-unknown"),
    Transition::goes(partially_refunded, record_charge_back, partially_refunded, charge_back_is_new, "charge-back-unknown"),
    Transition::goes(refunded, record_charge_back, refunded, charge_back_is_new, "charge-back-unknown"),
    Transition::goes(refund_failed, record_charge_back, refund_failed, charge_back_is_new, "charge-back-unknown"),
    Transition::refused(any_other, record_charge_back, "charge-back-unknown"),

    Transition::goes(scheduled, collect, captured, {"somebody else takes it, and that is what is due", is_awaited_elsewhere}, "payment-not-awaited"),
    Transition::goes(awaited, collect, captured, {"somebody else takes it, and that is what is due", is_awaited_elsewhere}, "payment-not-awaited"),
    Transition::already(captured, collect, {"it is the same receipt", names_same_receipt}, "payment-not-awaited"),
    Transition::refused(any_other, collect, "payment-not-awaited"),
    Transition::goes(captured, delegate_refund, refund_delegated, held_elsewhere, "refund-exceeds-capture"),
    Transition::goes(partially_refunded, delegate_refund, refund_delegated, held_elsewhere, "refund-exceeds-capture"),
    Transition::goes(refund_delegated, delegate_refund, refund_delegated, held_elsewhere, "refund-exceeds-capture"),
    Transition::refused(any_other, delegate_refund, "nothing-captured"),
    Transition::goes(refund_delegated, record_paid_back, refunded, {"no more is given back than was asked for", was_delegated}, "refund-not-delegated"), // partially, if some stays ours
    Transition::refused(any_other, record_paid_back, "refund-not-delegated"),
    Transition::goes(scheduled, await_payment, awaited),
    Transition::already(awaited, await_payment),
    Transition::refused(any_other, await_payment, "payment-under-way"),
};
static_assert(std::variant_size_v<Command> == verbs.words.size());
static_assert(machine::answers_everything(std::span<const Transition>{table}, statuses.words.size()));

Event caused_by(const State& plan, const Tender& tender, const Command& command) {
  return std::visit(
      Overload{[&](const Capture& c) -> Event { return CaptureAsked{c.instalment, c.key, c.token, tender.due, c.not_after, c.place}; },
               [&](const RecordCaptured& c) -> Event { return Captured{c.instalment, c.key, c.reference, c.amount}; },
               [&](const RecordDeclined& c) -> Event { return Declined{c.instalment, c.key, c.code}; },
               [&](const RecordUnknown& c) -> Event { return OutcomeUnknown{c.instalment, c.key}; },
               [&](const Void& c) -> Event { return VoidAsked{c.instalment, tender.key}; },
               [&](const RecordVoided& c) -> Event { return Voided{c.instalment, c.key}; },
               [&](const OfferTender& c) -> Event { return TenderOffered{c.instalment, c.token}; },
               [&](const Bill& c) -> Event { return Billed{c.instalment, tender.due}; },
               [&](const Reduce& c) -> Event { return Reduced{c.instalment, c.amount}; },
               [&](const Refund& c) -> Event { return RefundAsked{c.instalment, c.key, c.amount}; },
               [&](const RecordRefunded& c) -> Event { return Refunded{c.instalment, c.key, c.reference, tender.refund_amount}; },
               [&](const RecordRefundFailed& c) -> Event { return RefundFailed{c.instalment, c.key, c.code}; },
               [&](const Credit& c) -> Event { return Credited{c.instalment, c.reference, c.amount}; },
               [&](const Divide& c) -> Event { return Divided{c.instalment, plan.tenders.back().agreed.number + 1, tender.due - c.amount}; },
               [&](const RecordActionRequired& c) -> Event { return ActionRequired{c.instalment, c.key, c.url, c.act_by}; },
               [&](const RecordChargeBack& c) -> Event { return ChargedBack{c.instalment, c.reference, c.amount}; },
               [&](const Collect& c) -> Event { return Collected{c.instalment, c.by, c.reference, c.amount}; },
               [&](const DelegateRefund& c) -> Event { return RefundDelegated{c.instalment, c.key, c.amount}; },
               [&](const RecordPaidBack& c) -> Event { return Refunded{c.instalment, {}, c.reference, c.amount}; },
               [&](const AwaitPayment& c) -> Event { return PaymentAwaited{c.instalment, c.until}; }},
      command);
}

Tender beginning(const Instalment& instalment) {
  Tender tender;
  tender.agreed = instalment;
  tender.due = instalment.amount;
  for (auto* amount : {&tender.captured, &tender.refunded, &tender.delegated, &tender.credited, &tender.charged_back, &tender.refund_amount})
    amount->currency = instalment.amount.currency;
  return tender;
}

void taken_elsewhere(Tender& tender, const std::string& by, const std::string& reference, Money amount) {
  tender.status = captured;
  tender.taken_by = by;
  tender.reference = reference;
  tender.captured = amount;
}

/// The rest is paid later, as the whole would have been.
Tender divided_off(Tender& whole, const Divided& event) {
  auto agreed = whole.agreed;
  agreed.number = event.into;
  agreed.amount = event.amount;
  auto rest = beginning(agreed);
  rest.token = whole.token;
  whole.due -= event.amount;
  return rest;
}

void capture_asked(Tender& tender, const CaptureAsked& event) {
  tender.status = capturing;
  ++tender.attempts;
  tender.key = event.key;
  tender.token = event.token;
  tender.not_after = event.not_after;
  tender.place = event.place;
  tender.action.clear();
  tender.decline_code.clear();
}

void captured_now(Tender& tender, const Captured& event) {
  check(event.amount.currency == tender.due.currency && !less(tender.due, event.amount), "no more is captured than was asked for (L5)");
  tender.status = captured;
  tender.reference = event.reference;
  tender.captured = event.amount;
}

void refund_asked(Tender& tender, const RefundAsked& event) {
  tender.status = refunding;
  ++tender.refunds;
  tender.refund_key = event.key;
  tender.refund_amount = event.amount;
}

Money smaller_of(Money a, Money b) { return less(a, b) ? a : b; }

void refunded_now(Tender& tender, const Refunded& event) {
  tender.refunded += event.amount;
  tender.delegated -= smaller_of(event.amount, tender.delegated);
  check(!less(tender.captured, tender.refunded + tender.delegated), "no more is given back than was taken (L5)");
  tender.status = tender.delegated.amount > 0 ? refund_delegated : tender.refunded == tender.captured ? refunded : partially_refunded;
}

void refund_left_to_taker(Tender& tender, const RefundDelegated& event) {
  ++tender.refunds;
  tender.delegated += event.amount;
  tender.status = refund_delegated;
  check(!less(tender.captured, tender.refunded + tender.delegated), "no more is given back than was taken (L5)");
}

bool asks_provider(const Command& command) {
  return std::holds_alternative<Capture>(command) || std::holds_alternative<Void>(command) || std::holds_alternative<Refund>(command);
}

} // namespace

std::string_view name_of(Status status) { return statuses.of(status); }
std::optional<Status> payment_status_from(std::string_view name) { return statuses.from(name); }
std::string_view name_of(Verb verb) { return verbs.of(verb); }
std::span<const Transition> transitions() { return table; }

Money settled_of(const Tender& tender) { return tender.status == billed ? tender.due - tender.credited : tender.captured - tender.refunded; }

bool is_open(Status status) { return status == capturing || status == unknown || status == voiding || status == refunding || status == requires_action; }

State planned(const std::vector<Instalment>& instalments) {
  State plan;
  for (const auto& instalment : instalments)
    if (plan.tenders.push_back(beginning(instalment)); !instalment.reference.empty())
      taken_elsewhere(plan.tenders.back(), instalment.taken_by, instalment.reference, instalment.amount);
  return plan;
}

Decision<Event> decide(const State& plan, const Command& command, Timestamp) {
  auto number = std::visit([](const auto& c) { return c.instalment; }, command);
  auto tender = std::ranges::find(plan.tenders, number, [](const Tender& t) { return t.agreed.number; });
  if (tender == plan.tenders.end())
    return reject("instalment-unknown", "the order has no such instalment");
  if (is_taken_elsewhere(tender->agreed.method) && asks_provider(command))
    return reject("paid-elsewhere", "this money is not with our payment provider");
  auto answer = machine::judge(transitions(), "the instalment", tender->status, *tender, command);
  if (!answer)
    return answer.error();
  if (*answer == machine::Answer::already)
    return std::vector<Event>{};
  return std::vector<Event>{caused_by(plan, *tender, command)};
}

void evolve(State& plan, const Event& event, Timestamp at) {
  auto number = std::visit([](const auto& e) { return e.instalment; }, event);
  auto tender = std::ranges::find(plan.tenders, number, [](const Tender& t) { return t.agreed.number; });
  check(tender != plan.tenders.end(), "what happens to an instalment happens to one of the order's");
  std::visit(Overload{[&](const CaptureAsked& e) { capture_asked(*tender, e); }, [&](const Captured& e) { captured_now(*tender, e); },
                      [&](const Declined& e) {
                        tender->status = declined;
                        tender->decline_code = e.code;
                        tender->declined_at = at;
                      },
                      [&](const OutcomeUnknown&) { tender->status = unknown; }, [&](const VoidAsked&) { tender->status = voiding; },
                      [&](const Voided&) {
                        tender->status = voided;
                        tender->captured.amount = 0;
                      },
                      [&](const TenderOffered& e) {
                        tender->status = scheduled;
                        tender->token = e.token;
                      },
                      [&](const Billed&) { tender->status = billed; }, [&](const Reduced& e) { tender->due = e.amount; },
                      [&](const RefundAsked& e) { refund_asked(*tender, e); }, [&](const Refunded& e) { refunded_now(*tender, e); },
                      [&](const RefundFailed&) {
                        tender->status = refund_failed;
                        tender->refund_failed_at = at;
                      },
                      [&](const Credited& e) { tender->credited += e.amount; },
                      [&](const Divided& e) {
                        check(e.into == plan.tenders.back().agreed.number + 1, "instalments are numbered without gaps");
                        plan.tenders.push_back(divided_off(*tender, e));
                      },
                      [&](const ActionRequired& e) {
                        tender->status = requires_action;
                        tender->action = e.url;
                        tender->act_by = e.act_by;
                      },
                      [&](const Collected& e) { taken_elsewhere(*tender, e.by, e.reference, e.amount); },
                      [&](const RefundDelegated& e) { refund_left_to_taker(*tender, e); },
                      [&](const PaymentAwaited& e) {
                        tender->status = awaited;
                        tender->awaited_until = e.until;
                      },
                      [&](const ChargedBack& e) {
                        tender->charged_back += e.amount;
                        tender->charge_back = e.reference;
                        check(!less(tender->captured, tender->charged_back), "no more is charged back than was taken (L5)");
                      }},
             event);
}

} // namespace entrepot::payment
