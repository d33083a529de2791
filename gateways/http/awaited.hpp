// The answer to one request, awaited by its connection and given by whoever has it.
#pragma once

#include <atomic>
#include <functional>
#include <memory>

#include "gateways/http/responder.hpp"
#include "gateways/http/session.hpp"

namespace entrepot::http {

/// The thread on which a connection lives.
class Home {
public:
  virtual ~Home() = default;
  virtual bool is_here() = 0; ///< whether this is that thread
  virtual void post(std::function<void()> work) = 0;
};

class Awaited final : public Slot, public std::enable_shared_from_this<Awaited> {
public:
  Awaited(const std::shared_ptr<Home>& home, std::shared_ptr<Shared> shared) : home_(home), shared_(std::move(shared)) {}

  /// Returns a new handle on it, which counts as a request in flight as long as anybody holds it.
  Responder responder();

  // Any thread.
  void complete(std::function<Response()> render) override;

  // On the connection's thread only.
  void at_deadline(std::chrono::milliseconds after, std::function<void(Responder)> act) override;
  /// Returns when the request's time is up, counted from now; zero: the server's own time.
  std::chrono::milliseconds deadline_after() const { return deadline_after_; }
  /// The request's time is up. Returns whether it has got more.
  bool expire();
  /// The server is going: answers that.
  void abandon();

  bool ready() const { return ready_; }
  /// Calls `wake` once, when there is an answer. @pre !ready()
  void when_ready(std::function<void()> wake);
  /// @pre ready()
  Response take() { return std::move(response_); }

private:
  bool take_over(std::function<Response()> render);
  void deliver(const std::function<Response()>& render);

  std::weak_ptr<Home> home_;
  std::shared_ptr<Shared> shared_;
  std::atomic<bool> taken_{false};    ///< somebody has answered: others are too late
  std::atomic<bool> sleeping_{false}; ///< the connection waits: it is woken by a post, never from inside another call
  bool ready_ = false;
  Response response_;
  std::function<void()> wake_;
  std::chrono::milliseconds deadline_after_{0};
  std::function<void(Responder)> act_;
};

} // namespace entrepot::http
