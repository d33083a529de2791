// The folded states of fulfilments and pickups in JSON, for read models. Unlike events they may change: the tables are rebuilt then.
#pragma once

#include "domain/fulfilment/fulfilment.hpp"
#include "domain/fulfilment/pickup.hpp"
#include "persistence/codecs/work.hpp"

namespace entrepot::codec {

template <>
struct Word<fulfilment::Status> {
  static constexpr auto from = fulfilment::status_from;
};
template <>
struct Word<fulfilment::Tracking> {
  static constexpr auto from = fulfilment::tracking_from;
};
template <>
struct Word<fulfilment::Loss> {
  static constexpr auto from = fulfilment::loss_from;
};
template <>
struct Word<pickup::Status> {
  static constexpr auto from = pickup::pickup_status_from;
};

template <>
struct Fields<fulfilment::Parcel> {
  static constexpr auto list = std::tuple{field<"weight_grams">(&fulfilment::Parcel::weight_grams)};
};

template <>
struct Fields<fulfilment::Label> {
  using L = fulfilment::Label;
  static constexpr auto list = std::tuple{
      spare<"key">(&L::key), spare<"attempts">(&L::attempts), spare<"tracking">(&L::tracking), spare<"document">(&L::document), spare<"code">(&L::code),
      spare<"carrier">(&L::carrier), spare<"refused">(&L::refused),
  };
};

/// What both have in common.
inline constexpr auto work_fields = std::tuple{
    field<"location">(&fulfilment::Work::location),
    field<"lines">(&fulfilment::Work::lines),
    field<"dropped">(&fulfilment::Work::dropped),
    field<"why_dropped">(&fulfilment::Work::why_dropped),
    field<"due">(&fulfilment::Work::due),
    spare<"offer_until">(&fulfilment::Work::offer_until),
    spare<"put_back">(&fulfilment::Work::put_back),
    spare<"escalated">(&fulfilment::Work::escalated),
    spare<"cut">(&fulfilment::Work::cut),
};

template <>
struct Fields<fulfilment::State> {
  using S = fulfilment::State;
  static constexpr auto list = std::tuple_cat(std::tuple{field<"status">(&S::status)}, work_fields, std::tuple{
      spare<"wave">(&S::wave),
      spare<"parcels">(&S::parcels),
      spare<"tracking">(&S::tracking),
      spare<"stop_until">(&S::stop_until),
      spare<"stop_refused">(&S::stop_refused),
      spare<"label">(&S::label),
      spare<"carrier_says">(&S::carrier_says),
      spare<"loss">(&S::loss),
      spare<"whole">(&S::whole),
      spare<"restocked">(&S::restocked),
  });
};

template <>
struct Fields<pickup::State> {
  using S = pickup::State;
  static constexpr auto list = std::tuple_cat(std::tuple{field<"status">(&S::status)}, work_fields, std::tuple{
      spare<"bin">(&S::bin),
      spare<"bay">(&S::bay),
      spare<"car">(&S::car),
      spare<"arrived_at">(&S::arrived_at),
      spare<"staged_at">(&S::staged_at),
      spare<"collect_until">(&S::collect_until),
      spare<"was_staged">(&S::was_staged),
      spare<"extended">(&S::extended),
      spare<"id_checked">(&S::id_checked),
      spare<"wrong_codes">(&S::wrong_codes),
      field<"issue">(&S::issue),
      spare<"reminded">(&S::reminded),
      spare<"handed">(&S::handed),
      spare<"leaving">(&S::leaving),
      spare<"rest_stays">(&S::rest_stays),
      spare<"from_elsewhere">(&S::from_elsewhere),
      spare<"rest_refused">(&S::rest_refused),
  });
};

} // namespace entrepot::codec
