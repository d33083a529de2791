// The code that opens a pickup: derived from a secret of the server, so that it is stored nowhere.
#pragma once

#include <string>
#include <vector>

#include "domain/fulfilment/pickup.hpp"

namespace entrepot::api {

/// Returns six digits: HMAC-SHA-256 of the pickup's number and the issue (1 to pickup::max_code_issues), shortened as RFC 4226 does.
std::string pickup_code(const std::vector<unsigned char>& secret, StreamId pickup, int issue);
/// Returns the codes of all issues.
pickup::Codes pickup_codes(const std::vector<unsigned char>& secret, StreamId pickup);

} // namespace entrepot::api
