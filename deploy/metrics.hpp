// What a running node tells of itself, in Prometheus's text format. Numbers only: no ids but those of webhook endpoints, no personal data.
#pragma once

#include <string>

#include "actors/system.hpp"
#include "gateways/api/partner_events.hpp"
#include "gateways/http/server.hpp"
#include "persistence/consequences/messenger.hpp"
#include "persistence/consequences/notifier.hpp"
#include "persistence/read_models/lag.hpp"
#include "persistence/webhooks/courier.hpp"

namespace entrepot {

struct NodeFigures {
  http::ServerFigures http;
  read_models::LagStats read_models;
  bool read_models_work = true; ///< false: stopped for good
  bool lease = true;            ///< the node may answer from memory
  actors::System::Figures actors;
  consequences::NotifierFigures notices;
  std::vector<webhook::EndpointFigures> webhooks = {};
  consequences::MessengerFigures consequences = {};
  Timestamp now; ///< against which ages are told
  std::uint64_t creations_forgotten = 0;
  std::shared_ptr<const api::EventCounts> carrier_events = {}, payment_events = {}; ///< none: no such figures
};

/// Returns the text for GET /metrics.
std::string metrics_text(const NodeFigures& figures);

} // namespace entrepot
