#include "gateways/api/partner_message.hpp"

#include "domain/words.hpp"
#include "gateways/api/idempotency.hpp"
#include "gateways/http/json_writer.hpp"
#include "gateways/partners/standard_webhook.hpp"

namespace entrepot::api {
namespace {

constexpr Words<EventOutcome, event_outcome_count> outcomes{
    {"taken", "repeated", "ignored", "closed", "too_early", "unknown", "malformed", "not_signed", "failed"}};

/// Nothing: it is from who knows the secret, and of now.
std::optional<Rejection> not_the_partners(const http::Request& request, const partners::WebhookSecret& secret, Timestamp now) {
  for (auto name : {"webhook-id", "webhook-timestamp", "webhook-signature"})
    if (request.count(name) != 1)
      return reject("signature-invalid", "Messages are signed: one header each of webhook-id, webhook-timestamp and webhook-signature.");
  auto id = request.header("webhook-id"), timestamp = request.header("webhook-timestamp");
  auto seconds = partners::webhook_seconds(timestamp);
  if (!seconds || id.empty() || id.size() > partners::webhook_id_bytes || !partners::is_signed(secret, {id, timestamp, request.body()}, request.header("webhook-signature")))
    return reject("signature-invalid", "The message is not signed with the secret that was agreed on.");
  auto sent = Timestamp{std::chrono::seconds{*seconds}};
  if (sent < now - http::limits::webhook_window || sent > now + http::limits::webhook_window)
    return reject("timestamp-out-of-window", "The message was signed more than five minutes before or after now. Sign it anew.");
  return {};
}

} // namespace

std::string_view name_of(EventOutcome outcome) { return outcomes.of(outcome); }

PartnerMessage::PartnerMessage(Shared inside, const Partner& partner, const http::Request& request, http::Responder responder)
    : inside_(std::move(inside)), partner_(&partner), responder_(std::move(responder)), instance_(request.path()),
      command_(request_command(partner.by, request.header("webhook-id"), "POST " + instance_)) {}

bool PartnerMessage::is_admitted(const http::Request& request) const {
  const auto& secret = events().secret;
  if (secret.empty()) {
    refuse(reject(std::string(partner_->name) + "-events-not-configured", "This server knows no secret to tell such messages by: it takes none."), EventOutcome::failed);
    return false;
  }
  if (auto why = not_the_partners(request, secret, now())) {
    refuse(*why, EventOutcome::not_signed);
    return false;
  }
  auto share = inside_->counts.begin(partner_->by);
  if (!share) {
    refuse(reject("too-many-requests", "As many messages are under way as may be."), EventOutcome::failed);
    return false;
  }
  responder_.keep(std::move(share));
  return true;
}

void PartnerMessage::accept(EventOutcome outcome) const {
  events().counts->add(outcome);
  http::Response response;
  response.status = 202;
  http::JsonWriter(response.body).open().field("outcome", name_of(outcome)).close();
  responder_.answer(std::move(response));
}

void PartnerMessage::refuse(const Rejection& why, EventOutcome outcome) const {
  events().counts->add(outcome);
  responder_.answer(to_response(why, instance_));
}

void PartnerMessage::fail(const gateway::Fault& fault) const {
  events().counts->add(EventOutcome::failed);
  responder_.answer(to_response(fault, instance_));
}

Timestamp occurred_at_in(const JsonObject& root, Timestamp now) {
  auto occurred_at = root.optional_time("occurred_at");
  if (!root.has("occurred_at"))
    root.refuse("occurred_at", "field-missing", "Say when it happened.");
  else if (occurred_at && *occurred_at > now + http::limits::clock_skew)
    root.refuse("occurred_at", "time-invalid", "What has not happened yet cannot be recorded.");
  return occurred_at.value_or(now);
}

} // namespace entrepot::api
