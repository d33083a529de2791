// An answer, and the problem document (RFC 9457) that every refusal is.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "domain/result.hpp"

namespace entrepot::http {

class LiveBody;

/// An answer with a whole body, or with one that goes on.
struct Response {
  int status = 200; ///< 0: nothing is said and the connection ends (a partner that is played may hang up)
  std::string body;
  std::string_view content_type = "application/json";            ///< a literal
  std::vector<std::pair<std::string_view, std::string>> headers; ///< names are literals; Content-Length, Date and Connection are added by the session
  bool close = false;                                            ///< the connection ends after it
  std::shared_ptr<LiveBody> live = {};                           ///< the body goes on, in chunks, and the connection ends with it; `body` is not used

  Response& with(std::string_view name, std::string value) {
    headers.emplace_back(name, std::move(value));
    return *this;
  }
};

/// What went wrong, for machines (`code`, `errors`) and for people. Nothing of the inside is in it.
struct Problem {
  int status = 500;
  std::string code; ///< stable, kebab-case
  std::string detail;
  std::vector<RejectionDetail> errors; ///< field by field
  std::string instance;                ///< path of the request
  std::string order;                   ///< the order that was refused, if there is one: "ord_..."
  std::string pay_back = {};           ///< JSON: money that was taken elsewhere for what is refused, and who has to give it back; empty: none
};

/// Returns the problem as an answer; 429 and 503 carry Retry-After.
Response to_response(const Problem& problem);

/// Returns a problem without fields as an answer.
Response refusal(int status, std::string code, std::string detail);

/// Returns the reason phrase of a status, e.g. "Not Found".
std::string_view reason_of(int status);

/// Appends the head of an answer, ready for the wire. `date` is an IMF-fixdate, empty: none. No header can smuggle in another: control characters
/// become blanks.
void append_head(std::string& out, const Response& response, std::string_view date, bool keep_alive);

} // namespace entrepot::http
