// The keys a body names: what of a contact, and of a channel's own customer id, tells who somebody is.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "domain/customer/identity_key.hpp"
#include "domain/order/draft.hpp"
#include "gateways/api/access.hpp"
#include "gateways/api/json_reader.hpp"

namespace entrepot::api {

inline constexpr std::size_t name_bytes = 200, email_bytes = 254, phone_bytes = 32; ///< of a contact
inline constexpr std::size_t channel_id_bytes = 200;                                ///< of a channel's own customer id

/// A person's data as it came in: sealed before it goes on, and never logged.
struct PlainContact {
  std::string name, email, phone;
};

/// Reads "contact": name, e-mail, phone, each optional.
PlainContact read_contact(const JsonObject& contact);

/// Where phones of a channel's customers are dialled; asked only if there is a phone.
using CountryOf = std::function<std::string(const ChannelCode&)>;

/// Returns the country of a channel; the default one if it names none, or is not there.
std::string country_of(const ChannelCode& channel, const order::Definitions& definitions);

/// Returns the keys of a contact, e-mail before phone. What is no e-mail is no key. Notes `phone-invalid` at "phone".
std::vector<identity::Key> keys_of(const JsonObject& object, const PlainContact& contact, const ChannelCode& channel, const CountryOf& country_of);

/// Reads one identity: {"email"}, {"phone", "country"} or {"channel", "id"}. `country`: where a phone is dialled that names none. Notes `email-invalid`,
/// `phone-invalid`, `out-of-scope` (of a channel that `principal` may not speak for) or, at "email", `identity-invalid` (none of them, or several), and returns an
/// empty key then.
identity::Key read_identity(const JsonObject& object, std::string_view country, const Principal& principal);

} // namespace entrepot::api
