#include "persistence/codecs/order.hpp"

#include "persistence/codecs/terms.hpp"

namespace entrepot::codec {

template <>
struct Fields<RejectionDetail> {
  static constexpr auto list = std::tuple{
      spare<"pointer">(&RejectionDetail::pointer),
      field<"code">(&RejectionDetail::code),
      spare<"text">(&RejectionDetail::text),
  };
};

template <>
struct Fields<order::Line> {
  static constexpr auto list = std::tuple{
      field<"number">(&order::Line::number),
      field<"sku">(&order::Line::sku),
      field<"name">(&order::Line::name),
      field<"quantity">(&order::Line::quantity),
      field<"unit_price">(&order::Line::unit_price),
      field<"total">(&order::Line::total),
      spare<"category">(&order::Line::category),
      spare<"tax_class">(&order::Line::tax_class),
      spare<"service">(&order::Line::service),
      spare<"list_price">(&order::Line::list_price),
      spare<"price_reason">(&order::Line::price_reason),
  };
};

template <>
struct Fields<stock::Point> {
  static constexpr auto list = std::tuple{field<"latitude">(&stock::Point::latitude), field<"longitude">(&stock::Point::longitude)};
};

template <>
struct Fields<order::Delivery> {
  static constexpr auto list = std::tuple{
      field<"option">(&order::Delivery::option),
      spare<"address">(&order::Delivery::address),
      spare<"terms">(&order::Delivery::terms),
      spare<"carrier">(&order::Delivery::carrier),
      spare<"other_carriers">(&order::Delivery::other_carriers),
      spare<"ship_from">(&order::Delivery::ship_from),
      field<"issue_at">(&order::Delivery::issue_at),
      spare<"promise">(&order::Delivery::promise),
      spare<"near">(&order::Delivery::near),
  };
};

template <>
struct Fields<order::Collection> {
  static constexpr auto list = std::tuple{field<"store">(&order::Collection::store), field<"ready_by">(&order::Collection::ready_by), spare<"wanted_at">(&order::Collection::wanted_at),
                                          spare<"by_transfer">(&order::Collection::by_transfer)};
};

template <>
struct Fields<order::TillSale> {
  static constexpr auto list = std::tuple{field<"location">(&order::TillSale::location), field<"till">(&order::TillSale::till), field<"receipt">(&order::TillSale::receipt)};
};

template <>
struct Fields<order::HoldAtEntry> {
  static constexpr auto list = std::tuple{field<"code">(&order::HoldAtEntry::code), field<"text">(&order::HoldAtEntry::text)};
};

template <>
struct Fields<order::Agreement> {
  static constexpr auto list = std::tuple{
      field<"channel">(&order::Agreement::channel),
      field<"channel_version">(&order::Agreement::channel_version),
      field<"organisation">(&order::Agreement::organisation),
      field<"workflow">(&order::Agreement::workflow),
      field<"workflow_version">(&order::Agreement::workflow_version),
      spare<"external_number">(&order::Agreement::external_number),
      spare<"occurred_at">(&order::Agreement::occurred_at),
      spare<"customer">(&order::Agreement::customer),
      spare<"customer_level">(&order::Agreement::customer_level),
      spare<"credit_limited">(&order::Agreement::credit_limited),
      spare<"contact">(&order::Agreement::contact),
      field<"lines">(&order::Agreement::lines),
      spare<"delivery">(&order::Agreement::delivery), // none: the customer fetches the goods
      spare<"collection">(&order::Agreement::collection),
      spare<"answer_by">(&order::Agreement::answer_by),
      field<"instalments">(&order::Agreement::instalments),
      spare<"payment_token">(&order::Agreement::payment_token),
      field<"total">(&order::Agreement::total),
      spare<"assisted_by">(&order::Agreement::assisted_by),
      spare<"origin">(&order::Agreement::origin),
      spare<"taken_now">(&order::Agreement::taken_now),
      spare<"pay_later">(&order::Agreement::pay_later),
      spare<"pay_by">(&order::Agreement::pay_by),
      spare<"pay_within_ms">(&order::Agreement::pay_within),
      spare<"holds">(&order::Agreement::holds),
  };
};

template <>
struct Fields<order::Submitted> {
  static constexpr auto list = std::tuple{
      field<"agreement">(&order::Submitted::agreement),
  };
};

template <>
struct Released<order::Submitted> : As<"OrderSubmitted"> {};

template <>
struct Fields<order::LineUnits> {
  static constexpr auto list = std::tuple{field<"line">(&order::LineUnits::line), field<"units">(&order::LineUnits::units)};
};

template <>
struct Fields<order::Confirmed> {
  static constexpr auto list = std::tuple{spare<"waiting">(&order::Confirmed::waiting)};
};

template <>
struct Released<order::Confirmed> : As<"OrderConfirmed"> {};

template <>
struct Fields<order::Rejected> {
  static constexpr auto list = std::tuple{
      field<"code">(&order::Rejected::code),
      field<"text">(&order::Rejected::text),
      spare<"details">(&order::Rejected::details),
  };
};

template <>
struct Released<order::Rejected> : As<"OrderRejected"> {};

template <>
struct Fields<order::CancellationBegun> {
  static constexpr auto list = std::tuple{field<"code">(&order::CancellationBegun::code), field<"text">(&order::CancellationBegun::text)};
};

template <>
struct Fields<order::UnitsStopped> {
  static constexpr auto list = std::tuple{field<"place">(&order::UnitsStopped::place), field<"lines">(&order::UnitsStopped::lines)};
};

template <>
struct Fields<order::UnitsCancelled> {
  static constexpr auto list = std::tuple{field<"lines">(&order::UnitsCancelled::lines), field<"code">(&order::UnitsCancelled::code)};
};

template <>
struct Fields<order::UnitsIssued> {
  static constexpr auto list = std::tuple{field<"place">(&order::UnitsIssued::place), field<"lines">(&order::UnitsIssued::lines)};
};

template <>
struct Fields<order::UnitsDelivered> {
  static constexpr auto list = std::tuple{field<"place">(&order::UnitsDelivered::place), field<"lines">(&order::UnitsDelivered::lines)};
};

template <>
struct Fields<order::UnitsHandedOver> {
  static constexpr auto list = std::tuple{field<"place">(&order::UnitsHandedOver::place), field<"lines">(&order::UnitsHandedOver::lines)};
};

template <>
struct Fields<order::Cancelled> {
  static constexpr auto list = std::tuple{};
};

template <>
struct Fields<order::CancellationEnded> {
  static constexpr auto list = std::tuple{};
};

template <>
struct Fields<order::Completed> {
  static constexpr auto list = std::tuple{};
};

template <>
struct Fields<order::UnitsReturnPending> {
  static constexpr auto list = std::tuple{
      field<"reference">(&order::UnitsReturnPending::reference),
      field<"lines">(&order::UnitsReturnPending::lines),
  };
};

template <>
struct Fields<order::UnitsReturned> {
  static constexpr auto list = std::tuple{field<"reference">(&order::UnitsReturned::reference), field<"lines">(&order::UnitsReturned::lines)};
};

template <>
struct Fields<order::UnitsHeld> {
  static constexpr auto list = std::tuple{field<"place">(&order::UnitsHeld::place), field<"lines">(&order::UnitsHeld::lines)};
};

template <>
struct Word<order::Way> {
  static constexpr auto from = order::way_from;
};

template <>
struct Fields<order::Choice> {
  static constexpr auto list = std::tuple{
      field<"way">(&order::Choice::way),
      spare<"collection">(&order::Choice::collection),
      spare<"delivery">(&order::Choice::delivery),
      spare<"answer_by">(&order::Choice::answer_by),
  };
};

template <>
struct Fields<order::CustomerChose> {
  static constexpr auto list = std::tuple{field<"choice">(&order::CustomerChose::choice), field<"lines">(&order::CustomerChose::lines)};
};

template <>
struct Released<order::CustomerChose> : As<"CustomerChose"> {};
template <>
struct Released<order::UnitsHeld> : As<"UnitsHeld"> {};

template <>
struct Fields<order::PlacedOnHold> {
  static constexpr auto list = std::tuple{field<"code">(&order::PlacedOnHold::code), field<"text">(&order::PlacedOnHold::text)};
};
template <>
struct Released<order::PlacedOnHold> : As<"OrderPutOnHold"> {};

template <>
struct Fields<order::ReleasedFromHold> {
  static constexpr auto list = std::tuple{field<"code">(&order::ReleasedFromHold::code)};
};
template <>
struct Released<order::ReleasedFromHold> : As<"OrderReleasedFromHold"> {};
template <>
struct Fields<order::UnitsLost> {
  static constexpr auto list = std::tuple{
      field<"place">(&order::UnitsLost::place),
      field<"lines">(&order::UnitsLost::lines),
      field<"code">(&order::UnitsLost::code),
      spare<"again">(&order::UnitsLost::again),
  };
};
template <>
struct Released<order::UnitsLost> : As<"UnitsLost"> {};
template <>
struct Released<order::CancellationBegun> : As<"OrderCancelling"> {};
template <>
struct Released<order::UnitsStopped> : As<"UnitsStopped"> {};
template <>
struct Released<order::UnitsCancelled> : As<"UnitsCancelled"> {};
template <>
struct Released<order::UnitsIssued> : As<"UnitsIssued"> {};
template <>
struct Released<order::UnitsDelivered> : As<"UnitsDelivered"> {};
template <>
struct Released<order::UnitsHandedOver> : As<"UnitsHandedOver"> {};
template <>
struct Released<order::Cancelled> : As<"OrderCancelled"> {};
template <>
struct Released<order::CancellationEnded> : As<"OrderCancellationEnded"> {};
template <>
struct Released<order::Completed> : As<"OrderCompleted"> {};
template <>
struct Released<order::UnitsReturnPending> : As<"UnitsReturnPending"> {};
template <>
struct Released<order::UnitsReturned> : As<"UnitsReturned"> {};

std::span<const EventType> types_of(const order::Event&) { return event_types<order::Event>(); }

} // namespace entrepot::codec
