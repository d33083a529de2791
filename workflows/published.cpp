#include "workflows/published.hpp"

namespace entrepot::workflow {
namespace {

using Name = std::string_view;
constexpr Name ours_alone{}; // not published: a step on the way, whose outcome is

// No `auto` here: an event that is new does not compile until somebody has decided whether it is published.

Name name_of(const order::Event& event) {
  return std::visit(Overload{[](const order::Submitted&) -> Name { return "order.submitted.v1"; },
                             [](const order::Confirmed&) -> Name { return "order.confirmed.v1"; },
                             [](const order::Rejected&) -> Name { return "order.rejected.v1"; },
                             [](const order::CancellationBegun&) -> Name { return "order.cancelling.v1"; },
                             [](const order::UnitsStopped&) -> Name { return ours_alone; },
                             [](const order::UnitsCancelled&) -> Name { return "order.units_cancelled.v1"; },
                             [](const order::UnitsIssued&) -> Name { return ours_alone; },      // fulfilment.shipped, pickup.handed_over
                             [](const order::UnitsDelivered&) -> Name { return ours_alone; },   // fulfilment.delivered
                             [](const order::UnitsHandedOver&) -> Name { return ours_alone; },  // pickup.handed_over
                             [](const order::Cancelled&) -> Name { return "order.cancelled.v1"; },
                             [](const order::CancellationEnded&) -> Name { return "order.cancellation_ended.v1"; },
                             [](const order::Completed&) -> Name { return "order.completed.v1"; },
                             [](const order::UnitsReturnPending&) -> Name { return ours_alone; },
                             [](const order::UnitsReturned&) -> Name { return "order.units_returned.v1"; },
                             [](const order::UnitsHeld&) -> Name { return ours_alone; },         // fulfilment.accepted, pickup.accepted
                             [](const order::CustomerChose&) -> Name { return "order.choice_made.v1"; },
                             [](const order::PlacedOnHold&) -> Name { return "order.put_on_hold.v1"; },
                             [](const order::ReleasedFromHold&) -> Name { return "order.released_from_hold.v1"; },
                             [](const order::UnitsLost&) -> Name { return "order.units_lost.v1"; }},
                    event);
}

Name name_of(const payment::Event& event) {
  return std::visit(Overload{[](const payment::CaptureAsked&) -> Name { return ours_alone; },
                             [](const payment::Captured&) -> Name { return "payment.captured.v1"; },
                             [](const payment::Declined&) -> Name { return "payment.declined.v1"; },
                             [](const payment::OutcomeUnknown&) -> Name { return ours_alone; },
                             [](const payment::VoidAsked&) -> Name { return ours_alone; },
                             [](const payment::Voided&) -> Name { return "payment.voided.v1"; },
                             [](const payment::TenderOffered&) -> Name { return ours_alone; },
                             [](const payment::Billed&) -> Name { return "payment.billed.v1"; },
                             [](const payment::Reduced&) -> Name { return "payment.reduced.v1"; },
                             [](const payment::RefundAsked&) -> Name { return ours_alone; },
                             [](const payment::Refunded&) -> Name { return "payment.refunded.v1"; },
                             [](const payment::RefundFailed&) -> Name { return "payment.refund_failed.v1"; },
                             [](const payment::Credited&) -> Name { return "payment.credited.v1"; },
                             [](const payment::Divided&) -> Name { return ours_alone; },
                             [](const payment::ActionRequired&) -> Name { return "payment.action_required.v1"; },
                             [](const payment::ChargedBack&) -> Name { return "payment.charged_back.v1"; },
                             [](const payment::Collected&) -> Name { return "payment.collected.v1"; },
                             [](const payment::PaymentAwaited&) -> Name { return "payment.awaited.v1"; },
                             [](const payment::RefundDelegated&) -> Name { return "payment.refund_delegated.v1"; }},
                    event);
}

Name name_of(const fulfilment::Event& event) {
  return std::visit(Overload{[](const fulfilment::Accepted&) -> Name { return "fulfilment.accepted.v1"; },
                             [](const fulfilment::Offered&) -> Name { return ours_alone; },
                             [](const fulfilment::OfferAccepted&) -> Name { return "fulfilment.accepted.v1"; },
                             [](const fulfilment::Rejected&) -> Name { return "fulfilment.rejected.v1"; },
                             [](const fulfilment::PickStarted&) -> Name { return ours_alone; },
                             [](const fulfilment::Picked&) -> Name { return ours_alone; },
                             [](const fulfilment::Packed&) -> Name { return ours_alone; },
                             [](const fulfilment::Shipped&) -> Name { return "fulfilment.shipped.v1"; },
                             [](const fulfilment::Delivered&) -> Name { return "fulfilment.delivered.v1"; },
                             [](const fulfilment::Unaccepted&) -> Name { return "fulfilment.unaccepted.v1"; }, // takes back what was published
                             [](const fulfilment::Unpicked&) -> Name { return ours_alone; },
                             [](const fulfilment::Unpacked&) -> Name { return ours_alone; },
                             [](const fulfilment::StopAsked&) -> Name { return ours_alone; },
                             [](const fulfilment::StopRefused&) -> Name { return ours_alone; },
                             [](const fulfilment::Cancelled&) -> Name { return "fulfilment.cancelled.v1"; },
                             [](const fulfilment::UnitsPutBack&) -> Name { return ours_alone; },
                             [](const fulfilment::Escalated&) -> Name { return ours_alone; },
                             [](const fulfilment::LabelAsked&) -> Name { return ours_alone; },
                             [](const fulfilment::Labelled&) -> Name { return ours_alone; },
                             [](const fulfilment::LabelFailed&) -> Name { return ours_alone; },
                             [](const fulfilment::Tracked&) -> Name { return "fulfilment.tracked.v1"; },
                             [](const fulfilment::Failed&) -> Name { return "fulfilment.failed.v1"; },
                             [](const fulfilment::ReturnedToOrigin&) -> Name { return "fulfilment.returned_to_origin.v1"; },
                             [](const fulfilment::Restocked&) -> Name { return ours_alone; }, [](const fulfilment::UnitsCut&) -> Name { return ours_alone; }},
                    event);
}

Name name_of(const pickup::Event& event) {
  return std::visit(Overload{[](const pickup::Offered&) -> Name { return ours_alone; },
                             [](const pickup::TransferAwaited&) -> Name { return ours_alone; },
                             [](const pickup::UnitsMissing&) -> Name { return ours_alone; },
                             [](const pickup::GoodsTakenIn&) -> Name { return ours_alone; },
                             [](const pickup::Accepted&) -> Name { return "pickup.accepted.v1"; },
                             [](const pickup::Rejected&) -> Name { return "pickup.rejected.v1"; },
                             [](const pickup::PickStarted&) -> Name { return ours_alone; },
                             [](const pickup::Picked&) -> Name { return ours_alone; },
                             [](const pickup::Staged&) -> Name { return "pickup.staged.v1"; },
                             [](const pickup::Arrived&) -> Name { return ours_alone; },
                             [](const pickup::HandOverBegun&) -> Name { return ours_alone; },
                             [](const pickup::HandOverBrokenOff&) -> Name { return ours_alone; },
                             [](const pickup::HandedOver&) -> Name { return "pickup.handed_over.v1"; },
                             [](const pickup::WrongCodeGiven&) -> Name { return ours_alone; },
                             [](const pickup::CodeSentAgain&) -> Name { return ours_alone; },
                             [](const pickup::CollectionExtended&) -> Name { return "pickup.extended.v1"; },
                             [](const pickup::CustomerReminded&) -> Name { return ours_alone; },
                             [](const pickup::NotCollected&) -> Name { return "pickup.not_collected.v1"; },
                             [](const pickup::RefusedByCustomer&) -> Name { return "pickup.refused.v1"; },
                             [](const pickup::Unaccepted&) -> Name { return "pickup.unaccepted.v1"; },
                             [](const pickup::Unpicked&) -> Name { return ours_alone; },
                             [](const pickup::Unstaged&) -> Name { return "pickup.unstaged.v1"; },
                             [](const pickup::Cancelled&) -> Name { return "pickup.cancelled.v1"; },
                             [](const pickup::UnitsPutBack&) -> Name { return ours_alone; },
                             [](const pickup::Escalated&) -> Name { return ours_alone; },
                             [](const pickup::PartHandedOver&) -> Name { return "pickup.part_handed_over.v1"; }, [](const pickup::UnitsCut&) -> Name { return ours_alone; }},
                    event);
}

} // namespace

std::string_view published_as(const AnyEvent& event) {
  return std::visit(Overload{[](const order::Event& e) { return name_of(e); }, [](const payment::Event& e) { return name_of(e); },
                             [](const fulfilment::Event& e) { return name_of(e); }, [](const pickup::Event& e) { return name_of(e); },
                             [](const process::Event&) { return ours_alone; },  // bars, compensation, parking: how, not what
                             [](const stock::Event&) { return ours_alone; },    // places, products and channels are asked for, not told of
                             [](const product::Event&) { return ours_alone; }, [](const channel::Event&) { return ours_alone; },
                             [](const customer::Event&) { return ours_alone; }, // people
                             [](const identity::Event&) { return ours_alone; },
                             [](const transfer::Event&) { return ours_alone; }}, // goods that stay ours
                    event);
}

const std::vector<std::string_view>& published_names() {
  static const std::vector<std::string_view> names{
      "fulfilment.accepted.v1", "fulfilment.cancelled.v1", "fulfilment.delivered.v1", "fulfilment.failed.v1", "fulfilment.rejected.v1", "fulfilment.returned_to_origin.v1", "fulfilment.shipped.v1",
      "fulfilment.tracked.v1", "fulfilment.unaccepted.v1",
      "order.cancellation_ended.v1", "order.cancelled.v1", "order.cancelling.v1", "order.choice_made.v1", "order.completed.v1", "order.confirmed.v1", "order.put_on_hold.v1",
      "order.rejected.v1", "order.released_from_hold.v1", "order.submitted.v1", "order.units_cancelled.v1", "order.units_lost.v1", "order.units_returned.v1",
      "payment.action_required.v1", "payment.awaited.v1", "payment.billed.v1", "payment.captured.v1", "payment.charged_back.v1", "payment.collected.v1",
      "payment.credited.v1", "payment.declined.v1", "payment.reduced.v1", "payment.refund_delegated.v1", "payment.refund_failed.v1", "payment.refunded.v1",
      "payment.voided.v1", "pickup.accepted.v1", "pickup.cancelled.v1", "pickup.extended.v1", "pickup.handed_over.v1",
      "pickup.not_collected.v1", "pickup.part_handed_over.v1", "pickup.refused.v1", "pickup.rejected.v1", "pickup.staged.v1", "pickup.unaccepted.v1", "pickup.unstaged.v1"};
  return names;
}

} // namespace entrepot::workflow
