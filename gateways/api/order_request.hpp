// The body of POST /v1/orders, read and checked for form. What it asks for is judged by order::draft.
#pragma once

#include "domain/order/draft.hpp"
#include "gateways/api/identity_request.hpp"
#include "gateways/api/json_reader.hpp"

namespace entrepot::api {

struct OrderRequest {
  order::Basket basket; ///< contact and address are still empty: they are sealed first
  PlainContact contact;
  std::vector<identity::Key> keys; ///< who orders, in the order in which they count: channel's id, e-mail, phone; none if the body names the customer
  std::string address; ///< as JSON
};

/// Reads an address and writes it down again as JSON, in one order of fields: that text is sealed.
std::string read_address(const JsonObject& address);
/// Reads where a door is, if the body tells.
std::optional<stock::Point> read_near(const JsonObject& delivery);

/// Reads the body. Refuses with every fault found. `now`: nothing may have occurred later than that, but for clocks that go wrong a little.
Result<OrderRequest> read_order_request(JsonDocument& body, Timestamp now, const CountryOf& country_of);

} // namespace entrepot::api
