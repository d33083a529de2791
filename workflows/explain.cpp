#include "workflows/explain.hpp"

#include <unordered_map>

#include "workflows/workflows.hpp"

namespace entrepot::workflow {
namespace {

std::string list(const std::vector<order::Line>& lines) {
  std::string text;
  for (auto& line : lines)
    text += (text.empty() ? "" : ", ") + (line.service ? line.name : std::to_string(line.quantity.units()) + " x " + line.sku.text());
  return text;
}

template <class Lines>
std::string units_of(const Lines& lines) {
  std::string text;
  for (auto& line : lines)
    text += (text.empty() ? "" : ", ") + std::to_string(line.quantity.units()) + " x " + line.sku.text();
  return text;
}

std::string in_words_of(const order::Event& event) {
  return std::visit(Overload{[](const order::Submitted& e) {
                               auto& agreed = e.agreement;
                               return "Order submitted in " + agreed.channel.text() + (agreed.customer ? " by customer " + agreed.customer.text() : " by a guest") + ": " +
                                      list(agreed.lines) + "; " + to_text(agreed.total) + " in all, from " + agreed.delivery.ship_from.text();
                             },
                             [](const order::Confirmed&) { return std::string("Order confirmed: the customer has our promise"); },
                             [](const order::Rejected& e) { return "Order rejected: " + e.text + " (" + e.code + ")"; }},
                    event);
}

std::string in_words_of(const payment::Event& event) {
  return std::visit(
      Overload{[](const payment::CaptureAsked& e) { return "Payment provider asked for " + to_text(e.amount) + " (attempt " + e.key + ")"; },
               [](const payment::Captured& e) { return to_text(e.amount) + " received (" + e.reference + ")"; },
               [](const payment::Declined& e) { return "Card declined: " + e.code; },
               [](const payment::OutcomeUnknown&) { return std::string("No answer from the payment provider; it will be asked what became of the payment"); },
               [](const payment::VoidAsked&) { return std::string("Payment provider asked to undo the payment"); },
               [](const payment::Voided&) { return std::string("Payment undone: no money of the customer is with us"); },
               [](const payment::TenderOffered&) { return std::string("Another card given"); }},
      event);
}

std::string in_words_of(const process::Event& event) {
  return std::visit(Overload{[](const process::CompensationBegun&) { return std::string("Order given up; what was done for it is being taken back"); },
                             [](const process::CompensationEnded&) { return std::string("Everything done for it has been taken back"); },
                             [](const process::Parked& e) { return "Left to a person at \"" + e.step + "\": " + e.text + " (" + e.code + ")"; }},
                    event);
}

std::string in_words_of(const fulfilment::Event& event) {
  return std::visit(Overload{[](const fulfilment::Accepted& e) { return e.location.text() + " has the work on its list: " + units_of(e.lines); }}, event);
}

std::string in_words_of(const stock::Event& event) {
  return std::visit(Overload{[](const stock::Held& e) { return "Units held: " + units_of(e.lines); }, [](const stock::Allocated&) { return std::string("Units allocated to the order"); },
                             [](const stock::Released&) { return std::string("Units freed for others"); },
                             [](const stock::HoldBarred&) { return std::string("A hold that still comes will be refused"); },
                             [](const auto&) { return std::string("The location changed"); }},
                    event);
}

} // namespace

std::string in_words(const AnyEvent& event) {
  return std::visit(Overload{[](const product::Event&) { return std::string("Product defined"); }, [](const channel::Event&) { return std::string("Channel activated"); },
                             [](const customer::Event&) { return std::string("Customer changed"); },
                             [](const identity::Event&) { return std::string("Identity claimed for a customer"); }, [](const auto& of_family) { return in_words_of(of_family); }},
                    event);
}

std::string awaited(const Family& family) {
  if (family.diary.parked)
    return "a person's decision";
  if (!family.diary.to_undo.empty())
    return "everything done for it to be taken back";
  if (family.order.status == order::Status::none || order::is_terminal(family.order.status))
    return {};
  for (auto& tender : family.payment.tenders) {
    if (tender.status == payment::Status::declined)
      return "another card";
    if (tender.status == payment::Status::capturing || tender.status == payment::Status::unknown || tender.status == payment::Status::voiding)
      return "the payment provider's answer";
  }
  for (auto& [child, fulfilment] : family.fulfilments)
    if (!fulfilment::is_terminal(fulfilment.status))
      return fulfilment.location.text() + " to pick and ship";
  auto* definition = find(family.order.agreement.workflow, family.order.agreement.workflow_version);
  check(definition, "every order's process is one that this program knows");
  for (auto& step : definition->until_the_promise)
    if (!step.done(family, 0))
      return std::string(step.name);
  return std::string(definition->per_fulfilment.front().name);
}

std::string explain(const std::vector<Happened>& story, std::optional<Timestamp> wake_up, const LocalTime& local_time) {
  std::unordered_map<std::string, std::size_t> numbers; // line of "<stream>/<seq>"
  Family family;
  std::string text;
  std::size_t number = 0;
  for (auto& line : story) {
    numbers[to_text("", line.stream) + "/" + std::to_string(line.seq)] = ++number;
    if (!is_named(line.stream)) {
      family.id = family_of(line.stream);
      evolve(family, child_of(line.stream), line.event, line.at);
    }
    auto because = numbers.find(line.causation);
    text += std::to_string(number) + ".  " + local_time(line.at) + "  " + (line.by.empty() ? "-" : line.by) + ":  " + in_words(line.event);
    text += because == numbers.end() ? "\n" : "  (because of " + std::to_string(because->second) + ")\n";
  }
  auto next = awaited(family);
  if (next.empty())
    return text + "Nothing is awaited any more.\n";
  return text + "Awaited: " + next + (wake_up ? ", looked at again " + local_time(*wake_up) : "") + ".\n";
}

} // namespace entrepot::workflow
