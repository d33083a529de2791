// Mothers: the demo shop of the tests, with fixed data. A GBP web shop of one legal entity, and the worked delivery and payment tables in USD.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "domain/order/draft.hpp"

namespace entrepot::test {

using namespace std::chrono_literals;

/// The instant all worked examples are told at: 2026-03-10T09:00:00Z, a Tuesday.
inline constexpr Timestamp now = std::chrono::sys_days{std::chrono::year{2026} / 3 / 10} + 9h;

Sku sku(std::string_view text);
EntityCode entity(std::string_view text);
LocationCode location(std::string_view text);
ChannelCode channel_code(std::string_view text);
CustomerNumber customer_number(std::string_view text);
Money money(std::int64_t amount, std::string_view currency = "GBP");
Timestamp at(std::string_view rfc3339);

/// The warehouse everything is sent from unless a test says otherwise.
stock::Profile a_warehouse(std::string_view code = "DC");
stock::Profile a_store(std::string_view code = "LEEDS");

product::Definition a_product(std::string_view code = "MUG-1", Money price = money(1250));

/// The three rows of the worked delivery table: 24 h for 24.00, 72 h for 8.00, and a free one that promises nothing.
std::vector<channel::DeliveryOption> a_delivery_table(std::string_view currency);

/// The worked payment table: gold on credit, silver a fifth up to the next ten on order, everybody else by card at once.
std::vector<channel::PaymentRule> a_payment_table();

channel::Definition a_channel(std::string_view code = "web", std::string_view currency = "GBP");

/// A book of definitions: `a_shop(a_channel(), {a_product()})`, the warehouse and the store always in it.
order::Definitions a_shop(channel::Definition channel, const std::vector<product::Definition>& products, std::int32_t channel_version = 1);
order::Definitions a_shop();

} // namespace entrepot::test
