// Where a server answers, for the commands that ask one.
#pragma once

#include <string>

#include "gateways/http/client.hpp"

namespace entrepot {

/// Returns a client for "http://HOST:PORT" that waits so long for an answer. Throws std::runtime_error with a sentence if `url` is no such address.
http::Client client_for(const std::string& url, std::chrono::milliseconds time_out = std::chrono::seconds{30});

} // namespace entrepot
