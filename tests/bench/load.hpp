// The load client: many customers at once, in one thread.
//
// It shares the machine with the server it measures, so it must cost next to nothing: requests come ready-made, one send and one receive a request,
// and of an answer only the status line and Content-Length are read. Plain sockets and epoll, since that is all that is needed.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "tests/bench/latencies.hpp"

namespace entrepot::bench {

using Steady = std::chrono::steady_clock;

/// Where the server listens.
struct Endpoint {
  std::string host, port;
  std::string authority() const { return host + ":" + port; }
};

/// Reads "http://host[:port][/]". Throws std::invalid_argument for anything else: the load client speaks no TLS, which would be measured instead of
/// the server.
Endpoint endpoint_of(std::string_view url);

struct Answer {
  int http = 0;
  std::string_view body;              ///< valid during the call
  std::chrono::nanoseconds latency{}; ///< since the request was meant to be sent, retries included
  int attempts = 1;
  bool counts = false; ///< it came while measuring
};

/// What the clients ask, and what becomes of the answers.
class Work {
public:
  virtual ~Work() = default;
  /// Puts the next whole HTTP request of `client` into `request`, whose old content may be overwritten. Returns false if there is none left for any
  /// client.
  virtual bool next(int client, std::string& request) = 0;
  /// Called with every final answer, before `next` is called for that client again.
  virtual void answered(int client, const Answer& answer) = 0;
  /// Called instead if there was none within the limits below: nobody knows whether the request was done.
  virtual void unanswered(int client, const std::string& why) = 0;
};

struct Load {
  Endpoint to;
  int clients = 64;
  double rate = 0;                    ///< requests meant to be sent per second, whoever is free; 0: each client as fast as it is answered
  std::chrono::nanoseconds warm_up{}; ///< not measured
  std::chrono::nanoseconds duration = std::chrono::hours(1);             ///< after the warm-up; the end comes earlier if the work ends
  bool ride_out = false;                                                 ///< a request is sent again for as long as it takes
  std::function<void()> on_start = {}, on_end = {};                      ///< called when measuring starts and ends, on this thread
  std::function<void(double done, std::uint64_t answers)> progress = {}; ///< ten times a second; `done` 0 to 1
};

/// What was measured. A request that was begun while measuring counts in the latencies even if its answer came later, so that a server cannot look
/// fast by not answering at all.
struct Driven {
  Latencies latencies;
  std::uint64_t answers = 0; ///< that came while measuring
  std::uint64_t retries = 0; ///< the same request sent again, by key the same order
  std::uint64_t unanswered = 0;
  std::uint64_t late = 0; ///< with a rate: requests that waited more than a millisecond for a free client
  double seconds = 0;     ///< measured
};

/// Drives `work` until its time is over or it ends, then waits for what is under way. A connection that breaks, a 5xx and a 429 are answered by
/// sending the same bytes, so with the same Idempotency-Key, again after a back-off. Throws std::system_error if the host cannot be resolved or no
/// socket be had.
Driven drive(const Load& load, Work& work);

// Limits, named.
inline constexpr int attempts_at_most = 8;                     ///< of one request, unless it rides out
inline constexpr std::chrono::milliseconds first_back_off{10}; ///< doubled with each attempt
inline constexpr std::chrono::milliseconds longest_back_off{320};
inline constexpr std::chrono::seconds answer_timeout{30};         ///< then the connection is given up and the request sent again
inline constexpr std::chrono::seconds drain_timeout{12};          ///< for what is under way at the end: longer than `Prefer: wait=10`
inline constexpr std::chrono::seconds ride_out_drain_timeout{60}; ///< the same, when the server may be down
inline constexpr std::size_t largest_answer = 16 * 1024 * 1024;   ///< head and body

} // namespace entrepot::bench
