#include "workflows/engine/decision.hpp"

#include <algorithm>

#include "domain/order/places.hpp"
#include "workflows/steps/closing.hpp"
#include "workflows/steps/money.hpp"
#include "workflows/steps/place.hpp"
#include "workflows/steps/transfer.hpp"

namespace entrepot::workflow {
namespace {

template <class Event>
std::vector<AnyEvent> any_of(std::vector<Event> events) {
  return {std::make_move_iterator(events.begin()), std::make_move_iterator(events.end())};
}

template <class Event>
Decision<AnyEvent> any_of(Decision<Event> decision) {
  if (!decision)
    return std::move(decision).error();
  return any_of(*std::move(decision));
}

template <class State>
State member_of(const std::map<int, State>& members, int child) {
  auto found = members.find(child);
  return found == members.end() ? State{} : found->second;
}

/// What has left, or will leave because staff could not keep it back, is not cancelled: it comes back as a return.
Decision<AnyEvent> decide_order(const Family& family, const order::Command& command, Timestamp now) {
  if (std::holds_alternative<order::Cancel>(command) && order::is_open(family.order.status) && !anything_can_be_stopped(family))
    return reject("units-issued", "nothing of the order can be stopped any more");
  if (const auto* choose = std::get_if<order::Choose>(&command)) // what is being held for it elsewhere is decided already
    return any_of(order::decide(family.order, order::Choose{choose->choice, units_to_choose_for(family)}, now));
  return any_of(order::decide(family.order, command, now));
}

Rejection is_kept_back(const order::OnHold& hold) { return reject("order-on-hold", "nothing of the order leaves before somebody has released it: " + hold.text); }

/// The goods leave only when the money due then is ours; until then nobody can say that they have all but gone.
Decision<AnyEvent> decide_fulfilment(const Family& family, int child, const fulfilment::Command& command, Timestamp now) {
  auto fulfilment = member_of(family.fulfilments, child);
  auto lets_go = std::holds_alternative<fulfilment::Ship>(command) || std::holds_alternative<fulfilment::RefuseStop>(command);
  if (const auto* hold = order::on_hold(family.order); hold && std::holds_alternative<fulfilment::Ship>(command) && fulfilment.status == fulfilment::Status::packed)
    return is_kept_back(*hold);
  if (lets_go && fulfilment.status == fulfilment::Status::packed && due_on_issue(family, child, units_leaving(family, child)))
    return reject("payment-due", "the money due when the goods leave is not ours yet");
  return any_of(fulfilment::decide(fulfilment, command, now));
}

std::optional<pickup::BeginHandOver> beginning_of(const pickup::Command& command) {
  if (const auto* whole = std::get_if<pickup::HandOver>(&command))
    return pickup::BeginHandOver{whole->proof, whole->codes, whole->taken, false};
  if (const auto* part = std::get_if<pickup::HandOverPart>(&command))
    return pickup::BeginHandOver{part->proof, part->codes, part->taken, true};
  return {};
}

/// What the customer takes; nothing named: all that lies there. Lines that do not lie there are left out: the pickup refuses them.
std::vector<order::LineUnits> units_taken(const pickup::State& pickup, const std::vector<pickup::Taken>& taken) {
  std::vector<order::LineUnits> lines;
  for (const auto& units : taken)
    if (std::ranges::find(pickup.lines, units.line, &fulfilment::Line::line) != pickup.lines.end())
      lines.push_back({units.line, units.units});
  if (taken.empty())
    for (std::size_t i = 0; i < pickup.lines.size(); ++i)
      lines.push_back({pickup.lines[i].line, pickup::lying(pickup, i)});
  return lines;
}

/// A hand-over with money to be taken begins here and ends when the provider has answered.
Decision<AnyEvent> decide_pickup(const Family& family, int child, const pickup::Command& command, Timestamp now) {
  auto pickup = member_of(family.pickups, child);
  if (const auto* part = std::get_if<pickup::HandOverPart>(&command); part && pickup::takes_everything(pickup, part->taken))
    return decide_pickup(family, child, pickup::HandOver{part->proof, part->codes, part->taken}, now); // nothing would stay
  if (std::holds_alternative<pickup::FinishHandOver>(command) && pickup.rest_stays)
    return any_of(pickup::decide(pickup, pickup::FinishPart{}, now));
  if (const auto* stage = std::get_if<pickup::Stage>(&command); stage && family.order.agreement.collection.wanted_at)
    return any_of(pickup::decide(pickup, pickup::Stage{stage->bin, std::max(stage->collect_until, family.order.agreement.collection.ready_by + pickup::collection_window)}, now));
  auto begins = beginning_of(command);
  if (const auto* hold = order::on_hold(family.order); hold && begins && !pickup::is_terminal(pickup.status))
    return is_kept_back(*hold);
  const auto* due = begins ? due_on_issue(family, child, units_taken(pickup, begins->taken)) : nullptr;
  if (!due)
    return any_of(pickup::decide(pickup, command, now));
  auto begun = pickup::decide(pickup, *begins, now);
  if (begun && due->status == payment::Status::declined)
    return reject("payment-declined", "the card was declined (" + due->decline_code + "): another one must be given first");
  return any_of(std::move(begun));
}

/// What a till takes for an order that does not wait for it any more is the customer's: the till gives it back under the same receipt.
Decision<AnyEvent> decide_payment(const Family& family, const payment::Command& command, Timestamp now) {
  auto is_new_money = std::holds_alternative<payment::Collect>(command) || std::holds_alternative<payment::OfferTender>(command);
  if (is_new_money && family.order.status > order::Status::submitted && !family.order.promised)
    return reject("order-not-open", "the order does not wait for money any more");
  return any_of(payment::decide(family.payment, command, now));
}

} // namespace

Decision<AnyEvent> decide(const Family& family, int child, const AnyCommand& command, Timestamp now) {
  if (auto* transfer_command = std::get_if<transfer::Command>(&command); transfer_command && child::is_transfer(child))
    return any_of(transfer::decide(member_of(family.transfers, child), as_family_sees_it(family, child, *transfer_command), now));
  if (auto* order_command = std::get_if<order::Command>(&command); order_command && child == child::order)
    return decide_order(family, *order_command, now);
  if (auto* payment_command = std::get_if<payment::Command>(&command); payment_command && child == child::payment)
    return decide_payment(family, *payment_command, now);
  if (auto* process_command = std::get_if<process::Command>(&command); process_command && child == child::process)
    return any_of(process::decide(family.diary, *process_command));
  if (auto* fulfilment_command = std::get_if<fulfilment::Command>(&command); fulfilment_command && child >= child::first_fulfilment)
    return decide_fulfilment(family, child, *fulfilment_command, now);
  if (auto* pickup_command = std::get_if<pickup::Command>(&command); pickup_command && child >= child::first_fulfilment)
    return decide_pickup(family, child, *pickup_command, now);
  throw BrokenInvariant("a command is given to the member of the family that understands it");
}

} // namespace entrepot::workflow
