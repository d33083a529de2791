#include "workflows/explain.hpp"

#include <algorithm>
#include <unordered_map>

#include "domain/order/places.hpp"
#include "workflows/workflows.hpp"

namespace entrepot::workflow {
namespace {

std::string awaited_of(const fulfilment::State& fulfilment) {
  using enum fulfilment::Status;
  const auto& place = fulfilment.location.text();
  switch (fulfilment.status) {
  case offered:
    return place + " to say whether it sends the goods";
  case accepted:
  case picking:
    return place + " to pick and ship";
  case picked:
    return place + " to pack and ship";
  case packed:
    return place + (fulfilment.stop_until && !fulfilment.stop_refused ? " to keep the parcel back" : " to hand the parcel to the carrier");
  case shipped:
    return "the carrier to deliver";
  default:
    return {};
  }
}

std::string awaited_of(const pickup::State& pickup) {
  using enum pickup::Status;
  const auto& place = pickup.location.text();
  switch (pickup.status) {
  case awaiting_transfer:
    return "goods from elsewhere to come to " + place;
  case offered:
    return place + " to say whether it prepares the goods";
  case accepted:
  case picking:
    return place + " to pick the goods";
  case picked:
    return place + " to have the bag ready";
  case staged:
  case arrived:
    return "the customer to fetch the bag in " + place;
  case paying:
    return "the payment provider's answer";
  default:
    return {};
  }
}

std::string awaited_of(const transfer::State& transfer) {
  if (transfer.status == transfer::Status::draft || transfer.status == transfer::Status::ready_to_ship)
    return transfer.from.text() + " to send the goods to " + transfer.to.text();
  if (!transfer::is_terminal(transfer.status) && transfer.status != transfer::Status::none)
    return "goods on their way from " + transfer.from.text() + " to arrive in " + transfer.to.text();
  return transfer.status == transfer::Status::none || transfer::is_booked(transfer) ? std::string() : "the stock of " + transfer.from.text() + " and " + transfer.to.text();
}
std::string awaited_of_transfers(const Family& family) {
  for (const auto& [child, transfer] : family.transfers)
    if (auto text = awaited_of(transfer); !text.empty())
      return text;
  return {};
}

std::string awaited_of_plan(const payment::State& plan) {
  using enum payment::Status;
  for (const auto& tender : plan.tenders) {
    if (tender.status == declined && tender.due.amount > 0)
      return "another card";
    if (tender.status == payment::Status::awaited && tender.due.amount > 0)
      return tender.agreed.method == payment::Method::till ? "the customer to pay at the till" : "the customer to pay by the link";
    if (tender.status == requires_action)
      return "the customer to confirm the payment at the bank";
    if (payment::is_open(tender.status))
      return "the payment provider's answer";
    if (tender.status == refund_failed)
      return "the refund to be tried again";
  }
  return {};
}

/// What the tables' steps still wait for, where nothing else says it better.
std::string awaited_step(const Family& family) {
  auto* definition = find(family.order.agreement.workflow, family.order.agreement.workflow_version);
  check(definition, "every order's process is one that this program knows");
  for (const auto& step : definition->until_the_promise)
    if (!step.done(family, 0))
      return std::string(step.name);
  if (any_pending(family))
    return "another place to hold the units";
  if (!units_without_place(family).empty() && is_sourced(family))
    return "units from elsewhere";
  if (family.fulfilments.empty() && family.pickups.empty())
    return std::string(definition->per_fulfilment.front().name);
  return family.order.status == order::Status::cancelling ? "the cancellation to be settled" : "the customer's word, or units from elsewhere";
}

} // namespace

std::string awaited(const Family& family) {
  if (family.diary.parked)
    return "a person's decision";
  if (!family.diary.to_undo.empty())
    return "everything done for it to be taken back";
  if (auto text = awaited_of_plan(family.payment); !text.empty() && family.order.status != order::Status::none && family.order.status != order::Status::rejected)
    return text;
  if (std::ranges::any_of(family.payment.tenders, [](const payment::Tender& tender) { return payment::is_open(tender.status); }))
    return "the payment provider's answer"; // also of an order that is rejected
  if (any_awaits_restocking(family))
    return "what came back to be in the stock again";
  if (!family.diary.contested.empty())
    return "a location to hear which units somebody has in hand";
  if (family.order.status == order::Status::none || order::is_terminal(family.order.status))
    return awaited_of_transfers(family);
  if (const auto* hold = order::on_hold(family.order))
    return "somebody to release it from its hold (" + hold->code + ")";
  if (auto text = awaited_of_transfers(family); !text.empty())
    return text;
  for (const auto& [child, fulfilment] : family.fulfilments)
    if (auto text = awaited_of(fulfilment); !text.empty())
      return text;
  for (const auto& [child, pickup] : family.pickups)
    if (auto text = awaited_of(pickup); !text.empty())
      return text;
  return awaited_step(family);
}

std::string explain(const std::vector<Happened>& story, std::optional<Timestamp> wake_up, const LocalTime& local_time) {
  std::unordered_map<std::string, std::size_t> numbers; // line of "<stream>/<seq>"
  Family family;
  std::string text;
  std::size_t number = 0;
  std::optional<Timestamp> occurred_at; // of the line before
  for (auto& line : story) {
    numbers[to_text("", line.stream) + "/" + std::to_string(line.seq)] = ++number;
    if (!is_named(line.stream)) {
      family.id = family_of(line.stream);
      evolve(family, child_of(line.stream), line.event, line.at);
    }
    auto because = numbers.find(line.causation);
    text += std::to_string(number) + ".  " + local_time(line.occurred_at.value_or(line.at)) + "  " + (line.by.empty() ? "-" : line.by);
    if (line.occurred_at && line.occurred_at != occurred_at)
      text += " (recorded " + local_time(line.at) + ")"; // said once of what was brought in together
    occurred_at = line.occurred_at;
    text += ":  " + in_words(line.event);
    text += because == numbers.end() ? "\n" : "  (because of " + std::to_string(because->second) + ")\n";
  }
  auto next = awaited(family);
  if (next.empty())
    return text + "Nothing is awaited any more.\n";
  return text + "Awaited: " + next + (wake_up ? ", looked at again " + local_time(*wake_up) : "") + ".\n";
}

} // namespace entrepot::workflow
