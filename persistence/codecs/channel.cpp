#include "persistence/codecs/channel.hpp"

#include "persistence/codecs/channel_fields.hpp"

namespace entrepot::codec {

template <>
struct Fields<channel::Activated> {
  static constexpr auto list = std::tuple{
      field<"version">(&channel::Activated::version),
      field<"definition">(&channel::Activated::definition),
  };
};

template <>
struct Released<channel::Activated> : As<"ChannelActivated"> {};

std::span<const EventType> types_of(const channel::Event&) { return event_types<channel::Event>(); }

} // namespace entrepot::codec
