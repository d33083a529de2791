#include "workflows/steps/choice.hpp"

namespace entrepot::workflow {
namespace {

std::vector<stock::HoldLine> goods_of(const Family& family, const std::vector<order::LineUnits>& units) {
  std::vector<stock::HoldLine> lines;
  for (const auto& [number, wanted] : units)
    lines.push_back({number, family.order.agreement.lines[static_cast<std::size_t>(number - 1)].sku, wanted});
  return lines;
}

} // namespace

bool has_room(const Family& family) { return family.diary.first_place + static_cast<int>(family.diary.places.size()) <= child::last_fulfilment; }

bool is_sent_by_rules(const Family& family) {
  if (is_sourced(family))
    return true;
  return choice_stands(family) && family.order.choice->way == order::Way::delivery && !family.order.choice->delivery.ship_from;
}

Action carry_out_choice(const Family& family, int, Timestamp) {
  if (!order::is_open(family.order.status) || !choice_stands(family) || choice_is_tried(family) || is_sent_by_rules(family) || !has_room(family))
    return Nothing{};
  const auto& wanted = *family.order.choice;
  auto units = units_to_choose_for(family);
  if (wanted.way == order::Way::cancel || units.empty())
    return Nothing{};
  auto is_fetched = wanted.way == order::Way::another_store;
  const auto& from = is_fetched ? wanted.collection.store : wanted.delivery.ship_from;
  sourcing::Choice choice{.attempt = family.diary.looks + 1,
                          .outcome = sourcing::Outcome::placed,
                          .rule = {},
                          .parts = {{from, goods_of(family, units), wanted.answer_by}},
                          .missing = {},
                          .until = {},
                          .candidates = {{.location = from}},
                          .others = 0,
                          .behind_promise = true,
                          .customers_choice = family.order.choices,
                          .ready_by = is_fetched ? std::optional(wanted.collection.ready_by) : std::nullopt};
  return Tell{child::process, process::Command{process::RecordChoice{std::move(choice)}}};
}

} // namespace entrepot::workflow
