// The body of POST /v1/orders, read and checked for form. What it asks for is judged by order::draft.
#pragma once

#include "domain/order/draft.hpp"
#include "gateways/api/json_reader.hpp"

namespace entrepot::api {

/// A person's data as it came in: sealed before it goes on, and never logged.
struct PlainContact {
  std::string name, email, phone;
};

struct OrderRequest {
  order::Basket basket; ///< contact and address are still empty: they are sealed first
  PlainContact contact;
  std::string address; ///< as JSON
  std::optional<Timestamp> occurred_at;
};

/// Reads the body. Refuses with every fault found. `now`: nothing may have occurred later than that, but for clocks that go wrong a little.
Result<OrderRequest> read_order_request(JsonDocument& body, Timestamp now);

/// Reads "contact": name, e-mail, phone, each optional.
PlainContact read_contact(const JsonObject& contact);

} // namespace entrepot::api
