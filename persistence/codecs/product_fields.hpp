// What stands both in a product's events and on the pages of its snapshots.
#pragma once

#include "domain/catalogue/product.hpp"
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

} // namespace entrepot::codec
