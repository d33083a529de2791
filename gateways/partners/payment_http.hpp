// The payment provider over HTTP: domain/payment/provider.hpp's port, spoken as gateways/partners/sandbox/payment_sandbox.hpp says.
#pragma once

#include "domain/payment/provider.hpp"
#include "gateways/partners/partner_http.hpp"

namespace entrepot::partners {

using HttpPaymentOptions = PartnerHttpOptions;

/// Returns a provider that asks over HTTP, on a thread of its own, which also calls the replies: they must not block. No answer in time, a broken
/// connection, a status that is none of an outcome: no_answer, and nothing is sent twice. When the last copy of the provider goes, what is pending gets
/// no_answer; it must not go while holding a lock that a reply takes. Throws std::runtime_error if the URL names no host that is known.
payment::Provider make_http_payment_provider(HttpPaymentOptions options);

} // namespace entrepot::partners
