// A whole order family and the place its units come from, under any sequence of commands: whatever is refused or granted, the quantities and the money add up (L1 to L5),
// and the events tell all of it.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "tests/domain/arbitrary.hpp"

namespace entrepot {
namespace {

using namespace std::chrono_literals;
using test::now;

class House {
public:
  House() { family_.id = test::order_id().family; }

  /// Somebody asks something of somebody.
  void live(const order::Agreement& agreement) {
    when_ += *rc::gen::element<Duration>(0s, 0s, 1s, 10min);
    auto place = child::first_fulfilment + test::any_int(0, 2);
    switch (test::any_int(0, 8)) {
    case 0:
    case 1: return give(child::order, test::any_order_command(family_.order, agreement, place), family_.order);
    case 5:
    case 6: return give(child::payment, test::any_payment_command(family_.payment), family_.payment);
    case 2: return give(child::first_fulfilment, test::any_fulfilment_command(fulfilment(), agreement, when_), fulfilment());
    case 3:
    case 7: return give(child::first_fulfilment + 1, test::any_pickup_command(pickup(), agreement, when_), pickup());
    default: return ask_the_place(agreement);
    }
  }

  /// L1: no unit of a line is lost. L2: none is delivered that has not left. L3: none comes back that was not delivered. L4: no more is promised than lies there. L5: no more money is
  /// given back than was taken, and no more taken than was agreed.
  void expect_invariants() const {
    for (std::size_t i = 0; i < family_.order.units.size(); ++i) {
      const auto& units = family_.order.units[i];
      RC_ASSERT(units.ordered == family_.order.agreement.lines[i].quantity);
      RC_ASSERT(units.open + units.held + units.issued + units.cancelled == units.ordered);
      RC_ASSERT(units.delivered <= units.issued);
      RC_ASSERT(units.return_pending + units.returned <= units.delivered);
    }
    check_counters(place_);
    for (const auto& [child, bag] : family_.pickups)
      for (std::size_t i = 0; i < bag.lines.size(); ++i) {
        RC_ASSERT(handed(bag, i) + bag.dropped[i] + lying(bag, i) == bag.lines[i].quantity);
        RC_ASSERT(!is_terminal(bag.status) || lying(bag, i) == Quantity{});
      }
    auto taken = test::money(0);
    for (const auto& tender : family_.payment.tenders) {
      RC_ASSERT(tender.refunded.amount >= 0 && tender.refunded.amount <= tender.captured.amount && tender.captured.amount <= tender.due.amount);
      RC_ASSERT(tender.due.amount <= tender.agreed.amount.amount && tender.credited.amount <= tender.due.amount);
      taken += payment::settled_of(tender);
    }
    RC_ASSERT(taken.amount <= family_.order.agreement.total.amount);
  }

  void expect_folds_to_the_same() {
    Family again;
    again.id = family_.id;
    for (const auto& [of_family, at] : history_)
      evolve(again, of_family.child, of_family.event, at);
    std::erase_if(family_.fulfilments, [](const auto& entry) { return entry.second == fulfilment::State{}; }); // looked at, never planned
    std::erase_if(family_.pickups, [](const auto& entry) { return entry.second == pickup::State{}; });
    RC_ASSERT(again == family_);
    stock::State place;
    for (const auto& [event, at] : of_place_)
      stock::evolve(place, event, at);
    RC_ASSERT(place == place_);
  }

  /// The kinds of events that happened, as "<aggregate>/<kind>".
  std::set<std::pair<std::size_t, std::size_t>> kinds() const {
    std::set<std::pair<std::size_t, std::size_t>> all;
    for (const auto& [of_family, at] : history_)
      all.emplace(of_family.event.index(), std::visit([](const auto& event) { return event.index(); }, of_family.event));
    for (const auto& [event, at] : of_place_)
      all.emplace(AnyEvent{event}.index(), event.index());
    return all;
  }

private:
  fulfilment::State& fulfilment() { return family_.fulfilments[child::first_fulfilment]; }
  pickup::State& pickup() { return family_.pickups[child::first_fulfilment + 1]; }

