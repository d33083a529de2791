// People's data, sealed before it enters the system and opened when it leaves: AES-256-GCM under the person's own key.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "domain/sealed.hpp"
#include "gateways/ports.hpp"

namespace entrepot::api {

/// Fills a buffer with bytes nobody can guess.
using RandomBytes = std::function<void(std::span<std::uint8_t>)>;

gateway::PersonKey new_person_key(const RandomBytes& random);

/// Returns base64 of: a byte 1 (the form), 12 bytes nonce, the encrypted text, 16 bytes tag. An empty text stays empty.
Sealed seal(std::string_view text, const gateway::PersonKey& key, const RandomBytes& random);

/// The same for several texts of one person: the key is set up, and chance asked, once.
std::vector<Sealed> seal_all(std::initializer_list<std::string_view> texts, const gateway::PersonKey& key, const RandomBytes& random);

/// Returns the text; nothing if it was sealed under another key, or changed since.
std::optional<std::string> open(const Sealed& sealed, const gateway::PersonKey& key);

} // namespace entrepot::api
