// Connections and the thread that serves them. Beast and Asio are behind this header.
#pragma once

#include <atomic>
#include <memory>
#include <span>

#include "gateways/http/server.hpp"

namespace entrepot::http {

/// What all threads of a server share. Outlives the server if a late answer still holds on to it.
struct Shared {
  ServerOptions options;
  Handler handler;
  std::atomic<std::size_t> connections{0}, in_flight{0}, streams{0};
  std::atomic<std::uint64_t> answered{0}, timed_out{0}, overloaded{0}, cut{0}, turned_away{0};
};

/// One thread's event loop with its connections. A connection stays on its loop, so nothing in it is locked.
class Loop {
public:
  explicit Loop(std::shared_ptr<Shared> shared);
  ~Loop();

  /// Listens here; new connections go to `loops` in turn. Returns the port. Before run(). Throws std::runtime_error.
  std::uint16_t listen(std::span<const std::unique_ptr<Loop>> loops);

  /// Serves until drained or abandoned, and the last connection has gone.
  void run();

  // Any thread.
  void drain();   ///< no new connections; idle ones and streams go, the others after their answer
  void abandon(); ///< all connections go now

  struct Core; ///< the inside, for the session

private:
  std::shared_ptr<Core> core_;
};

} // namespace entrepot::http
