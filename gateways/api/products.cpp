// /v1/products/{sku}: what is sold, at which list prices.
#include "gateways/api/products.hpp"

#include "gateways/api/desk.hpp"
#include "gateways/api/idempotency.hpp"

namespace entrepot::api {
namespace {

constexpr std::size_t name_bytes = 200, short_bytes = 64, price_lists = 200;
constexpr std::int64_t most_grams = 100'000'000;

Result<product::Definition> read_body(JsonDocument& body, Sku sku) {
  JsonReader reader(body);
  auto product = read_product(reader.root(), std::move(sku));
  if (auto wrong = reader.faults())
    return std::move(*wrong);
  return product;
}

void put_product(const Shared& inside, const Call& call) {
  auto sku = path_code<Sku>(call.request, "sku", "code-invalid", "A SKU is 1 to 64 letters, digits, '.', '_' or '-'.");
  if (!sku)
    return call.refuse(sku.error());
  auto id = request_command(call.request, call.principal.key_id, inside->options.random);
  if (!id)
    return call.refuse(id.error());
  auto body = json_body(call.request);
  if (!body)
    return call.refuse(body.error());
  auto product = read_body(*body, *sku);
  if (!product)
    return call.refuse(product.error());
  inside->ports.command(stream_of(*sku), AnyCommand{product::Command{product::Define{std::move(*product)}}}, *id, call.origin(), {},
                        answer_version(call, [sku = *sku](std::int64_t version) { return code_and_version("sku", sku.text(), version); }));
}

} // namespace

product::Definition read_product(const JsonObject& body, Sku sku) {
  product::Definition product;
  product.sku = std::move(sku);
  product.name = body.text("name", name_bytes);
  product.category = body.optional_text("category", short_bytes);
  product.tax_class = body.text("tax_class", short_bytes);
  product.weight_grams = static_cast<std::int32_t>(body.optional_integer("weight_grams", 0, most_grams).value_or(0));
  for (auto& [list, price] : body.amounts("prices", price_lists))
    product.prices.emplace(std::move(list), price);
  return product;
}

void add_products(Desk& desk) {
  auto inside = desk.inside();
  desk.add(http::Method::put, "/v1/products/{sku}", {http::Role::admin}, [inside](const Call& call) { put_product(inside, call); });
}

} // namespace entrepot::api
