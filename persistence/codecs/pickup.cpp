#include "persistence/codecs/pickup.hpp"

#include "persistence/codecs/work.hpp"

namespace entrepot::codec {

template <>
struct Fields<pickup::Offered> {
  static constexpr auto list = std::tuple{
      field<"location">(&pickup::Offered::location),
      field<"lines">(&pickup::Offered::lines),
      field<"due">(&pickup::Offered::due),
      field<"offer_until">(&pickup::Offered::offer_until),
  };
};

template <>
struct Fields<pickup::Accepted> {
  static constexpr auto list = std::tuple{};
};

template <>
struct Fields<pickup::Rejected> {
  static constexpr auto list = std::tuple{field<"reason">(&pickup::Rejected::reason)};
};

template <>
struct Fields<pickup::PickStarted> {
  static constexpr auto list = std::tuple{};
};

template <>
struct Fields<pickup::Picked> {
  static constexpr auto list = std::tuple{spare<"found">(&pickup::Picked::found)};
};

template <>
struct Fields<pickup::Staged> {
  static constexpr auto list = std::tuple{field<"bin">(&pickup::Staged::bin), field<"collect_until">(&pickup::Staged::collect_until)};
};

template <>
struct Fields<pickup::Arrived> {
  static constexpr auto list = std::tuple{spare<"bay">(&pickup::Arrived::bay), spare<"car">(&pickup::Arrived::car)};
};

template <>
struct Fields<pickup::HandOverBegun> {
  static constexpr auto list = std::tuple{
      spare<"id_checked">(&pickup::HandOverBegun::id_checked),
      spare<"taken">(&pickup::HandOverBegun::taken),
      spare<"rest_stays">(&pickup::HandOverBegun::rest_stays),
  };
};

template <>
struct Fields<pickup::HandOverBrokenOff> {
  static constexpr auto list = std::tuple{};
};

template <>
struct Fields<pickup::HandedOver> {
  static constexpr auto list = std::tuple{spare<"id_checked">(&pickup::HandedOver::id_checked), spare<"taken">(&pickup::HandedOver::taken)};
};

template <>
struct Fields<pickup::WrongCodeGiven> {
  static constexpr auto list = std::tuple{};
};

template <>
struct Fields<pickup::CodeSentAgain> {
  static constexpr auto list = std::tuple{field<"issue">(&pickup::CodeSentAgain::issue)};
};

template <>
struct Fields<pickup::CollectionExtended> {
  static constexpr auto list = std::tuple{field<"collect_until">(&pickup::CollectionExtended::collect_until)};
};

template <>
struct Fields<pickup::CustomerReminded> {
  static constexpr auto list = std::tuple{field<"number">(&pickup::CustomerReminded::number)};
};

template <>
struct Fields<pickup::NotCollected> {
  static constexpr auto list = std::tuple{};
};

template <>
struct Fields<pickup::RefusedByCustomer> {
  static constexpr auto list = std::tuple{};
};

template <>
struct Fields<pickup::Unaccepted> {
  static constexpr auto list = std::tuple{};
};

template <>
struct Fields<pickup::Unpicked> {
  static constexpr auto list = std::tuple{};
};

template <>
struct Fields<pickup::Unstaged> {
  static constexpr auto list = std::tuple{};
};

template <>
struct Fields<pickup::Cancelled> {
  static constexpr auto list = std::tuple{};
};

template <>
struct Fields<pickup::UnitsPutBack> {
  static constexpr auto list = std::tuple{};
};

template <>
struct Fields<pickup::Escalated> {
  static constexpr auto list = std::tuple{field<"percent">(&pickup::Escalated::percent)};
};

template <>
struct Fields<pickup::PartHandedOver> {
  static constexpr auto list = std::tuple{spare<"id_checked">(&pickup::PartHandedOver::id_checked), field<"taken">(&pickup::PartHandedOver::taken)};
};

template <>
struct Fields<pickup::TransferAwaited> {
  static constexpr auto list = std::tuple{
      field<"location">(&pickup::TransferAwaited::location),
      field<"lines">(&pickup::TransferAwaited::lines),
      field<"due">(&pickup::TransferAwaited::due),
  };
};

template <>
struct Fields<pickup::UnitsMissing> {
  static constexpr auto list = std::tuple{field<"found">(&pickup::UnitsMissing::found), field<"reason">(&pickup::UnitsMissing::reason)};
};

template <>
struct Fields<pickup::GoodsTakenIn> {
  static constexpr auto list = std::tuple{};
};

template <>
struct Released<pickup::TransferAwaited> : As<"PickupTransferAwaited"> {};
template <>
struct Released<pickup::UnitsMissing> : As<"PickupUnitsMissing"> {};
template <>
struct Released<pickup::GoodsTakenIn> : As<"PickupGoodsTakenIn"> {};
template <>
struct Released<pickup::Offered> : As<"PickupOffered"> {};
template <>
struct Released<pickup::Accepted> : As<"PickupAccepted"> {};
template <>
struct Released<pickup::Rejected> : As<"PickupRejected"> {};
template <>
struct Released<pickup::PickStarted> : As<"PickupPickStarted"> {};
template <>
struct Released<pickup::Picked> : As<"PickupPicked"> {};
template <>
struct Released<pickup::Staged> : As<"PickupStaged"> {};
template <>
struct Released<pickup::Arrived> : As<"PickupArrived"> {};
template <>
struct Released<pickup::HandOverBegun> : As<"PickupHandOverBegun"> {};
template <>
struct Released<pickup::HandOverBrokenOff> : As<"PickupHandOverBrokenOff"> {};
template <>
struct Released<pickup::HandedOver> : As<"PickupHandedOver"> {};
template <>
struct Released<pickup::WrongCodeGiven> : As<"PickupWrongCodeGiven"> {};
template <>
struct Released<pickup::CodeSentAgain> : As<"PickupCodeSentAgain"> {};
template <>
struct Released<pickup::CollectionExtended> : As<"PickupCollectionExtended"> {};
template <>
struct Released<pickup::CustomerReminded> : As<"PickupCustomerReminded"> {};
template <>
struct Released<pickup::NotCollected> : As<"PickupNotCollected"> {};
template <>
struct Released<pickup::RefusedByCustomer> : As<"PickupRefusedByCustomer"> {};
template <>
struct Released<pickup::Unaccepted> : As<"PickupUnaccepted"> {};
template <>
struct Released<pickup::Unpicked> : As<"PickupUnpicked"> {};
template <>
struct Released<pickup::Unstaged> : As<"PickupUnstaged"> {};
template <>
struct Released<pickup::Cancelled> : As<"PickupCancelled"> {};
template <>
struct Released<pickup::UnitsPutBack> : As<"PickupUnitsPutBack"> {};
template <>
struct Released<pickup::Escalated> : As<"PickupEscalated"> {};
template <>
struct Released<pickup::PartHandedOver> : As<"PickupPartHandedOver"> {};

template <>
struct Fields<pickup::UnitsCut> {
  static constexpr auto list = std::tuple{field<"left">(&pickup::UnitsCut::left)};
};
template <>
struct Released<pickup::UnitsCut> : As<"PickupUnitsCut"> {};

std::span<const EventType> types_of(const pickup::Event&) { return event_types<pickup::Event>(); }

} // namespace entrepot::codec
