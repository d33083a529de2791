#include "workflows/explain.hpp"

#include <algorithm>

namespace entrepot::workflow {
namespace {

std::string counted(Quantity units, const std::string& what) { return std::to_string(units.units()) + " x " + what; }

std::string list(const std::vector<order::Line>& lines) {
  std::string text;
  for (const auto& line : lines)
    text += (text.empty() ? "" : ", ") + (line.service ? line.name : counted(line.quantity, line.sku.text()));
  return text;
}

template <class Lines>
std::string units_of(const Lines& lines) {
  std::string text;
  for (const auto& line : lines)
    text += (text.empty() ? "" : ", ") + counted(line.quantity, line.sku.text());
  return text;
}

std::string units_by_line(const std::vector<order::LineUnits>& lines);

std::string chose(const order::CustomerChose& event) {
  const auto& choice = event.choice;
  std::string what = "to have the money back";
  if (choice.way == order::Way::another_store)
    what = "to fetch it in " + choice.collection.store.text() + ", ready by " + to_rfc3339(choice.collection.ready_by);
  if (choice.way == order::Way::delivery)
    what = "to have it sent (" + choice.delivery.option + ")";
  return "The customer chooses " + what + ": " + units_by_line(event.lines);
}

std::string units_by_line(const std::vector<order::LineUnits>& lines) {
  std::string text;
  for (const auto& line : lines)
    text += (text.empty() ? "" : ", ") + std::to_string(line.units.units()) + " of line " + std::to_string(line.line);
  return text;
}

/// E.g. "damaged", in the words of a shop.
std::string because_of(fulfilment::Reason reason) {
  if (reason == fulfilment::Reason::counted)
    return "fewer lie there than are promised";
  std::string text(fulfilment::name_of(reason));
  for (auto& c : text)
    if (c == '_')
      c = ' ';
  return text;
}

std::string found(const std::vector<fulfilment::Found>& lines) {
  std::string text;
  for (const auto& line : lines)
    text += (text.empty() ? ": " : ", ") + std::to_string(line.units.units()) + " of line " + std::to_string(line.line);
  return text;
}

std::string taken(const std::vector<pickup::Taken>& lines) {
  std::string text;
  for (const auto& line : lines)
    text += (text.empty() ? ": " : ", ") + std::to_string(line.units.units()) + " of line " + std::to_string(line.line);
  return text;
}

std::string submitted(const order::Agreement& agreed) {
  auto text = "Order submitted in " + agreed.channel.text() + (agreed.customer ? " by customer " + agreed.customer.text() : " by a guest") + ": " + list(agreed.lines) + "; " +
              to_text(agreed.total) + " in all, ";
  if (agreed.collection.store)
    return text + "to be picked up in " + agreed.collection.store.text();
  return text + "from " + (agreed.delivery.ship_from ? agreed.delivery.ship_from.text() : "where the rules find the goods");
}

std::string confirmed(const order::Confirmed& event) {
  return "Order confirmed: the customer has our promise" + (event.waiting.empty() ? std::string() : "; later come " + units_by_line(event.waiting));
}

std::string kilometres(std::int64_t metres) { return metres < 0 ? std::string() : ", " + std::to_string((metres + 500) / 1000) + " km"; }

/// A code in the words of a shop: "no-capacity" is "no capacity".
std::string spoken(std::string code) {
  std::ranges::replace(code, '-', ' ');
  std::ranges::replace(code, '_', ' ');
  return code;
}

/// What speaks against each place that was looked at.
std::string looked_at(const sourcing::Choice& choice) {
  std::string text;
  for (const auto& it : choice.candidates) {
    if (it.against.empty())
      continue; // chosen
    text += (text.empty() ? "; not " : ", ") + it.location.text() + " (";
    for (std::size_t i = 0; i < it.against.size(); ++i)
      text += (i ? " and " : "") + spoken(it.against[i]);
    text += kilometres(it.metres) + ")";
  }
  if (choice.others > 0)
    text += (text.empty() ? "; not " : " nor ") + std::to_string(choice.others) + " others";
  return text;
}

std::string chosen(const sourcing::Choice& choice) {
  std::string text;
  for (std::size_t i = 0; i < choice.parts.size(); ++i)
    text += (i ? " and " : "Places chosen: ") + choice.parts[i].location.text() + (choice.parts[i].to ? ", to be brought to " + choice.parts[i].to.text() + "," : "") + " for " + units_of(choice.parts[i].lines) + kilometres(choice.candidates[i].metres);
  if (choice.parts.empty())
    text = "No place found";
  if (!choice.missing.empty())
    text += (choice.parts.empty() ? " for " : "; none for ") + units_of(choice.missing);
  if (choice.until)
    text += (choice.outcome == sourcing::Outcome::wait ? ", waiting until " : ", promised for ") + to_rfc3339(*choice.until);
  return text + (choice.rule.empty() ? std::string() : ", by the rule \"" + choice.rule + "\"") + looked_at(choice);
}

std::string in_words_of(const order::Event& event) {
  return std::visit(Overload{[](const order::Submitted& e) { return submitted(e.agreement); },
                             [](const order::Confirmed& e) { return confirmed(e); },
                             [](const order::Rejected& e) { return "Order rejected: " + e.text + " (" + e.code + ")"; },
                             [](const order::CancellationBegun& e) { return "Cancellation asked for: " + e.text + " (" + e.code + ")"; },
                             [](const order::UnitsStopped& e) { return "Units without a place to come from: " + units_by_line(e.lines); },
                             [](const order::UnitsCancelled& e) { return "Units cancelled: " + units_by_line(e.lines) + " (" + e.code + ")"; },
                             [](const order::UnitsIssued& e) { return "Units have left for the customer: " + units_by_line(e.lines); },
                             [](const order::UnitsDelivered& e) { return "Units are with the customer: " + units_by_line(e.lines); },
                             [](const order::UnitsHandedOver& e) { return "Units are with the customer: " + units_by_line(e.lines); },
                             [](const order::Cancelled&) { return std::string("Order cancelled"); },
                             [](const order::CancellationEnded&) { return std::string("What could not be stopped goes on; the rest is cancelled"); },
                             [](const order::Completed&) { return std::string("Order completed"); },
                             [](const order::UnitsReturnPending& e) { return "Units on their way back: " + units_by_line(e.lines) + " (" + e.reference + ")"; },
                             [](const order::UnitsReturned& e) { return "Units came back: " + units_by_line(e.lines) + " (" + e.reference + ")"; },
                             [](const order::UnitsHeld& e) { return "Units have a place again: " + units_by_line(e.lines); },
                             [](const order::CustomerChose& e) { return chose(e); },
                             [](const order::PlacedOnHold& e) { return "Put on hold: " + e.text + " (" + e.code + ")"; },
                             [](const order::ReleasedFromHold& e) { return "No longer on hold (" + e.code + ")"; },
                             [](const order::UnitsLost& e) { return "Units will not arrive: " + units_by_line(e.lines) + " (" + e.code + (e.again ? "); they are sent again if there are any" : ")"); }},
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
               [](const payment::TenderOffered&) { return std::string("Another card given"); },
               [](const payment::Billed& e) { return to_text(e.amount) + " billed"; },
               [](const payment::Reduced& e) { return "Only " + to_text(e.amount) + " is due now"; },
               [](const payment::RefundAsked& e) { return "Payment provider asked to give back " + to_text(e.amount) + " (" + e.key + ")"; },
               [](const payment::Refunded& e) { return to_text(e.amount) + " given back (" + e.reference + ")"; },
               [](const payment::RefundFailed& e) { return "Refund failed: " + e.code; },
               [](const payment::Credited& e) { return to_text(e.amount) + " credited (" + e.reference + ")"; },
               [](const payment::Divided& e) { return to_text(e.amount) + " of instalment " + std::to_string(e.instalment) + " is due later, with other goods"; },
               [](const payment::ActionRequired&) { return std::string("The customer is to confirm the payment at the bank"); },
               [](const payment::ChargedBack& e) { return to_text(e.amount) + " taken back by the customer's bank (" + e.reference + ")"; },
               [](const payment::Collected& e) { return to_text(e.amount) + " taken at " + (e.by.empty() ? "the till" : e.by) + " (" + e.reference + ")"; },
               [](const payment::PaymentAwaited& e) { return "The customer is asked to pay by " + to_rfc3339(e.until); },
               [](const payment::RefundDelegated& e) { return "Whoever took the payment is to give back " + to_text(e.amount) + " (" + e.key + ")"; }},
      event);
}

std::string shown_by(stock::CutCause cause, const std::string& reference) {
  switch (cause) {
  case stock::CutCause::count: return "the count " + reference;
  case stock::CutCause::sale: return "the sale " + reference;
  case stock::CutCause::feed: return "the feed " + reference;
  case stock::CutCause::in_hand: return "the units that the order " + reference + " has already";
  }
  return reference;
}

std::string cut(const process::ClaimCut& event) {
  auto text = "Fewer units lie there than are promised, as " + shown_by(event.cause, event.reference) + " shows: of ";
  for (const auto& line : event.left)
    text += (line == event.left.front() ? "" : ", of ") + line.sku.text() + " " + std::to_string(line.quantity.units()) + (line.quantity.units() == 1 ? " is" : " are") + " left for this order";
  return text + (event.in_hand ? "; but somebody has them in hand" : "; who was promised earlier keeps them");
}

std::string in_words_of(const process::Event& event) {
  return std::visit(Overload{[](const process::CompensationBegun&) { return std::string("Order given up; what was done for it is being taken back"); },
                             [](const process::CompensationEnded&) { return std::string("Everything done for it has been taken back"); },
                             [](const process::Parked& e) { return "Left to a person at \"" + e.step + "\": " + e.text + " (" + e.code + ")"; },
                             [](const process::Resumed&) { return std::string("A person lets it go on"); }, [](const process::PlacesChosen& e) { return chosen(e.choice); },
                             [](const process::PlaceRefused& e) { return "A place that was chosen does not hold the units (" + e.code + ")"; },
                             [](const process::ClaimCut& e) { return cut(e); },
                             [](const process::ClaimKept&) { return std::string("The place keeps what it has in hand for the order"); }},
                    event);
}

std::string overdue(std::int32_t percent) { return percent < 100 ? "Half of the time for this is over" : "This is late"; }

std::string in_words_of(const fulfilment::Event& event) {
  namespace f = fulfilment;
  return std::visit(Overload{[](const f::Accepted& e) { return e.location.text() + " has the work on its list: " + units_of(e.lines); },
                             [](const f::Offered& e) { return e.location.text() + " is asked to send " + units_of(e.lines); },
                             [](const f::OfferAccepted&) { return std::string("The store takes the work"); },
                             [](const f::Rejected& e) { return "The store does not send it: " + because_of(e.reason); },
                             [](const f::PickStarted& e) { return "Picking begun" + (e.wave.empty() ? std::string() : " in the wave " + e.wave); },
                             [](const f::Picked& e) { return "Picked" + found(e.found); },
                             [](const f::Packed& e) { return "Packed in " + std::to_string(e.parcels.size()) + (e.parcels.size() == 1 ? " parcel" : " parcels"); },
                             [](const f::Shipped& e) { return "Handed to the carrier" + (e.tracking.empty() ? std::string() : " (" + e.tracking + ")"); },
                             [](const f::Delivered&) { return std::string("Delivered"); },
                             [](const f::Unaccepted&) { return std::string("Acceptance taken back"); },
                             [](const f::Unpicked&) { return std::string("Picking taken back"); },
                             [](const f::Unpacked&) { return std::string("Packing taken back"); },
                             [](const f::StopAsked&) { return std::string("The place is asked to keep the packed parcel back"); },
                             [](const f::StopRefused&) { return std::string("The parcel cannot be kept back"); },
                             [](const f::Cancelled&) { return std::string("Work stopped"); },
                             [](const f::UnitsPutBack&) { return std::string("The picked goods lie on the shelf again"); },
                             [](const f::Escalated& e) { return overdue(e.percent); },
                             [](const f::LabelAsked& e) { return "Carrier asked for a label (attempt " + e.key + ")"; },
                             [](const f::Labelled& e) { return "Label of the carrier (" + e.tracking + ")"; },
                             [](const f::LabelFailed& e) { return "The carrier gives no label: " + e.code; },
                             [](const f::Tracked& e) { return "The carrier says: " + spoken(std::string(f::name_of(e.says))); },
                             [](const f::Failed& e) { return e.why == f::Loss::lost ? std::string("Lost on the way") : std::string("Damaged on the way"); },
                             [](const f::ReturnedToOrigin& e) { return "The parcels are back" + (e.whole.empty() ? std::string(", everything whole") : ", whole" + found(e.whole)); },
                             [](const f::Restocked&) { return std::string("What came back whole can be sold again"); },
                             [](const f::UnitsCut& e) { return "Fewer are sent from there" + found(e.left); }},
                    event);
}

std::string in_words_of(const transfer::Event& event) {
  namespace t = transfer;
  return std::visit(Overload{[](const t::Requested& e) { return e.from.text() + " is to send " + units_of(e.lines) + " to " + e.to.text(); },
                             [](const t::Planned& e) { return e.from.text() + " is to send " + units_of(e.lines) + " to " + e.to.text() + " for the order, to be there by " + to_rfc3339(e.expected); },
                             [](const t::MadeReady&) { return std::string("The goods are held for the other place"); },
                             [](const t::Shipped& e) { return "On the way to the other place" + found(e.found); },
                             [](const t::Received& e) { return "Arrived from the other place" + found(e.come); },
                             [](const t::PartReceived& e) { return "A part has arrived from the other place" + found(e.come); },
                             [](const t::Lost&) { return std::string("Lost on the way from the other place"); },
                             [](const t::Cancelled& e) { return "Nothing is sent from the other place: " + because_of(e.reason); },
                             [](const t::Escalated& e) { return overdue(e.percent); },
                             [](const t::BookedOut&) { return std::string("The stock there tells what has left"); },
                             [](const t::BookedIn&) { return std::string("The stock here tells what has come"); }},
                    event);
}

std::string in_words_of(const pickup::Event& event) {
  namespace p = pickup;
  return std::visit(Overload{[](const p::Offered& e) { return e.location.text() + " is asked to prepare " + units_of(e.lines); },
                             [](const p::TransferAwaited& e) { return e.location.text() + " waits for " + units_of(e.lines) + " from elsewhere"; },
                             [](const p::UnitsMissing& e) { return "No more than this comes from elsewhere" + found(e.found) + " (" + because_of(e.reason) + ")"; },
                             [](const p::GoodsTakenIn&) { return std::string("The goods from elsewhere lie in the store"); },
                             [](const p::Accepted&) { return std::string("The store takes the work"); },
                             [](const p::Rejected& e) { return "The store cannot prepare it: " + because_of(e.reason); },
                             [](const p::PickStarted&) { return std::string("Picking begun"); },
                             [](const p::Picked& e) { return "Picked" + found(e.found); },
                             [](const p::Staged& e) { return "Ready for the customer in " + e.bin; },
                             [](const p::Arrived& e) { return "The customer is here" + (e.bay.empty() ? std::string() : ", " + e.bay) + (e.car.empty() ? std::string() : ", " + e.car); },
                             [](const p::HandOverBegun& e) {
                               auto rest = e.taken.empty() ? "" : e.rest_stays ? ", the rest stays" : ", the rest is not wanted";
                               return "The customer is at the counter" + (e.taken.empty() ? "" : " and takes" + taken(e.taken) + rest) + "; the money due is taken first";
                             },
                             [](const p::HandOverBrokenOff&) { return std::string("Nothing handed over: the money could not be had"); },
                             [](const p::HandedOver& e) { return std::string("Handed over, ") + (e.id_checked ? "identity checked" : "the code was right") + taken(e.taken); },
                             [](const p::WrongCodeGiven&) { return std::string("A wrong code was given"); },
                             [](const p::CodeSentAgain&) { return std::string("A new code was sent; the former one is void"); },
                             [](const p::CollectionExtended&) { return std::string("The customer may come later"); },
                             [](const p::CustomerReminded& e) { return "Customer reminded (" + std::to_string(e.number) + ")"; },
                             [](const p::NotCollected&) { return std::string("Nobody came for it"); },
                             [](const p::RefusedByCustomer&) { return std::string("The customer did not want it any more"); },
                             [](const p::Unaccepted&) { return std::string("Acceptance taken back"); },
                             [](const p::Unpicked&) { return std::string("Picking taken back"); },
                             [](const p::Unstaged&) { return std::string("Taken from the shelf of ready bags again"); },
                             [](const p::Cancelled&) { return std::string("Work stopped"); },
                             [](const p::UnitsPutBack&) { return std::string("The picked goods lie on the shelf again"); },
                             [](const p::Escalated& e) { return overdue(e.percent); },
                             [](const p::PartHandedOver& e) { return std::string("A part handed over, ") + (e.id_checked ? "identity checked" : "the code was right") + taken(e.taken); },
                             [](const p::UnitsCut& e) { return "Fewer are prepared there" + found(e.left); }},
                    event);
}

std::string in_words_of(const stock::Event& event) {
  return std::visit(Overload{[](const stock::Held& e) { return "Units held: " + units_of(e.lines); }, [](const stock::Allocated&) { return std::string("Units allocated to the order"); },
                             [](const stock::Released&) { return std::string("Units freed for others"); },
                             [](const stock::HoldBarred&) { return std::string("A hold that still comes will be refused"); },
                             [](const stock::Shrunk& e) { return e.lines.empty() ? "The order has heard that units went: " + units_of(e.heard) : "Units freed: " + units_of(e.lines); },
                             [](const stock::Reclaimed& e) { return "Units kept for the order, since somebody has them in hand: " + units_of(e.lines); },
                             [](const stock::Issued& e) { return "Units left the stock: " + units_of(e.lines); },
                             [](const stock::TransferredOut& e) { return "Units left the stock for " + e.to.text() + ": " + units_of(e.lines); },
                             [](const stock::TransferredIn& e) { return "Units came into the stock from " + e.from.text() + ": " + units_of(e.lines) + (e.missing.empty() ? "" : "; missing " + units_of(e.missing)); },
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

} // namespace entrepot::workflow
