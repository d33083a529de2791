#include "domain/customer/customer.hpp"

#include <algorithm>

namespace entrepot::customer {
namespace {

using Events = std::vector<Event>;

Rejection unknown() { return reject("customer-unknown", "there is no such customer"); }

bool is_known_by(const Profile& customer, const identity::Key& key) { return std::ranges::find(customer.identities, key) != customer.identities.end(); }

/// Adds what is not linked yet.
Decision<Event> link(const Profile& customer, const std::vector<identity::Key>& keys, Events events = {}) {
  auto linked = customer.identities.size();
  for (const auto& key : keys) {
    check(static_cast<bool>(key.stream), "a customer is known by a key that leads somewhere");
    if (is_known_by(customer, key))
      continue;
    if (++linked > max_identities)
      return reject("too-many-identities", "a customer is known by at most " + std::to_string(max_identities) + " identities");
    events.emplace_back(IdentityLinked{key});
  }
  return events;
}

Decision<Event> enrol(const Profile& customer, const Register& command) {
  check(static_cast<bool>(command.number), "a customer has a number");
  if (!customer.registered)
    return link(customer, command.identities, {Registered{command.number, command.contact, command.level, command.source}});
  if (customer.number != command.number)
    return reject("name-taken", "this number belongs to the customer " + customer.number.text());
  if (!command.anew && customer.contact == command.contact && customer.level == command.level && customer.source == command.source)
    return link(customer, command.identities);
  return reject("already-registered", "the customer " + customer.number.text() + " is registered with other data");
}

Decision<Event> set_level(const Profile& customer, const SetLevel& command) {
  if (customer.level == command.level)
    return Events{};
  return Events{LevelSet{command.level}};
}

Decision<Event> set_limit(const State& customer, const SetCreditLimit& command) {
  const auto& limit = command.limit;
  if (limit && limit->amount < 0)
    return reject("credit-limit-invalid", "a credit limit is not negative");
  if (limit && !customer.reserved.empty() && limit->currency != customer.profile.credit_used.currency)
    return reject("currency-mismatch", "credit is reserved in " + std::string(customer.profile.credit_used.currency.code()));
  if (customer.profile.credit_limit == limit)
    return Events{};
  return Events{CreditLimitSet{limit}};
}

Decision<Event> reserve(const State& customer, const ReserveCredit& command) {
  const auto& [order, amount] = command;
  const auto& profile = customer.profile;
  if (auto known = customer.reserved.find(order); known != customer.reserved.end()) {
    if (known->second == amount)
      return Events{};
    return reject("credit-reserved-otherwise", "this order has reserved " + to_text(known->second));
  }
  if (amount.amount < 0)
    return reject("amount-invalid", "credit is not reserved for a negative amount");
  if (profile.blocked)
    return reject("customer-blocked", "the customer " + profile.number.text() + " is blocked");
  if (amount.amount == 0 || !profile.credit_limit)
    return Events{};
  if (amount.currency != profile.credit_limit->currency)
    return reject("currency-mismatch", "the credit limit is in " + std::string(profile.credit_limit->currency.code()));
  auto used = customer.reserved.empty() ? Money{0, amount.currency} : profile.credit_used;
  auto available = *profile.credit_limit - used;
  if (less(available, amount))
    return reject("credit-limit-exceeded", to_text(available) + " of the credit limit of " + to_text(*profile.credit_limit) + " is available, " + to_text(amount) + " is needed");
  return Events{CreditReserved{order, amount}};
}

template <class Ending>
Decision<Event> end_reservation(const State& customer, OrderId order) {
  if (!customer.reserved.contains(order))
    return Events{};
  return Events{Ending{order}};
}

Decision<Event> block(const Profile& customer, const Block& command) {
  if (customer.blocked == command.reason)
    return Events{};
  return Events{Blocked{command.reason}};
}

/// What is asked of a customer who is registered.
struct Asked {
  const State& customer;
  Decision<Event> operator()(const Register& c) const { return enrol(customer.profile, c); }
  Decision<Event> operator()(const SetLevel& c) const { return set_level(customer.profile, c); }
  Decision<Event> operator()(const LinkIdentity& c) const { return link(customer.profile, {c.key}); }
  Decision<Event> operator()(const SetCreditLimit& c) const { return set_limit(customer, c); }
  Decision<Event> operator()(const ReserveCredit& c) const { return reserve(customer, c); }
  Decision<Event> operator()(const ReleaseCredit& c) const { return end_reservation<CreditReleased>(customer, c.order); }
  Decision<Event> operator()(const SettleCredit& c) const { return end_reservation<CreditSettled>(customer, c.order); }
  Decision<Event> operator()(const Block& c) const { return block(customer.profile, c); }
  Decision<Event> operator()(const Unblock&) const { return customer.profile.blocked ? Events{Unblocked{}} : Events{}; }
};

void take(State& customer, const CreditReserved& event) {
  auto& used = customer.profile.credit_used;
  used = customer.reserved.empty() ? event.amount : used + event.amount;
  check(customer.reserved.emplace(event.order, event.amount).second, "an order reserves credit once");
}

void give_back(State& customer, OrderId order) {
  auto reserved = customer.reserved.find(order);
  check(reserved != customer.reserved.end(), "what is given back was reserved");
  customer.profile.credit_used -= reserved->second;
  customer.reserved.erase(reserved);
}

} // namespace

Decision<Event> decide(const State& customer, const Command& command, Timestamp) {
  if (!customer.profile.registered && !std::holds_alternative<Register>(command))
    return unknown();
  return std::visit(Asked{customer}, command);
}

State evolve(State customer, const Event& event) {
  auto& profile = customer.profile;
  std::visit(Overload{[&](const Registered& e) {
                        check(!profile.registered, "a customer is registered once");
                        profile = Profile{true, e.number, e.contact, e.level, e.source};
                      },
                      [&](const LevelSet& e) { profile.level = e.level; },
                      [&](const IdentityLinked& e) { profile.identities.push_back(e.key); },
                      [&](const CreditLimitSet& e) { profile.credit_limit = e.limit; },
                      [&](const CreditReserved& e) { take(customer, e); },
                      [&](const CreditReleased& e) { give_back(customer, e.order); },
                      [&](const CreditSettled& e) { give_back(customer, e.order); },
                      [&](const Blocked& e) { profile.blocked = e.reason; },
                      [&](const Unblocked&) { profile.blocked.reset(); }},
             event);
  return customer;
}

} // namespace entrepot::customer
