#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "domain/payment/plan.hpp"
#include "tests/support/definitions.hpp"

namespace entrepot::payment {
namespace {

using test::money;
using test::now;

constexpr std::int32_t only = 1;

State a_plan() { return planned({{only, Moment::on_order, Method::card, money(1000)}}); }

State after(State plan, const std::vector<Event>& events) {
  for (auto& event : events)
    evolve(plan, event, now);
  return plan;
}

const Event asked = CaptureAsked{only, "k/1", "tok", money(1000), now};
State in(Status status) {
  switch (status) {
  case Status::scheduled:
    return a_plan();
  case Status::capturing:
    return after(a_plan(), {asked});
  case Status::unknown:
    return after(a_plan(), {asked, OutcomeUnknown{only, "k/1"}});
  case Status::captured:
    return after(a_plan(), {asked, Captured{only, "k/1", "P-1", money(1000)}});
  case Status::declined:
    return after(a_plan(), {asked, Declined{only, "k/1", "insufficient-funds"}});
  case Status::voiding:
    return after(a_plan(), {asked, VoidAsked{only, "k/1"}});
  case Status::voided:
    return after(a_plan(), {asked, VoidAsked{only, "k/1"}, Voided{only, "k/1"}});
  }
  throw std::logic_error("a status");
}

const std::vector<Status> all{Status::scheduled, Status::capturing, Status::unknown, Status::captured, Status::declined, Status::voiding, Status::voided};

/// "event", "-" (already so), or the code of the refusal, for each status in the order of `all`.
std::vector<std::string> answers(const Command& command) {
  std::vector<std::string> texts;
  for (auto status : all) {
    auto decision = decide(in(status), command, now);
    texts.push_back(!decision ? decision.error().code : decision->empty() ? "-" : "event");
  }
  return texts;
}

using Row = std::vector<std::string>;

TEST(PaymentPlan, answers_every_command_in_every_status) {
  EXPECT_EQ(answers(Capture{only, "k/2", "tok", now}),
            (Row{"event", "payment-under-way", "payment-under-way", "-", "payment-declined", "payment-under-way", "payment-under-way"}));
  EXPECT_EQ(answers(RecordCaptured{only, "k/1", "P-1", money(1000)}), (Row{"-", "event", "event", "-", "-", "-", "-"}));
  EXPECT_EQ(answers(RecordDeclined{only, "k/1", "no"}), (Row{"-", "event", "event", "-", "-", "-", "-"}));
  EXPECT_EQ(answers(RecordUnknown{only, "k/1"}), (Row{"-", "event", "-", "-", "-", "-", "-"}));
  EXPECT_EQ(answers(Void{only}), (Row{"-", "event", "event", "event", "-", "-", "-"}));
  EXPECT_EQ(answers(RecordVoided{only, "k/1"}), (Row{"payment-not-voiding", "payment-not-voiding", "payment-not-voiding", "payment-not-voiding",
                                                     "payment-not-voiding", "event", "-"}));
  EXPECT_EQ(answers(OfferTender{only, "tok2"}), (Row{"payment-not-declined", "payment-not-declined", "payment-not-declined", "payment-not-declined", "event",
                                                     "payment-not-declined", "payment-not-declined"}));
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
