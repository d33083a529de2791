#include "persistence/codecs/transfer.hpp"

#include "persistence/codecs/work.hpp"

namespace entrepot::codec {
namespace {

template <class Beginning>
constexpr auto beginning = std::tuple{
    field<"from">(&Beginning::from),   field<"to">(&Beginning::to),   field<"owner">(&Beginning::owner),
    field<"lines">(&Beginning::lines), field<"due">(&Beginning::due), field<"expected">(&Beginning::expected),
};

} // namespace

template <>
struct Fields<transfer::Requested> {
  static constexpr auto list = beginning<transfer::Requested>;
};

template <>
struct Fields<transfer::Planned> {
  static constexpr auto list = beginning<transfer::Planned>;
};

template <>
struct Fields<transfer::MadeReady> {
  static constexpr auto list = std::tuple{};
};

template <>
struct Fields<transfer::Shipped> {
  static constexpr auto list = std::tuple{spare<"found">(&transfer::Shipped::found)};
};

template <>
struct Fields<transfer::Received> {
  static constexpr auto list = std::tuple{spare<"come">(&transfer::Received::come), spare<"claimed">(&transfer::Received::claimed)};
};

template <>
struct Fields<transfer::PartReceived> {
  static constexpr auto list = std::tuple{field<"come">(&transfer::PartReceived::come), spare<"claimed">(&transfer::PartReceived::claimed)};
};

template <>
struct Fields<transfer::Lost> {
  static constexpr auto list = std::tuple{};
};

template <>
struct Fields<transfer::Cancelled> {
  static constexpr auto list = std::tuple{field<"reason">(&transfer::Cancelled::reason)};
};

template <>
struct Fields<transfer::Escalated> {
  static constexpr auto list = std::tuple{field<"percent">(&transfer::Escalated::percent)};
};

template <>
struct Fields<transfer::BookedOut> {
  static constexpr auto list = std::tuple{};
};

template <>
struct Fields<transfer::BookedIn> {
  static constexpr auto list = std::tuple{field<"receipt">(&transfer::BookedIn::receipt)};
};

template <>
struct Released<transfer::Requested> : As<"TransferRequested"> {};
template <>
struct Released<transfer::Planned> : As<"TransferPlanned"> {};
template <>
struct Released<transfer::MadeReady> : As<"TransferMadeReady"> {};
template <>
struct Released<transfer::Shipped> : As<"TransferShipped"> {};
template <>
struct Released<transfer::Received> : As<"TransferReceived"> {};
template <>
struct Released<transfer::PartReceived> : As<"TransferPartReceived"> {};
template <>
struct Released<transfer::Lost> : As<"TransferLost"> {};
template <>
struct Released<transfer::Cancelled> : As<"TransferCancelled"> {};
template <>
struct Released<transfer::Escalated> : As<"TransferEscalated"> {};
template <>
struct Released<transfer::BookedOut> : As<"TransferBookedOut"> {};
template <>
struct Released<transfer::BookedIn> : As<"TransferBookedIn"> {};

std::span<const EventType> types_of(const transfer::Event&) { return event_types<transfer::Event>(); }

} // namespace entrepot::codec
