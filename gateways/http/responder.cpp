#include "gateways/http/responder.hpp"

namespace entrepot::http {

struct Responder::Ticket {
  std::shared_ptr<Slot> slot;
  std::vector<std::shared_ptr<void>> kept;

  Ticket(std::shared_ptr<Slot> its_slot, std::shared_ptr<void> its_kept) : slot(std::move(its_slot)) { kept.push_back(std::move(its_kept)); }
  Ticket(const Ticket&) = delete;
  ~Ticket() {
    slot->complete([] { return refusal(503, "unavailable", "The request was given up inside. It may be sent again with the same key."); });
  }
};

Responder::Responder(std::shared_ptr<Slot> slot, std::shared_ptr<void> kept) : ticket_(std::make_shared<Ticket>(std::move(slot), std::move(kept))) {}

void Responder::answer(Response response) const {
  ticket_->slot->complete([shared = std::make_shared<Response>(std::move(response))] { return std::move(*shared); });
}

void Responder::answer_by(std::function<Response()> render) const { ticket_->slot->complete(std::move(render)); }

void Responder::keep(std::shared_ptr<void> thing) const { ticket_->kept.push_back(std::move(thing)); }

void Responder::at_deadline(std::chrono::milliseconds after, std::function<void(Responder)> act) const {
  ticket_->slot->at_deadline(after, std::move(act));
}

} // namespace entrepot::http
