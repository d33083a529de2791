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
struct Word<pickup::Status> {
  static constexpr auto from = pickup::pickup_status_from;
};

template <>
struct Fields<fulfilment::Parcel> {
  static constexpr auto list = std::tuple{field<"weight_grams">(&fulfilment::Parcel::weight_grams)};
};

template <>
struct Fields<fulfilment::State> {
  using S = fulfilment::State;
  static constexpr auto list = std::tuple{
      field<"status">(&S::status),
      field<"location">(&S::location),
      field<"lines">(&S::lines),
      field<"dropped">(&S::dropped),
      field<"why_dropped">(&S::why_dropped),
      field<"due">(&S::due),
      spare<"offer_until">(&S::offer_until),
      spare<"put_back">(&S::put_back),
      spare<"escalated">(&S::escalated),
      spare<"parcels">(&S::parcels),
      spare<"tracking">(&S::tracking),
      spare<"stop_until">(&S::stop_until),
      spare<"stop_refused">(&S::stop_refused),
  };
};

template <>
struct Fields<pickup::State> {
  using S = pickup::State;
  static constexpr auto list = std::tuple{
      field<"status">(&S::status),
      field<"location">(&S::location),
      field<"lines">(&S::lines),
      field<"dropped">(&S::dropped),
      field<"why_dropped">(&S::why_dropped),
      field<"due">(&S::due),
      spare<"offer_until">(&S::offer_until),
      spare<"put_back">(&S::put_back),
      spare<"escalated">(&S::escalated),
      spare<"bin">(&S::bin),
      spare<"bay">(&S::bay),
      spare<"staged_at">(&S::staged_at),
      spare<"collect_until">(&S::collect_until),
      spare<"was_staged">(&S::was_staged),
      spare<"extended">(&S::extended),
      spare<"id_checked">(&S::id_checked),
      spare<"wrong_codes">(&S::wrong_codes),
      field<"issue">(&S::issue),
      spare<"reminded">(&S::reminded),
  };
};

} // namespace entrepot::codec
