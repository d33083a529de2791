#include "domain/customer/identity_key.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "domain/words.hpp"

namespace entrepot::identity {
namespace {

constexpr Words<Form, 3> forms{{"channel_id", "email", "phone"}};

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blank = " \t\r\n";
  auto from = text.find_first_not_of(blank);
  return from == std::string_view::npos ? std::string_view{} : text.substr(from, text.find_last_not_of(blank) - from + 1);
}

/// The form stands in front of the text, and so does whatever the text is unique within: no e-mail can be somebody's id in a channel.
Key key_of(Form form, const ChannelCode& channel, std::string_view text) {
  std::string name(name_of(form));
  name += '\n';
  name += channel.text();
  name += '\n';
  name += text;
  return {form, channel, named_stream(Kind::identity_key, name)};
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

} // namespace

std::string_view name_of(Form form) { return forms.of(form); }
std::optional<Form> form_from(std::string_view name) { return forms.from(name); }

std::optional<Key> channel_id_key(const ChannelCode& channel, std::string_view id) {
  auto text = trimmed(id);
  if (text.empty() || !channel)
    return {};
  return key_of(Form::channel_id, channel, text);
}

std::optional<Key> email_key(std::string_view email) {
  std::string text(trimmed(email));
  auto at = text.find('@');
  if (at == 0 || at == std::string::npos || at + 1 == text.size() || text.find('@', at + 1) != std::string::npos || text.find_first_of(" \t") != std::string::npos)
    return {};
  for (auto& c : text)
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c - 'A' + 'a');
  return key_of(Form::email, {}, text);
}

std::optional<Key> phone_key(std::string_view e164) {
  constexpr std::size_t most_digits = 15;
  if (e164.size() < 2 || e164.size() > most_digits + 1 || e164.front() != '+' || !std::ranges::all_of(e164.substr(1), is_digit))
    return {};
  return key_of(Form::phone, {}, e164);
}

Decision<Event> decide(const State& key, const Command& command, Timestamp) {
  const auto& claim = std::get<Claim>(command);
  check(static_cast<bool>(claim.customer), "a key is claimed for somebody");
  if (!key.owner)
    return std::vector<Event>{Claimed{claim.form, claim.customer}};
  if (key.owner == claim.customer)
    return std::vector<Event>{};
  return reject("identity-taken", "this " + std::string(name_of(key.form)) + " belongs to the customer " + key.owner.text());
}

State evolve(State key, const Event& event) {
  const auto& claimed = std::get<Claimed>(event);
  check(!key.owner, "a key is claimed once, for ever");
  key.owner = claimed.customer;
  key.form = claimed.form;
  return key;
}

} // namespace entrepot::identity
