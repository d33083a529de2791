#include "persistence/codecs/fulfilment.hpp"

#include "persistence/codecs/values.hpp"

namespace entrepot::codec {

template <>
struct Fields<fulfilment::Line> {
  static constexpr auto list = std::tuple{
      field<"line">(&fulfilment::Line::line),
      field<"sku">(&fulfilment::Line::sku),
      field<"quantity">(&fulfilment::Line::quantity),
  };
};

template <>
struct Fields<fulfilment::Accepted> {
  static constexpr auto list = std::tuple{
      field<"location">(&fulfilment::Accepted::location),
      field<"lines">(&fulfilment::Accepted::lines),
      field<"due">(&fulfilment::Accepted::due),
  };
};

template <>
struct Released<fulfilment::Accepted> : As<"FulfilmentAccepted"> {};

std::span<const EventType> types_of(const fulfilment::Event&) { return event_types<fulfilment::Event>(); }

} // namespace entrepot::codec
