#include "workflows/notices.hpp"

#include <algorithm>
#include <ranges>

#include "domain/order/places.hpp"
#include "domain/sourcing/transfer_source.hpp"

namespace entrepot::workflow {
namespace {

std::string day_of(Timestamp at) { return to_rfc3339(at).substr(0, 10); }
std::string minute_of(Timestamp at) { return to_rfc3339(at).substr(0, 10) + " " + to_rfc3339(at).substr(11, 5) + " UTC"; }

std::string confirmed(const order::Confirmed& event, const Family& family) {
  const auto& agreed = family.order.agreement;
  if (const auto& look = family.diary.look; !event.waiting.empty() && look && look->until)
    return "Thank you for your order. Not everything is in stock now; we expect to send the rest by " + day_of(*look->until) + ".";
  if (agreed.collection.store)
    return "Thank you for your order. It will be ready in our store " + agreed.collection.store.text() + " by " + minute_of(ready_by(family)) + ".";
  if (agreed.delivery.promise)
    return "Thank you for your order. It will be with you by " + minute_of(*agreed.delivery.promise) + ".";
  return "Thank you for your order. We will tell you when it is on its way.";
}

std::string rejected(const order::Rejected& event, const Family& family) {
  auto paid = std::ranges::any_of(family.payment.tenders, [](const payment::Tender& tender) { return is_taken_elsewhere(tender.agreed.method) && tender.captured.amount > 0; });
  return "We are sorry: your order could not be accepted (" + event.text + (paid ? "). What you paid will be given back to you." : "). You have not been charged.");
}

std::string cancelled_units(const order::UnitsCancelled& event, const Family& family) {
  if (family.order.status == order::Status::cancelling)
    return {}; // the end of the cancellation tells it
  auto units = 0;
  for (const auto& line : event.lines)
    units += line.units.units();
  return std::to_string(units) + (units == 1 ? " item" : " items") + " of your order had to be cancelled. What you paid for " + (units == 1 ? "it" : "them") + " goes back to you.";
}

std::string lost_units(const order::UnitsLost& event) {
  if (event.again)
    return "We are sorry: your parcel did not make it. We send it again if we still have the goods; if not, your money goes back to you.";
  return "Your parcel has come back to us. What you paid for it goes back to you.";
}

std::string chose(const order::CustomerChose& event) {
  const auto& choice = event.choice;
  if (choice.way == order::Way::another_store)
    return "We ask our store " + choice.collection.store.text() + " to have it ready for you by " + minute_of(choice.collection.ready_by) + ". The price stays the same.";
  if (choice.way == order::Way::delivery)
    return "We send it to you" + (choice.delivery.promise ? ", by " + minute_of(*choice.delivery.promise) : std::string()) + ". Nothing is charged for it.";
  return {}; // that it is cancelled is told
}

std::string notice(const order::Event& event, const Family& family) {
  return std::visit(Overload{[&](const order::Confirmed& e) { return confirmed(e, family); },
                             [&](const order::Rejected& e) { return rejected(e, family); },
                             [](const order::CancellationBegun&) { return std::string("Your order is being cancelled."); },
                             [](const order::Cancelled&) { return std::string("Your order has been cancelled. What you paid goes back to you."); },
                             [](const order::CancellationEnded&) { return std::string("Part of your order could not be stopped any more; you may return it when it has arrived."); },
                             [](const order::PlacedOnHold&) { return std::string("We are looking at your order before it goes on; we will tell you as soon as it does."); },
                             [](const order::UnitsLost& e) { return lost_units(e); }, [&](const order::UnitsCancelled& e) { return cancelled_units(e, family); }, [](const order::CustomerChose& e) { return chose(e); },
                             [](const auto&) { return std::string(); }},
                    event);
}

/// By a link to the order's page, or at the till.
std::string asked_to_pay(const payment::PaymentAwaited& event, const Family& family) {
  auto tender = std::ranges::find(family.payment.tenders, event.instalment, [](const payment::Tender& one) { return one.agreed.number; });
  if (tender == family.payment.tenders.end())
    return {};
  if (tender->agreed.method == payment::Method::till)
    return "Please pay " + to_text(tender->due) + " at the till by " + minute_of(event.until) + "; so long we keep your order.";
  return "Please pay " + to_text(tender->due) + " by " + minute_of(event.until) + "; so long we keep your order: /shop#order=" + to_text(OrderId{family.id});
}

/// Where a refund goes.
std::string given_back(const payment::Refunded& event, const Family& family) {
  auto tender = std::ranges::find(family.payment.tenders, event.instalment, [](const payment::Tender& one) { return one.agreed.number; });
  auto elsewhere = tender != family.payment.tenders.end() && is_taken_elsewhere(tender->agreed.method);
  return to_text(event.amount) + (elsewhere ? " has been given back to you." : " has been given back to your card.");
}

std::string notice(const payment::Event& event, const Family& family) {
  return std::visit(Overload{[](const payment::Declined&) { return std::string("Your card was declined. Please give another one; we keep your order for a while."); },
                             [&](const payment::Refunded& e) { return given_back(e, family); },
                             [&](const payment::PaymentAwaited& e) { return asked_to_pay(e, family); },
                             [](const payment::RefundDelegated& e) { return to_text(e.amount) + " will be given back to you by whoever you paid."; },
                             [](const payment::ActionRequired& e) { return "Please confirm your payment at your bank by " + minute_of(e.act_by) + ": " + e.url; },
                             [](const payment::Billed& e) { return "An invoice over " + to_text(e.amount) + " is on its way to you."; }, [](const auto&) { return std::string(); }},
                    event);
}

std::string notice(const fulfilment::Event& event, const Family&) {
  return std::visit(Overload{[](const fulfilment::Shipped& e) { return "Your parcel is on its way." + (e.tracking.empty() ? std::string() : " Its tracking number is " + e.tracking + "."); },
                             [](const fulfilment::Delivered&) { return std::string("Your parcel has been delivered."); }, [](const auto&) { return std::string(); }},
                    event);
}

std::string handed_over(const Family& family) {
  auto refused = std::ranges::any_of(family.pickups | std::views::values, &pickup::State::rest_refused);
  return refused ? "You have received what you kept of your order. What you paid for the rest goes back to you." : "You have received your order. Enjoy it.";
}

constexpr auto to_choose = "Choose another store, have it sent to you at no charge, or cancel it; otherwise we cancel it in a day, and your money goes back.";

/// Some of it was not there.
std::string picked(const pickup::State& pickup) {
  if (is_whole(pickup))
    return {};
  return "We are sorry: our store " + pickup.location.text() + " could not find everything. " + to_choose;
}

/// Goods that do not come from elsewhere are looked for in other places first: the new promise, or that there is none, is told then.
std::string rejected(const pickup::Rejected& event, const pickup::State& pickup, const std::string& store) {
  auto does_not_come = pickup.from_elsewhere && event.reason != fulfilment::Reason::closed;
  return does_not_come ? std::string() : "We are sorry: our store " + store + " cannot prepare your order. " + to_choose;
}

/// Goods for a pickup are brought from another place than was promised, or from none.
std::string brought(const sourcing::Choice& choice) {
  if (!choice.behind_promise || choice.rule != sourcing::ship_to_store)
    return {};
  if (choice.parts.empty())
    return std::string("We are sorry: your order could not be brought to our store. ") + to_choose;
  return "We are sorry: your order comes later. It will be ready in our store " + choice.parts.front().to.text() + " by " + minute_of(*choice.ready_by) + ".";
}

std::string notice(const pickup::Event& event, const Family& family, int child) {
  auto pickup = family.pickups.contains(child) ? family.pickups.at(child) : pickup::State{};
  auto store = pickup.location ? pickup.location.text() : family.order.agreement.collection.store.text();
  return std::visit(Overload{[&](const pickup::Staged& e) { return "Your order is ready in our store " + store + ". Please fetch it by " + day_of(e.collect_until) + " and show your code."; },
                             [&](const pickup::Rejected& e) { return rejected(e, pickup, store); },
                             [](const pickup::UnitsMissing&) { return std::string("We are sorry: not everything of your order could be brought to our store. ") + to_choose; },
                             [&](const pickup::Picked&) { return picked(pickup); },
                             [&](const pickup::UnitsCut&) { return "We are sorry: our store " + store + " does not have everything any more. " + to_choose; },
                             [](const pickup::CustomerReminded&) { return std::string("Your order is still waiting for you in our store."); },
                             [](const pickup::CodeSentAgain&) { return std::string("You have a new code for your pickup; the former one is void."); },
                             [](const pickup::CollectionExtended& e) { return "We keep your order until " + day_of(e.collect_until) + "."; },
                             [&](const pickup::HandedOver&) { return handed_over(family); },
                             [&](const pickup::PartHandedOver&) { return "You have received a part of your order. The rest waits for you in our store " + store + "."; },
                             [](const pickup::NotCollected&) { return std::string("You did not fetch your order, so we have put it back. What you paid goes back to you."); },
                             [](const auto&) { return std::string(); }},
                    event);
}

/// A store that the customer chose has not got it either.
std::string notice(const process::Event& event, const Family& family) {
  if (const auto* chosen = std::get_if<process::PlacesChosen>(&event))
    return brought(chosen->choice);
  const auto* refused = std::get_if<process::PlaceRefused>(&event);
  if (!refused || refused->code == "not-wanted" || refused->place < family.diary.first_place)
    return {};
  auto index = static_cast<std::size_t>(refused->place - family.diary.first_place);
  if (index >= family.diary.places.size())
    return std::string("We are sorry: the store does not have it any more. ") + to_choose; // of a family that nobody has read: something may have to be told
  const auto& place = family.diary.places[index];
  if (!place.customers_choice)
    return {};
  return "We are sorry: " + place.part.location.text() + " does not have it any more. " + to_choose;
}

} // namespace

std::string notice_of(const AnyEvent& event, const Family& family, int child) {
  return std::visit(Overload{[&](const order::Event& e) { return notice(e, family); }, [&](const payment::Event& e) { return notice(e, family); },
                             [&](const fulfilment::Event& e) { return notice(e, family); }, [&](const pickup::Event& e) { return notice(e, family, child); },
                             [&](const process::Event& e) { return notice(e, family); }, [](const auto&) { return std::string(); }},
                    event);
}

} // namespace entrepot::workflow
