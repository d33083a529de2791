// Whose an e-mail, phone or channel's customer id is, and whose it becomes. Each key is claimed by one actor of its own; nothing here decides who is first.
//
// A new customer is made in two steps, claim and registration, and whoever finds a key that is claimed for a number nobody is registered under takes the
// second one: of two first orders the later finishes what the earlier began, also after a crash between the two.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "gateways/api/desk.hpp"
#include "gateways/api/people.hpp"

namespace entrepot::api {

/// On whose behalf keys are looked up and claimed.
struct Resolver {
  Shared inside;
  gateway::Origin origin;
};

/// A key with its owner; both empty: nobody has any of the keys.
struct Owned {
  CustomerNumber owner;
  std::optional<identity::Key> key;
};

/// Answers the first of the keys that belongs to somebody else than `but_not`, with its owner.
void find_owner(const Resolver& resolver, std::vector<identity::Key> keys, const CustomerNumber& but_not, gateway::Reply<Owned> reply);

/// Claims the keys for `number`, one after another. Answers those that are its own now; the others had an owner.
void claim_keys(const Resolver& resolver, std::vector<identity::Key> keys, const CustomerNumber& number, gateway::Reply<std::vector<identity::Key>> reply);

/// Lists keys, claimed before, in the customer's own history. Answers the customer's version after it (0: there were no keys).
void link_keys(const Resolver& resolver, std::vector<identity::Key> keys, const CustomerNumber& number, gateway::Reply<std::int64_t> reply);

/// Returns the keys that the customer does not list.
std::vector<identity::Key> keys_not_listed(std::vector<identity::Key> keys, const customer::Profile& customer);

/// What a person is registered with.
struct Introduction {
  customer::Contact contact; ///< sealed under `key`
  gateway::PersonKey key;
  ChannelCode source;
};
/// Returns what the person is registered with under that number; nothing: not at all.
using Introduce = std::function<std::optional<Introduction>(const CustomerNumber&)>;

struct Resolved {
  CustomerNumber number;                      ///< empty: the person was not introduced
  std::optional<gateway::CustomerView> known; ///< nothing: has just been registered, as introduced
};

/// Answers the customer whom the first of `keys` that is anybody's leads to; if they are nobody's, claims them for a new number and registers the person. The keys
/// stand in the order in which they count; new ones are claimed e-mail first, so that two orders with one new e-mail meet there whatever else they know.
void resolve_or_register(const Resolver& resolver, std::vector<identity::Key> keys, Introduce introduce, gateway::Reply<Resolved> reply);

} // namespace entrepot::api
