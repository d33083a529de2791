#include "persistence/codecs/payment.hpp"

#include "persistence/codecs/values.hpp"

namespace entrepot::codec {

template <>
struct Fields<payment::CaptureAsked> {
  static constexpr auto list = std::tuple{
      field<"instalment">(&payment::CaptureAsked::instalment), field<"key">(&payment::CaptureAsked::key),       spare<"token">(&payment::CaptureAsked::token),
      field<"amount">(&payment::CaptureAsked::amount),         field<"not_after">(&payment::CaptureAsked::not_after), spare<"place">(&payment::CaptureAsked::place),
  };
};

template <>
struct Fields<payment::Captured> {
  static constexpr auto list = std::tuple{
      field<"instalment">(&payment::Captured::instalment),
      field<"key">(&payment::Captured::key),
      spare<"reference">(&payment::Captured::reference),
      field<"amount">(&payment::Captured::amount),
  };
};

template <>
struct Fields<payment::Declined> {
  static constexpr auto list =
      std::tuple{field<"instalment">(&payment::Declined::instalment), field<"key">(&payment::Declined::key), field<"code">(&payment::Declined::code)};
};

template <>
struct Fields<payment::OutcomeUnknown> {
  static constexpr auto list = std::tuple{field<"instalment">(&payment::OutcomeUnknown::instalment), field<"key">(&payment::OutcomeUnknown::key)};
};

template <>
struct Fields<payment::VoidAsked> {
  static constexpr auto list = std::tuple{field<"instalment">(&payment::VoidAsked::instalment), field<"key">(&payment::VoidAsked::key)};
};

template <>
struct Fields<payment::Voided> {
  static constexpr auto list = std::tuple{field<"instalment">(&payment::Voided::instalment), field<"key">(&payment::Voided::key)};
};

template <>
struct Fields<payment::TenderOffered> {
  static constexpr auto list = std::tuple{field<"instalment">(&payment::TenderOffered::instalment), field<"token">(&payment::TenderOffered::token)};
};

template <>
struct Fields<payment::Billed> {
  static constexpr auto list = std::tuple{field<"instalment">(&payment::Billed::instalment), field<"amount">(&payment::Billed::amount)};
};

template <>
struct Fields<payment::Reduced> {
  static constexpr auto list = std::tuple{field<"instalment">(&payment::Reduced::instalment), field<"amount">(&payment::Reduced::amount)};
};

template <>
struct Fields<payment::RefundAsked> {
  static constexpr auto list = std::tuple{
      field<"instalment">(&payment::RefundAsked::instalment),
      field<"key">(&payment::RefundAsked::key),
      field<"amount">(&payment::RefundAsked::amount),
  };
};

template <>
struct Fields<payment::Refunded> {
  static constexpr auto list = std::tuple{
      field<"instalment">(&payment::Refunded::instalment),
      field<"key">(&payment::Refunded::key),
      spare<"reference">(&payment::Refunded::reference),
      field<"amount">(&payment::Refunded::amount),
  };
};

template <>
struct Fields<payment::RefundFailed> {
  static constexpr auto list = std::tuple{
      field<"instalment">(&payment::RefundFailed::instalment),
      field<"key">(&payment::RefundFailed::key),
      field<"code">(&payment::RefundFailed::code),
  };
};

template <>
struct Fields<payment::Credited> {
  static constexpr auto list = std::tuple{
      field<"instalment">(&payment::Credited::instalment),
      field<"reference">(&payment::Credited::reference),
      field<"amount">(&payment::Credited::amount),
  };
};

template <>
struct Fields<payment::Divided> {
  static constexpr auto list =
      std::tuple{field<"instalment">(&payment::Divided::instalment), field<"into">(&payment::Divided::into), field<"amount">(&payment::Divided::amount)};
};

template <>
struct Fields<payment::ActionRequired> {
  static constexpr auto list = std::tuple{
      field<"instalment">(&payment::ActionRequired::instalment),
      field<"key">(&payment::ActionRequired::key),
      field<"url">(&payment::ActionRequired::url),
      field<"act_by">(&payment::ActionRequired::act_by),
  };
};

template <>
struct Fields<payment::ChargedBack> {
  static constexpr auto list = std::tuple{
      field<"instalment">(&payment::ChargedBack::instalment),
      field<"reference">(&payment::ChargedBack::reference),
      field<"amount">(&payment::ChargedBack::amount),
  };
};

template <>
struct Fields<payment::Collected> {
  static constexpr auto list = std::tuple{
      field<"instalment">(&payment::Collected::instalment),
      spare<"by">(&payment::Collected::by),
      field<"reference">(&payment::Collected::reference),
      field<"amount">(&payment::Collected::amount),
  };
};

template <>
struct Fields<payment::RefundDelegated> {
  static constexpr auto list = std::tuple{
      field<"instalment">(&payment::RefundDelegated::instalment),
      field<"key">(&payment::RefundDelegated::key),
      field<"amount">(&payment::RefundDelegated::amount),
  };
};

template <>
struct Fields<payment::PaymentAwaited> {
  static constexpr auto list = std::tuple{field<"instalment">(&payment::PaymentAwaited::instalment), field<"until">(&payment::PaymentAwaited::until)};
};

template <>
struct Released<payment::CaptureAsked> : As<"CaptureAsked"> {};
template <>
struct Released<payment::Captured> : As<"InstalmentCaptured"> {};
template <>
struct Released<payment::Declined> : As<"InstalmentDeclined"> {};
template <>
struct Released<payment::OutcomeUnknown> : As<"CaptureUnknown"> {};
template <>
struct Released<payment::VoidAsked> : As<"VoidAsked"> {};
template <>
struct Released<payment::Voided> : As<"InstalmentVoided"> {};
template <>
struct Released<payment::TenderOffered> : As<"TenderOffered"> {};
template <>
struct Released<payment::Billed> : As<"InstalmentBilled"> {};
template <>
struct Released<payment::Reduced> : As<"InstalmentReduced"> {};
template <>
struct Released<payment::RefundAsked> : As<"RefundAsked"> {};
template <>
struct Released<payment::Refunded> : As<"InstalmentRefunded"> {};
template <>
struct Released<payment::RefundFailed> : As<"RefundFailed"> {};
template <>
struct Released<payment::Credited> : As<"InstalmentCredited"> {};
template <>
struct Released<payment::Divided> : As<"InstalmentDivided"> {};
template <>
struct Released<payment::ActionRequired> : As<"PaymentActionRequired"> {};
template <>
struct Released<payment::ChargedBack> : As<"InstalmentChargedBack"> {};
template <>
struct Released<payment::Collected> : As<"InstalmentCollected"> {};
template <>
struct Released<payment::RefundDelegated> : As<"RefundDelegated"> {};
template <>
struct Released<payment::PaymentAwaited> : As<"PaymentAwaited"> {};

std::span<const EventType> types_of(const payment::Event&) { return event_types<payment::Event>(); }

} // namespace entrepot::codec
