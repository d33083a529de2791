// A payment plan: what an order's instalments have come to. It alone talks to the payment provider, one attempt at a time.
//
// A question leaves its intent before it is asked (CaptureAsked, VoidAsked, RefundAsked) and its answer after. An answer that does not come is `unknown`: then the provider is
// enquired of, and no new attempt is made until it is resolved.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "domain/machine.hpp"
#include "domain/payment/instalment.hpp"
#include "domain/result.hpp"
#include "domain/time.hpp"

namespace entrepot::payment {

enum class Status : std::uint8_t { scheduled, capturing, unknown, captured, declined, voiding, voided, billed, refunding, partially_refunded, refunded, refund_failed,
                                   requires_action,    ///< the customer must confirm it at the bank
                                   refund_delegated,   ///< whoever took it elsewhere has to give some of it back
                                   awaited };          ///< the customer is to pay it: with a card by link, or at a till
std::string_view name_of(Status status);
std::optional<Status> payment_status_from(std::string_view name);

inline constexpr int max_attempts = 3; ///< of one instalment: a decline leaves the others

// What somebody asks of the plan. A key names one attempt for ever: "<order>/<instalment>/<attempt>".
struct Capture { std::int32_t instalment = 0; std::string key; std::string token; Timestamp not_after; int place = 0; }; ///< place: whose goods wait for the money; 0: none in particular
struct RecordCaptured { std::int32_t instalment = 0; std::string key; std::string reference; Money amount; };
struct RecordDeclined { std::int32_t instalment = 0; std::string key; std::string code; };
struct RecordUnknown { std::int32_t instalment = 0; std::string key; };
struct Void { std::int32_t instalment = 0; };
struct RecordVoided { std::int32_t instalment = 0; std::string key; };
struct OfferTender { std::int32_t instalment = 0; std::string token; }; ///< the customer gives another card after a decline
struct Bill { std::int32_t instalment = 0; };                                     ///< it is owed from now on: a receivable
struct Reduce { std::int32_t instalment = 0; Money amount; };                     ///< less is due than was agreed, since units were cancelled
struct Refund { std::int32_t instalment = 0; std::string key; Money amount; };    ///< key: "<order>/<instalment>/r<number>"
struct RecordRefunded { std::int32_t instalment = 0; std::string key, reference; };
struct RecordRefundFailed { std::int32_t instalment = 0; std::string key, code; };
struct Credit { std::int32_t instalment = 0; std::string reference; Money amount; }; ///< what was billed is owed no longer, since units came back
struct Divide { std::int32_t instalment = 0; Money amount; };                     ///< so much of it is due by itself, the rest later, as an instalment of its own
struct RecordActionRequired { std::int32_t instalment = 0; std::string key, url; Timestamp act_by; }; ///< the customer confirms the attempt at `url`, or it is given up
struct RecordChargeBack { std::int32_t instalment = 0; std::string key, reference; Money amount; };    ///< the customer's bank has taken so much back from us
struct Collect { std::int32_t instalment = 0; std::string by, reference; Money amount; };              ///< somebody else has taken it: a till, under its receipt
struct DelegateRefund { std::int32_t instalment = 0; std::string key; Money amount; };                 ///< whoever took it is to give so much back
struct RecordPaidBack { std::int32_t instalment = 0; std::string reference; Money amount; };           ///< and has
struct AwaitPayment { std::int32_t instalment = 0; Timestamp until; };                                 ///< the customer is asked for it, and has so long
using Command = std::variant<Capture, RecordCaptured, RecordDeclined, RecordUnknown, Void, RecordVoided, OfferTender, Bill, Reduce, Refund, RecordRefunded, RecordRefundFailed, Credit, Divide,
                             RecordActionRequired, RecordChargeBack, Collect, DelegateRefund, RecordPaidBack, AwaitPayment>;
enum class Verb : std::uint8_t { capture, record_captured, record_declined, record_unknown, void_, record_voided, offer_tender, bill, reduce, refund, record_refunded, record_refund_failed,
                                 credit, divide, record_action_required, record_charge_back, collect, delegate_refund, record_paid_back,
                                 await_payment }; ///< in the order of Command
std::string_view name_of(Verb verb);

// What has happened.
struct CaptureAsked {
  std::int32_t instalment = 0;
  std::string key, token;
  Money amount;
  Timestamp not_after;
  int place = 0;
  bool operator==(const CaptureAsked&) const = default;
};
struct Captured { std::int32_t instalment = 0; std::string key, reference; Money amount; bool operator==(const Captured&) const = default; };
struct Declined { std::int32_t instalment = 0; std::string key, code; bool operator==(const Declined&) const = default; };
struct OutcomeUnknown { std::int32_t instalment = 0; std::string key; bool operator==(const OutcomeUnknown&) const = default; };
struct VoidAsked { std::int32_t instalment = 0; std::string key; bool operator==(const VoidAsked&) const = default; };
struct Voided { std::int32_t instalment = 0; std::string key; bool operator==(const Voided&) const = default; };
struct TenderOffered { std::int32_t instalment = 0; std::string token; bool operator==(const TenderOffered&) const = default; };
struct Billed { std::int32_t instalment = 0; Money amount; bool operator==(const Billed&) const = default; };
struct Reduced { std::int32_t instalment = 0; Money amount; bool operator==(const Reduced&) const = default; };
struct RefundAsked { std::int32_t instalment = 0; std::string key; Money amount; bool operator==(const RefundAsked&) const = default; };
struct Refunded { std::int32_t instalment = 0; std::string key, reference; Money amount; bool operator==(const Refunded&) const = default; };
struct RefundFailed { std::int32_t instalment = 0; std::string key, code; bool operator==(const RefundFailed&) const = default; };
struct Credited { std::int32_t instalment = 0; std::string reference; Money amount; bool operator==(const Credited&) const = default; };
struct Divided { std::int32_t instalment = 0, into = 0; Money amount; bool operator==(const Divided&) const = default; }; ///< `amount` of `instalment` is the instalment `into` from now on
struct ActionRequired { std::int32_t instalment = 0; std::string key, url; Timestamp act_by; bool operator==(const ActionRequired&) const = default; };
struct ChargedBack { std::int32_t instalment = 0; std::string reference; Money amount; bool operator==(const ChargedBack&) const = default; };
struct Collected { std::int32_t instalment = 0; std::string by, reference; Money amount; bool operator==(const Collected&) const = default; };
struct RefundDelegated { std::int32_t instalment = 0; std::string key; Money amount; bool operator==(const RefundDelegated&) const = default; };
struct PaymentAwaited { std::int32_t instalment = 0; Timestamp until; bool operator==(const PaymentAwaited&) const = default; };
using Event = std::variant<CaptureAsked, Captured, Declined, OutcomeUnknown, VoidAsked, Voided, TenderOffered, Billed, Reduced, RefundAsked, Refunded, RefundFailed, Credited, Divided, ActionRequired,
                           ChargedBack, Collected, RefundDelegated, PaymentAwaited>;

/// One instalment's way. The machine below is an instalment's; the plan is several of them.
struct Tender {
  Instalment agreed;
  Status status = Status::scheduled;
  std::int32_t attempts = 0;
  std::string key;                     ///< of the newest attempt
  std::string token;                   ///< the card offered last; empty: the order's own
  Timestamp not_after;                 ///< of the newest attempt
  std::string decline_code, reference;
  Timestamp declined_at;
  int place = 0;                       ///< whose goods the newest attempt is for; 0: none in particular
  Money due;                           ///< what was agreed, less what was cancelled before it was paid
  Money captured;                      ///< ours; back to nothing once voided
  Money refunded;                      ///< of it, given back
  Timestamp awaited_until;             ///< the customer's money
  Money delegated;                     ///< of it, to be given back by whoever took it elsewhere
  std::string taken_by;                ///< elsewhere; empty: by the channel itself, or not elsewhere
  Money credited;                      ///< of what was billed, owed no longer
  Money charged_back;                  ///< of what was captured, taken from us again by the customer's bank
  std::string charge_back;             ///< the newest one's reference
  std::string action;                  ///< where the customer confirms, or did not confirm, the newest attempt; empty: nothing was to be confirmed
  Timestamp act_by;
  std::string refund_key;              ///< of the newest refund
  Money refund_amount;
  std::int32_t refunds = 0;            ///< asked for
  Timestamp refund_failed_at;
  bool operator==(const Tender&) const = default;
};

struct State {
  std::vector<Tender> tenders;         ///< by instalment; those agreed come first, then those that were divided off
  bool operator==(const State&) const = default;
};

using Transition = machine::Transition<Tender, Command, Status, Verb>;
/// What each command does to an instalment in each status.
std::span<const Transition> transitions();

/// Returns what the customer has paid and not got back, or owes, in all: never more than the plan.
Money settled_of(const Tender& tender);
/// Returns whether the provider owes an answer about the instalment.
bool is_open(Status status);

/// Returns the plan that an order's instalments begin with: what had been taken elsewhere before the order came is captured from the start.
State planned(const std::vector<Instalment>& instalments);

/// Refuses `instalment-unknown`, `paid-elsewhere` (our provider is to be asked of money that it does not have), and what the table of `transitions()` refuses, with its code.
Decision<Event> decide(const State& plan, const Command& command, Timestamp now);
/// Applies `event`, which happened `at`. Check: what was captured is what was asked for, or less; no more is given back than was taken (L5).
void evolve(State& plan, const Event& event, Timestamp at);

} // namespace entrepot::payment
