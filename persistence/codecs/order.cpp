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
  };
};

template <>
struct Fields<order::Delivery> {
  static constexpr auto list = std::tuple{
      field<"option">(&order::Delivery::option),
      spare<"address">(&order::Delivery::address),
      spare<"terms">(&order::Delivery::terms),
      spare<"carrier">(&order::Delivery::carrier),
      spare<"ship_from">(&order::Delivery::ship_from),
      field<"issue_at">(&order::Delivery::issue_at),
      spare<"promise">(&order::Delivery::promise),
  };
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
      spare<"customer">(&order::Agreement::customer),
      spare<"customer_level">(&order::Agreement::customer_level),
      spare<"contact">(&order::Agreement::contact),
      field<"lines">(&order::Agreement::lines),
      field<"delivery">(&order::Agreement::delivery),
      field<"instalments">(&order::Agreement::instalments),
      spare<"payment_token">(&order::Agreement::payment_token),
      field<"total">(&order::Agreement::total),
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
struct Fields<order::Confirmed> {
  static constexpr auto list = std::tuple{};
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

std::span<const EventType> types_of(const order::Event&) { return event_types<order::Event>(); }

} // namespace entrepot::codec
