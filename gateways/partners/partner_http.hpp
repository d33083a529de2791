// How any partner is asked over HTTP: kept-alive connections on a thread, time-outs, a circuit breaker. Knows no partner's words.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <thread>

namespace entrepot::partners {

struct PartnerHttpOptions {
  std::string url;                                ///< "http://127.0.0.1:8090": no TLS, no path
  std::chrono::milliseconds time_out{2'000};      ///< of a request, from the moment it is asked
  std::chrono::milliseconds tick{20};             ///< how often time-outs are looked at: they are this late at most
  std::chrono::milliseconds idle_time{30'000};    ///< a connection unused for so long is closed; less than the partner's own
  std::size_t connections = 32;                   ///< at once, kept alive
  std::size_t waiting = 10'000;                   ///< requests that wait for a connection; further ones get no answer at once
  int failures_to_open = 20;                      ///< in a row; then nobody is asked ...
  std::chrono::milliseconds open_for{1'000};      ///< ... for so long, and then one
};

/// Asks on a thread of its own, which also calls the replies: they must not block. Nothing is sent twice; the one exception is a kept-alive connection
/// that turns out to be closed before a byte of the request has been written: then a fresh one is opened, once.
class PartnerHttp {
public:
  /// Called exactly once: with the status and body of the answer, or with status 0 for none (silence, a broken connection, an open breaker, too many
  /// waiting). Returns whether that was an outcome: what is none counts as a failure of the partner.
  using Reply = std::function<bool(int status, const std::string& body)>;

  /// Throws std::runtime_error if the URL is none or names no host that is known.
  explicit PartnerHttp(PartnerHttpOptions options);
  /// What is pending gets no answer. Not while holding a lock that a reply takes.
  ~PartnerHttp();
  PartnerHttp(const PartnerHttp&) = delete;
  PartnerHttp& operator=(const PartnerHttp&) = delete;

  /// Returns what the Host header says.
  const std::string& host() const;

  /// Sends a whole HTTP/1.1 request. Thread-safe, never blocks.
  void ask(std::string message, Reply reply);

  class Core;

private:
  std::shared_ptr<Core> core_;
  std::thread thread_;
};

} // namespace entrepot::partners
