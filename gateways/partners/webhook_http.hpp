// Webhooks over HTTP and HTTPS, signed as Standard Webhooks 1.0 says: domain/webhook/delivery.hpp's port.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "domain/webhook/delivery.hpp"

namespace entrepot::partners {

struct WebhookHttpOptions {
  std::chrono::milliseconds time_out{10'000};  ///< of a message, from its handing over to the head of the answer: then it counts as none
  std::chrono::milliseconds idle_time{15'000}; ///< a connection unused for so long is not used again
  std::size_t idle_connections = 4;            ///< kept open, of one host
  std::string ca_file = {};                    ///< whom to trust, PEM; empty: whom the system trusts
};

/// Returns a sender with a thread of its own, which lives as long as any copy of it (what is on its way then gets no answer); nothing it does for one endpoint waits for another. Redirects are not followed: a status that is
/// no 2xx is none. Certificates are checked. Hosts that lead to a link-local, multicast or unspecified address are not spoken to: there cloud machines keep their own secrets.
/// A kept-alive connection found closed before it answered is replaced once. Throws std::runtime_error if `ca_file` cannot be read.
webhook::Sender make_http_webhook_sender(WebhookHttpOptions options = {});

/// Returns what goes out, head and body.
std::string webhook_request(const webhook::Message& message, const webhook::Address& to);

/// Returns how long Retry-After says to wait: seconds, or a date as seen from `now`; nothing if it is neither.
std::optional<std::chrono::seconds> retry_after_from(std::string_view text, Timestamp now);

} // namespace entrepot::partners
