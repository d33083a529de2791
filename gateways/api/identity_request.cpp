#include "gateways/api/identity_request.hpp"

#include "domain/country.hpp"
#include "gateways/api/phone.hpp"

namespace entrepot::api {
namespace {

/// Notes `code` at `field` if there is no key.
identity::Key or_refuse(const std::optional<identity::Key>& key, const JsonObject& object, const char* field, const char* code, const char* text) {
  if (!key)
    object.refuse(field, code, text);
  return key.value_or(identity::Key{});
}

std::optional<identity::Key> key_of_phone(std::string_view text, std::string_view country) {
  auto e164 = phone_in_e164(text, country);
  return e164 ? identity::phone_key(*e164) : std::nullopt;
}

constexpr auto no_phone = "Nobody can have this phone number.";

} // namespace

PlainContact read_contact(const JsonObject& contact) {
  return {contact.optional_text("name", name_bytes), contact.optional_text("email", email_bytes), contact.optional_text("phone", phone_bytes)};
}

std::string country_of(const ChannelCode& channel, const order::Definitions& definitions) {
  auto known = definitions.channels.find(channel);
  auto country = known == definitions.channels.end() ? std::string() : known->second->definition.country;
  return country.empty() ? std::string(default_country) : country;
}

std::vector<identity::Key> keys_of(const JsonObject& object, const PlainContact& contact, const ChannelCode& channel, const CountryOf& country_of) {
  std::vector<identity::Key> keys;
  if (auto email = identity::email_key(contact.email))
    keys.push_back(*email);
  if (!contact.phone.empty())
    if (auto phone = or_refuse(key_of_phone(contact.phone, country_of(channel)), object, "phone", "phone-invalid", no_phone); phone.stream)
      keys.push_back(phone);
  return keys;
}

identity::Key read_identity(const JsonObject& object, std::string_view country, const Principal& principal) {
  auto given = object.has("email") + object.has("phone") + (object.has("channel") || object.has("id"));
  if (given != 1) {
    for (auto field : {"email", "phone", "country", "id"})
      object.optional_text(field, channel_id_bytes);
    object.optional_text("channel", channel_id_bytes);
    object.refuse("email", "identity-invalid", "An identity is an email, a phone, or a channel with its id: one of them.");
    return {};
  }
  if (object.has("email"))
    return or_refuse(identity::email_key(object.text("email", email_bytes)), object, "email", "email-invalid", "This is no e-mail address.");
  if (object.has("phone")) {
    auto dialled_in = object.optional_text("country", 2);
    if (!dialled_in.empty() && !is_country(dialled_in))
      object.refuse("country", "value-unknown", "A country is two capital letters, as ISO 3166 says.");
    return or_refuse(key_of_phone(object.text("phone", phone_bytes), dialled_in.empty() ? country : dialled_in), object, "phone", "phone-invalid", no_phone);
  }
  auto channel = object.code<ChannelCode>("channel");
  if (channel && !principal.may_channel(channel.text()))
    object.refuse("channel", "out-of-scope", "This key may not name customers of the channel " + channel.text() + ".");
  return or_refuse(identity::channel_id_key(channel, object.text("id", channel_id_bytes)), object, "id", "text-invalid", "An id is not blank.");
}

} // namespace entrepot::api
