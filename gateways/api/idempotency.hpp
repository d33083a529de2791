// How a repeated request is recognised.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "domain/ids.hpp"
#include "gateways/api/json_reader.hpp"
#include "gateways/api/people.hpp"
#include "gateways/http/request.hpp"

namespace entrepot::api {

/// Returns the Idempotency-Key. Refuses `idempotency-key-missing`; `idempotency-key-invalid`: longer than 255 bytes, other than visible ASCII and
/// blanks, or sent twice.
Result<std::string> idempotency_key(const http::Request& request);

/// Returns the id of a command that nobody repeats.
CommandId fresh_command(const RandomBytes& random);

/// Returns the id of the command that this client asks of `route` ("POST /v1/locations/DC-1/movements") under this key: the same again for a repeat.
CommandId request_command(std::string_view client, std::string_view key, std::string_view route);
/// Returns the id of a command that an import gives because of `row`, a name that lasts: the same again when the row is sent again.
CommandId import_command(std::string_view what, std::string_view row);
/// The same for requests that need no key, as PUT: with the key if there is one, else an id of its own.
Result<CommandId> request_command(const http::Request& request, std::string_view client, const RandomBytes& random);

/// Returns 16 bytes that stand for the body's meaning: blanks and the order of keys do not matter.
std::string body_digest(const JsonDocument& body);

/// Returns how long the client wants to wait for the process (RFC 7240, `Prefer: wait=N`), at most 30 s; zero: it does not. What cannot be understood
/// is ignored, as the RFC says.
std::chrono::seconds preferred_wait(const http::Request& request);

} // namespace entrepot::api
