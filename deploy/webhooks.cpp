#include "deploy/webhooks.hpp"

#include <spdlog/spdlog.h>

#include "gateways/partners/cloud_event.hpp"
#include "gateways/partners/webhook_http.hpp"
#include "persistence/secrets.hpp"
#include "persistence/webhooks/postgres_registry.hpp"
#include "workflows/published.hpp"

namespace entrepot {
namespace {

/// What this installation calls itself outside: a UUID of its own, as a URI.
std::string source_of(const std::string& database) {
  constexpr char hex[] = "0123456789abcdef";
  std::string text = "urn:uuid:";
  auto bytes = read_secret(database, "event-source");
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10)
      text += '-';
    text += hex[bytes[i] >> 4];
    text += hex[bytes[i] & 15];
  }
  return text;
}

} // namespace

WebhookCourier::WebhookCourier(const std::string& database, journal::Journal& journal, std::function<Timestamp()> clock) : registry_(webhook::open_postgres_registry(database)) {
  auto table = consequences::open_checkpoint_table(database);
  webhook::CourierOptions options{
      .wording = {.name = workflow::published_as, .body = [source = source_of(database)](const webhook::Publication& event) { return partners::cloud_event(event, source); }},
      .sender = partners::make_http_webhook_sender(),
      .checkpoint = [table](const std::string& endpoint) { return consequences::open_postgres_checkpoint(table, webhook::checkpoint_name(endpoint)); },
      .now = std::move(clock),
      .chance = [this] { return std::uniform_real_distribution<double>()(chance_); },
      .log = [](const std::string& text) { spdlog::warn("webhooks: {}", text); }};
  courier_ = std::make_unique<webhook::Courier>(std::move(options), journal, *registry_);
}

} // namespace entrepot
