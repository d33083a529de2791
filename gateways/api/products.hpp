// What is said of a product, wherever it stands.
#pragma once

#include "domain/catalogue/product.hpp"
#include "gateways/api/json_reader.hpp"

namespace entrepot::api {

/// Reads what a product is; its SKU stands elsewhere.
product::Definition read_product(const JsonObject& body, Sku sku);

} // namespace entrepot::api
