#include "workflows/steps/loss.hpp"

#include <algorithm>
#include <ranges>

#include "domain/order/places.hpp"
#include "workflows/steps/choice.hpp"
#include "workflows/steps/place.hpp"

namespace entrepot::workflow {
namespace {

const fulfilment::State& fulfilment_of(const Family& family, int place) { return family.fulfilments.at(place); }

bool order_has_heard(const Family& family, int place) {
  auto heard = family.order.heard.find(place);
  return heard != family.order.heard.end() && !heard->second.lost.empty();
}

/// How many units of a line were lost that are to be sent again.
Quantity to_be_sent_again(const Family& family, std::int32_t line) {
  Quantity units;
  for (const auto& [place, heard] : family.order.heard)
    if (heard.to_be_sent_again)
      units += units_heard(family, place, &order::Heard::lost, line);
  return units;
}

auto losses(const Family& family) {
  return std::ranges::count_if(family.order.heard, [](const auto& heard) { return heard.second.to_be_sent_again; });
}

/// Places that were chosen behind the promise though neither rules nor the customer chose them.
auto sent_again(const Family& family) {
  return std::ranges::count_if(family.diary.places, [](const process::Place& place) { return place.behind_promise && place.customers_choice == 0; });
}

} // namespace

Action restock(const Family& family, int place, Timestamp) {
  const auto& fulfilment = fulfilment_of(family, place);
  stock::TakeBack back{.reference = to_text("ful_", member(family.id, place)), .movements = {}};
  for (std::size_t i = 0; i < fulfilment.whole.size(); ++i)
    if (fulfilment.whole[i])
      back.movements.push_back({{{}, fulfilment.lines[i].sku}, fulfilment.whole[i].units()});
  if (back.movements.empty())
    return Nothing{};
  return Ask{stream_of(fulfilment.location), stock::Command{std::move(back)}};
}

bool is_restocked(const Family& family, int place) { return !awaits_restocking(family, place); }

Action note_restocked(const Family& family, int place, Timestamp) {
  if (is_restocked(family, place))
    return Nothing{};
  return Tell{place, fulfilment::Command{fulfilment::RecordRestocked{}}};
}

Action tell_order_of_loss(const Family& family, int place, Timestamp) {
  const auto& fulfilment = fulfilment_of(family, place);
  if (!is_lost(fulfilment) || order_has_heard(family, place))
    return Nothing{};
  // A parcel that was sent back did not find its customer: another one would not either.
  order::LoseUnits lost{.place = place, .lines = units_going(family, place), .code = "returned-to-sender", .again = false};
  if (fulfilment.loss) {
    lost.code = *fulfilment.loss == fulfilment::Loss::lost ? "lost-on-the-way" : "damaged-on-the-way";
    lost.again = family.order.status == order::Status::in_fulfilment && !family.order.why_cancelled; // who wanted to cancel it does not want it once more
  }
  return Tell{child::order, order::Command{std::move(lost)}};
}

std::string why_lost(const Family& family) {
  for (const auto& [place, heard] : family.order.heard | std::views::reverse)
    if (!heard.lost.empty())
      return heard.why_lost;
  return {};
}

bool were_lost(const Family& family) {
  auto without_place = units_without_place(family);
  return !without_place.empty() && std::ranges::all_of(without_place, [&](const order::LineUnits& units) { return units.units <= to_be_sent_again(family, units.line); });
}

Action send_again(const Family& family, int, Timestamp) {
  const auto& from = order::delivery_of(family.order).ship_from;
  if (!order::is_open(family.order.status) || !from || is_sent_by_rules(family) || !were_lost(family) || sent_again(family) >= losses(family) || !has_room(family))
    return Nothing{};
  sourcing::Part part{from, {}, family.order.agreement.answer_by};
  for (const auto& [number, units] : units_without_place(family))
    part.lines.push_back({number, family.order.agreement.lines[static_cast<std::size_t>(number - 1)].sku, units});
  sourcing::Choice choice{.attempt = family.diary.looks + 1,
                          .outcome = sourcing::Outcome::placed,
                          .rule = "what was lost is sent again",
                          .parts = {std::move(part)},
                          .missing = {},
                          .until = {},
                          .candidates = {{.location = from}},
                          .others = 0,
                          .behind_promise = true};
  return Tell{child::process, process::Command{process::RecordChoice{std::move(choice)}}};
}

} // namespace entrepot::workflow
