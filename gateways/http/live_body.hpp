// A body that goes on: any thread pushes text, the connection sends it. Made for text/event-stream.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "gateways/http/limits.hpp"

namespace entrepot::http {

class Home;

/// The body belongs to the answer, and then to its connection: whoever pushes holds it weakly, and learns that the client has gone by not finding it any more.
class LiveBody {
public:
  explicit LiveBody(std::size_t most_bytes = limits::stream_queue_bytes) : most_bytes_(most_bytes) {}
  ~LiveBody();
  LiveBody(const LiveBody&) = delete;

  // Any thread.

  /// Queues text, sent as it is. Returns false if it will not be sent: the connection has gone, the body has ended, or the client was so slow that more
  /// than `most_bytes` wait, which cuts the connection.
  bool push(std::string_view text);
  /// No more will come: what waits is sent, then the connection ends.
  void end();
  /// Keeps `thing` until the connection has gone, and lets go of it then: this is how a source is told. It goes at once if that has happened already.
  void keep(std::shared_ptr<void> thing);

  // The connection, on its thread.

  enum class State { open, ended, overflowed, closed };
  struct Taken {
    std::string text;
    State state = State::open;
  };
  /// `wake` is posted to `home` when there is something to take, once until it has been taken.
  void attach(std::weak_ptr<Home> home, std::function<void()> wake);
  Taken take();
  State state() const;
  /// The connection has gone.
  void close();

private:
  void wake(std::unique_lock<std::mutex> lock);

  const std::size_t most_bytes_;
  mutable std::mutex mutex_;
  std::string text_;
  State state_ = State::open;
  bool woken_ = false;
  std::weak_ptr<Home> home_;
  std::function<void()> wake_;
  std::vector<std::shared_ptr<void>> kept_;
};

} // namespace entrepot::http
