// The notification provider over HTTP: domain/notification/notification.hpp's port, spoken as gateways/partners/sandbox/notification_sandbox.hpp says.
#pragma once

#include "domain/notification/notification.hpp"
#include "gateways/partners/partner_http.hpp"

namespace entrepot::partners {

/// Fewer connections than for money: nobody waits at a counter for a message.
inline constexpr std::size_t notification_connections = 8;

/// Returns a provider that asks over HTTP as make_http_payment_provider() does. 2xx is accepted, however often it is said of one key. A status that
/// concerns the message alone (400, 413, 422 and other 4xx) is refused; one that concerns who asks, how often or where (401, 403, 404, 405, 407, 408, 409,
/// 425, 429), everything else and silence are no_answer. Throws std::runtime_error if the URL names no host that is known.
notification::Provider make_http_notification_provider(PartnerHttpOptions options);

/// Returns what an HTTP answer says to a notification.
notification::Answer notification_answer_from(int status, const std::string& body);

} // namespace entrepot::partners
