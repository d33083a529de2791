// A customer: who may order under which terms and on how much credit. Contact data is sealed; the keys a customer is known by are claimed elsewhere, one
// actor a key (identity_key.hpp), and listed here.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "domain/customer/identity_key.hpp"
#include "domain/ids.hpp"
#include "domain/money.hpp"
#include "domain/result.hpp"
#include "domain/sealed.hpp"

namespace entrepot::customer {

inline constexpr std::size_t max_identities = 100; ///< of one customer

struct Contact {
  Sealed name, email, phone;
  bool operator==(const Contact&) const = default;
};

/// `anew`: refused also if somebody is registered with the very same data, since what is sealed elsewhere would be under a key that is not stored.
struct Register { CustomerNumber number; Contact contact; std::string level; ChannelCode source; std::vector<identity::Key> identities = {}; bool anew = false; };
struct SetLevel { std::string level; };
struct LinkIdentity { identity::Key key; };          ///< the key has been claimed for this customer
struct SetCreditLimit { std::optional<Money> limit; }; ///< nothing: unlimited
struct ReserveCredit { OrderId order; Money amount; }; ///< for what will be billed later
struct ReleaseCredit { OrderId order; };             ///< it will not be billed
struct SettleCredit { OrderId order; };              ///< it was billed, and paid
struct Block { std::string reason; };
struct Unblock {};
using Command = std::variant<Register, SetLevel, LinkIdentity, SetCreditLimit, ReserveCredit, ReleaseCredit, SettleCredit, Block, Unblock>;

struct Registered { CustomerNumber number; Contact contact; std::string level; ChannelCode source; bool operator==(const Registered&) const = default; };
struct LevelSet { std::string level; bool operator==(const LevelSet&) const = default; };
struct IdentityLinked { identity::Key key; bool operator==(const IdentityLinked&) const = default; };
struct CreditLimitSet { std::optional<Money> limit; bool operator==(const CreditLimitSet&) const = default; };
struct CreditReserved { OrderId order; Money amount; bool operator==(const CreditReserved&) const = default; };
struct CreditReleased { OrderId order; bool operator==(const CreditReleased&) const = default; };
struct CreditSettled { OrderId order; bool operator==(const CreditSettled&) const = default; };
struct Blocked { std::string reason; bool operator==(const Blocked&) const = default; };
struct Unblocked { bool operator==(const Unblocked&) const = default; };
using Event = std::variant<Registered, LevelSet, IdentityLinked, CreditLimitSet, CreditReserved, CreditReleased, CreditSettled, Blocked, Unblocked>;

/// What there is to see of a customer: small, so that it may be copied for every order.
struct Profile {
  bool registered = false;
  CustomerNumber number;
  Contact contact;
  std::string level; ///< e.g. "gold"; empty: the default rules
  ChannelCode source;
  std::vector<identity::Key> identities = {}; ///< in the order they were linked
  std::optional<std::string> blocked = {};    ///< why
  std::optional<Money> credit_limit = {};     ///< nothing: unlimited
  Money credit_used = {};                     ///< sum of what is reserved; above the limit if that was lowered
  bool operator==(const Profile&) const = default;
};

struct State {
  Profile profile;
  std::map<OrderId, Money> reserved; ///< open orders on credit: what is paid or given up is forgotten
  bool operator==(const State&) const = default;
};

/// Refuses `customer-unknown` (not registered), `name-taken` (the number belongs to another customer), `already-registered` (with other data,
/// or at all if it is to be anew),
/// `too-many-identities`, `credit-limit-invalid` (negative), `currency-mismatch` (a limit or reservation in another currency than what is reserved or the
/// limit), `customer-blocked` and `credit-limit-exceeded` (ReserveCredit; the text says what is available), `credit-reserved-otherwise` (this order has
/// reserved another amount), `amount-invalid` (negative). What has been reserved stays so when the customer is blocked or the limit lowered. Releasing or
/// settling what is not reserved changes nothing, and so does reserving without a limit: such an order leaves no trace here.
Decision<Event> decide(const State& customer, const Command& command, Timestamp now);
State evolve(State customer, const Event& event);

} // namespace entrepot::customer
