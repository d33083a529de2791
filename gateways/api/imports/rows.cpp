#include "gateways/api/imports/rows.hpp"

#include "domain/country.hpp"
#include "gateways/api/digest.hpp"
#include "gateways/api/products.hpp"
#include "gateways/http/json_writer.hpp"
#include "gateways/http/limits.hpp"

namespace entrepot::api::imports {
namespace {

namespace limits = http::limits;

constexpr std::size_t reference_bytes = 64, parts = 200;

/// Whose row it is, what is defined, and what time it is: what a row is judged by.
struct Reading {
  const Principal& principal;
  const order::Definitions& definitions;
  Timestamp now;
};

Timestamp time_of(const JsonObject& row, const Reading& reading, bool required) {
  auto occurred = row.optional_time("occurred_at");
  if (!occurred && required)
    row.refuse("occurred_at", "field-missing", "Say when it happened.");
  if (occurred && *occurred > reading.now + limits::clock_skew)
    row.refuse("occurred_at", "time-invalid", "What has not happened yet cannot be recorded.");
  return occurred.value_or(reading.now);
}

ChannelCode channel_of(const JsonObject& row, const Reading& reading) {
  auto channel = row.code<ChannelCode>("channel");
  if (channel && !reading.principal.may_channel(channel.text()))
    row.refuse("channel", "out-of-scope", "This key may not act for the channel " + channel.text() + ".");
  return channel;
}

ProductRow read_product_row(const JsonObject& row) { return {read_product(row, row.code<Sku>("sku"))}; }

LocationCode location_of(const JsonObject& row, const Reading& reading) {
  auto location = row.optional_code<LocationCode>("location");
  const auto* key = location ? "location" : "channel";
  if (!location)
    location = ships_from(channel_of(row, reading), reading.definitions).value_or(LocationCode{});
  if (!location || !reading.definitions.locations.contains(location))
    row.refuse(key, "location-unknown", "There is no such place.");
  else if (!reading.principal.may_store(location.text()))
    row.refuse(key, "out-of-scope", "This key may not move stock at " + location.text() + ".");
  return location;
}

ReceiptRow read_receipt_row(const JsonObject& row, const Reading& reading) {
  ReceiptRow receipt;
  receipt.location = location_of(row, reading);
  receipt.reference = row.text("reference", reference_bytes);
  receipt.occurred_at = time_of(row, reading, false);
  for (const auto& movement : row.objects("movements", 1, limits::lines)) {
    receipt.movements.push_back({{{}, movement.code<Sku>("sku")}, static_cast<std::int32_t>(movement.integer("units", 1, max_line_quantity))});
  }
  return receipt;
}

order::BasketLine read_order_line(const JsonObject& line) {
  order::BasketLine wanted{.sku = line.code<Sku>("sku"), .quantity = Quantity{static_cast<std::int32_t>(line.integer("quantity", 1, max_line_quantity))}, .shown_price = {}};
  wanted.told_total = line.money("total");
  wanted.service = line.has("service") && line.truth("service");
  wanted.name = line.optional_text("name", name_bytes);
  return wanted;
}

/// The past tells at most where the goods went, not to whom.
std::string address_in(const std::string& country) {
  std::string text;
  if (!country.empty())
    http::JsonWriter(text).open().field("name", "").field("street", "").field("city", "").field("postcode", "").field("country", country).close();
  return text;
}

/// Returns 16 bytes that stand for what the row says, wherever in the file it stands.
std::string digest_of(const OrderRequest& request, std::string_view country) {
  const auto& basket = request.basket;
  std::string said = to_rfc3339(*basket.occurred_at) + '\n' + std::string(country);
  for (const auto& key : request.keys)
    said += '\n' + std::to_string(key.stream.value);
  for (const auto& line : basket.lines)
    said += '\n' + line.sku.text() + ' ' + std::to_string(line.quantity.units()) + ' ' + to_text(*line.told_total) + (line.service ? " s " + line.name : "");
  auto digest = sha256({basket.channel.text(), basket.external_number, said});
  return {reinterpret_cast<const char*>(digest.data()), 16};
}

OrderRow read_order_row(const JsonObject& row, const Reading& reading) {
  OrderRow read;
  auto& [request, digest] = read;
  auto& basket = request.basket;
  basket.channel = channel_of(row, reading);
  basket.external_number = row.text("external_number", reference_bytes);
  basket.occurred_at = time_of(row, reading, true);
  if (auto key = identity::channel_id_key(basket.channel, row.optional_text("customer_channel_id", channel_id_bytes)))
    request.keys.push_back(*key);
  auto country = row.optional_text("country", 2);
  if (!country.empty() && !is_country(country))
    row.refuse("country", "value-unknown", "A country is two capital letters, as ISO 3166 says.");
  request.address = address_in(country);
  for (const auto& line : row.objects("lines", 1, limits::lines))
    basket.lines.push_back(read_order_line(line));
  digest = digest_of(request, country);
  if (auto channel = reading.definitions.channels.find(basket.channel); channel != reading.definitions.channels.end() && !channel->second->definition.delivery.empty())
    basket.delivery_option = channel->second->definition.delivery.front().code;
  return read;
}

ReturnPart read_part(const JsonObject& part) {
  ReturnPart read;
  if (auto order = order_id_from(part.text("order", 64)))
    read.order = *order;
  else
    part.refuse("order", "order-unknown", "There is no such order.");
  read.line = static_cast<std::int32_t>(part.integer("line", 1, static_cast<std::int64_t>(limits::lines) + 1));
  read.quantity = Quantity{static_cast<std::int32_t>(part.integer("quantity", 1, max_line_quantity))};
  read.credit = part.money("credit");
  return read;
}

ReturnRow read_return_row(const JsonObject& row, const Reading& reading) {
  ReturnRow read{.reference = row.text("reference", reference_bytes), .channel = channel_of(row, reading), .occurred_at = time_of(row, reading, true), .parts = {}};
  for (const auto& part : row.objects("parts", 1, parts))
    read.parts.push_back(read_part(part));
  return read;
}

} // namespace

Row read_row(std::string_view line, const Principal& principal, const order::Definitions& definitions, Timestamp now) {
  auto document = JsonDocument::parse(line);
  if (!document)
    return {{}, document.error()};
  Row row{{}, Rejection{}};
  JsonReader reader(*document);
  auto root = reader.root();
  if (auto position = root.integer("position", 1, std::int64_t{1} << 53); root.has("position"))
    row.position = position;
  Reading reading{principal, definitions, now};
  if (auto product = root.optional_object("product"))
    row.content = read_product_row(*product);
  else if (auto receipt = root.optional_object("receipt"))
    row.content = read_receipt_row(*receipt, reading);
  else if (auto order = root.optional_object("order"))
    row.content = read_order_row(*order, reading);
  else if (auto back = root.optional_object("return"))
    row.content = read_return_row(*back, reading);
  else
    root.refuse("", "field-missing", "A row holds a \"product\", \"receipt\", \"order\" or \"return\".");
  if (auto wrong = reader.faults())
    row.content = std::move(*wrong);
  return row;
}

std::optional<LocationCode> ships_from(const ChannelCode& channel, const order::Definitions& definitions) {
  auto found = definitions.channels.find(channel);
  if (found == definitions.channels.end() || found->second->definition.delivery.empty())
    return {};
  return found->second->definition.delivery.front().ship_from;
}

} // namespace entrepot::api::imports
