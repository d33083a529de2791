#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <unistd.h>

#include "gateways/partners/sandbox/faults.hpp"
#include "gateways/partners/sandbox/payment_ledger.hpp"

namespace entrepot::test {
namespace {

using namespace std::chrono_literals;
using partners::PaymentLedger;
using Kind = payment::ProviderAnswer::Kind;

const Timestamp now = Timestamp{} + std::chrono::hours{24 * 365 * 56};
const Timestamp soon = now + 1min;

Money pounds(std::int64_t pence) { return {pence, *Currency::from("GBP")}; }

class PaymentBooks : public testing::Test {
protected:
  ~PaymentBooks() override { std::filesystem::remove(file); }

  payment::ProviderAnswer take(const std::string& key, std::int64_t pence = 1'000) { return ledger->capture(key, pounds(pence), "tok_visa", soon, now); }
  void open_again() {
    ledger.reset();
    ledger = std::make_unique<PaymentLedger>(file);
  }
  void append_raw(const std::string& text) { std::ofstream(file, std::ios::app) << text; }

  std::filesystem::path file = std::filesystem::temp_directory_path() / ("payment-ledger-" + std::to_string(getpid()) + ".ndjson");
  std::unique_ptr<PaymentLedger> ledger = std::make_unique<PaymentLedger>(file);
};

TEST_F(PaymentBooks, a_key_that_is_sent_twice_is_taken_once) {
  auto first = take("a/1");
  auto second = take("a/1", 5'000);
  EXPECT_EQ(first.kind, Kind::captured);
  EXPECT_EQ(second.kind, Kind::captured);
  EXPECT_EQ(second.reference, first.reference);
  EXPECT_EQ(second.amount, pounds(1'000));
}

TEST_F(PaymentBooks, a_declined_card_and_an_unknown_token_are_declined_and_stay_so) {
  auto poor = ledger->capture("a", pounds(1), "tok_declined", soon, now);
  auto unknown = ledger->capture("b", pounds(1), "4111", soon, now);
  EXPECT_EQ(poor.kind, Kind::declined);
  EXPECT_EQ(poor.code, "insufficient-funds");
  EXPECT_EQ(unknown.code, "token-unknown");
  EXPECT_EQ(take("a").code, "insufficient-funds");
}

TEST_F(PaymentBooks, a_capture_that_comes_too_late_is_declined) {
  auto late = ledger->capture("a", pounds(1), "tok_visa", now - 1ms, now);
  auto just = ledger->capture("b", pounds(1), "tok_visa", now, now);
  EXPECT_EQ(late.kind, Kind::declined);
  EXPECT_EQ(late.code, "too-late");
  EXPECT_EQ(just.kind, Kind::captured);
}

TEST_F(PaymentBooks, what_was_never_heard_of_is_said_to_be_so) {
  EXPECT_EQ(ledger->enquire("a").kind, Kind::never_heard);
  take("a");
  EXPECT_EQ(ledger->enquire("a").kind, Kind::captured);
}

TEST_F(PaymentBooks, a_key_that_was_voided_before_it_came_is_never_taken) {
  EXPECT_EQ(ledger->void_key("a").kind, Kind::voided);
  auto late = take("a");
  EXPECT_EQ(late.kind, Kind::declined);
  EXPECT_EQ(late.code, "voided");
  EXPECT_EQ(ledger->enquire("a").kind, Kind::voided);
}

TEST_F(PaymentBooks, voiding_what_was_taken_gives_it_back) {
  take("a");
  auto voided = ledger->void_key("a");
  EXPECT_EQ(voided.kind, Kind::voided);
  EXPECT_EQ(voided.amount, pounds(1'000));
  EXPECT_EQ(take("a").code, "voided");
  EXPECT_EQ(ledger->refund("a/r", "a", pounds(1)).code, "voided");
}

TEST_F(PaymentBooks, no_more_is_refunded_than_was_taken) {
  take("a");
  EXPECT_EQ(ledger->refund("a/r1", "a", pounds(700)).kind, Kind::refunded);
  auto too_much = ledger->refund("a/r2", "a", pounds(301));
  EXPECT_EQ(too_much.kind, Kind::refund_failed);
  EXPECT_EQ(too_much.code, "exceeds-captured");
  EXPECT_EQ(ledger->refund("a/r3", "a", pounds(300)).kind, Kind::refunded);
}

TEST_F(PaymentBooks, a_refund_that_is_sent_twice_is_given_once) {
  take("a");
  auto first = ledger->refund("a/r", "a", pounds(600));
  auto second = ledger->refund("a/r", "a", pounds(600));
  EXPECT_EQ(second.kind, Kind::refunded);
  EXPECT_EQ(second.reference, first.reference);
  EXPECT_EQ(ledger->refund("a/s", "a", pounds(400)).kind, Kind::refunded);
}

TEST_F(PaymentBooks, only_what_was_taken_is_refunded) {
  ledger->capture("a", pounds(1), "tok_declined", soon, now);
  take("b");
  EXPECT_EQ(ledger->refund("r1", "a", pounds(1)).code, "not-captured");
  EXPECT_EQ(ledger->refund("r2", "nobody", pounds(1)).code, "capture-unknown");
  EXPECT_EQ(ledger->refund("r3", "b", {1, *Currency::from("EUR")}).code, "currency-mismatch");
  EXPECT_EQ(ledger->refund("b", "b", pounds(1)).code, "key-taken");
}

TEST_F(PaymentBooks, are_the_same_after_a_restart) {
  take("a");
  take("b");
  ledger->void_key("b");
  ledger->refund("a/r", "a", pounds(900));
  auto before = ledger->to_ndjson();
  open_again();
  EXPECT_EQ(ledger->to_ndjson(), before);
  EXPECT_EQ(ledger->refund("a/s", "a", pounds(101)).code, "exceeds-captured");
  EXPECT_EQ(take("b").code, "voided");
}

TEST_F(PaymentBooks, outlive_a_process_killed_while_writing) {
  auto taken = take("a");
  ledger.reset();
  append_raw(R"({"key":"b","kind":"capture","amount":10)");
  open_again();
  EXPECT_EQ(ledger->enquire("b").kind, Kind::never_heard);
  EXPECT_EQ(ledger->enquire("a").reference, taken.reference);
  take("c");
  open_again();
  EXPECT_EQ(ledger->enquire("c").kind, Kind::captured);
}

TEST_F(PaymentBooks, a_card_that_must_be_confirmed_is_taken_when_it_is_and_not_before) {
  auto asked = ledger->capture("a/1", pounds(1'000), "tok_3ds", soon, now);
  EXPECT_EQ(asked.kind, Kind::action_required);
  EXPECT_GT(asked.act_by, now);
  open_again();
  EXPECT_EQ(ledger->enquire("a/1").kind, Kind::action_required);
  EXPECT_EQ(ledger->enquire("a/1").act_by, asked.act_by);
  EXPECT_EQ(ledger->act("a/1", true, now).kind, Kind::captured);
  EXPECT_EQ(ledger->act("a/1", false, now).kind, Kind::captured) << "what is confirmed stays so";
}

TEST_F(PaymentBooks, a_card_that_is_refused_or_confirmed_too_late_is_not_taken) {
  auto asked = ledger->capture("a/1", pounds(1'000), "tok_3ds", soon, now);
  EXPECT_EQ(ledger->act("a/1", false, now).code, "not-confirmed");
  ledger->capture("a/2", pounds(1'000), "tok_3ds", soon, now);
  EXPECT_EQ(ledger->act("a/2", true, asked.act_by + 1s).kind, Kind::declined);
  ledger->capture("a/3", pounds(1'000), "tok_3ds", soon, now);
  EXPECT_EQ(ledger->void_key("a/3").kind, Kind::voided);
  EXPECT_EQ(ledger->act("a/3", true, now).kind, Kind::voided) << "a voided key never happens";
  EXPECT_EQ(ledger->act("a/9", true, now).kind, Kind::never_heard);
}

TEST_F(PaymentBooks, that_are_damaged_or_in_use_are_not_opened) {
  EXPECT_THROW(PaymentLedger{file}, std::runtime_error);
  ledger.reset();
  append_raw("not a line\n");
  EXPECT_THROW(PaymentLedger{file}, std::runtime_error);
}

TEST(SandboxFaults, are_read_from_the_command_line) {
  auto script = partners::fault_script_from("slow:every=10,delay_ms=800");
  ASSERT_TRUE(script);
  EXPECT_EQ(script->fault, partners::Fault::slow);
  EXPECT_EQ(script->every, 10U);
  EXPECT_EQ(script->delay, 800ms);
  for (const auto* wrong : {"slow", "fast:every=1", "slow:every=x", "slow:delay_ms=99999999", "slow:often=1"})
    EXPECT_FALSE(partners::fault_script_from(wrong)) << wrong;
}

TEST(SandboxFaults, strike_every_nth_call_of_their_kind) {
  partners::Faults faults;
  faults.set({partners::Fault::decline, 3, 0ms});
  std::string struck;
  for (int i = 0; i < 6; ++i) {
    EXPECT_FALSE(faults.strike(partners::Call::enquire).by(partners::Fault::decline));
    struck += faults.strike(partners::Call::capture).by(partners::Fault::decline) ? 'x' : '.';
  }
  EXPECT_EQ(struck, "..x..x");
  faults.set({partners::Fault::decline, 0, 0ms});
  EXPECT_FALSE(faults.strike(partners::Call::capture).by(partners::Fault::decline));
}

} // namespace
} // namespace entrepot::test
