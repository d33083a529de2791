// Lines of work in JSON, as fulfilments and pickups have them.
#pragma once

#include "domain/fulfilment/pickup.hpp"
#include "persistence/codecs/values.hpp"

namespace entrepot::codec {

template <>
struct Word<fulfilment::Reason> {
  static constexpr auto from = fulfilment::reason_from;
};

template <>
struct Fields<fulfilment::Line> {
  static constexpr auto list = std::tuple{
      field<"line">(&fulfilment::Line::line),
      field<"sku">(&fulfilment::Line::sku),
      field<"quantity">(&fulfilment::Line::quantity),
  };
};

template <>
struct Fields<fulfilment::Found> {
  static constexpr auto list = std::tuple{field<"line">(&fulfilment::Found::line), field<"units">(&fulfilment::Found::units)};
};

template <>
struct Fields<pickup::Taken> {
  static constexpr auto list = std::tuple{field<"line">(&pickup::Taken::line), field<"units">(&pickup::Taken::units)};
};

} // namespace entrepot::codec
