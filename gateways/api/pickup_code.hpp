// The code that opens a pickup: derived from a secret of the server, so that it is stored nowhere.
#pragma once

#include <string>
#include <vector>

#include "domain/order/family.hpp"

namespace entrepot::api {

/// Returns six digits: HMAC-SHA-256 of the pickup's number and the issue (1 to pickup::max_code_issues), shortened as RFC 4226 does.
std::string pickup_code(const std::vector<unsigned char>& secret, StreamId pickup, int issue);
/// Returns the codes of all issues.
pickup::Codes pickup_codes(const std::vector<unsigned char>& secret, StreamId pickup);

/// Returns the sentence that tells the customer the code, if `event` of the pickup, after which the order is `family`, is one that does; else nothing.
std::string pickup_code_told(const std::vector<unsigned char>& secret, StreamId pickup, const AnyEvent& event, const Family& family);

} // namespace entrepot::api
