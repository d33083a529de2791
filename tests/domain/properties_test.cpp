// What holds for any input and any sequence of commands.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <numeric>

#include "tests/domain/arbitrary.hpp"

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

RC_GTEST_PROP(Draft, adds_up, ()) {
  auto agreement = test::any_agreement();
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

/// What has no reference is another arrival each time; a count that waits is judged once, and then waits no more.
bool is_another_each_time(const stock::Command& command) {
  if (std::holds_alternative<stock::ApproveCount>(command) || std::holds_alternative<stock::RejectCount>(command))
    return true;
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
    auto command = i == 0 ? stock::Command{stock::Define{test::a_warehouse()}} : test::any_stock_command(when);
    auto decision = decide(warehouse, command, when);
    if (!decision)
      continue;
    for (const auto& event : *decision) {
      history.emplace_back(event, when);
      evolve(warehouse, event, when);
    }
    check_counters(warehouse);
    if (!is_another_each_time(command))
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
