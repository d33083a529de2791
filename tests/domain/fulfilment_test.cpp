#include <gtest/gtest.h>

#include "tests/support/cells.hpp"
#include "tests/support/orders.hpp"

namespace entrepot::fulfilment {
namespace {

using namespace std::chrono_literals;
using test::a_plan;
using test::now;

State accepted() {
  State fulfilment;
  test::apply(fulfilment, decide(fulfilment, a_plan(), now));
  return fulfilment;
}

const Event offered_event = Offered{a_plan().location, a_plan().lines, a_plan().due, now + 30min};
State after(std::vector<Event> events, State fulfilment = {}) {
  for (const auto& event : events)
    evolve(fulfilment, event, now);
  return fulfilment;
}
const Picked all_found{}, one_mug_found{{{1, Quantity{1}}}};
const Packed one_parcel{{{500}}};
const StopAsked stop_asked{now + 10min};
const LabelAsked label_asked{"ful_1/1"};
const Labelled labelled{"TRK-7", "https://carrier.example/7"};
State packed(std::vector<Event> then = {}) { return after(std::move(then), after({all_found, one_parcel}, accepted())); }

TEST(Fulfilment, answers_every_command_in_every_status) {
  auto elsewhere = a_plan();
  elsewhere.location = test::location("LEEDS");
  auto offer = [](const Plan& plan) { return Offer{plan.location, plan.lines, plan.due, now + 30min}; };
  test::Cells<State, Command> cells{.states = {{"none", State{}},
                                               {"offered", after({offered_event})},
                                               {"told", accepted()},
                                               {"accepted", after({offered_event, OfferAccepted{}})},
                                               {"overdue", after({Escalated{100}}, accepted())},
                                               {"overdue offer", after({offered_event, Escalated{100}})},
                                               {"picking", after({PickStarted{}}, accepted())},
                                               {"overdue picking", after({PickStarted{}, Escalated{100}}, accepted())},
                                               {"picked", after({all_found}, accepted())},
                                               {"overdue picked", after({all_found, Escalated{100}}, accepted())},
                                               {"picked short", after({one_mug_found}, accepted())},
                                               {"packed", packed()},
                                               {"overdue packed", packed({Escalated{100}})},
                                               {"packed, stop asked", packed({stop_asked})},
                                               {"packed, stop refused", packed({stop_asked, StopRefused{}})},
                                               {"packed, label asked", packed({label_asked})},
                                               {"packed, labelled", packed({label_asked, labelled})},
                                               {"packed, no label to be had", packed({label_asked, LabelFailed{"address-invalid"}})},
                                               {"shipped before the label came", packed({label_asked, Shipped{"T-1"}})},
                                               {"shipped", packed({Shipped{"T-1"}})},
                                               {"delivered", packed({Shipped{"T-1"}, Delivered{}})},
                                               {"lost", packed({Shipped{"T-1"}, Failed{Loss::lost}})},
                                               {"on the way back", packed({Shipped{"T-1"}, Tracked{Tracking::return_to_sender}})},
                                               {"lost and on the way back", packed({Shipped{"T-1"}, Failed{Loss::lost}, Tracked{Tracking::return_to_sender}})},
                                               {"returned", packed({Shipped{"T-1"}, ReturnedToOrigin{}})},
                                               {"restocked", packed({Shipped{"T-1"}, ReturnedToOrigin{}, Restocked{}})},
                                               {"rejected", after({Rejected{Reason::closed}}, accepted())},
                                               {"rejected while picking", after({PickStarted{}, Rejected{Reason::damaged}}, accepted())},
                                               {"cancelled", after({Cancelled{}}, accepted())},
                                               {"cancelled when packed", packed({stop_asked, Cancelled{}})}},
                                    .commands = {{"plan", a_plan()},
                                                 {"plan elsewhere", elsewhere},
                                                 {"offer", offer(a_plan())},
                                                 {"offer elsewhere", offer(elsewhere)},
                                                 {"accept", Accept{}},
                                                 {"reject", Reject{Reason::too_busy}},
                                                 {"lapse", Lapse{}},
                                                 {"start to pick", StartPick{}},
                                                 {"pick all", Pick{}},
                                                 {"pick one mug less", Pick{one_mug_found.found}},
                                                 {"pick nothing", Pick{{{1, Quantity{0}}, {2, Quantity{0}}}}},
                                                 {"pack", Pack{one_parcel.parcels}},
                                                 {"pack in two", Pack{{{200}, {300}}}},
                                                 {"pack in none", Pack{}},
                                                 {"ship", Ship{"T-1"}},
                                                 {"deliver", Deliver{}},
                                                 {"unaccept", Unaccept{}},
                                                 {"unpick", Unpick{}},
                                                 {"unpack", Unpack{}},
                                                 {"stop", Stop{now + 10min}},
                                                 {"confirm the stop", ConfirmStop{}},
                                                 {"refuse the stop", RefuseStop{}},
                                                 {"put back", PutBack{}},
                                                 {"escalate", Escalate{50}},
                                                 {"ask for a label", AskLabel{"ful_1/1"}},
                                                 {"record the label", RecordLabel{"ful_1/1", "TRK-7", ""}},
                                                 {"record a label of before", RecordLabel{"ful_1/0", "TRK-6", ""}},
                                                 {"record that there is none", RecordLabelFailed{"ful_1/1", "address-invalid"}},
                                                 {"track", Track{Tracking::return_to_sender}},
                                                 {"lose", Lose{Loss::damaged}},
                                                 {"return", ReturnToOrigin{}},
                                                 {"return one mug too many", ReturnToOrigin{{{1, Quantity{3}}}}},
                                                 {"record restocked", RecordRestocked{}},

                                                 {"cut to one mug", CutUnits{{{1, Quantity{1}}}}},
                                                 {"cut to nothing", CutUnits{{{1, Quantity{0}}, {2, Quantity{0}}}}}}};
  EXPECT_EQ(cells.text([](const State& fulfilment, const Command& command) { return decide(fulfilment, command, now); }), R"(plan: Accepted in none; else already so
plan elsewhere: Accepted in none; else fulfilment-already-planned
offer: Offered in none; else already so
offer elsewhere: Offered in none; else fulfilment-already-planned
accept: OfferAccepted in offered, overdue offer; already so in told, accepted, overdue; else fulfilment-not-offered
reject: Rejected in offered, told, accepted, overdue, overdue offer, picking, overdue picking; already so in rejected, rejected while picking; else fulfilment-not-open
lapse: Rejected in offered, overdue offer; else already so
start to pick: PickStarted in told, accepted, overdue; already so in picking, overdue picking; else fulfilment-not-accepted
pick all: Picked in told, accepted, overdue, picking, overdue picking; already so in picked, overdue picked; fulfilment-already-picked in picked short; else fulfilment-not-accepted
pick one mug less: Picked in told, accepted, overdue, picking, overdue picking; fulfilment-already-picked in picked, overdue picked; already so in picked short; else fulfilment-not-accepted
pick nothing: quantity-invalid in told, accepted, overdue, picking, overdue picking; fulfilment-already-picked in picked, overdue picked, picked short; else fulfilment-not-accepted
pack: Packed in picked, overdue picked, picked short; already so in packed, overdue packed, packed, stop asked, packed, stop refused, packed, label asked, packed, labelled, packed, no label to be had; else fulfilment-not-picked
pack in two: Packed in picked, overdue picked, picked short; fulfilment-already-packed in packed, overdue packed, packed, stop asked, packed, stop refused, packed, label asked, packed, labelled, packed, no label to be had; else fulfilment-not-picked
pack in none: parcels-invalid in picked, overdue picked, picked short; fulfilment-already-packed in packed, overdue packed, packed, stop asked, packed, stop refused, packed, label asked, packed, labelled, packed, no label to be had; else fulfilment-not-picked
ship: Shipped in packed, overdue packed, packed, stop asked, packed, stop refused, packed, label asked, packed, labelled, packed, no label to be had; already so in shipped before the label came, shipped, delivered, lost, on the way back, lost and on the way back, returned, restocked; fulfilment-cancelled in cancelled, cancelled when packed; else fulfilment-not-packed
deliver: Delivered in shipped before the label came, shipped, on the way back; already so in delivered; else fulfilment-not-shipped
unaccept: already so in offered, overdue offer; fulfilment-not-offered in told, overdue; Unaccepted in accepted; else fulfilment-not-accepted
unpick: already so in told, accepted, overdue; Unpicked in picking, overdue picking, picked, overdue picked; short-pick-settled in picked short; else fulfilment-not-picked
unpack: already so in picked, overdue picked, picked short; Unpacked in packed, overdue packed, packed, stop asked, packed, stop refused, packed, label asked, packed, labelled, packed, no label to be had; else fulfilment-not-packed
stop: fulfilment-unknown in none; StopAsked in packed, overdue packed, packed, stop asked, packed, label asked, packed, labelled, packed, no label to be had; stop-refused in packed, stop refused; units-issued in shipped before the label came, shipped, delivered, lost, on the way back, lost and on the way back, returned, restocked; already so in rejected, rejected while picking, cancelled, cancelled when packed; else Cancelled
confirm the stop: Cancelled in packed, stop asked; already so in cancelled, cancelled when packed; else stop-not-asked
refuse the stop: StopRefused in packed, stop asked; else stop-not-asked
put back: UnitsPutBack in rejected while picking, cancelled when packed; else nothing-to-put-back
escalate: already so in none, shipped before the label came, shipped, delivered, lost, on the way back, lost and on the way back, returned, restocked, rejected, rejected while picking, cancelled, cancelled when packed; already-escalated in overdue, overdue offer, overdue picking, overdue picked, overdue packed; else Escalated
ask for a label: LabelAsked in packed, overdue packed, packed, stop asked, packed, stop refused, packed, no label to be had; label-already-asked in packed, label asked, packed, labelled; else fulfilment-not-packed
record the label: label-not-awaited in packed, overdue packed, packed, stop asked, packed, stop refused, packed, labelled, packed, no label to be had, shipped, on the way back; Labelled in packed, label asked, shipped before the label came; else already so
record a label of before: label-not-awaited in packed, overdue packed, packed, stop asked, packed, stop refused, packed, label asked, packed, labelled, packed, no label to be had, shipped before the label came, shipped, on the way back; else already so
record that there is none: label-not-awaited in packed, overdue packed, packed, stop asked, packed, stop refused, packed, labelled, packed, no label to be had, shipped, on the way back; LabelFailed in packed, label asked, shipped before the label came; else already so
track: Tracked in shipped before the label came, shipped, lost; already so in delivered, returned, restocked; already-tracked in on the way back, lost and on the way back; else fulfilment-not-shipped
lose: Failed in shipped before the label came, shipped, on the way back; already-delivered in delivered; already so in lost, lost and on the way back, returned, restocked; else fulfilment-not-shipped
return: ReturnedToOrigin in shipped before the label came, shipped, lost, on the way back, lost and on the way back; already-delivered in delivered; already so in returned, restocked; else fulfilment-not-shipped
return one mug too many: quantity-invalid in shipped before the label came, shipped, lost, on the way back, lost and on the way back; already-delivered in delivered; already so in returned, restocked; else fulfilment-not-shipped
record restocked: Restocked in returned; already-restocked in restocked; else fulfilment-not-returned
cut to one mug: UnitsCut in offered, told, accepted, overdue, overdue offer, picking, overdue picking; else already so
cut to nothing: quantity-invalid in offered, told, accepted, overdue, overdue offer, picking, overdue picking; else already so
)");
  EXPECT_EQ(cells.untried(transitions(), static_cast<std::size_t>(Status::returned_to_origin) + 1), "");
}

TEST(Fulfilment, knows_what_is_to_be_done_where_and_by_when) {
  auto fulfilment = accepted();
  EXPECT_EQ(fulfilment.status, Status::accepted);
  EXPECT_EQ(fulfilment.location, test::location("DC"));
  EXPECT_EQ(fulfilment.lines, a_plan().lines);
  EXPECT_EQ(fulfilment.due, now);
}

TEST(Fulfilment, leaves_under_the_labels_number_unless_staff_type_their_own) {
  auto ready = packed({label_asked, labelled});
  EXPECT_EQ(std::get<Shipped>(decide(ready, Ship{}, now)->front()).tracking, "TRK-7");
  EXPECT_EQ(std::get<Shipped>(decide(ready, Ship{"OWN-1"}, now)->front()).tracking, "OWN-1");
  EXPECT_EQ(packed({label_asked, Shipped{""}, labelled}).tracking, "TRK-7") << "it had left before the label came";
  EXPECT_EQ(packed({label_asked, Shipped{"OWN-1"}, labelled}).tracking, "OWN-1");
}

TEST(Fulfilment, that_is_unpacked_needs_another_label) {
  auto again = packed({label_asked, labelled, Unpacked{}, one_parcel});
  EXPECT_EQ(again.label, (Label{.key = {}, .attempts = 1, .tracking = {}, .document = {}, .code = {}}));
  EXPECT_EQ(std::get<Shipped>(decide(again, Ship{}, now)->front()).tracking, "");
}

TEST(Fulfilment, is_not_planned_without_work) {
  auto plan = a_plan();
  plan.lines[0].quantity = Quantity{0};
  EXPECT_THROW(static_cast<void>(decide(State{}, plan, now)), BrokenInvariant);
  plan.lines.clear();
  EXPECT_THROW(static_cast<void>(decide(State{}, plan, now)), BrokenInvariant);
}

TEST(Fulfilment, has_a_word_for_every_status) {
  EXPECT_EQ(name_of(Status::none), "none");
  EXPECT_EQ(name_of(Status::accepted), "accepted");
  EXPECT_EQ(status_from("accepted"), Status::accepted);
  EXPECT_FALSE(status_from("packed up"));
}

} // namespace
} // namespace entrepot::fulfilment
