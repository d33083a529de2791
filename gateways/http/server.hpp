// The HTTP server: who listens, with how many threads, within which limits. HTTP/1.1, keep-alive, pipelined requests answered in order.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "domain/time.hpp"
#include "gateways/http/limits.hpp"
#include "gateways/http/responder.hpp"

namespace entrepot::http {

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0; ///< 0: any that is free
  int io_threads = 1;     ///< each with its own connections; one carries tens of thousands of small requests a second

  std::size_t max_connections = limits::connections;
  std::size_t max_in_flight = limits::requests_in_flight;
  std::chrono::milliseconds header_time = limits::header_time;
  std::chrono::milliseconds body_time = limits::body_time;
  std::chrono::milliseconds idle_time = limits::idle_time;
  std::chrono::milliseconds answer_time = limits::answer_time;
  std::chrono::milliseconds write_time = limits::write_time;
  std::chrono::milliseconds linger_time = limits::linger_time;
  std::chrono::milliseconds heartbeat_time = limits::heartbeat_time;
  std::chrono::milliseconds tick = limits::tick;

  std::function<Timestamp()> clock;               ///< for the Date header; none: no such header
  std::function<void(const std::string&)> defect; ///< told what a handler threw, on a connection's thread; never holds a request's data
};

/// What the server has done so far, for metrics.
struct ServerFigures {
  std::size_t connections = 0, in_flight = 0, streams = 0; ///< now; a stream is a connection, but no request in flight
  std::uint64_t answered = 0, timed_out = 0, overloaded = 0, cut = 0,
                turned_away = 0; ///< since the start; cut: slow clients, also of streams; turned_away: connections
};

/// Listens from construction to destruction.
class Server {
public:
  /// Binds and starts its threads. Throws std::runtime_error if the address cannot be had.
  Server(ServerOptions options, Handler handler);
  /// Stops at once.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  std::uint16_t port() const;
  ServerFigures figures() const;

  /// Takes no more connections, ends streams, lets requests under way be answered, closes. After `bound` it closes what is left. Returns whether nothing had to be
  /// cut off. Blocks; not to be called by a handler.
  bool drain(std::chrono::milliseconds bound);

private:
  struct State;
  std::unique_ptr<State> state_;
};

} // namespace entrepot::http
