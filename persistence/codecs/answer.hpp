// What a customer was told of an order, as a load client notes it: one line of NDJSON.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace entrepot::codec {

struct Answer {
  std::string key;    ///< the request's Idempotency-Key
  std::string id;     ///< "ord_..."; empty: the answer promised nothing
  std::string status; ///< "submitted", "confirmed", "rejected"
};

/// Reads {"key","id","status"}; what else the line has is passed over, what it lacks is empty. Nothing if it is no JSON object.
std::optional<Answer> answer_from(std::string_view line);

} // namespace entrepot::codec
