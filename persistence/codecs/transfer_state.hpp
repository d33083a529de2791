// The folded state of a transfer in JSON, for its read model. Unlike events it may change: the table is rebuilt then.
#pragma once

#include "domain/transfer/transfer.hpp"
#include "persistence/codecs/work.hpp"

namespace entrepot::codec {

template <>
struct Word<transfer::Status> {
  static constexpr auto from = transfer::status_from;
};

template <>
struct Fields<transfer::Receipt> {
  using R = transfer::Receipt;
  static constexpr auto list = std::tuple{field<"come">(&R::come), field<"missing">(&R::missing), spare<"claimed">(&R::claimed)};
};

template <>
struct Fields<transfer::State> {
  using S = transfer::State;
  static constexpr auto list = std::tuple{
      field<"status">(&S::status), field<"from">(&S::from), field<"to">(&S::to), field<"owner">(&S::owner), field<"lines">(&S::lines),
      field<"shipped">(&S::shipped), field<"received">(&S::received), field<"missing">(&S::missing), field<"due">(&S::due), field<"expected">(&S::expected),
      spare<"shipped_at">(&S::shipped_at), spare<"of_order">(&S::of_order), field<"why_cancelled">(&S::why_cancelled), spare<"escalated">(&S::escalated),
      spare<"booked_out">(&S::booked_out), spare<"receipts">(&S::receipts), spare<"booked_in">(&S::booked_in),
  };
};

} // namespace entrepot::codec
