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
      spare<"heard">(&stock::Shrunk::heard),
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

template <>
struct Word<stock::Reason> {
  static constexpr auto from = stock::reason_from;
};

template <>
struct Fields<stock::Adjusted> {
  static constexpr auto list = std::tuple{
      field<"reference">(&stock::Adjusted::reference),
      field<"reason">(&stock::Adjusted::reason),
      field<"movements">(&stock::Adjusted::movements),
  };
};

template <>
struct Released<stock::Adjusted> : As<"StockAdjusted"> {};

template <>
struct Fields<stock::CountProposed> {
  static constexpr auto list = std::tuple{
      field<"reference">(&stock::CountProposed::reference),
      field<"taken_at">(&stock::CountProposed::taken_at),
      field<"lines">(&stock::CountProposed::lines),
  };
};

template <>
struct Released<stock::CountProposed> : As<"StockCountProposed"> {};

template <>
struct Fields<stock::CountRejected> {
  static constexpr auto list = std::tuple{
      field<"reference">(&stock::CountRejected::reference),
  };
};

template <>
struct Released<stock::CountRejected> : As<"StockCountRejected"> {};

template <>
struct Fields<stock::Recount> {
  static constexpr auto list = std::tuple{
      field<"item">(&stock::Recount::item),
      field<"counted">(&stock::Recount::counted),
      field<"before">(&stock::Recount::before),
      field<"on_hand">(&stock::Recount::on_hand),
  };
};

template <>
struct Fields<stock::Counted> {
  static constexpr auto list = std::tuple{
      field<"reference">(&stock::Counted::reference),
      field<"taken_at">(&stock::Counted::taken_at),
      field<"lines">(&stock::Counted::lines),
  };
};

template <>
struct Released<stock::Counted> : As<"StockCounted"> {};

template <>
struct Fields<stock::Cut> {
  static constexpr auto list = std::tuple{
      field<"order">(&stock::Cut::order),
      field<"round">(&stock::Cut::round),
      field<"line">(&stock::Cut::line),
      field<"item">(&stock::Cut::item),
      field<"quantity">(&stock::Cut::quantity),
      spare<"left">(&stock::Cut::left),
  };
};

template <>
struct Fields<stock::ClaimsCut> {
  static constexpr auto list = std::tuple{
      field<"cause">(&stock::ClaimsCut::cause),
      field<"reference">(&stock::ClaimsCut::reference),
      field<"lines">(&stock::ClaimsCut::lines),
  };
};

template <>
struct Released<stock::ClaimsCut> : As<"StockClaimsCut"> {};

template <>
struct Fields<stock::SoldLine> {
  static constexpr auto list = std::tuple{
      field<"item">(&stock::SoldLine::item),
      field<"quantity">(&stock::SoldLine::quantity),
      field<"price">(&stock::SoldLine::price),
      spare<"oversold">(&stock::SoldLine::oversold),
      spare<"in_count">(&stock::SoldLine::in_count),
  };
};

template <>
struct Fields<stock::Sold> {
  static constexpr auto list = std::tuple{
      field<"till">(&stock::Sold::till),
      field<"receipt">(&stock::Sold::receipt),
      field<"occurred_at">(&stock::Sold::occurred_at),
      field<"lines">(&stock::Sold::lines),
      spare<"offline">(&stock::Sold::offline),
  };
};

template <>
struct Released<stock::Sold> : As<"StockSold"> {};

template <>
struct Fields<stock::FeedMoved> {
  static constexpr auto list = std::tuple{
      field<"source">(&stock::FeedMoved::source),
      field<"sequence">(&stock::FeedMoved::sequence),
      field<"taken_at">(&stock::FeedMoved::taken_at),
      field<"lines">(&stock::FeedMoved::lines),
  };
};

template <>
struct Released<stock::FeedMoved> : As<"StockFeedMoved"> {};

template <>
struct Fields<stock::FeedReset> {
  static constexpr auto list = std::tuple{
      field<"source">(&stock::FeedReset::source),
      field<"sequence">(&stock::FeedReset::sequence),
      field<"taken_at">(&stock::FeedReset::taken_at),
      field<"lines">(&stock::FeedReset::lines),
  };
};

template <>
struct Released<stock::FeedReset> : As<"StockFeedReset"> {};

template <>
struct Fields<stock::TransferredOut> {
  static constexpr auto list = std::tuple{
      field<"order">(&stock::TransferredOut::order),
      field<"round">(&stock::TransferredOut::round),
      field<"to">(&stock::TransferredOut::to),
      field<"lines">(&stock::TransferredOut::lines),
  };
};

template <>
struct Released<stock::TransferredOut> : As<"StockTransferredOut"> {};

template <>
struct Fields<stock::TransferredIn> {
  static constexpr auto list = std::tuple{
      field<"reference">(&stock::TransferredIn::reference),
      field<"order">(&stock::TransferredIn::order),
      field<"round">(&stock::TransferredIn::round),
      field<"from">(&stock::TransferredIn::from),
      field<"owner">(&stock::TransferredIn::owner),
      field<"lines">(&stock::TransferredIn::lines),
      spare<"missing">(&stock::TransferredIn::missing),
      spare<"claimed">(&stock::TransferredIn::claimed),
  };
};

template <>
struct Released<stock::TransferredIn> : As<"StockTransferredIn"> {};

template <>
struct Fields<stock::Reclaimed> {
  static constexpr auto list = std::tuple{
      field<"order">(&stock::Reclaimed::order),
      field<"round">(&stock::Reclaimed::round),
      field<"lines">(&stock::Reclaimed::lines),
      spare<"found">(&stock::Reclaimed::found),
  };
};

template <>
struct Released<stock::Reclaimed> : As<"StockReclaimed"> {};

std::span<const EventType> types_of(const stock::Event&) { return event_types<stock::Event>(); }

} // namespace entrepot::codec
