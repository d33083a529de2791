// What holds for any input and any sequence of commands.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <numeric>

#include "tests/support/orders.hpp"

namespace entrepot {
namespace {

using namespace std::chrono_literals;
using test::now;

RC_GTEST_PROP(Money, splits_add_up_and_stay_within_a_minor_unit, (std::int64_t total)) {
  auto weights = *rc::gen::nonEmpty(rc::gen::container<std::vector<std::int64_t>>(rc::gen::inRange<std::int64_t>(0, 1'000'000)));
  auto parts = split_by_largest_remainder(test::money(total), weights);
  auto sum = std::accumulate(parts.begin(), parts.end(), __int128{0}, [](__int128 a, Money b) { return a + b.amount; });
  RC_ASSERT(sum == total);
  auto all = std::accumulate(weights.begin(), weights.end(), __int128{0});
  for (std::size_t i = 0; i < parts.size() && all > 0; ++i) {
    auto off = __int128{parts[i].amount} * all - __int128{total} * weights[i];
    RC_ASSERT(off < all && -off < all);
  }
}

RC_GTEST_PROP(Money, instalments_add_up, ()) {
  auto total = test::money(*rc::gen::inRange<std::int64_t>(0, order::max_total));
  auto shares = *rc::gen::nonEmpty(rc::gen::container<std::vector<payment::Share>>(
      rc::gen::build<payment::Share>(rc::gen::set(&payment::Share::percent, rc::gen::inRange(1, 101)),
                                     rc::gen::set(&payment::Share::round_up_to, rc::gen::element<std::int64_t>(0, 1, 7, 100, 1000)))));
  auto sum = test::money(0);
  for (const auto& instalment : payment::instalments(total, shares)) {
    RC_ASSERT(instalment.amount.amount > 0 || total.amount == 0);
    sum += instalment.amount;
  }
  RC_ASSERT(sum == total);
}

RC_GTEST_PROP(Time, round_trips_through_text, ()) {
  auto last = std::chrono::sys_days{std::chrono::year{10000} / 1 / 1}.time_since_epoch() / 1ms;
  auto when = Timestamp{Duration{*rc::gen::inRange<std::int64_t>(0, last)}};
  RC_ASSERT(from_rfc3339(to_rfc3339(when)) == when);
}

RC_GTEST_PROP(Ids, round_trip_through_text, ()) {
  auto slice = *rc::gen::inRange(0, slice_count);
  auto when = Timestamp{test::at("2020-01-01T00:00:00Z") + std::chrono::seconds{*rc::gen::inRange<std::int64_t>(0, std::int64_t{1} << 31)}};
  auto counter = *rc::gen::inRange(0, families_per_second);
  auto order = OrderId{family_number(slice, when, counter)};
  RC_ASSERT(order_id_from(to_text(order)) == order);
  RC_ASSERT(slice_of(order.family) == slice);
  RC_ASSERT(minted_at(order.family) == when);
  auto stream = StreamId{*rc::gen::inRange<std::int64_t>(0, INT64_MAX)};
  RC_ASSERT(stream_from_text("x_", to_text("x_", stream)) == stream);
}

RC_GTEST_PROP(Ids, are_read_back_only_from_what_was_written, (std::string text)) {
  if (auto stream = stream_from_text("", text))
    RC_ASSERT(to_text("", *stream).size() == text.size());
  RC_SUCCEED();
}

/// An order of one to four lines of goods, and transport if it is charged.
order::Agreement any_agreement() {
  auto basket = test::a_basket();
  basket.lines.clear();
  auto count = *rc::gen::inRange(1, 5);
  for (int i = 0; i < count; ++i)
    basket.lines.push_back({test::sku(*rc::gen::element<std::string>("MUG-1", "BOWL-1")), Quantity{*rc::gen::inRange(1, 1000)}, std::nullopt});
  basket.delivery_option = *rc::gen::element<std::string>("24h", "72h", "std");
  basket.customer_level = *rc::gen::element<std::string>("", "silver", "gold");
  return *order::draft(basket, test::a_shop(), now);
}

RC_GTEST_PROP(Draft, adds_up, ()) {
  auto agreement = any_agreement();
  auto lines = test::money(0), instalments = test::money(0);
  for (const auto& line : agreement.lines) {
    RC_ASSERT(line.total == line.unit_price * line.quantity.units());
    lines += line.total;
  }
  for (const auto& instalment : agreement.instalments)
    instalments += instalment.amount;
  RC_ASSERT(lines == agreement.total);
  RC_ASSERT(instalments == agreement.total);
  for (std::size_t i = 0; i < agreement.lines.size(); ++i)
    RC_ASSERT(agreement.lines[i].number == static_cast<std::int32_t>(i) + 1);
}

RC_GTEST_PROP(Family, keeps_its_invariants_and_folds_to_the_same_state, ()) {
  auto agreements = std::vector{any_agreement(), any_agreement()};
  Family family;
  family.id = test::order_id().family;
  std::vector<FamilyEvent> history;
  auto record = [&](int child, const auto& decision) {
    if (!decision)
      return;
    for (const auto& event : *decision) {
      history.push_back({child, event});
      evolve(family, child, history.back().event, now);
    }
  };
  for (auto step : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 5))) {
    auto which = static_cast<std::size_t>(*rc::gen::inRange(0, 2));
    if (step == 0)
      record(child::order, order::decide(family.order, order::Submit{agreements[which]}, now));
    if (step == 1)
      record(child::order, order::decide(family.order, order::Confirm{}, now));
    if (step == 2)
      record(child::order, order::decide(family.order, order::Reject{"stock-short", "too few", {}}, now));
    if (step >= 3) { // two fulfilments, two plans
      auto plan = test::a_plan();
      plan.due += Duration{static_cast<std::int64_t>(which)};
      auto child = child::first_fulfilment + step - 3;
      record(child, fulfilment::decide(family.fulfilments[child], plan, now));
    }
  }
  for (std::size_t i = 0; i < family.order.units.size(); ++i) { // L1 and L2 are checked by evolve; here the sums once more from outside
    const auto& units = family.order.units[i];
    RC_ASSERT(units.ordered == family.order.agreement.lines[i].quantity);
    RC_ASSERT(units.open + units.held + units.cancelled == units.ordered);
  }
  Family again;
  again.id = family.id;
  for (const auto& [child, event] : history)
    evolve(again, child, event, now);
  std::erase_if(family.fulfilments, [](const auto& entry) { return entry.second == fulfilment::State{}; }); // looked at, never planned
  RC_ASSERT(again == family);
}

