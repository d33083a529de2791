#include "domain/payment/plan.hpp"

#include <algorithm>
#include <array>

#include "domain/words.hpp"

namespace entrepot::payment {
namespace {

constexpr Words<Status, 7> statuses{{"scheduled", "capturing", "unknown", "captured", "declined", "voiding", "voided"}};
constexpr Words<Verb, 7> verbs{{"capture", "record_captured", "record_declined", "record_unknown", "void", "record_voided", "offer_tender"}};

template <class Named>
bool names_newest(const Tender& tender, const Command& command) {
  return std::get<Named>(command).key == tender.key;
}
bool another_attempt(const Tender& tender, const Command&) { return tender.attempts < max_attempts; }

using enum Status;
using enum Verb;
using machine::any_other;
constexpr std::array table{
    Transition::goes(scheduled, capture, capturing, {"attempts are left", another_attempt}, "attempts-exhausted"),
    Transition::already(capturing, capture, {"it is the same attempt", names_newest<Capture>}, "payment-under-way"),
    Transition::already(captured, capture),
    Transition::refused(declined, capture, "payment-declined"), // another card must be offered first
    Transition::refused(any_other, capture, "payment-under-way"),

    Transition::goes(capturing, record_captured, captured, {"it is the newest attempt", names_newest<RecordCaptured>}, "attempt-unknown"),
    Transition::goes(unknown, record_captured, captured, {"it is the newest attempt", names_newest<RecordCaptured>}, "attempt-unknown"),
    Transition::already(any_other, record_captured), // a void is under way or done: the provider gives the money back with it

    Transition::goes(capturing, record_declined, declined, {"it is the newest attempt", names_newest<RecordDeclined>}, "attempt-unknown"),
    Transition::goes(unknown, record_declined, declined, {"it is the newest attempt", names_newest<RecordDeclined>}, "attempt-unknown"),
    Transition::already(any_other, record_declined),

    Transition::goes(capturing, record_unknown, unknown, {"it is the newest attempt", names_newest<RecordUnknown>}, "attempt-unknown"),
    Transition::already(any_other, record_unknown),

    Transition::already(scheduled, void_), // nothing was asked, nothing is taken back
    Transition::goes(capturing, void_, voiding),
    Transition::goes(unknown, void_, voiding),
    Transition::goes(captured, void_, voiding),
    Transition::already(any_other, void_),

    Transition::goes(voiding, record_voided, voided, {"it is the newest attempt", names_newest<RecordVoided>}, "attempt-unknown"),
    Transition::already(voided, record_voided),
    Transition::refused(any_other, record_voided, "payment-not-voiding"),

    Transition::goes(declined, offer_tender, scheduled, {"attempts are left", another_attempt}, "attempts-exhausted"),
    Transition::refused(any_other, offer_tender, "payment-not-declined"),
};
static_assert(std::variant_size_v<Command> == verbs.words.size());
static_assert(machine::answers_everything(std::span<const Transition>{table}, statuses.words.size()));

Event caused_by(const Tender& tender, const Command& command) {
  return std::visit(
      Overload{[&](const Capture& c) -> Event { return CaptureAsked{c.instalment, c.key, c.token, tender.agreed.amount, c.not_after}; },
               [&](const RecordCaptured& c) -> Event { return Captured{c.instalment, c.key, c.reference, c.amount}; },
               [&](const RecordDeclined& c) -> Event { return Declined{c.instalment, c.key, c.code}; },
               [&](const RecordUnknown& c) -> Event { return OutcomeUnknown{c.instalment, c.key}; },
               [&](const Void& c) -> Event { return VoidAsked{c.instalment, tender.key}; },
               [&](const RecordVoided& c) -> Event { return Voided{c.instalment, c.key}; },
               [&](const OfferTender& c) -> Event { return TenderOffered{c.instalment, c.token}; }},
      command);
}

void capture_asked(Tender& tender, const CaptureAsked& event) {
  tender.status = capturing;
  ++tender.attempts;
  tender.key = event.key;
  tender.token = event.token;
  tender.not_after = event.not_after;
  tender.decline_code.clear();
}

void captured_now(Tender& tender, const Captured& event) {
  check(event.amount.currency == tender.agreed.amount.currency && !less(tender.agreed.amount, event.amount), "no more is captured than was asked for (L5)");
  tender.status = captured;
  tender.reference = event.reference;
  tender.captured = event.amount;
}

} // namespace

std::string_view name_of(Status status) { return statuses.of(status); }
std::optional<Status> payment_status_from(std::string_view name) { return statuses.from(name); }
std::string_view name_of(Verb verb) { return verbs.of(verb); }
std::span<const Transition> transitions() { return table; }

State planned(const std::vector<Instalment>& instalments) {
  State plan;
  for (const auto& instalment : instalments) {
    auto& tender = plan.tenders.emplace_back();
    tender.agreed = instalment;
    tender.captured.currency = instalment.amount.currency;
  }
  return plan;
}

Decision<Event> decide(const State& plan, const Command& command, Timestamp) {
  auto number = std::visit([](const auto& c) { return c.instalment; }, command);
  auto tender = std::ranges::find(plan.tenders, number, [](const Tender& t) { return t.agreed.number; });
  if (tender == plan.tenders.end())
    return reject("instalment-unknown", "the order has no such instalment");
  auto answer = machine::judge(transitions(), "the instalment", tender->status, *tender, command);
  if (!answer)
    return answer.error();
  if (*answer == machine::Answer::already)
    return std::vector<Event>{};
  return std::vector<Event>{caused_by(*tender, command)};
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
                      }},
             event);
}

} // namespace entrepot::payment
