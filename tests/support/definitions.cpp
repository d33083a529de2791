#include "tests/support/definitions.hpp"

namespace entrepot::test {

Sku sku(std::string_view text) {
  return Sku::from(text).value();
}

EntityCode entity(std::string_view text) {
  return EntityCode::from(text).value();
}

LocationCode location(std::string_view text) {
  return LocationCode::from(text).value();
}

ChannelCode channel_code(std::string_view text) {
  return ChannelCode::from(text).value();
}

CustomerNumber customer_number(std::string_view text) {
  return CustomerNumber::from(text).value();
}

Money money(std::int64_t amount, std::string_view currency) {
  return {amount, Currency::from(currency).value()};
}

Timestamp at(std::string_view rfc3339) {
  return from_rfc3339(rfc3339).value();
}

stock::Profile a_warehouse(std::string_view code) {
  return {.code = location(code),
          .name = "Central DC",
          .type = stock::Type::warehouse,
          .owner = entity("SHOP"),
          .latitude = 51'507'000,
          .longitude = -127'000};
}

stock::Profile a_store(std::string_view code) {
  return {
      .code = location(code), .name = "Leeds", .type = stock::Type::store, .owner = entity("SHOP"), .latitude = 53'801'000, .longitude = -1'549'000};
}

product::Definition a_product(std::string_view code, Money price) {
  return {.sku = sku(code), .name = "Mug", .category = "home", .tax_class = "standard", .weight_grams = 350, .prices = {{"retail", price}}};
}

std::vector<channel::DeliveryOption> a_delivery_table(std::string_view currency) {
  return {{"24h", "Transport 24h", money(2400, currency), 24h, 18h, "DDP", "Fedex", location("DC")},
          {"72h", "Transport 72h", money(800, currency), 72h, 44h, "DDP", "Fedex", location("DC")},
          {"std", "Std business", money(0, currency), std::nullopt, 0h, "DDP", "Mailorder", location("DC")}};
}

std::vector<channel::PaymentRule> a_payment_table() {
  using enum payment::Moment;
  using enum payment::Method;
  return {{.level = "gold", .category = {}, .from = {}, .to = {}, .shares = {{on_invoice, account, 100, 0}}},
          {.level = "silver", .category = {}, .from = {}, .to = {}, .shares = {{on_order, card, 20, 1000}, {on_invoice, card, 100, 0}}},
          {.level = {}, .category = {}, .from = {}, .to = {}, .shares = {{on_order, card, 100, 0}}}};
}

channel::Definition a_channel(std::string_view code, std::string_view currency) {
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

order::Definitions a_shop(channel::Definition channel, const std::vector<product::Definition>& products, std::int32_t channel_version) {
  order::Definitions shop;
  auto code = channel.code;
  shop.channels[code] = std::make_shared<const order::Definitions::Channel>(order::Definitions::Channel{channel_version, std::move(channel)});
  for (const auto& product : products)
    shop.products[product.sku] = std::make_shared<const product::Definition>(product);
  for (const auto& profile : {a_warehouse(), a_store()})
    shop.locations[profile.code] = std::make_shared<const stock::Profile>(profile);
  return shop;
}

order::Definitions a_shop() {
  return a_shop(a_channel(), {a_product("MUG-1", money(1250)), a_product("BOWL-1", money(2000))});
}

} // namespace entrepot::test