  template <class Command, class State>
  void give(int child, const Command& command, const State& member) {
    auto decision = decide(member, command, when_); // of the member's own namespace
    if (!decision)
      return;
    for (const auto& event : *decision) {
      history_.emplace_back(FamilyEvent{child, event}, when_);
      evolve(family_, child, history_.back().first.event, when_);
    }
  }

  /// The place is asked for this order, as its process would: held, allocated, given up in part, issued, released, come back; or for any other order.
  void ask_the_place(const order::Agreement& agreement) {
    if (auto command = place_.defined ? any_question(agreement) : stock::Command{stock::Define{test::a_warehouse()}}; auto decision = stock::decide(place_, command, when_)) {
      for (const auto& event : *decision) {
        of_place_.emplace_back(event, when_);
        stock::evolve(place_, event, when_);
      }
      if (!is_another_each_time(command))
        RC_ASSERT(stock::decide(place_, command, when_)->empty()); // asked again, it is already so
    }
  }
  stock::Command any_question(const order::Agreement& agreement) const {
    const auto order = OrderId{family_.id};
    std::vector<stock::HoldLine> lines, keep;
    for (const auto& line : test::goods_of(agreement)) {
      lines.push_back({line.line, line.sku, line.quantity});
      keep.push_back({line.line, line.sku, *rc::gen::element(Quantity{}, Quantity{1}, line.quantity)});
    }
    switch (test::any_int(0, 8)) {
    case 0: return stock::Hold{order, 0, lines, when_ + 1min};
    case 1: return stock::Allocate{order, 0};
    case 2: return stock::Shrink{order, 0, keep, test::any_effect()};
    case 3:
      std::erase_if(keep, [](const stock::HoldLine& line) { return !line.quantity; });
      return stock::Issue{order, 0, any_int_is_low() ? keep : std::vector<stock::HoldLine>{}};
    case 4: return stock::Release{order, 0, when_ + 1min};
    case 5: return stock::TakeBack{*rc::gen::element<std::string>("", "RET-1", "RET-2"), {{{{}, lines.front().sku}, test::any_int(0, 3)}}};
    case 6: return stock::Receive{{}, {{{{}, test::sku("MUG-1")}, 4'000}, {{{}, test::sku("BOWL-1")}, 4'000}}};
    default: return test::any_stock_command(when_, 1'000);
    }
  }
  static bool any_int_is_low() { return test::any_int(0, 3) > 0; }
  /// Without a reference it is another arrival each time; a count is judged once, and then waits no more.
  static bool is_another_each_time(const stock::Command& command) {
    return std::holds_alternative<stock::Receive>(command) || std::holds_alternative<stock::TakeBack>(command) || std::holds_alternative<stock::ApproveCount>(command) ||
           std::holds_alternative<stock::RejectCount>(command);
  }

  Family family_;
  stock::State place_;
  Timestamp when_ = now;
  std::vector<std::pair<FamilyEvent, Timestamp>> history_;
  std::vector<std::pair<stock::Event, Timestamp>> of_place_;
};

TEST(Family, keeps_its_invariants_and_folds_to_the_same_state_whatever_it_and_its_place_are_asked) {
  std::set<std::pair<std::size_t, std::size_t>> seen;
  auto holds = rc::check([&] {
    auto agreements = std::vector{test::any_agreement(), test::any_agreement()};
    House house;
    for (int step = 0, steps = test::any_int(0, 500); step < steps; ++step) {
      house.live(agreements[test::any_int(0, 12) == 0 ? 1 : 0]);
      house.expect_invariants();
    }
    house.expect_folds_to_the_same();
    seen.merge(house.kinds());
  });
  EXPECT_TRUE(holds);
  const auto of = [&](std::size_t aggregate) { return std::ranges::count_if(seen, [&](const auto& kind) { return kind.first == aggregate; }); };
  EXPECT_GE(of(AnyEvent{order::Event{}}.index()), 11) << "of 14 kinds of events of an order";
  EXPECT_GE(of(AnyEvent{payment::Event{}}.index()), 9) << "of 13 of a payment plan";
  for (const auto& event : {stock::Event{stock::Shrunk{}}, stock::Event{stock::Issued{}}, stock::Event{stock::TakenBack{}}})
    EXPECT_TRUE(seen.contains({AnyEvent{event}.index(), event.index()})) << "of the place, kind " << event.index();
}

} // namespace
} // namespace entrepot
