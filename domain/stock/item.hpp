// Units of one SKU that belong to one legal entity, and what has moved them.
#pragma once

#include <cstdint>
#include <functional>

#include "domain/ids.hpp"
#include "domain/quantity.hpp"

namespace entrepot::stock {

/// Units of one SKU that belong to one legal entity.
struct Item {
  EntityCode owner;
  Sku sku;
  auto operator<=>(const Item&) const = default;
};

struct Movement { Item item; std::int32_t units = 0; bool operator==(const Movement&) const = default; };

/// An item to look for, without copying its names.
struct ItemView {
  const EntityCode& owner;
  const Sku& sku;
  ItemView(const EntityCode& of, const Sku& what) : owner(of), sku(what) {}
  ItemView(const Item& item) : owner(item.owner), sku(item.sku) {}
};
struct ItemHash {
  using is_transparent = void;
  std::size_t operator()(ItemView item) const noexcept { return std::hash<Sku>{}(item.sku) * 31 + std::hash<EntityCode>{}(item.owner); }
};
struct ItemEqual {
  using is_transparent = void;
  bool operator()(ItemView a, ItemView b) const noexcept { return a.sku == b.sku && a.owner == b.owner; }
};

} // namespace entrepot::stock
