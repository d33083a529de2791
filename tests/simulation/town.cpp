#include "tests/simulation/town.hpp"

#include <algorithm>

namespace entrepot::simulation {
namespace {

using test::a_product;
using test::entity;
using test::location;
using test::money;
using test::sku;

constexpr Character good{}, sloppy{.neglects = 10, .rejects = 8, .misses = 5, .undoes = 5, .misuses = 5},
    chaotic{.neglects = 25, .rejects = 20, .misses = 12, .undoes = 12, .misuses = 12};

Shop a_store(std::string_view code, std::int32_t latitude, std::int32_t longitude, Character character) {
  auto profile = test::a_store(code);
  profile.name = code;
  profile.latitude = latitude;
  profile.longitude = longitude;
  profile.opens = 8 * 60;
  profile.closes = 20 * 60;
  profile.groups = {"stores"};
  return {profile, character};
}

std::vector<Shop> make_shops() {
  std::vector<Shop> all;
  for (const auto* code : {"DC", "DC2"}) {
    auto warehouse = test::a_warehouse(code);
    warehouse.groups = {"warehouses"};
    all.push_back({warehouse, good});
  }
  all.push_back(a_store("LEEDS", 53'801'000, -1'549'000, good));
  all.push_back(a_store("YORK", 53'959'000, -1'082'000, sloppy));
  all.push_back(a_store("HULL", 53'744'000, -332'000, chaotic));
  all.push_back(a_store("BATH", 51'380'000, -2'360'000, good));
  all.push_back(a_store("ROSS", 51'914'000, -2'582'000, chaotic));
  all[2].profile.orders_a_day = 25;
  all[3].profile.safety = {{.category = {}, .sku = {}, .units = 2}};
  all[4].profile.safety = {{.category = "home", .sku = {}, .units = 1}, {.category = {}, .sku = skus().front(), .units = 3}};
  all[6].profile.orders_a_day = 8;
  return all;
}

std::vector<channel::PaymentRule> payment_table() {
  using enum payment::Moment;
  using enum payment::Method;
  auto rule = [](std::string level, std::vector<payment::Share> shares) { return channel::PaymentRule{.level = std::move(level), .category = {}, .from = {}, .to = {}, .shares = std::move(shares)}; };
  return {rule("gold", {{on_invoice, account, 100, 0}}), rule("silver", {{on_order, card, 20, 1000}, {on_invoice, card, 100, 0}}), rule("bronze", {{on_issue, card, 100, 0}}),
          rule("plain", {{on_order, card, 50, 0}, {on_issue, card, 100, 0}}), rule({}, {{on_order, card, 100, 0}})};
}

channel::Definition a_channel(std::string_view code) {
  auto channel = test::a_channel(code);
  channel.payment = payment_table();
  channel.delivery = {{"std", "Standard", money(495), std::nullopt, 0h, "DDP", "swift", location("DC")}, {"free", "Free", money(0), std::nullopt, 0h, "DDP", {}, location("DC")}};
  return channel;
}

channel::Definition web() {
  auto channel = a_channel("web");
  for (auto& option : channel.delivery)
    option.ship_from = {};
  using enum sourcing::After;
  channel.sourcing.rules = {{.name = "a warehouse", .groups = {"warehouses"}, .sort = {sourcing::Sort::balance}},
                            {.name = "stores", .groups = {"stores"}, .keep_back = 1, .sort = {sourcing::Sort::distance}, .most_parts = 3, .otherwise = split},
                            {.name = "anywhere", .most_parts = 4, .otherwise = split},
                            {.name = "later", .otherwise = back_order, .patience = 3 * 24h}};
  return channel;
}

/// Small orders wait, nothing is promised for later: what nobody has after a while is refused.
channel::Definition outlet() {
  auto channel = web();
  channel.code = test::channel_code("outlet");
  using enum sourcing::After;
  channel.sourcing.rules = {{.name = "stores first", .groups = {"stores"}, .sort = {sourcing::Sort::ageing_stock}, .otherwise = wait, .patience = 6h}, {.name = "all", .otherwise = cancel}};
  channel.sourcing.most_attempts = 3;
  return channel;
}

channel::Definition click() {
  auto channel = a_channel("click");
  channel.workflows = {"bodah", "bopis"};
  channel.pickup_stores = pickup_stores();
  return channel;
}

} // namespace

const std::vector<Shop>& shops() {
  static const auto all = make_shops();
  return all;
}

const std::vector<Sku>& skus() {
  static const std::vector<Sku> all{sku("MUG-1"), sku("BOWL-1"), sku("JUG-1"), sku("CUP-1"), sku("POT-1"), sku("PAN-1"), sku("LAMP-1"), sku("RUG-1")};
  return all;
}

std::shared_ptr<const order::Definitions> definitions() {
  static const auto book = [] {
    std::vector<product::Definition> products;
    for (std::size_t i = 0; i < skus().size(); ++i) {
      products.push_back(a_product(skus()[i].text(), money(333 + 217 * static_cast<std::int64_t>(i))));
      products.back().category = i % 3 == 0 ? "home" : "kitchen";
    }
    auto shop = test::a_shop(web(), products);
    for (const auto& channel : {a_channel("shop"), click(), outlet()})
      shop.channels[channel.code] = std::make_shared<const order::Definitions::Channel>(order::Definitions::Channel{1, channel});
    shop.locations.clear();
    for (const auto& each : shops())
      shop.locations[each.profile.code] = std::make_shared<const stock::Profile>(each.profile);
    return std::make_shared<const order::Definitions>(std::move(shop));
  }();
  return book;
}

const Shop* shop_of(const LocationCode& code) {
  auto found = std::ranges::find(shops(), code, [](const Shop& shop) -> const LocationCode& { return shop.profile.code; });
  return found == shops().end() ? nullptr : &*found;
}

std::vector<LocationCode> pickup_stores() { return {location("LEEDS"), location("YORK"), location("HULL"), location("BATH"), location("ROSS")}; }

} // namespace entrepot::simulation
