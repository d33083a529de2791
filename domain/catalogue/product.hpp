// A product: what is sold, at which list prices. A definition: every change replaces the whole.
#pragma once

#include <map>
#include <string>
#include <variant>
#include <vector>

#include "domain/ids.hpp"
#include "domain/money.hpp"
#include "domain/result.hpp"

namespace entrepot::product {

struct Definition {
  Sku sku;
  std::string name;
  std::string category;                ///< e.g. "home"; payment and return rules look at it
  std::string tax_class;               ///< e.g. "standard"; frozen on an order's line
  std::int32_t weight_grams = 0;
  std::map<std::string, Money> prices; ///< by price list; gross
  bool operator==(const Definition&) const = default;
};

// What somebody asks of a product.
struct Define { Definition definition; };
using Command = std::variant<Define>;

// What has happened to it.
struct Defined { Definition definition; bool operator==(const Defined&) const = default; };
using Event = std::variant<Defined>;

struct State {
  Definition definition;
  std::int32_t version = 0; ///< 0: never defined
  bool operator==(const State&) const = default;
};

/// Returns Defined, or nothing if the definition is already so. Refuses `product-invalid` with every fault found (no name, no tax class,
/// weight below zero, a price without currency, below zero or not below price_limit), `name-taken` if the stream already belongs to another SKU.
Decision<Event> decide(const State& product, const Command& command, Timestamp now);
State evolve(State product, const Event& event);

} // namespace entrepot::product
