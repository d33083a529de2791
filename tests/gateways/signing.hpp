// Messages as partners sign them, and what they are answered.
#pragma once

#include "gateways/partners/standard_webhook.hpp"
#include "tests/gateways/shop.hpp"

namespace entrepot::test {

struct Signing {
  std::string id = "evt_1";
  Timestamp at = now;
  std::string secret = carrier_secret;
};

/// The headers of a message with that body.
inline http::Client::Headers signed_by(const std::string& body, const Signing& how = {}) {
  auto timestamp = std::to_string(std::chrono::floor<std::chrono::seconds>(how.at).time_since_epoch().count());
  return {{"webhook-id", how.id},
          {"webhook-timestamp", timestamp},
          {"webhook-signature", partners::webhook_signature(partners::webhook_secret_from(how.secret).value(), {how.id, timestamp, body})}};
}

inline void expect_taken(const http::Answer& answer, const std::string& outcome) {
  EXPECT_EQ(answer.status, 202) << answer.body;
  EXPECT_EQ(Json::parse(answer.body), (Json{{"outcome", outcome}}));
}

} // namespace entrepot::test
