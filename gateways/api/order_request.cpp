#include "gateways/api/order_request.hpp"

#include <array>
#include <cmath>

#include "domain/country.hpp"
#include "gateways/http/json_writer.hpp"
#include "gateways/http/limits.hpp"

namespace entrepot::api {
namespace {

namespace limits = http::limits;

constexpr std::size_t street_bytes = 300, postcode_bytes = 16, external_number_bytes = 64, token_bytes = 128, reference_bytes = 64, hold_text_bytes = 200;

std::int32_t millionths(double degrees) { return static_cast<std::int32_t>(std::lround(degrees * 1e6)); }

order::BasketLine read_line(const JsonObject& line) {
  return {.sku = line.code<Sku>("sku"),
          .quantity = Quantity{static_cast<std::int32_t>(line.integer("quantity", 1, max_line_quantity))},
          .shown_price = line.optional_money("unit_price"),
          .price_reason = line.optional_code<ReasonCode>("price_reason")};
}

/// How the goods get to the customer: delivered, or picked up.
void read_way(const JsonObject& root, OrderRequest& request) {
  auto& basket = request.basket;
  if (root.one_of("workflow", {order::deliver_at_home, order::pick_up_in_store}, 0) == 1) {
    basket.workflow = order::pick_up_in_store;
    auto pickup = root.object("pickup");
    basket.pickup_store = pickup.code<LocationCode>("store");
    basket.wanted_at = pickup.optional_time("wanted_at");
    return;
  }
  auto delivery = root.object("delivery");
  basket.delivery_option = delivery.text("option", 64);
  request.address = read_address(delivery.object("address"));
  basket.near = read_near(delivery);
}

/// How it is paid, or by whom it was: a marketplace, or a till.
void read_payment(const JsonObject& payment, order::Basket& basket) {
  if (payment.has("method"))
    basket.payment_method = static_cast<payment::Method>(payment.one_of("method", {"card", "account", "collected", "till"}));
  basket.payment_token = payment.optional_text("token", token_bytes);
  basket.taken = {payment.optional_text("taken_by", reference_bytes), payment.optional_text("reference", reference_bytes), payment.optional_money("amount")};
  basket.pay_later = payment.has("later") && payment.truth("later");
}

/// Where and by whom it was sold, what the customer took home at once, and what whoever took the order wants a person to look at.
void read_door(const JsonObject& root, order::Basket& basket) {
  static constexpr std::array reasons{"fraud", "bad_address", "manual"};
  basket.assisted_by = root.optional_code<EmployeeNumber>("assisted_by");
  basket.origin = root.optional_code<LocationCode>("origin");
  if (auto sale = root.optional_object("taken_now"))
    basket.taken_now = {sale->code<LocationCode>("location"), sale->text("till", reference_bytes), sale->text("receipt", reference_bytes)};
  if (auto hold = root.optional_object("hold"))
    basket.holds.push_back({reasons.at(hold->one_of("code", {reasons[0], reasons[1], reasons[2]})), hold->text("text", hold_text_bytes)});
}

/// Who orders: the contact, and what tells who that is unless the body names the customer.
void read_person(const JsonObject& root, OrderRequest& request, const CountryOf& country_of) {
  const auto& basket = request.basket;
  auto id_in_channel = root.optional_text("customer_channel_id", channel_id_bytes);
  auto contact = root.optional_object("contact");
  if (contact)
    request.contact = read_contact(*contact);
  if (basket.customer)
    return;
  if (contact)
    request.keys = keys_of(*contact, request.contact, basket.channel, country_of);
  if (auto key = identity::channel_id_key(basket.channel, id_in_channel))
    request.keys.insert(request.keys.begin(), *key);
}

} // namespace

std::string read_address(const JsonObject& address) {
  auto name = address.text("name", name_bytes), street = address.text("street", street_bytes), city = address.text("city", name_bytes);
  auto postcode = address.optional_text("postcode", postcode_bytes); // some countries have none
  auto country = address.text("country", 2);
  if (!country.empty() && !is_country(country))
    address.refuse("country", "value-unknown", "A country is two capital letters, as ISO 3166 says.");
  std::string text;
  http::JsonWriter(text)
      .open()
      .field("name", name)
      .field("street", street)
      .field("city", city)
      .field("postcode", postcode)
      .field("country", country)
      .close();
  return text;
}

std::optional<stock::Point> read_near(const JsonObject& delivery) {
  auto near = delivery.optional_object("near");
  if (!near)
    return {};
  return stock::Point{millionths(near->real("latitude", -90, 90)), millionths(near->real("longitude", -180, 180))};
}

Result<OrderRequest> read_order_request(JsonDocument& body, Timestamp now, const CountryOf& country_of) {
  JsonReader reader(body);
  auto root = reader.root();
  OrderRequest request;
  auto& basket = request.basket;
  basket.channel = root.code<ChannelCode>("channel");
  basket.external_number = root.optional_text("external_number", external_number_bytes);
  basket.customer = root.optional_code<CustomerNumber>("customer");
  read_person(root, request, country_of);
  auto lines = root.objects("lines", 1, limits::lines);
  if (lines.size() <= limits::lines)
    for (const auto& line : lines)
      basket.lines.push_back(read_line(line));
  read_way(root, request);
  if (auto payment = root.optional_object("payment"))
    read_payment(*payment, basket);
  read_door(root, basket);
  basket.occurred_at = root.optional_time("occurred_at");
  if (basket.occurred_at && *basket.occurred_at > now + limits::clock_skew)
    root.refuse("occurred_at", "time-invalid", "What has not happened yet cannot be recorded.");
  if (auto wrong = reader.faults())
    return std::move(*wrong);
  return request;
}

} // namespace entrepot::api
