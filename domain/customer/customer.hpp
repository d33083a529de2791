// A customer: who may order under which terms. Contact data is sealed; identities are claimed elsewhere, one actor a key.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "domain/ids.hpp"
#include "domain/money.hpp"
#include "domain/result.hpp"
#include "domain/sealed.hpp"

namespace entrepot::customer {

struct Contact {
  Sealed name, email, phone;
  bool operator==(const Contact&) const = default;
};

struct Register { CustomerNumber number; Contact contact; std::string level; ChannelCode source; };
struct SetLevel { std::string level; };
using Command = std::variant<Register, SetLevel>;

struct Registered { CustomerNumber number; Contact contact; std::string level; ChannelCode source; bool operator==(const Registered&) const = default; };
struct LevelSet { std::string level; bool operator==(const LevelSet&) const = default; };
using Event = std::variant<Registered, LevelSet>;

struct State {
  bool registered = false;
  CustomerNumber number;
  Contact contact;
  std::string level; ///< e.g. "gold"; empty: the default rules
  ChannelCode source;
  bool operator==(const State&) const = default;
};

/// Refuses `customer-unknown` (not registered), `name-taken` (the number belongs to another customer), `already-registered` (with other data).
Decision<Event> decide(const State& customer, const Command& command, Timestamp now);
State evolve(State customer, const Event& event);

} // namespace entrepot::customer
