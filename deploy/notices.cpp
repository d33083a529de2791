#include "deploy/notices.hpp"

#include <spdlog/spdlog.h>

#include "gateways/api/people.hpp"
#include "gateways/api/pickup_code.hpp"
#include "gateways/partners/notification_http.hpp"
#include "persistence/secrets.hpp"
#include "workflows/notices.hpp"

namespace entrepot {
namespace {

notification::Provider provider_at(const std::string& url) {
  partners::PartnerHttpOptions options;
  options.url = url;
  return partners::make_http_notification_provider(std::move(options));
}

std::optional<notification::Recipient> opened(People& people, StreamId person, const customer::Contact& contact) {
  auto key = people.key(person);
  if (!key)
    return {};
  auto email = api::open(contact.email, *key), phone = api::open(contact.phone, *key);
  if (!email || !phone)
    return {};
  return notification::Recipient{*std::move(email), *std::move(phone)};
}

} // namespace

Notices::Notices(const std::string& database, const std::string& url, journal::Journal& journal, People& people, std::function<Timestamp()> clock)
    : checkpoint_(consequences::open_postgres_checkpoint(database, "notifications")),
      notifier_({.words =
                     [secret = read_secret(database, "pickup-code")](StreamId stream, const AnyEvent& event, const Family& family) {
                       auto words = workflow::notice_of(event, family, child_of(stream));
                       return words.empty() ? words : words + api::pickup_code_told(secret, stream, event, family);
                     },
                 .open = [&people](StreamId person, const customer::Contact& contact) { return opened(people, person, contact); },
                 .provider = provider_at(url),
                 .now = std::move(clock),
                 .chance = [this] { return std::uniform_real_distribution<double>()(chance_); },
                 .log = [](const std::string& text) { spdlog::warn("notices: {}", text); }},
                journal, *checkpoint_) {}

} // namespace entrepot
