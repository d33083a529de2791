#include "persistence/codecs/fulfilment.hpp"

#include "persistence/codecs/work_states.hpp"

namespace entrepot::codec {

template <>
struct Fields<fulfilment::Accepted> {
  static constexpr auto list = std::tuple{
      field<"location">(&fulfilment::Accepted::location),
      field<"lines">(&fulfilment::Accepted::lines),
      field<"due">(&fulfilment::Accepted::due),
  };
};

template <>
struct Fields<fulfilment::Offered> {
  static constexpr auto list = std::tuple{
      field<"location">(&fulfilment::Offered::location),
      field<"lines">(&fulfilment::Offered::lines),
      field<"due">(&fulfilment::Offered::due),
      field<"offer_until">(&fulfilment::Offered::offer_until),
  };
};

template <>
struct Fields<fulfilment::OfferAccepted> {
  static constexpr auto list = std::tuple{};
};

template <>
struct Fields<fulfilment::Rejected> {
  static constexpr auto list = std::tuple{field<"reason">(&fulfilment::Rejected::reason)};
};

template <>
struct Fields<fulfilment::PickStarted> {
  static constexpr auto list = std::tuple{spare<"wave">(&fulfilment::PickStarted::wave)};
};

template <>
struct Fields<fulfilment::Picked> {
  static constexpr auto list = std::tuple{spare<"found">(&fulfilment::Picked::found)};
};

template <>
struct Fields<fulfilment::Packed> {
  static constexpr auto list = std::tuple{field<"parcels">(&fulfilment::Packed::parcels)};
};

template <>
struct Fields<fulfilment::Shipped> {
  static constexpr auto list = std::tuple{spare<"tracking">(&fulfilment::Shipped::tracking)};
};

template <>
struct Fields<fulfilment::Delivered> {
  static constexpr auto list = std::tuple{};
};

template <>
struct Fields<fulfilment::Unaccepted> {
  static constexpr auto list = std::tuple{};
};

template <>
struct Fields<fulfilment::Unpicked> {
  static constexpr auto list = std::tuple{};
};

template <>
struct Fields<fulfilment::Unpacked> {
  static constexpr auto list = std::tuple{};
};

template <>
struct Fields<fulfilment::StopAsked> {
  static constexpr auto list = std::tuple{field<"answer_by">(&fulfilment::StopAsked::answer_by)};
};

template <>
struct Fields<fulfilment::StopRefused> {
  static constexpr auto list = std::tuple{};
};

template <>
struct Fields<fulfilment::Cancelled> {
  static constexpr auto list = std::tuple{};
};

template <>
struct Fields<fulfilment::UnitsPutBack> {
  static constexpr auto list = std::tuple{};
};

template <>
struct Fields<fulfilment::Escalated> {
  static constexpr auto list = std::tuple{field<"percent">(&fulfilment::Escalated::percent)};
};

template <>
struct Fields<fulfilment::LabelAsked> {
  static constexpr auto list = std::tuple{field<"key">(&fulfilment::LabelAsked::key), spare<"carrier">(&fulfilment::LabelAsked::carrier)};
};

template <>
struct Fields<fulfilment::Labelled> {
  static constexpr auto list = std::tuple{
      field<"tracking">(&fulfilment::Labelled::tracking),
      spare<"document">(&fulfilment::Labelled::document),
  };
};

template <>
struct Fields<fulfilment::LabelFailed> {
  static constexpr auto list = std::tuple{field<"code">(&fulfilment::LabelFailed::code)};
};

template <>
struct Fields<fulfilment::Tracked> {
  static constexpr auto list = std::tuple{field<"says">(&fulfilment::Tracked::says)};
};

template <>
struct Fields<fulfilment::Failed> {
  static constexpr auto list = std::tuple{field<"why">(&fulfilment::Failed::why)};
};

template <>
struct Fields<fulfilment::ReturnedToOrigin> {
  static constexpr auto list = std::tuple{spare<"whole">(&fulfilment::ReturnedToOrigin::whole)};
};

template <>
struct Fields<fulfilment::Restocked> {
  static constexpr auto list = std::tuple{};
};

template <>
struct Released<fulfilment::Accepted> : As<"FulfilmentAccepted"> {};
template <>
struct Released<fulfilment::Offered> : As<"FulfilmentOffered"> {};
template <>
struct Released<fulfilment::OfferAccepted> : As<"FulfilmentOfferAccepted"> {};
template <>
struct Released<fulfilment::Rejected> : As<"FulfilmentRejected"> {};
template <>
struct Released<fulfilment::PickStarted> : As<"FulfilmentPickStarted"> {};
template <>
struct Released<fulfilment::Picked> : As<"FulfilmentPicked"> {};
template <>
struct Released<fulfilment::Packed> : As<"FulfilmentPacked"> {};
template <>
struct Released<fulfilment::Shipped> : As<"FulfilmentShipped"> {};
template <>
struct Released<fulfilment::Delivered> : As<"FulfilmentDelivered"> {};
template <>
struct Released<fulfilment::Unaccepted> : As<"FulfilmentUnaccepted"> {};
template <>
struct Released<fulfilment::Unpicked> : As<"FulfilmentUnpicked"> {};
template <>
struct Released<fulfilment::Unpacked> : As<"FulfilmentUnpacked"> {};
template <>
struct Released<fulfilment::StopAsked> : As<"FulfilmentStopAsked"> {};
template <>
struct Released<fulfilment::StopRefused> : As<"FulfilmentStopRefused"> {};
template <>
struct Released<fulfilment::Cancelled> : As<"FulfilmentCancelled"> {};
template <>
struct Released<fulfilment::UnitsPutBack> : As<"FulfilmentUnitsPutBack"> {};
template <>
struct Released<fulfilment::Escalated> : As<"FulfilmentEscalated"> {};
template <>
struct Released<fulfilment::LabelAsked> : As<"FulfilmentLabelAsked"> {};
template <>
struct Released<fulfilment::Labelled> : As<"FulfilmentLabelled"> {};
template <>
struct Released<fulfilment::LabelFailed> : As<"FulfilmentLabelFailed"> {};
template <>
struct Released<fulfilment::Tracked> : As<"FulfilmentTracked"> {};
template <>
struct Released<fulfilment::Failed> : As<"FulfilmentFailed"> {};
template <>
struct Released<fulfilment::ReturnedToOrigin> : As<"FulfilmentReturnedToOrigin"> {};
template <>
struct Released<fulfilment::Restocked> : As<"FulfilmentRestocked"> {};

template <>
struct Fields<fulfilment::UnitsCut> {
  static constexpr auto list = std::tuple{field<"left">(&fulfilment::UnitsCut::left)};
};
template <>
struct Released<fulfilment::UnitsCut> : As<"FulfilmentUnitsCut"> {};

std::span<const EventType> types_of(const fulfilment::Event&) { return event_types<fulfilment::Event>(); }

} // namespace entrepot::codec
