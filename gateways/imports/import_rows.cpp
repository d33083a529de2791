#include "gateways/imports/import_rows.hpp"

#include "gateways/http/json_writer.hpp"

namespace entrepot::imports {
namespace {

constexpr std::size_t name_bytes = 200; // of a product or service, as the API takes it
constexpr std::string_view currency = "GBP";

void append_money(http::JsonWriter& json, std::string_view key, std::int64_t amount) {
  json.key(key).open().field("amount", amount).field("currency", currency).close();
}

/// `{"KIND":{` ... `}}`
template <class Fill>
std::string row(std::string_view kind, Fill fill) {
  std::string made;
  http::JsonWriter json(made);
  json.open().key(kind).open();
  fill(json);
  json.close().close();
  return made;
}

/// How many bytes the UTF-8 character at the beginning has; 0: there is none, or one that people cannot see.
std::size_t character_bytes(std::string_view text) {
  auto first = static_cast<unsigned char>(text.front());
  if (first < 0x80)
    return first >= 0x20 && first != 0x7f ? 1 : 0;
  std::size_t size = first >= 0xc2 && first < 0xe0 ? 2 : first >= 0xe0 && first < 0xf0 ? 3 : first >= 0xf0 && first < 0xf5 ? 4 : 0;
  if (size == 0 || text.size() < size)
    return 0;
  for (std::size_t i = 1; i < size; ++i)
    if ((static_cast<unsigned char>(text[i]) & 0xc0) != 0x80)
      return 0;
  auto second = static_cast<unsigned char>(text[1]);
  auto overlong = (first == 0xe0 && second < 0xa0) || (first == 0xf0 && second < 0x90);
  auto outside = (first == 0xed && second >= 0xa0) || (first == 0xf4 && second >= 0x90);
  return overlong || outside ? 0 : size;
}

} // namespace

std::string readable(std::string_view text, std::size_t max_bytes) {
  std::string out;
  while (!text.empty()) {
    auto size = character_bytes(text);
    auto character = size == 0 ? std::string_view("?") : text.substr(0, size);
    if (out.size() + character.size() > max_bytes)
      break;
    out += character;
    text.remove_prefix(size == 0 ? 1 : size);
  }
  return out;
}

std::string product_row(const ProductText& product) {
  return row("product", [&](http::JsonWriter& json) {
    json.field("sku", product.sku).field("name", readable(product.name, name_bytes)).field("category", "giftware").field("tax_class", "standard");
    json.field("weight_grams", 0).key("prices").open().close();
  });
}

std::string receipt_row(std::string_view reference, const Place& place, std::span<const Movement> movements) {
  return row("receipt", [&](http::JsonWriter& json) {
    json.field("reference", reference);
    if (place.location.empty())
      json.field("channel", place.channel);
    else
      json.field("location", place.location);
    json.key("movements").open('[');
    for (const auto& movement : movements)
      json.open().field("sku", movement.sku).field("units", movement.units).close();
    json.close(']');
  });
}

std::string order_row(const OrderText& order) {
  return row("order", [&](http::JsonWriter& json) {
    json.field("channel", order.channel).field("external_number", order.number).field("occurred_at", to_rfc3339(order.at));
    if (!order.customer.empty())
      json.field("customer_channel_id", readable(order.customer, order.customer.size()));
    if (!order.country.empty())
      json.field("country", order.country);
    json.key("lines").open('[');
    for (const auto& line : order.lines) {
      json.open().field("sku", line.sku).field("quantity", line.quantity);
      append_money(json, "total", line.total);
      if (line.service)
        json.flag("service", true).field("name", readable(line.name, name_bytes));
      json.close();
    }
    json.close(']');
  });
}

std::string return_row(const ReturnText& text) {
  return row("return", [&](http::JsonWriter& json) {
    json.field("reference", text.reference).field("channel", text.channel).field("occurred_at", to_rfc3339(text.at)).key("parts").open('[');
    for (const auto& part : text.parts) {
      json.open().field("order", part.order).field("line", part.line).field("quantity", part.quantity);
      append_money(json, "credit", part.credit);
      json.close();
    }
    json.close(']');
  });
}

ImportRow at_position(std::int64_t position, std::string_view row) {
  return {position, "{\"position\":" + std::to_string(position) + "," + std::string(row.substr(1))};
}

} // namespace entrepot::imports
