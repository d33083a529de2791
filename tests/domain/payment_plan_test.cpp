#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "domain/payment/plan.hpp"
#include "tests/support/cells.hpp"
#include "tests/support/definitions.hpp"

namespace entrepot::payment {
namespace {

using test::money;
using test::now;

constexpr std::int32_t only = 1;

State a_slip() { return planned({{.number = only, .moment = Moment::on_order, .method = Method::till, .amount = money(1000)}}); }
State a_plan() { return planned({{only, Moment::on_order, Method::card, money(1000)}}); }

State after(State plan, const std::vector<Event>& events) {
  for (auto& event : events)
    evolve(plan, event, now);
  return plan;
}

const Event asked = CaptureAsked{only, "k/1", "tok", money(1000), now};
const Event captured_event = Captured{only, "k/1", "P-1", money(1000)};
const Event collected_event = Collected{only, "till-2", "R-1", money(1000)};
const Event refund_asked_event = RefundAsked{only, "k/r1", money(400)};
State in(Status status) {
  switch (status) {
  case Status::scheduled:
    return a_plan();
  case Status::capturing:
    return after(a_plan(), {asked});
  case Status::unknown:
    return after(a_plan(), {asked, OutcomeUnknown{only, "k/1"}});
  case Status::captured:
    return after(a_plan(), {asked, captured_event});
  case Status::declined:
    return after(a_plan(), {asked, Declined{only, "k/1", "insufficient-funds"}});
  case Status::voiding:
    return after(a_plan(), {asked, VoidAsked{only, "k/1"}});
  case Status::voided:
    return after(a_plan(), {asked, VoidAsked{only, "k/1"}, Voided{only, "k/1"}});
  case Status::billed:
    return after(a_plan(), {Billed{only, money(1000)}});
  case Status::refunding:
    return after(a_plan(), {asked, captured_event, refund_asked_event});
  case Status::partially_refunded:
    return after(a_plan(), {asked, captured_event, refund_asked_event, Refunded{only, "k/r1", "P-2", money(400)}});
  case Status::refunded:
    return after(a_plan(), {asked, captured_event, RefundAsked{only, "k/r1", money(1000)}, Refunded{only, "k/r1", "P-2", money(1000)}});
  case Status::refund_failed:
    return after(a_plan(), {asked, captured_event, refund_asked_event, RefundFailed{only, "k/r1", "card-closed"}});
  case Status::requires_action:
    return after(a_plan(), {asked, ActionRequired{only, "k/1", "https://bank.example/1", now + std::chrono::minutes{15}}});
  case Status::refund_delegated:
    return after(a_slip(), {collected_event, RefundDelegated{only, "k/r1", money(400)}});
  case Status::awaited:
    return after(a_plan(), {PaymentAwaited{only, now}});
  }
  throw std::logic_error("a status");
}

/// Three cards were asked and none was good; the last attempt is in this status.
State exhausted(Status status) {
  auto plan = in(status);
  plan.tenders[0].attempts = max_attempts;
  return plan;
}

TEST(PaymentPlan, answers_every_command_in_every_status) {
  test::Cells<Tender, Command> cells;
  for (auto status : {Status::scheduled, Status::capturing, Status::unknown, Status::captured, Status::declined, Status::voiding, Status::voided, Status::billed, Status::refunding,
                      Status::partially_refunded, Status::refunded, Status::refund_failed, Status::requires_action, Status::refund_delegated, Status::awaited})
    cells.states.emplace_back(name_of(status), in(status).tenders[0]);
  for (auto status : {Status::scheduled, Status::declined, Status::voided})
    cells.states.emplace_back(std::string(name_of(status)) + " for the third time", exhausted(status).tenders[0]);
  cells.states.emplace_back("a slip", a_slip().tenders[0]);
  cells.states.emplace_back("a slip awaited", after(a_slip(), {PaymentAwaited{only, now}}).tenders[0]);
  cells.states.emplace_back("a slip paid", after(a_slip(), {collected_event}).tenders[0]);
  cells.states.emplace_back("a slip paid back in part", after(a_slip(), {collected_event, RefundDelegated{only, "k/r1", money(400)}, Refunded{only, {}, "B-1", money(400)}}).tenders[0]);
  cells.commands = {{"capture", Capture{only, "k/2", "tok", now}},
                    {"the same capture", Capture{only, "k/1", "tok", now}},
                    {"it is captured", RecordCaptured{only, "k/1", "P-1", money(1000)}},
                    {"another is captured", RecordCaptured{only, "k/9", "P-1", money(1000)}},
                    {"it is declined", RecordDeclined{only, "k/1", "no"}},
                    {"another is declined", RecordDeclined{only, "k/9", "no"}},
                    {"it is unknown", RecordUnknown{only, "k/1"}},
                    {"another is unknown", RecordUnknown{only, "k/9"}},
                    {"void", Void{only}},
                    {"it is voided", RecordVoided{only, "k/1"}},
                    {"another is voided", RecordVoided{only, "k/9"}},
                    {"offer another card", OfferTender{only, "tok2"}},
                    {"bill", Bill{only}},
                    {"reduce", Reduce{only, money(999)}},
                    {"reduce by nothing", Reduce{only, money(1000)}},
                    {"refund 6.00", Refund{only, "k/r2", money(600)}},
                    {"refund 6.01", Refund{only, "k/r2", money(601)}},
                    {"refund 10.01", Refund{only, "k/r2", money(1001)}},
                    {"the same refund", Refund{only, "k/r1", money(400)}},
                    {"it is refunded", RecordRefunded{only, "k/r1", "P-2"}},
                    {"another is refunded", RecordRefunded{only, "k/r9", "P-2"}},
                    {"its refund fails", RecordRefundFailed{only, "k/r1", "card-closed"}},
                    {"another refund fails", RecordRefundFailed{only, "k/r9", "card-closed"}},
                    {"credit", Credit{only, "cancelled", money(1000)}},
                    {"credit too much", Credit{only, "cancelled", money(1001)}},
                    {"divide", Divide{only, money(400)}},
                    {"divide nothing off", Divide{only, money(1000)}},
                    {"the customer is to confirm it", RecordActionRequired{only, "k/1", "https://bank.example/1", now}},
                    {"the customer is to confirm another", RecordActionRequired{only, "k/9", "https://bank.example/9", now}},
                    {"it is charged back", RecordChargeBack{only, "k/1", "CB-1", money(1000)}},
                    {"more is charged back than was taken", RecordChargeBack{only, "k/1", "CB-1", money(1001)}},
                    {"another is charged back", RecordChargeBack{only, "k/9", "CB-1", money(1000)}},
                    {"a till takes it", Collect{only, "till-2", "R-1", money(1000)}},
                    {"a till takes it under another receipt", Collect{only, "till-2", "R-2", money(1000)}},
                    {"a till takes less", Collect{only, "till-2", "R-1", money(999)}},
                    {"6.00 is to be paid back there", DelegateRefund{only, "k/r2", money(600)}},
                    {"6.01 is to be paid back there", DelegateRefund{only, "k/r2", money(601)}},
                    {"10.01 is to be paid back there", DelegateRefund{only, "k/r2", money(1001)}},
                    {"4.00 was paid back there", RecordPaidBack{only, "B-1", money(400)}},
                    {"4.01 was paid back there", RecordPaidBack{only, "B-1", money(401)}},
                    {"the customer is asked to pay", AwaitPayment{only, now}}};
  EXPECT_EQ(cells.text([](const Tender& tender, const Command& command) { return decide(State{{tender}}, command, now); }), R"(capture: CaptureAsked in scheduled, voided; already so in captured; payment-declined in declined, declined for the third time; payment-billed in billed; paid-elsewhere in refund_delegated, a slip, a slip awaited, a slip paid, a slip paid back in part; attempts-exhausted in scheduled for the third time, voided for the third time; else payment-under-way
the same capture: CaptureAsked in scheduled, voided; already so in capturing, captured, requires_action; payment-declined in declined, declined for the third time; payment-billed in billed; paid-elsewhere in refund_delegated, a slip, a slip awaited, a slip paid, a slip paid back in part; attempts-exhausted in scheduled for the third time, voided for the third time; else payment-under-way
it is captured: Captured in capturing, unknown, requires_action; else already so
another is captured: attempt-unknown in capturing, unknown, requires_action; else already so
it is declined: Declined in capturing, unknown, requires_action; else already so
another is declined: attempt-unknown in capturing, unknown, requires_action; else already so
it is unknown: OutcomeUnknown in capturing; else already so
another is unknown: attempt-unknown in capturing; else already so
void: VoidAsked in capturing, unknown, captured, declined, voided, requires_action, declined for the third time, voided for the third time; paid-elsewhere in refund_delegated, a slip, a slip awaited, a slip paid, a slip paid back in part; else already so
it is voided: Voided in voiding; already so in voided, voided for the third time; else payment-not-voiding
another is voided: attempt-unknown in voiding; already so in voided, voided for the third time; else payment-not-voiding
offer another card: TenderOffered in declined, awaited; attempts-exhausted in declined for the third time; payment-method-unavailable in a slip awaited; else payment-not-declined
bill: Billed in scheduled, declined, voided, scheduled for the third time, declined for the third time, voided for the third time, a slip; already so in billed; else payment-under-way
reduce: Reduced in scheduled, declined, voided, awaited, scheduled for the third time, declined for the third time, voided for the third time, a slip, a slip awaited; else amount-fixed
reduce by nothing: amount-not-less in scheduled, declined, voided, awaited, scheduled for the third time, declined for the third time, voided for the third time, a slip, a slip awaited; else amount-fixed
refund 6.00: RefundAsked in captured, partially_refunded, refund_failed; refund-under-way in refunding; paid-elsewhere in refund_delegated, a slip, a slip awaited, a slip paid, a slip paid back in part; else nothing-captured
refund 6.01: RefundAsked in captured, refund_failed; refund-under-way in refunding; refund-exceeds-capture in partially_refunded; paid-elsewhere in refund_delegated, a slip, a slip awaited, a slip paid, a slip paid back in part; else nothing-captured
refund 10.01: refund-exceeds-capture in captured, partially_refunded, refund_failed; refund-under-way in refunding; paid-elsewhere in refund_delegated, a slip, a slip awaited, a slip paid, a slip paid back in part; else nothing-captured
the same refund: RefundAsked in captured, partially_refunded, refund_failed; already so in refunding; paid-elsewhere in refund_delegated, a slip, a slip awaited, a slip paid, a slip paid back in part; else nothing-captured
it is refunded: Refunded in refunding; else already so
another is refunded: refund-unknown in refunding; else already so
its refund fails: RefundFailed in refunding; else already so
another refund fails: refund-unknown in refunding; else already so
credit: Credited in billed; else payment-not-billed
credit too much: credit-exceeds-bill in billed; else payment-not-billed
divide: Divided in scheduled, scheduled for the third time, a slip; else amount-fixed
divide nothing off: amount-not-less in scheduled, scheduled for the third time, a slip; else amount-fixed
the customer is to confirm it: ActionRequired in capturing, unknown; else already so
the customer is to confirm another: attempt-unknown in capturing, unknown; else already so
it is charged back: ChargedBack in captured, refunding, partially_refunded, refunded, refund_failed; else charge-back-unknown
more is charged back than was taken: charge-back-unknown
another is charged back: charge-back-unknown
a till takes it: Collected in a slip, a slip awaited; already so in a slip paid; else payment-not-awaited
a till takes it under another receipt: Collected in a slip, a slip awaited; else payment-not-awaited
a till takes less: already so in a slip paid; else payment-not-awaited
6.00 is to be paid back there: refund-exceeds-capture in captured, partially_refunded; RefundDelegated in refund_delegated, a slip paid, a slip paid back in part; else nothing-captured
6.01 is to be paid back there: refund-exceeds-capture in captured, partially_refunded, refund_delegated, a slip paid back in part; RefundDelegated in a slip paid; else nothing-captured
10.01 is to be paid back there: refund-exceeds-capture in captured, partially_refunded, refund_delegated, a slip paid, a slip paid back in part; else nothing-captured
4.00 was paid back there: Refunded in refund_delegated; else refund-not-delegated
4.01 was paid back there: refund-not-delegated
the customer is asked to pay: PaymentAwaited in scheduled, scheduled for the third time, a slip; already so in awaited, a slip awaited; else payment-under-way
)");
  EXPECT_EQ(cells.untried(transitions(), static_cast<std::size_t>(Status::awaited) + 1), "");
}

TEST(PaymentPlan, divides_an_instalment_without_losing_a_penny) {
  auto plan = after(a_plan(), *decide(a_plan(), Divide{only, money(400)}, now));
  ASSERT_EQ(plan.tenders.size(), 2u);
  EXPECT_EQ(plan.tenders[0].due, money(400));
  EXPECT_EQ(plan.tenders[1].due, money(600));
  EXPECT_EQ(plan.tenders[1].agreed.number, 2);
  EXPECT_EQ(plan.tenders[1].agreed.moment, Moment::on_order);
  EXPECT_EQ(plan.tenders[1].status, Status::scheduled);
}

TEST(PaymentPlan, what_others_took_before_the_order_came_is_there_from_the_start) {
  auto plan = planned({{.number = only, .moment = Moment::on_order, .method = Method::collected, .amount = money(1000), .taken_by = {}, .reference = "M-1001"}});
  EXPECT_EQ(plan.tenders[0].status, Status::captured);
  EXPECT_EQ(plan.tenders[0].captured, money(1000));
  EXPECT_EQ(plan.tenders[0].reference, "M-1001");
}

TEST(PaymentPlan, money_taken_elsewhere_goes_back_there_bit_by_bit) {
  auto plan = after(a_slip(), {collected_event, RefundDelegated{only, "k/r1", money(400)}, RefundDelegated{only, "k/r2", money(600)}});
  EXPECT_EQ(plan.tenders[0].delegated, money(1000));
  plan = after(plan, *decide(plan, RecordPaidBack{only, "B-1", money(300)}, now));
  EXPECT_EQ(plan.tenders[0].status, Status::refund_delegated) << "some of it is still to come";
  EXPECT_EQ(plan.tenders[0].delegated, money(700));
  EXPECT_EQ(decide(plan, RecordPaidBack{only, "B-2", money(701)}, now).error().code, "refund-not-delegated");
  plan = after(plan, *decide(plan, RecordPaidBack{only, "B-2", money(700)}, now));
  EXPECT_EQ(plan.tenders[0].status, Status::refunded);
  EXPECT_EQ(plan.tenders[0].refunded, money(1000));
}

TEST(PaymentPlan, makes_no_new_attempt_while_the_outcome_is_unknown) {
  EXPECT_EQ(decide(in(Status::unknown), Capture{only, "k/2", "tok", now}, now).error().code, "payment-under-way");
}

TEST(PaymentPlan, asking_for_the_same_attempt_again_is_already_so) { EXPECT_TRUE(decide(in(Status::capturing), Capture{only, "k/1", "tok", now}, now)->empty()); }

TEST(PaymentPlan, an_answer_about_another_attempt_is_refused) {
  EXPECT_EQ(decide(in(Status::capturing), RecordCaptured{only, "k/9", "P-1", money(1000)}, now).error().code, "attempt-unknown");
}

TEST(PaymentPlan, takes_three_cards_and_no_more) {
  auto plan = a_plan();
  for (int attempt = 1; attempt <= max_attempts; ++attempt) {
    auto key = "k/" + std::to_string(attempt);
    auto decision = decide(plan, Capture{only, key, "tok", now}, now);
    ASSERT_TRUE(decision);
    plan = after(plan, *decision);
    plan = after(plan, {Declined{only, key, "no"}});
    auto tender = decide(plan, OfferTender{only, "tok"}, now);
    if (attempt < max_attempts)
      plan = after(plan, *tender);
    else
      EXPECT_EQ(tender.error().code, "attempts-exhausted");
  }
}

TEST(PaymentPlan, l5_never_holds_more_than_was_asked_for) {
  EXPECT_THROW(after(a_plan(), {asked, Captured{only, "k/1", "P-1", money(1001)}}), BrokenInvariant);
}

TEST(PaymentPlan, what_was_voided_is_no_longer_ours) { EXPECT_EQ(after(in(Status::captured), {VoidAsked{only, "k/1"}, Voided{only, "k/1"}}).tenders[0].captured, money(0)); }

TEST(PaymentPlan, knows_only_the_orders_own_instalments) { EXPECT_EQ(decide(a_plan(), Void{7}, now).error().code, "instalment-unknown"); }

RC_GTEST_PROP(PaymentPlan, any_sequence_of_commands_keeps_the_money_straight, ()) {
  auto plan = a_plan();
  for (auto verb : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 7))) {
    auto key = plan.tenders[0].key.empty() ? std::string("k/1") : plan.tenders[0].key;
    const std::vector<Command> commands{Capture{only, "k/" + std::to_string(plan.tenders[0].attempts + 1), "tok", now}, RecordCaptured{only, key, "P", money(1000)},
                                        RecordDeclined{only, key, "no"}, RecordUnknown{only, key}, Void{only}, RecordVoided{only, key}, OfferTender{only, "tok"}};
    auto decision = decide(plan, commands[static_cast<std::size_t>(verb)], now);
    if (decision)
      plan = after(plan, *decision);
    auto& tender = plan.tenders[0];
    RC_ASSERT(tender.attempts <= max_attempts);
    RC_ASSERT((tender.status == Status::captured) == (tender.captured == money(1000) && tender.status != Status::voiding));
  }
}

} // namespace
} // namespace entrepot::payment
