// One message that a partner sends without being asked, from its signature to its answer. What it says is the affair of who takes it.
#pragma once

#include <memory>

#include "gateways/api/desk.hpp"

namespace entrepot::api {

/// A partner whose messages are taken at POST /v1/<name>-events.
struct Partner {
  const char* name;                          ///< e.g. "carrier": also in the code `<name>-events-not-configured`
  const char* by;                            ///< who it is, for the record and for its share of requests
  PartnerEvents ApiOptions::*events;         ///< what taking its messages needs
};

class PartnerMessage {
public:
  PartnerMessage(Shared inside, const Partner& partner, const http::Request& request, http::Responder responder);

  /// Whether it is the partner's, of now, and may be taken now. If not it has been answered: 401 `signature-invalid`, `timestamp-out-of-window`, 429 `too-many-requests`,
  /// 503 `<name>-events-not-configured`.
  bool is_admitted(const http::Request& request) const;

  // Each answers and counts, once for a message.
  void accept(EventOutcome outcome) const;
  void refuse(const Rejection& why, EventOutcome outcome) const;
  void fail(const gateway::Fault& fault) const;

  /// For people to look at: ids and codes alone.
  void log(const std::string& text) const { events().log(text); }
  gateway::Ports& ports() const { return inside_->ports; }
  Timestamp now() const { return inside_->options.clock(); }
  /// Of what it leads to: the same whenever the message is sent again.
  CommandId command() const { return command_; }
  /// For the record; `occurred_at`: when it happened, if that is told.
  gateway::Origin origin(std::optional<Timestamp> occurred_at = {}) const { return {.by = partner_->by, .traceparent = {}, .occurred_at = occurred_at}; }

private:
  const PartnerEvents& events() const { return inside_->options.*partner_->events; }

  Shared inside_;
  const Partner* partner_;
  http::Responder responder_;
  std::string instance_;
  CommandId command_;
};

/// Returns `occurred_at`, which must be there and not of the future.
Timestamp occurred_at_in(const JsonObject& root, Timestamp now);

} // namespace entrepot::api
