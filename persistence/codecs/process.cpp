#include "persistence/codecs/process.hpp"

#include "persistence/codecs/values.hpp"

namespace entrepot::codec {

template <>
struct Fields<process::CompensationBegun> {
  static constexpr auto list = std::tuple{field<"steps">(&process::CompensationBegun::steps)};
};

template <>
struct Fields<process::CompensationEnded> {
  static constexpr auto list = std::tuple{};
};

template <>
struct Fields<process::Parked> {
  static constexpr auto list = std::tuple{
      field<"step">(&process::Parked::step),
      field<"code">(&process::Parked::code),
      field<"text">(&process::Parked::text),
  };
};

template <>
struct Fields<process::Resumed> {
  static constexpr auto list = std::tuple{};
};

template <>
struct Released<process::CompensationBegun> : As<"ProcessCompensationBegun"> {};
template <>
struct Released<process::CompensationEnded> : As<"ProcessCompensationEnded"> {};
template <>
struct Released<process::Parked> : As<"ProcessParked"> {};
template <>
struct Released<process::Resumed> : As<"ProcessResumed"> {};

std::span<const EventType> types_of(const process::Event&) { return event_types<process::Event>(); }

} // namespace entrepot::codec
