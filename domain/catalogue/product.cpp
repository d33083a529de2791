#include "domain/catalogue/product.hpp"

namespace entrepot::product {
namespace {

/// Returns a name as one part of a JSON pointer (RFC 6901).
std::string pointer_part(const std::string& name) {
  std::string part;
  for (char c : name)
    part += c == '~' ? std::string("~0") : c == '/' ? std::string("~1") : std::string(1, c);
  return part;
}

std::vector<RejectionDetail> faults_of(const Definition& product) {
  std::vector<RejectionDetail> faults;
  auto fault = [&](std::string pointer, std::string text) { faults.push_back({std::move(pointer), "product-invalid", std::move(text)}); };
  if (!product.sku)
    fault("/sku", "a product has a SKU");
  if (product.name.empty())
    fault("/name", "a product has a name");
  if (product.tax_class.empty())
    fault("/tax_class", "a product has a tax class");
  if (product.weight_grams < 0)
    fault("/weight_grams", "a weight is not negative");
  for (const auto& [list, price] : product.prices)
    if (price.currency == Currency{} || price.amount < 0 || price.amount >= price_limit)
      fault("/prices/" + pointer_part(list), "a price has a currency, is not negative and below the limit");
  return faults;
}

Decision<Event> define(const State& product, const Define& command) {
  const auto& wanted = command.definition;
  if (product.version > 0 && product.definition.sku != wanted.sku)
    return reject("name-taken", "this number belongs to the product " + product.definition.sku.text());
  if (auto faults = faults_of(wanted); !faults.empty())
    return reject("product-invalid", faults.front().text, faults);
  if (product.version > 0 && product.definition == wanted)
    return std::vector<Event>{};
  return std::vector<Event>{Defined{wanted}};
}

} // namespace

Decision<Event> decide(const State& product, const Command& command, Timestamp) {
  return std::visit(Overload{[&](const Define& c) { return define(product, c); }}, command);
}

State evolve(State product, const Event& event) {
  std::visit(Overload{[&](const Defined& e) {
               product.definition = e.definition;
               ++product.version;
             }},
             event);
  return product;
}

} // namespace entrepot::product
