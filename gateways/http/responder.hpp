// The promise of an answer: whoever holds it, on whatever thread, gives the answer once.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "gateways/http/request.hpp"
#include "gateways/http/response.hpp"

namespace entrepot::http {

class Responder;

/// One request's answer to come; the session keeps it.
class Slot {
public:
  virtual ~Slot() = default;
  /// Any thread. The first answer counts, later ones are dropped. `render` runs on the connection's thread.
  virtual void complete(std::function<Response()> render) = 0;
  virtual void at_deadline(std::chrono::milliseconds after, std::function<void(Responder)> act) = 0;
};

/// A handle on a request's answer; copies share it. If the last one goes without an answer, the client is told 503 `unavailable`: nobody waits for
/// ever.
class Responder {
public:
  Responder() = default;
  /// `kept` stays alive as long as the handle does: the count of requests in flight.
  Responder(std::shared_ptr<Slot> slot, std::shared_ptr<void> kept);

  /// Answers. Any thread, at most once: what comes second is dropped.
  void answer(Response response) const;
  /// The same; the answer is made on the connection's own thread, so that a busy thread is not held up by it. What `render` throws becomes 500.
  void answer_by(std::function<Response()> render) const;
  /// Keeps `thing` as long as the request is under way.
  void keep(std::shared_ptr<void> thing) const;
  /// To be called while the handler runs: sets the request's deadline, and what is done then, on the connection's thread, instead of answering 503
  /// `timed-out`. It gets a handle of its own, and the server's ordinary time.
  void at_deadline(std::chrono::milliseconds after, std::function<void(Responder)> act) const;

private:
  struct Ticket;
  std::shared_ptr<Ticket> ticket_;
};

using Handler = std::function<void(Request&, Responder)>;

} // namespace entrepot::http
