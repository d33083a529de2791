// What stands both in a channel's events and on the pages of its snapshots.
#pragma once

#include "domain/channel/channel.hpp"
#include "persistence/codecs/terms.hpp"

namespace entrepot::codec {

template <>
struct Fields<channel::DeliveryOption> {
  static constexpr auto list = std::tuple{
      field<"code">(&channel::DeliveryOption::code),
      field<"name">(&channel::DeliveryOption::name),
      field<"charge">(&channel::DeliveryOption::charge),
      spare<"promise_ms">(&channel::DeliveryOption::promise),
      field<"lead_ms">(&channel::DeliveryOption::lead),
      field<"terms">(&channel::DeliveryOption::terms),
      field<"carrier">(&channel::DeliveryOption::carrier),
      spare<"other_carriers">(&channel::DeliveryOption::other_carriers),
      field<"ship_from">(&channel::DeliveryOption::ship_from),
  };
};

template <>
struct Fields<channel::PaymentRule> {
  static constexpr auto list = std::tuple{
      spare<"level">(&channel::PaymentRule::level),
      spare<"category">(&channel::PaymentRule::category),
      spare<"from">(&channel::PaymentRule::from),
      spare<"to">(&channel::PaymentRule::to),
      field<"shares">(&channel::PaymentRule::shares),
  };
};

template <>
struct Word<sourcing::Sort> {
  static constexpr auto from = sourcing::sort_from;
};

template <>
struct Word<sourcing::After> {
  static constexpr auto from = sourcing::after_from;
};

template <>
struct Fields<sourcing::Rule> {
  static constexpr auto list = std::tuple{
      field<"name">(&sourcing::Rule::name),
      spare<"groups">(&sourcing::Rule::groups),
      spare<"within_km">(&sourcing::Rule::within_km),
      spare<"open_now">(&sourcing::Rule::open_now),
      spare<"own_stock">(&sourcing::Rule::own_stock),
      spare<"keep_back">(&sourcing::Rule::keep_back),
      spare<"sort">(&sourcing::Rule::sort),
      spare<"first_come">(&sourcing::Rule::first_come),
      spare<"least_part">(&sourcing::Rule::least_part),
      field<"most_parts">(&sourcing::Rule::most_parts),
      field<"otherwise">(&sourcing::Rule::otherwise),
      spare<"patience_ms">(&sourcing::Rule::patience),
  };
};

template <>
struct Fields<sourcing::Routing> {
  static constexpr auto list = std::tuple{field<"rules">(&sourcing::Routing::rules), field<"most_attempts">(&sourcing::Routing::most_attempts)};
};

template <>
struct Fields<channel::Terms> {
  static constexpr auto list = std::tuple{
      spare<"external_number_required">(&channel::Terms::external_number_required),
      spare<"masked_emails">(&channel::Terms::masked_emails),
      spare<"customer_required">(&channel::Terms::customer_required),
      spare<"pay_later">(&channel::Terms::pay_later),
      spare<"pay_within_ms">(&channel::Terms::pay_within),
      spare<"price_exception_percent">(&channel::Terms::price_exception_percent),
      spare<"larger_exceptions_wait">(&channel::Terms::larger_exceptions_wait),
      spare<"pickup_days_ahead">(&channel::Terms::pickup_days_ahead),
      spare<"pickup_time_required">(&channel::Terms::pickup_time_required),
      spare<"warns_of_repeats">(&channel::Terms::warns_of_repeats),
  };
};

template <>
struct Fields<sourcing::TransferSource> {
  static constexpr auto list = std::tuple{
      spare<"location">(&sourcing::TransferSource::location),
      spare<"group">(&sourcing::TransferSource::group),
      field<"transit_ms">(&sourcing::TransferSource::transit),
  };
};

template <>
struct Fields<channel::Definition> {
  static constexpr auto list = std::tuple{
      field<"code">(&channel::Definition::code),
      field<"name">(&channel::Definition::name),
      field<"organisation">(&channel::Definition::organisation),
      field<"currency">(&channel::Definition::currency),
      field<"price_list">(&channel::Definition::price_list),
      field<"workflows">(&channel::Definition::workflows),
      field<"delivery">(&channel::Definition::delivery),
      field<"payment">(&channel::Definition::payment),
      spare<"pickup_stores">(&channel::Definition::pickup_stores),
      field<"tax_class_of_services">(&channel::Definition::tax_class_of_services),
      spare<"prices_as_told">(&channel::Definition::prices_as_told),
      spare<"country">(&channel::Definition::country),
      spare<"sourcing">(&channel::Definition::sourcing),
      spare<"terms">(&channel::Definition::terms),
      spare<"transfer_from">(&channel::Definition::transfer_from),
  };
};

} // namespace entrepot::codec
