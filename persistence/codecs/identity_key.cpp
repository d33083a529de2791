#include "persistence/codecs/identity_key.hpp"

#include "persistence/codecs/terms.hpp"

namespace entrepot::codec {

template <>
struct Fields<identity::Claimed> {
  static constexpr auto list = std::tuple{
      field<"form">(&identity::Claimed::form),
      field<"customer">(&identity::Claimed::customer),
  };
};

template <>
struct Released<identity::Claimed> : As<"IdentityClaimed"> {};

std::span<const EventType> types_of(const identity::Event&) { return event_types<identity::Event>(); }

} // namespace entrepot::codec
