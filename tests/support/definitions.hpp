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

inline Sku sku(std::string_view text) { return Sku::from(text).value(); }
inline EntityCode entity(std::string_view text) { return EntityCode::from(text).value(); }
inline LocationCode location(std::string_view text) { return LocationCode::from(text).value(); }
inline ChannelCode channel_code(std::string_view text) { return ChannelCode::from(text).value(); }
inline CustomerNumber customer_number(std::string_view text) { return CustomerNumber::from(text).value(); }
inline Money money(std::int64_t amount, std::string_view currency = "GBP") { return {amount, Currency::from(currency).value()}; }
inline Timestamp at(std::string_view rfc3339) { return from_rfc3339(rfc3339).value(); }

/// The warehouse everything is sent from unless a test says otherwise.
inline stock::Profile a_warehouse(std::string_view code = "DC") {
  return {.code = location(code),
          .name = "Central DC",
          .type = stock::Type::warehouse,
          .owner = entity("SHOP"),
          .latitude = 51'507'000,
          .longitude = -127'000};
}
inline stock::Profile a_store(std::string_view code = "LEEDS") {
  return {
      .code = location(code), .name = "Leeds", .type = stock::Type::store, .owner = entity("SHOP"), .latitude = 53'801'000, .longitude = -1'549'000};
}

inline product::Definition a_product(std::string_view code = "MUG-1", Money price = money(1250)) {
  return {.sku = sku(code), .name = "Mug", .category = "home", .tax_class = "standard", .weight_grams = 350, .prices = {{"retail", price}}};
}

/// The three rows of the worked delivery table: 24 h for 24.00, 72 h for 8.00, and a free one that promises nothing.
inline std::vector<channel::DeliveryOption> a_delivery_table(std::string_view currency) {
  return {{"24h", "Transport 24h", money(2400, currency), 24h, 18h, "DDP", "Fedex", location("DC")},
          {"72h", "Transport 72h", money(800, currency), 72h, 44h, "DDP", "Fedex", location("DC")},
          {"std", "Std business", money(0, currency), std::nullopt, 0h, "DDP", "Mailorder", location("DC")}};
}

/// The worked payment table: gold on credit, silver a fifth up to the next ten on order, everybody else by card at once.
inline std::vector<channel::PaymentRule> a_payment_table() {
  using enum payment::Moment;
  using enum payment::Method;
  return {{.level = "gold", .category = {}, .from = {}, .to = {}, .shares = {{on_invoice, account, 100, 0}}},
          {.level = "silver", .category = {}, .from = {}, .to = {}, .shares = {{on_order, card, 20, 1000}, {on_invoice, card, 100, 0}}},
          {.level = {}, .category = {}, .from = {}, .to = {}, .shares = {{on_order, card, 100, 0}}}};
}

inline channel::Definition a_channel(std::string_view code = "web", std::string_view currency = "GBP") {
  return {.code = channel_code(code),
          .name = "Web shop",
          .organisation = entity("SHOP"),
          .currency = Currency::from(currency).value(),
          .price_list = "retail",
          .workflows = {"bodah"},
          .delivery = a_delivery_table(currency),
          .payment = a_payment_table(),
          .pickup_stores = {},
          .tax_class_of_services = "standard"};
}

/// A book of definitions: `a_shop(a_channel(), {a_product()})`, the warehouse and the store always in it.
inline order::Definitions a_shop(channel::Definition channel, const std::vector<product::Definition>& products, std::int32_t channel_version = 1) {
  order::Definitions shop;
  auto code = channel.code;
  shop.channels[code] = std::make_shared<const order::Definitions::Channel>(order::Definitions::Channel{channel_version, std::move(channel)});
  for (const auto& product : products)
    shop.products[product.sku] = std::make_shared<const product::Definition>(product);
  for (const auto& profile : {a_warehouse(), a_store()})
    shop.locations[profile.code] = std::make_shared<const stock::Profile>(profile);
  return shop;
}
inline order::Definitions a_shop() { return a_shop(a_channel(), {a_product("MUG-1", money(1250)), a_product("BOWL-1", money(2000))}); }

} // namespace entrepot::test
