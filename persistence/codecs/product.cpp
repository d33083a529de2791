#include "persistence/codecs/product.hpp"

#include "persistence/codecs/product_fields.hpp"

namespace entrepot::codec {

template <>
struct Fields<product::Defined> {
  static constexpr auto list = std::tuple{
      field<"definition">(&product::Defined::definition),
  };
};

template <>
struct Released<product::Defined> : As<"ProductDefined"> {};

std::span<const EventType> types_of(const product::Event&) { return event_types<product::Event>(); }

} // namespace entrepot::codec
