// From the inside's "no" and "not now" to an HTTP status: the one table.
#pragma once

#include "gateways/http/response.hpp"
#include "gateways/ports.hpp"

namespace entrepot::api {

/// Returns the HTTP status of a refusal. 409 for business codes that are not in the table. `about_input`: the details point into the body.
int status_of(std::string_view code, bool about_input);

/// Returns the refusal as an answer, its details as `errors`.
http::Response to_response(const Rejection& why, std::string_view instance);

/// The same for a refused order that exists: its id goes along. `pay_back`: JSON, of money that was taken elsewhere for it; empty: none was.
http::Response to_response(const Rejection& why, std::string_view instance, std::string order, bool replayed, std::string pay_back = {});

/// Returns 503 with Retry-After. What the fault says of the inside stays inside.
http::Response to_response(const gateway::Fault& fault, std::string_view instance);

} // namespace entrepot::api
