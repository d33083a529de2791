// The payment provider over HTTP: domain/payment/provider.hpp's port, spoken as gateways/partners/sandbox/payment_sandbox.hpp says.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include "domain/payment/provider.hpp"

namespace entrepot::partners {

struct HttpPaymentOptions {
  std::string url;                                ///< "http://127.0.0.1:8090": no TLS, no path
  std::chrono::milliseconds time_out{2'000};      ///< of a request, from the moment it is asked
  std::chrono::milliseconds tick{20};             ///< how often time-outs are looked at: they are this late at most
  std::chrono::milliseconds idle_time{30'000};    ///< a connection unused for so long is closed; less than the provider's own
  std::size_t connections = 32;                   ///< at once, kept alive
  std::size_t waiting = 10'000;                   ///< requests that wait for a connection; further ones get no_answer at once
  int failures_to_open = 20;                      ///< in a row; then nobody is asked ...
  std::chrono::milliseconds open_for{1'000};      ///< ... for so long, and then one
};

/// Returns a provider that asks over HTTP, on a thread of its own, which also calls the replies: they must not block. No answer in time, a broken
/// connection, a status that is none of an outcome: no_answer, and nothing is sent twice; the one exception is a kept-alive connection that turns out
/// to be closed before a byte of the request has been written: then a fresh one is opened, once. When the last copy of the provider goes, what is
/// pending gets no_answer; it must not go while holding a lock that a reply takes. Throws std::runtime_error if the URL names no host that is known.
payment::Provider make_http_payment_provider(HttpPaymentOptions options);

} // namespace entrepot::partners
