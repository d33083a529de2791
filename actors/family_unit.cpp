#include "actors/unit.hpp"

#include "actors/settled.hpp"

namespace entrepot::actors {
namespace {

workflow::Input input_of(const Envelope& envelope) {
  return std::visit(Overload{[&](const Command& c) -> workflow::Input { return workflow::Told{child_of(envelope.to), c.command}; },
                             [&](const Reply& r) -> workflow::Input { return workflow::Answered{r.question, r.refused}; },
                             [&](const ProviderReply& r) -> workflow::Input { return workflow::PartnerAnswered{r.key, r.answer}; },
                             [&](const CarrierReply& r) -> workflow::Input { return workflow::CarrierAnswered{child_of(envelope.to), r.key, r.answer}; },
                             [&](const Wake&) -> workflow::Input { return workflow::Awoken{}; },
                             [&](const Look&) -> workflow::Input { throw BrokenInvariant("a look decides nothing"); }},
                    envelope.payload);
}

} // namespace

Result<UnitTurn> FamilyUnit::take(const Envelope& input, Timestamp now) {
  auto taken = workflow::take(state_, memory_, input_of(input), now, partners_);
  if (!taken)
    return std::move(taken).error();
  UnitTurn turn{.events = {}, .questions = std::move(taken->questions), .calls = std::move(taken->calls), .labels = std::move(taken->labels), .wake_up = taken->wake_up, .waiting = taken->waiting, .refused = std::move(taken->refused), .lacking = std::move(taken->lacking)};
  turn.events.reserve(taken->events.size());
  for (auto& [child, event] : taken->events)
    turn.events.emplace_back(member(state_.id, child), std::move(event));
  return turn;
}

bool FamilyUnit::has_come(Until until) const { return actors::has_come(state_, until); }

} // namespace entrepot::actors
