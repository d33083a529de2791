// Standard Webhooks 1.0 (standardwebhooks.com): how a partner's message proves whom it is from. No sockets, no clock.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace entrepot::partners {

inline constexpr std::size_t webhook_secret_least_bytes = 24; ///< as the standard recommends
inline constexpr std::size_t webhook_secret_most_bytes = 64;
inline constexpr std::size_t webhook_id_bytes = 255;
inline constexpr std::size_t webhook_signatures = 8; ///< looked at in one message: two while a secret is being changed

/// What both sides know.
using WebhookSecret = std::vector<unsigned char>;

/// Reads "whsec_BASE64"; nothing if it is no such text, or has fewer or more bytes than a secret.
std::optional<WebhookSecret> webhook_secret_from(std::string_view text);

/// Returns "whsec_BASE64".
std::string webhook_secret_text(const WebhookSecret& secret);

/// What is signed, as it travels. `timestamp` counts seconds since 1970.
struct WebhookMessage {
  std::string_view id, timestamp, body;
};

/// Returns "v1,BASE64(HMAC-SHA-256(secret, id.timestamp.body))".
std::string webhook_signature(const WebhookSecret& secret, const WebhookMessage& message);

/// Whether one of the signatures, separated by blanks, is right. How long it takes tells nothing of the right one. Those beyond `webhook_signatures` are not looked at.
bool is_signed(const WebhookSecret& secret, const WebhookMessage& message, std::string_view signatures);

/// Returns the seconds that `text` counts; nothing if it is anything but up to twelve digits.
std::optional<std::int64_t> webhook_seconds(std::string_view text);

} // namespace entrepot::partners
