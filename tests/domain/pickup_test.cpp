#include <gtest/gtest.h>

#include "tests/support/cells.hpp"
#include "tests/support/orders.hpp"

namespace entrepot::pickup {
namespace {

using namespace std::chrono_literals;
using test::now;

const Codes codes{"1111", "2222", "3333", "4444", "5555"};
const Proof right_code{.code = "1111"}, wrong_code{.code = "0000"}, second_code{.code = "2222"}, identity{.code = {}, .id_checked = true};
const Timestamp collect_until = now + std::chrono::days{7};

Offer an_offer(std::string_view store = "LEEDS") {
  return {test::location(store), {{1, test::sku("MUG-1"), Quantity{2}}, {2, test::sku("BOWL-1"), Quantity{1}}}, now + 2h, now + 30min};
}
const std::vector<Taken> one_mug{{1, Quantity{1}}};
const Picked all_found{}, one_mug_found{{{1, Quantity{1}}}};
const Staged staged_in_a7{"A7", collect_until};

State after(std::vector<Event> events, State pickup = {}) {
  for (const auto& event : events)
    evolve(pickup, event, now);
  return pickup;
}
State offered(std::vector<Event> then = {}) {
  auto offer = an_offer();
  return after(std::move(then), after({Offered{offer.location, offer.lines, offer.due, offer.offer_until}}));
}
Await an_awaiting(std::string_view store = "LEEDS") {
  auto offer = an_offer(store);
  return {offer.location, offer.lines, offer.due};
}
State awaiting(std::vector<Event> then = {}) {
  auto wait = an_awaiting();
  return after(std::move(then), after({TransferAwaited{wait.location, wait.lines, wait.due}}));
}
State accepted(std::vector<Event> then = {}) { return after(std::move(then), offered({Accepted{}})); }
State staged(std::vector<Event> then = {}) { return after(std::move(then), accepted({all_found, staged_in_a7})); }
State locked() { return staged(std::vector<Event>(max_wrong_codes, WrongCodeGiven{})); }
std::string code_of(const Decision<Event>& decision) { return decision ? "" : decision.error().code; }

TEST(Pickup, answers_every_command_in_every_status) {
  test::Cells<State, Command> cells{.states = {{"none", State{}},
                                               {"awaiting", awaiting()},
                                               {"awaiting less", awaiting({UnitsMissing{one_mug_found.found}})},
                                               {"offered", offered()},
                                               {"overdue offer", offered({Escalated{100}})},
                                               {"accepted", accepted()},
                                               {"overdue", accepted({Escalated{100}})},
                                               {"picking", accepted({PickStarted{}})},
                                               {"overdue picking", accepted({PickStarted{}, Escalated{100}})},
                                               {"picked", accepted({all_found})},
                                               {"overdue picked", accepted({all_found, Escalated{100}})},
                                               {"picked short", accepted({one_mug_found})},
                                               {"taken in", awaiting({GoodsTakenIn{}})},
                                               {"staged", staged()},
                                               {"extended", staged({CollectionExtended{collect_until + 24h}})},
                                               {"reminded", staged({CustomerReminded{1}})},
                                               {"fifth code sent", staged({CodeSentAgain{5}})},
                                               {"arrived", staged({Arrived{"bay 2"}})},
                                               {"arrived, waiting too long", staged({Arrived{"bay 2"}, Escalated{100}})},
                                               {"arrived, fifth code sent", staged({CodeSentAgain{5}, Arrived{"bay 2"}})},
                                               {"paying", staged({HandOverBegun{}})},
                                               {"paying for a part", staged({HandOverBegun{false, one_mug, true}})},
                                               {"partly handed over", staged({PartHandedOver{false, one_mug}})},
                                               {"partly handed over, unstaged", staged({PartHandedOver{false, one_mug}, Unstaged{}})},
                                               {"handed_over", staged({HandedOver{}})},
                                               {"handed_over, rest refused", staged({HandedOver{false, one_mug}})},
                                               {"rejected", offered({Rejected{Reason::closed}})},
                                               {"rejected while picking", accepted({PickStarted{}, Rejected{Reason::damaged}})},
                                               {"cancelled", accepted({Cancelled{}})},
                                               {"cancelled when staged", staged({Cancelled{}})},
                                               {"no_show", staged({NotCollected{}})},
                                               {"no_show, put back", staged({NotCollected{}, UnitsPutBack{}})},
                                               {"refused_by_customer", staged({RefusedByCustomer{}})},
                                               {"refused_by_customer, put back", staged({RefusedByCustomer{}, UnitsPutBack{}})}},
                                    .commands = {{"offer", an_offer()},
                                                 {"offer elsewhere", an_offer("YORK")},
                                                 {"accept", Accept{}},
                                                 {"reject", Reject{Reason::too_busy}},
                                                 {"lapse", Lapse{}},
                                                 {"start to pick", StartPick{}},
                                                 {"pick all", Pick{}},
                                                 {"pick one mug less", Pick{one_mug_found.found}},
                                                 {"pick nothing", Pick{{{1, Quantity{0}}, {2, Quantity{0}}}}},
                                                 {"stage", Stage{"A7", collect_until}},
                                                 {"stage in another bin", Stage{"B1", collect_until}},
                                                 {"stage nowhere", Stage{"", collect_until}},
                                                 {"arrive", Arrive{"bay 2"}},
                                                 {"hand over", HandOver{identity, codes}},
                                                 {"hand over, wrong code", HandOver{wrong_code, codes}},
                                                 {"hand one mug over, the rest refused", HandOver{identity, codes, one_mug}},
                                                 {"hand over more than there is", HandOver{identity, codes, {{1, Quantity{3}}}}},
                                                 {"hand one mug over, the rest stays", HandOverPart{identity, codes, one_mug}},
                                                 {"hand one mug over, the rest stays, wrong code", HandOverPart{wrong_code, codes, one_mug}},
                                                 {"hand everything over as a part", HandOverPart{identity, codes, {{1, Quantity{2}}, {2, Quantity{1}}}}},
                                                 {"finish the part", FinishPart{}},
                                                 {"hand over against money", BeginHandOver{identity, codes}},
                                                 {"hand over against money, wrong code", BeginHandOver{wrong_code, codes}},
                                                 {"finish the hand-over", FinishHandOver{}},
                                                 {"break the hand-over off", BreakOffHandOver{}},
                                                 {"count a wrong code", CountWrongCode{}},
                                                 {"send a new code", ResendCode{}},
                                                 {"extend", Extend{collect_until + 24h}},
                                                 {"remind", Remind{1}},
                                                 {"give up waiting", GiveUpWaiting{}},
                                                 {"refuse", Refuse{}},
                                                 {"unaccept", Unaccept{}},
                                                 {"unpick", Unpick{}},
                                                 {"unstage", Unstage{}},
                                                 {"stop", Stop{}},
                                                 {"put back", PutBack{}},
                                                 {"escalate", Escalate{50}},
                                                 {"await", an_awaiting()},
                                                 {"await elsewhere", an_awaiting("YORK")},
                                                 {"miss a mug", Miss{one_mug_found.found}},
                                                 {"miss everything", Miss{{{1, Quantity{0}}, {2, Quantity{0}}}}},
                                                 {"take in", TakeIn{}},

                                                 {"cut to one mug", CutUnits{{{1, Quantity{1}}}}},
                                                 {"cut to nothing", CutUnits{{{1, Quantity{0}}, {2, Quantity{0}}}}}}};
  EXPECT_EQ(cells.text([](const State& pickup, const Command& command) { return decide(pickup, command, now); }), R"(offer: Offered in none; else already so
offer elsewhere: Offered in none; else pickup-already-planned
accept: Accepted in offered, overdue offer; already so in accepted, overdue; else pickup-not-offered
reject: Rejected in awaiting, awaiting less, offered, overdue offer, accepted, overdue, picking, overdue picking; already so in rejected, rejected while picking; else pickup-not-open
lapse: Rejected in offered, overdue offer; else already so
start to pick: PickStarted in accepted, overdue; already so in picking, overdue picking; else pickup-not-accepted
pick all: Picked in accepted, overdue, picking, overdue picking; already so in picked, overdue picked, taken in, partly handed over, unstaged; pickup-already-picked in picked short; else pickup-not-accepted
pick one mug less: Picked in accepted, overdue, picking, overdue picking; pickup-already-picked in picked, overdue picked, taken in, partly handed over, unstaged; already so in picked short; else pickup-not-accepted
pick nothing: quantity-invalid in accepted, overdue, picking, overdue picking; pickup-already-picked in picked, overdue picked, picked short, taken in, partly handed over, unstaged; else pickup-not-accepted
stage: Staged in picked, overdue picked, picked short, taken in, partly handed over, unstaged; already so in staged, extended, reminded, fifth code sent, partly handed over; else pickup-not-picked
stage in another bin: Staged in picked, overdue picked, picked short, taken in, partly handed over, unstaged; pickup-already-staged in staged, extended, reminded, fifth code sent, partly handed over; else pickup-not-picked
stage nowhere: bin-missing in picked, overdue picked, picked short, taken in, partly handed over, unstaged; pickup-already-staged in staged, extended, reminded, fifth code sent, partly handed over; else pickup-not-picked
arrive: Arrived in staged, extended, reminded, fifth code sent, partly handed over; already so in arrived, arrived, waiting too long, arrived, fifth code sent; else pickup-not-staged
hand over: HandedOver in staged, extended, reminded, fifth code sent, arrived, arrived, waiting too long, arrived, fifth code sent, partly handed over; payment-under-way in paying, paying for a part; already-handed-over in handed_over, handed_over, rest refused; else pickup-not-staged
hand over, wrong code: code-wrong in staged, extended, reminded, fifth code sent, arrived, arrived, waiting too long, arrived, fifth code sent, partly handed over; payment-under-way in paying, paying for a part; already-handed-over in handed_over, handed_over, rest refused; else pickup-not-staged
hand one mug over, the rest refused: HandedOver in staged, extended, reminded, fifth code sent, arrived, arrived, waiting too long, arrived, fifth code sent, partly handed over; payment-under-way in paying, paying for a part; already-handed-over in handed_over, handed_over, rest refused; else pickup-not-staged
hand over more than there is: quantity-invalid in staged, extended, reminded, fifth code sent, arrived, arrived, waiting too long, arrived, fifth code sent, partly handed over; payment-under-way in paying, paying for a part; already-handed-over in handed_over, handed_over, rest refused; else pickup-not-staged
hand one mug over, the rest stays: PartHandedOver in staged, extended, reminded, fifth code sent, arrived, arrived, waiting too long, arrived, fifth code sent, partly handed over; payment-under-way in paying, paying for a part; already-handed-over in handed_over, handed_over, rest refused; else pickup-not-staged
hand one mug over, the rest stays, wrong code: code-wrong in staged, extended, reminded, fifth code sent, arrived, arrived, waiting too long, arrived, fifth code sent, partly handed over; payment-under-way in paying, paying for a part; already-handed-over in handed_over, handed_over, rest refused; else pickup-not-staged
hand everything over as a part: quantity-invalid in staged, extended, reminded, fifth code sent, arrived, arrived, waiting too long, arrived, fifth code sent, partly handed over; payment-under-way in paying, paying for a part; already-handed-over in handed_over, handed_over, rest refused; else pickup-not-staged
finish the part: nothing-stays in paying; PartHandedOver in paying for a part; else pickup-not-staged
hand over against money: HandOverBegun in staged, extended, reminded, fifth code sent, arrived, arrived, waiting too long, arrived, fifth code sent, partly handed over; payment-under-way in paying, paying for a part; already-handed-over in handed_over, handed_over, rest refused; else pickup-not-staged
hand over against money, wrong code: code-wrong in staged, extended, reminded, fifth code sent, arrived, arrived, waiting too long, arrived, fifth code sent, partly handed over; payment-under-way in paying, paying for a part; already-handed-over in handed_over, handed_over, rest refused; else pickup-not-staged
finish the hand-over: HandedOver in paying; something-stays in paying for a part; already so in handed_over, handed_over, rest refused; else pickup-not-staged
break the hand-over off: HandOverBrokenOff in paying, paying for a part; else already so
count a wrong code: WrongCodeGiven in staged, extended, reminded, fifth code sent, arrived, arrived, waiting too long, arrived, fifth code sent, partly handed over; else already so
send a new code: CodeSentAgain in staged, extended, reminded, arrived, arrived, waiting too long, partly handed over; codes-exhausted in fifth code sent, arrived, fifth code sent; else pickup-not-staged
extend: CollectionExtended in staged, reminded, fifth code sent, partly handed over; already-extended in extended; else pickup-not-staged
remind: CustomerReminded in staged, extended, fifth code sent, partly handed over; already-reminded in reminded; else already so
give up waiting: NotCollected in staged, extended, reminded, fifth code sent, arrived, arrived, waiting too long, arrived, fifth code sent, partly handed over; else already so
refuse: RefusedByCustomer in staged, extended, reminded, fifth code sent, arrived, arrived, waiting too long, arrived, fifth code sent, partly handed over; payment-under-way in paying, paying for a part; already so in refused_by_customer, refused_by_customer, put back; else pickup-not-staged
unaccept: already so in offered, overdue offer; Unaccepted in accepted, overdue; else pickup-not-accepted
unpick: already so in accepted, overdue; Unpicked in picking, overdue picking, picked, overdue picked; short-pick-settled in picked short, taken in, partly handed over, unstaged; else pickup-not-picked
unstage: already so in picked, overdue picked, picked short, taken in, partly handed over, unstaged; Unstaged in staged, extended, reminded, fifth code sent, partly handed over; else pickup-not-staged
stop: pickup-unknown in none; payment-under-way in paying, paying for a part; units-issued in handed_over, handed_over, rest refused; already so in rejected, rejected while picking, cancelled, cancelled when staged, no_show, no_show, put back, refused_by_customer, refused_by_customer, put back; else Cancelled
put back: UnitsPutBack in handed_over, rest refused, rejected while picking, cancelled when staged, no_show, refused_by_customer; else nothing-to-put-back
escalate: Escalated in offered, accepted, picking, picked, picked short, taken in, arrived, arrived, fifth code sent, partly handed over, unstaged; already-escalated in overdue offer, overdue, overdue picking, overdue picked, arrived, waiting too long; else already so
await: TransferAwaited in none; already so in awaiting, awaiting less, taken in; else pickup-already-planned
await elsewhere: TransferAwaited in none; else pickup-already-planned
miss a mug: UnitsMissing in awaiting, awaiting less; else pickup-not-awaiting
miss everything: quantity-invalid in awaiting, awaiting less; else pickup-not-awaiting
take in: GoodsTakenIn in awaiting, awaiting less; else pickup-not-awaiting
cut to one mug: UnitsCut in offered, overdue offer, accepted, overdue, picking, overdue picking; else already so
cut to nothing: quantity-invalid in offered, overdue offer, accepted, overdue, picking, overdue picking; else already so
)");
  EXPECT_EQ(cells.untried(transitions(), static_cast<std::size_t>(Status::refused_by_customer) + 1), "");
}

TEST(Pickup, is_handed_over_to_who_knows_the_code_or_is_known) {
  EXPECT_EQ(test::outcome(decide(staged(), HandOver{right_code, codes}, now)), "HandedOver");
  EXPECT_EQ(test::outcome(decide(staged(), HandOver{identity, codes}, now)), "HandedOver");
  EXPECT_EQ(code_of(decide(staged(), HandOver{wrong_code, codes}, now)), "code-wrong");
}

TEST(Pickup, locks_the_code_after_five_wrong_ones_and_then_asks_for_the_identity) {
  auto four = staged(std::vector<Event>(max_wrong_codes - 1, WrongCodeGiven{}));
  EXPECT_EQ(test::outcome(decide(four, HandOver{right_code, codes}, now)), "HandedOver");
  EXPECT_EQ(code_of(decide(locked(), HandOver{right_code, codes}, now)), "code-locked");
  EXPECT_EQ(code_of(decide(locked(), BeginHandOver{right_code, codes}, now)), "code-locked");
  EXPECT_EQ(test::outcome(decide(locked(), HandOver{identity, codes}, now)), "HandedOver");
}

TEST(Pickup, opens_with_the_newest_code_only) {
  auto pickup = after({CodeSentAgain{2}}, locked());
  EXPECT_FALSE(is_locked(pickup));
  EXPECT_EQ(code_of(decide(pickup, HandOver{right_code, codes}, now)), "code-wrong");
  EXPECT_EQ(test::outcome(decide(pickup, HandOver{second_code, codes}, now)), "HandedOver");
}

TEST(Pickup, is_not_opened_by_an_empty_code) { EXPECT_EQ(code_of(decide(staged(), HandOver{Proof{}, Codes{}}, now)), "code-wrong"); }

TEST(Pickup, sends_five_codes_and_no_more) {
  auto pickup = staged();
  for (std::int32_t issue = 2; issue <= static_cast<std::int32_t>(max_code_issues); ++issue) {
    auto decision = decide(pickup, ResendCode{}, now);
    EXPECT_EQ(*decision, std::vector<Event>{CodeSentAgain{issue}});
    test::apply(pickup, decision);
  }
  EXPECT_EQ(code_of(decide(pickup, ResendCode{}, now)), "codes-exhausted");
}

TEST(Pickup, is_not_accepted_after_the_offers_time) {
  EXPECT_EQ(code_of(decide(offered(), Accept{}, now + 30min)), "");
  EXPECT_EQ(code_of(decide(offered(), Accept{}, now + 30min + 1ms)), "offer-expired");
}

TEST(Pickup, gives_the_customer_no_more_time_by_being_staged_again) {
  auto pickup = staged({Unstaged{}});
  evolve(pickup, Staged{"B1", collect_until + 24h}, now + 24h);
  EXPECT_EQ(pickup.bin, "B1");
  EXPECT_EQ(pickup.staged_at, now);
  EXPECT_EQ(pickup.collect_until, collect_until);
}

TEST(Pickup, hands_over_what_was_found) {
  auto pickup = accepted({one_mug_found});
  EXPECT_EQ(lines_going(pickup), (std::vector<Line>{{1, test::sku("MUG-1"), Quantity{1}}, {2, test::sku("BOWL-1"), Quantity{1}}}));
  EXPECT_EQ(pickup.why_dropped, Reason::not_in_stock);
}

std::vector<std::int32_t> lying_of(const State& pickup) {
  std::vector<std::int32_t> units;
  for (std::size_t i = 0; i < pickup.lines.size(); ++i)
    units.push_back(lying(pickup, i).units());
  return units;
}

TEST(Pickup, keeps_the_rest_of_a_part_in_its_bin_under_its_clock) {
  auto pickup = staged({Arrived{"bay 2"}});
  test::apply(pickup, decide(pickup, HandOverPart{right_code, codes, one_mug}, now + 24h), now + 24h);
  EXPECT_EQ(pickup.status, Status::staged);
  EXPECT_EQ(pickup.bin, "A7");
  EXPECT_EQ(pickup.collect_until, collect_until);
  EXPECT_EQ(lying_of(pickup), (std::vector{1, 1}));
  EXPECT_FALSE(pickup.put_back);
}

TEST(Pickup, hands_no_unit_over_twice) {
  auto pickup = staged({PartHandedOver{false, one_mug}});
  EXPECT_EQ(code_of(decide(pickup, HandOverPart{right_code, codes, {{1, Quantity{2}}}}, now)), "quantity-invalid");
  EXPECT_EQ(code_of(decide(pickup, HandOver{right_code, codes, {{1, Quantity{1}}, {1, Quantity{1}}}}, now)), "quantity-invalid");
  EXPECT_EQ(code_of(decide(pickup, HandOver{right_code, codes, {{3, Quantity{1}}}}, now)), "quantity-invalid");
  auto rest = decide(pickup, HandOver{right_code, codes}, now);
  EXPECT_EQ(*rest, (std::vector<Event>{HandedOver{false, {{1, Quantity{1}}, {2, Quantity{1}}}}})) << "the rest, and only that";
  test::apply(pickup, rest);
  EXPECT_EQ(lying_of(pickup), (std::vector{0, 0}));
  EXPECT_EQ(code_of(decide(pickup, HandOver{right_code, codes, one_mug}, now)), "already-handed-over");
}

TEST(Pickup, puts_back_what_was_not_wanted_at_the_counter) {
  auto pickup = staged({HandedOver{false, one_mug}});
  EXPECT_EQ(pickup.status, Status::handed_over);
  EXPECT_TRUE(pickup.rest_refused);
  EXPECT_TRUE(pickup.put_back);
  EXPECT_EQ(pickup.dropped, (std::vector{Quantity{1}, Quantity{1}}));
  EXPECT_EQ(pickup.why_dropped, Reason::customer_choice);
  EXPECT_FALSE(after({UnitsPutBack{}}, pickup).put_back);
}

TEST(Pickup, of_which_a_part_was_fetched_loses_only_what_still_lies_there) {
  for (const Event& end : {Event{NotCollected{}}, Event{RefusedByCustomer{}}, Event{Cancelled{}}}) {
    auto pickup = staged({PartHandedOver{false, one_mug}, end});
    EXPECT_EQ(pickup.dropped, (std::vector{Quantity{1}, Quantity{1}})) << name_of(pickup.status);
    EXPECT_EQ(going(pickup, 0), Quantity{1}) << "the customer keeps it";
    EXPECT_TRUE(pickup.put_back);
  }
}

TEST(Pickup, says_what_leaves_while_the_money_is_being_taken) {
  EXPECT_TRUE(leaving_now(staged()).empty());
  EXPECT_EQ(leaving_now(staged({HandOverBegun{}})), (std::vector<Taken>{{1, Quantity{2}}, {2, Quantity{1}}}));
  EXPECT_EQ(leaving_now(staged({HandOverBegun{false, one_mug, true}})), one_mug);
  EXPECT_EQ(leaving_now(staged({PartHandedOver{false, one_mug}, HandOverBegun{}})), (std::vector<Taken>{{1, Quantity{1}}, {2, Quantity{1}}}));
  auto broken_off = staged({HandOverBegun{false, one_mug, true}, HandOverBrokenOff{}});
  EXPECT_EQ(broken_off, staged()) << "nothing has happened";
}

TEST(Pickup, begins_another_clock_when_the_customer_comes) {
  auto late = accepted({Escalated{100}, all_found, staged_in_a7});
  evolve(late, Arrived{"bay 2", "red Audi"}, now + 1h);
  EXPECT_EQ(late.arrived_at, now + 1h);
  EXPECT_EQ(late.car, "red Audi");
  EXPECT_EQ(late.escalated, 0);
}

TEST(Pickup, leaves_a_task_to_put_picked_goods_back) {
  EXPECT_FALSE(accepted({Cancelled{}}).put_back);
  for (const auto& pickup : {accepted({PickStarted{}, Cancelled{}}), accepted({all_found, Cancelled{}}), staged({Cancelled{}}), staged({NotCollected{}}), staged({RefusedByCustomer{}})})
    EXPECT_TRUE(pickup.put_back) << name_of(pickup.status);
  EXPECT_FALSE(staged({NotCollected{}, UnitsPutBack{}}).put_back);
}

TEST(Pickup, has_a_word_for_every_status) {
  for (auto word : {"none", "offered", "accepted", "picking", "picked", "staged", "arrived", "paying", "handed_over", "rejected", "cancelled", "no_show", "refused_by_customer"}) {
    ASSERT_TRUE(pickup_status_from(word)) << word;
    EXPECT_EQ(name_of(*pickup_status_from(word)), word);
  }
  EXPECT_FALSE(pickup_status_from("ready"));
}

} // namespace
} // namespace entrepot::pickup
