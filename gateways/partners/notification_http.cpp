#include "gateways/partners/notification_http.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "gateways/http/json_writer.hpp"
#include "gateways/partners/wire.hpp"

namespace entrepot::partners {
namespace {

using notification::Answer;
using notification::Notification;

/// Refusals that another message would meet as well, or this one not later: a wrong key or address of ours, too much at once.
constexpr std::array not_of_the_message = {401, 403, 404, 405, 407, 408, 409, 425, 429};

std::string message_of(const Notification& notification, std::string_view host) {
  std::string body;
  http::JsonWriter json(body);
  json.open().field("key", notification.key).field("order", to_text(notification.order)).field("kind", notification.kind).field("text", notification.text);
  json.key("recipient").open();
  if (!notification.recipient.email.empty())
    json.field("email", notification.recipient.email);
  if (!notification.recipient.phone.empty())
    json.field("phone", notification.recipient.phone);
  json.close().close();
  std::string message;
  append_post(message, "/notifications", host, notification.key, body);
  return message;
}

} // namespace

Answer notification_answer_from(int status, const std::string& text) {
  if (status >= 200 && status < 300)
    return {Answer::Kind::accepted, {}};
  if (status < 400 || status >= 500 || std::ranges::find(not_of_the_message, status) != not_of_the_message.end())
    return {Answer::Kind::no_answer, {}};
  auto body = nlohmann::json::parse(text, nullptr, false);
  return {Answer::Kind::refused, code_in(body)};
}

notification::Provider make_http_notification_provider(PartnerHttpOptions options) {
  options.connections = std::min(options.connections, notification_connections);
  auto http = std::make_shared<PartnerHttp>(std::move(options));
  return [http](const Notification& notification, std::function<void(Answer)> reply) {
    http->ask(message_of(notification, http->host()), [reply = std::move(reply)](int status, const std::string& body) {
      auto answer = notification_answer_from(status, body);
      auto is_outcome = answer.kind != Answer::Kind::no_answer;
      reply(std::move(answer));
      return is_outcome;
    });
  };
}

} // namespace entrepot::partners
