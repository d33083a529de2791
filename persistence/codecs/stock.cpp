#include "persistence/codecs/stock.hpp"

#include "persistence/codecs/stock_fields.hpp"

namespace entrepot::codec {

template <>
struct Fields<stock::Movement> {
  static constexpr auto list = std::tuple{
      field<"item">(&stock::Movement::item),
      field<"units">(&stock::Movement::units),
  };
};

template <>
struct Fields<stock::Defined> {
  static constexpr auto list = std::tuple{
      field<"profile">(&stock::Defined::profile),
  };
};

template <>
struct Released<stock::Defined> : As<"LocationDefined"> {};

template <>
struct Fields<stock::Received> {
  static constexpr auto list = std::tuple{
      field<"reference">(&stock::Received::reference),
      field<"movements">(&stock::Received::movements),
  };
};

template <>
struct Released<stock::Received> : As<"StockReceived"> {};

template <>
struct Fields<stock::Held> {
  static constexpr auto list = std::tuple{
      field<"order">(&stock::Held::order),
      field<"round">(&stock::Held::round),
      field<"owner">(&stock::Held::owner),
      field<"lines">(&stock::Held::lines),
      spare<"takes_slot">(&stock::Held::takes_slot),
  };
};

template <>
struct Released<stock::Held> : As<"StockHeld"> {};

template <>
struct Fields<stock::Allocated> {
  static constexpr auto list = std::tuple{
      field<"order">(&stock::Allocated::order),
      field<"round">(&stock::Allocated::round),
  };
};

template <>
struct Released<stock::Allocated> : As<"StockAllocated"> {};

template <>
struct Fields<stock::Released> {
  static constexpr auto list = std::tuple{
      field<"order">(&stock::Released::order),
      field<"round">(&stock::Released::round),
  };
};

template <>
struct Released<stock::Released> : As<"StockReleased"> {};

template <>
struct Fields<stock::HoldBarred> {
  static constexpr auto list = std::tuple{
      field<"order">(&stock::HoldBarred::order),
      field<"round">(&stock::HoldBarred::round),
      field<"not_after">(&stock::HoldBarred::not_after),
  };
};

template <>
struct Released<stock::HoldBarred> : As<"StockHoldBarred"> {};

template <>
struct Fields<stock::GivenUp> {
  static constexpr auto list = std::tuple{
      field<"line">(&stock::GivenUp::line),
      field<"sku">(&stock::GivenUp::sku),
      field<"quantity">(&stock::GivenUp::quantity),
      spare<"suspended">(&stock::GivenUp::suspended),
      spare<"damaged">(&stock::GivenUp::damaged),
  };
};

template <>
struct Fields<stock::Shrunk> {
  static constexpr auto list = std::tuple{
      field<"order">(&stock::Shrunk::order),
      field<"round">(&stock::Shrunk::round),
      field<"lines">(&stock::Shrunk::lines),
  };
};

template <>
struct Released<stock::Shrunk> : As<"StockReleasedInPart"> {};

template <>
struct Fields<stock::Issued> {
  static constexpr auto list = std::tuple{
      field<"order">(&stock::Issued::order),
      field<"round">(&stock::Issued::round),
      field<"lines">(&stock::Issued::lines),
  };
};

template <>
struct Released<stock::Issued> : As<"StockIssued"> {};

template <>
struct Fields<stock::TakenBack> {
  static constexpr auto list = std::tuple{field<"reference">(&stock::TakenBack::reference), field<"movements">(&stock::TakenBack::movements)};
};

template <>
struct Released<stock::TakenBack> : As<"StockReturned"> {};

std::span<const EventType> types_of(const stock::Event&) { return event_types<stock::Event>(); }

} // namespace entrepot::codec
