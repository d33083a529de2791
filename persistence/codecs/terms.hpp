// Field lists of the terms that channels, orders and customers share.
#pragma once

#include "domain/customer/customer.hpp"
#include "domain/payment/instalment.hpp"
#include "persistence/codecs/values.hpp"

namespace entrepot::codec {

template <>
struct Word<payment::Moment> {
  static constexpr auto from = payment::moment_from;
};

template <>
struct Word<payment::Method> {
  static constexpr auto from = payment::method_from;
};

template <>
struct Word<identity::Form> {
  static constexpr auto from = identity::form_from;
};

template <>
struct Fields<payment::Share> {
  static constexpr auto list = std::tuple{
      field<"moment">(&payment::Share::moment),
      field<"method">(&payment::Share::method),
      field<"percent">(&payment::Share::percent),
      spare<"round_up_to">(&payment::Share::round_up_to),
  };
};

template <>
struct Fields<payment::Instalment> {
  static constexpr auto list = std::tuple{
      field<"number">(&payment::Instalment::number),
      field<"moment">(&payment::Instalment::moment),
      field<"method">(&payment::Instalment::method),
      field<"amount">(&payment::Instalment::amount),
      spare<"taken_by">(&payment::Instalment::taken_by),
      spare<"reference">(&payment::Instalment::reference),
  };
};

template <>
struct Fields<customer::Contact> {
  static constexpr auto list = std::tuple{
      spare<"name">(&customer::Contact::name),
      spare<"email">(&customer::Contact::email),
      spare<"phone">(&customer::Contact::phone),
  };
};

} // namespace entrepot::codec
