#include "persistence/codecs/product.hpp"

#include "persistence/codecs/values.hpp"

namespace entrepot::codec {

template <>
struct Fields<product::Definition> {
  static constexpr auto list = std::tuple{
      field<"sku">(&product::Definition::sku),
      field<"name">(&product::Definition::name),
      field<"category">(&product::Definition::category),
      field<"tax_class">(&product::Definition::tax_class),
      field<"weight_grams">(&product::Definition::weight_grams),
      field<"prices">(&product::Definition::prices),
  };
};

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
