// Pieces of the bytes that are exchanged with partners. No sockets.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace entrepot::partners {

/// Appends text as it may stand in a path.
void append_percent_encoded(std::string& out, std::string_view text);

/// Appends a whole GET request. `path` is percent-encoded.
void append_get(std::string& out, std::string_view path, std::string_view host);

/// Appends a whole POST request with a JSON body; `key` becomes its Idempotency-Key, none if empty.
void append_post(std::string& out, std::string_view path, std::string_view host, std::string_view key, std::string_view body);

/// Returns a body's text of that name; empty if it is none.
std::string text_in(const nlohmann::json& body, const char* name);

/// Returns a body's `code` if it is a stable code, kebab-case and short; empty otherwise: what a partner says in words is not for our logs.
std::string code_in(const nlohmann::json& body);

} // namespace entrepot::partners
