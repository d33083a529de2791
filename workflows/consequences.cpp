#include "workflows/consequences.hpp"

namespace entrepot::workflow {
namespace {

/// Each order hears what is left of its claim.
std::vector<Consequence> of_cut(const stock::ClaimsCut& cut) {
  std::vector<Consequence> consequences;
  for (const auto& order : stock::cuts_by_order(cut)) {
    process::HearOfCut hear{order.round, cut.cause, cut.reference, {}};
    for (const auto& line : order.lines)
      hear.left.push_back({line.line, line.item.sku, line.left});
    consequences.push_back({member(order.order.family, child::process), process::Command{std::move(hear)}});
  }
  return consequences;
}

const stock::ClaimsCut* cut_in(const AnyEvent& event) {
  const auto* of_stock = std::get_if<stock::Event>(&event);
  return of_stock ? std::get_if<stock::ClaimsCut>(of_stock) : nullptr;
}

} // namespace

std::vector<Consequence> consequences_of(StreamId, const AnyEvent& event) {
  if (const auto* cut = cut_in(event))
    return of_cut(*cut);
  return {};
}

bool has_consequences(StreamId stream, std::string_view type) { return is_named(stream) && type == "StockClaimsCut"; }
bool may_have_consequences(const AnyEvent& event) { return cut_in(event) != nullptr; }

} // namespace entrepot::workflow
