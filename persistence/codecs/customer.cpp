#include "persistence/codecs/customer.hpp"

#include "persistence/codecs/terms.hpp"

namespace entrepot::codec {

template <>
struct Fields<customer::Registered> {
  static constexpr auto list = std::tuple{
      field<"number">(&customer::Registered::number),
      spare<"contact">(&customer::Registered::contact),
      spare<"level">(&customer::Registered::level),
      spare<"source">(&customer::Registered::source),
  };
};

template <>
struct Released<customer::Registered> : As<"CustomerRegistered"> {};

template <>
struct Fields<customer::LevelSet> {
  static constexpr auto list = std::tuple{
      field<"level">(&customer::LevelSet::level),
  };
};

template <>
struct Released<customer::LevelSet> : As<"CustomerLevelSet"> {};

std::span<const EventType> types_of(const customer::Event&) { return event_types<customer::Event>(); }

} // namespace entrepot::codec
