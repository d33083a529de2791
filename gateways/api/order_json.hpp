// An order as clients see it.
#pragma once

#include <optional>
#include <string>

#include "domain/order/family.hpp"

namespace entrepot::api {

/// The address that goes with an order: not for this reader (no value), erased (empty), or JSON.
using ShownAddress = std::optional<std::string>;

/// Returns the order as JSON. `pickup_code`: what opens its pickup, for readers who may know it; empty: not shown. `same_before`: an order that this one may repeat, for who places it.
std::string order_json(const Family& family, const ShownAddress& address, const std::string& pickup_code = {}, const std::optional<OrderId>& same_before = {});

/// Appends {"amount":...,"currency":"..."}.
void append_money(std::string& out, Money money);

/// Returns what the customer is told if a card was declined and the order waits for another one: `payment-declined`; nothing if none was.
std::optional<Rejection> decline_of(const Family& family);

} // namespace entrepot::api
