// An identity key: one claim of an e-mail, a phone or a channel's customer id, for one customer, for ever. Its stream is found by a hash of the key's text;
// the text itself is stored nowhere in clear.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

#include "domain/ids.hpp"
#include "domain/result.hpp"

namespace entrepot::identity {

enum class Form : std::uint8_t { channel_id, email, phone };
std::string_view name_of(Form form); ///< "channel_id", "email", "phone"
std::optional<Form> form_from(std::string_view name);

/// A key by which a customer is known: what kind of text it was, and the stream that its text leads to.
struct Key {
  Form form = Form::email;
  ChannelCode channel; ///< of a channel_id only: whose id it is
  StreamId stream;
  bool operator==(const Key&) const = default;
};

/// Returns the key of a channel's own customer id; nothing if it is blank: a null id would make one customer of strangers.
std::optional<Key> channel_id_key(const ChannelCode& channel, std::string_view id);
/// Returns the key of an e-mail, trimmed and in lower case; nothing unless it is something@something: "n/a" is nobody.
std::optional<Key> email_key(std::string_view email);
/// Returns the key of a phone in E.164, "+447700900123"; nothing for any other text.
std::optional<Key> phone_key(std::string_view e164);

struct Claim { Form form = Form::email; CustomerNumber customer; };
using Command = std::variant<Claim>;

struct Claimed { Form form = Form::email; CustomerNumber customer; bool operator==(const Claimed&) const = default; };
using Event = std::variant<Claimed>;

struct State {
  CustomerNumber owner; ///< empty: nobody's yet
  Form form = Form::email;
  bool operator==(const State&) const = default;
};

/// Refuses `identity-taken` with the owner in its text. The owner's own second claim changes nothing.
Decision<Event> decide(const State& key, const Command& command, Timestamp now);
State evolve(State key, const Event& event);

} // namespace entrepot::identity