/// A command to a location with few SKUs and few orders, so that they meet often.
stock::Command any_stock_command(Timestamp when) {
  auto sku = [] { return test::sku(*rc::gen::element<std::string>("MUG-1", "BOWL-1", "VASE-1")); };
  auto order = test::order_id(*rc::gen::inRange(1, 4));
  auto round = *rc::gen::inRange(0, 2);
  auto not_after = when + *rc::gen::element<Duration>(-1s, 0s, 1s, 1h);
  auto reference = *rc::gen::element<std::string>("", "R-1", "R-2");
  auto effect = *rc::gen::element(stock::Effect::none, stock::Effect::suspend, stock::Effect::suspend_all, stock::Effect::damage);
  switch (*rc::gen::inRange(0, 9)) {
  case 4:
    return stock::Issue{order, round};
  case 5:
    return stock::TakeBack{reference, {{{{}, sku()}, *rc::gen::inRange(0, 3)}}};
  case 6:
    return stock::Shrink{order, round, {{1, sku(), Quantity{*rc::gen::inRange(0, 4)}}}, effect};
  case 0:
    return stock::Receive{*rc::gen::element<std::string>("", "ASN-1", "ASN-2", "ASN-3"), {{{{}, sku()}, *rc::gen::inRange(0, 6)}, {{test::entity("GUEST"), sku()}, 1}}};
  case 1:
    return stock::Allocate{order, round};
  case 2:
    return stock::Release{order, round, not_after};
  case 3:
    return stock::Define{*rc::gen::element(test::a_warehouse(), test::a_store("DC"))};
  default: {
    std::vector<stock::HoldLine> lines;
    for (int i = 1, count = *rc::gen::inRange(1, 4); i <= count; ++i)
      lines.push_back({i, sku(), Quantity{*rc::gen::inRange(1, 4)}});
    return test::a_hold(order, lines, round);
  }
  }
}

/// What has no reference is another arrival each time.
bool comes_in_without_reference(const stock::Command& command) {
  const auto* receipt = std::get_if<stock::Receive>(&command);
  const auto* taken_back = std::get_if<stock::TakeBack>(&command);
  return (receipt && receipt->reference.empty()) || (taken_back && taken_back->reference.empty());
}

RC_GTEST_PROP(Location, keeps_its_invariants_and_folds_to_the_same_state, ()) {
  stock::State warehouse;
  std::vector<std::pair<stock::Event, Timestamp>> history;
  auto when = now;
  auto length = *rc::gen::inRange(0, 60);
  for (int i = 0; i < length; ++i, when += *rc::gen::element<Duration>(0s, 1s, 10s)) {
    auto command = i == 0 ? stock::Command{stock::Define{test::a_warehouse()}} : any_stock_command(when);
    auto decision = decide(warehouse, command, when);
    if (!decision)
      continue;
    for (const auto& event : *decision) {
      history.emplace_back(event, when);
      evolve(warehouse, event, when);
    }
    check_counters(warehouse);
    if (!comes_in_without_reference(command))
      RC_ASSERT(decide(warehouse, command, when)->empty()); // asked again, it is already so
  }
  stock::State again;
  for (const auto& [event, at] : history)
    evolve(again, event, at);
  RC_ASSERT(again == warehouse);
}

RC_GTEST_PROP(Location, never_promises_more_than_it_has, ()) {
  auto warehouse = test::a_stocked_warehouse({{"MUG-1", 10}});
  std::int32_t promised = 0;
  for (int order = 1; order <= 30; ++order) {
    auto units = *rc::gen::inRange(1, 5);
    auto decision = decide(warehouse, test::a_hold(order, "MUG-1", units), now);
    RC_ASSERT(static_cast<bool>(decision) == (promised + units <= 10));
    if (decision) {
      promised += units;
      test::apply(warehouse, decision);
    }
  }
}

} // namespace
} // namespace entrepot
