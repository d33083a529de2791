// What stands both in a location's events and on the pages of its snapshots.
#pragma once

#include "domain/stock/location.hpp"
#include "persistence/codecs/values.hpp"

namespace entrepot::codec {

template <>
struct Word<stock::Type> {
  static constexpr auto from = stock::type_from;
};

template <>
struct Word<stock::CutCause> {
  static constexpr auto from = stock::cut_cause_from;
};

template <>
struct Fields<stock::SafetyRule> {
  static constexpr auto list = std::tuple{
      spare<"category">(&stock::SafetyRule::category),
      spare<"sku">(&stock::SafetyRule::sku),
      field<"units">(&stock::SafetyRule::units),
  };
};

template <>
struct Fields<stock::Profile> {
  static constexpr auto list = std::tuple{
      field<"code">(&stock::Profile::code),
      field<"name">(&stock::Profile::name),
      field<"type">(&stock::Profile::type),
      field<"owner">(&stock::Profile::owner),
      field<"latitude_millionths">(&stock::Profile::latitude),
      field<"longitude_millionths">(&stock::Profile::longitude),
      spare<"opens_minute">(&stock::Profile::opens),
      spare<"closes_minute">(&stock::Profile::closes),
      spare<"orders_a_day">(&stock::Profile::orders_a_day),
      spare<"safety_stock">(&stock::Profile::safety),
      spare<"fed_by">(&stock::Profile::fed_by),
      spare<"groups">(&stock::Profile::groups),
      spare<"parcel_cost">(&stock::Profile::parcel_cost),
  };
};

template <>
struct Fields<stock::Item> {
  static constexpr auto list = std::tuple{
      field<"owner">(&stock::Item::owner),
      field<"sku">(&stock::Item::sku),
  };
};

template <>
struct Fields<stock::HoldLine> {
  static constexpr auto list = std::tuple{
      field<"line">(&stock::HoldLine::line),
      field<"sku">(&stock::HoldLine::sku),
      field<"quantity">(&stock::HoldLine::quantity),
  };
};

template <>
struct Fields<stock::CountLine> {
  static constexpr auto list = std::tuple{
      field<"item">(&stock::CountLine::item),
      field<"counted">(&stock::CountLine::counted),
  };
};

} // namespace entrepot::codec
