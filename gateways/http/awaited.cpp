#include "gateways/http/awaited.hpp"

namespace entrepot::http {

Responder Awaited::responder() {
  ++shared_->in_flight;
  std::shared_ptr<void> counted(nullptr, [shared = shared_](void*) { --shared->in_flight; });
  return {shared_from_this(), std::move(counted)};
}

void Awaited::complete(std::function<Response()> render) { take_over(std::move(render)); }

bool Awaited::take_over(std::function<Response()> render) {
  if (taken_.exchange(true))
    return false;
  auto home = home_.lock();
  if (!home)
    return true; // the server has gone, and the connection with it
  if (!sleeping_ && home->is_here())
    deliver(render);
  else
    home->post([self = shared_from_this(), render = std::move(render)] { self->deliver(render); });
  return true;
}

void Awaited::at_deadline(std::chrono::milliseconds after, std::function<void(Responder)> act) {
  deadline_after_ = after;
  act_ = std::move(act);
}

bool Awaited::expire() {
  if (auto act = std::exchange(act_, nullptr)) {
    act(responder());
    return true;
  }
  if (take_over([] {
        return refusal(503, "timed-out", "Nobody answered in time. The request may still be carried out; send it again with the same key to learn.");
      }))
    ++shared_->timed_out;
  return false;
}

void Awaited::abandon() {
  take_over([] { return refusal(503, "unavailable", "The server is going down."); });
}

void Awaited::when_ready(std::function<void()> wake) {
  wake_ = std::move(wake);
  sleeping_ = true;
}

void Awaited::deliver(const std::function<Response()>& render) {
  try {
    response_ = render();
  } catch (const std::exception& defect) {
    if (shared_->options.defect)
      shared_->options.defect(defect.what());
    response_ = refusal(500, "internal", "The server could not make an answer.");
  }
  ready_ = true;
  act_ = nullptr; // it may hold on to much
  if (auto wake = std::exchange(wake_, nullptr))
    wake();
}

} // namespace entrepot::http
