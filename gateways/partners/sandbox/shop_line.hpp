// How a partner that the sandbox plays reaches the shop, and is known there: by signed messages.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "domain/time.hpp"
#include "gateways/http/client.hpp"
#include "gateways/partners/standard_webhook.hpp"

namespace entrepot::partners {

struct ShopLine {
  std::optional<WebhookSecret> secret = {};               ///< that messages are signed with; none: nothing is told
  std::function<std::optional<http::Client>()> shop = {}; ///< looked for before each message; may block and throw; nothing: not there now
  std::function<Timestamp()> clock = {};                  ///< both are needed with the secret
};

/// Sends one message and waits. Returns the HTTP status of the answer; 0: there was none, and whether the shop has heard it is unknown. @pre line.secret
int tell_shop(const ShopLine& line, std::string_view target, const std::string& id, const std::string& body);

inline bool is_acknowledgement(int answer) { return answer >= 200 && answer < 300; }

} // namespace entrepot::partners
