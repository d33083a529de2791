// A channel: where customers order, and what it lets them choose. A definition with versions; every order freezes the version it was decided by.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "domain/channel/terms.hpp"
#include "domain/ids.hpp"
#include "domain/money.hpp"
#include "domain/payment/instalment.hpp"
#include "domain/result.hpp"
#include "domain/sourcing/rules.hpp"

namespace entrepot::channel {

inline constexpr std::size_t max_carriers = 10; ///< asked for one label after each other

/// A row of the delivery table: what the customer may choose, what it costs and what it promises.
struct DeliveryOption {
  std::string code;                ///< e.g. "24h"
  std::string name;                ///< e.g. "Transport 24h"; the text of the line it adds
  Money charge;                    ///< gross; zero adds no line
  std::optional<Duration> promise; ///< from now to the door; none: not promised
  Duration lead = {};              ///< how long the carrier needs
  std::string terms;               ///< e.g. "DDP"
  std::string carrier;
  LocationCode ship_from;          ///< empty: found by the channel's sourcing rules
  std::vector<std::string> other_carriers = {}; ///< in turn, where the carrier makes no label (F13)
  bool operator==(const DeliveryOption&) const = default;
};

/// A row of the payment table: who it is for, and what is due at which moment with which method.
struct PaymentRule {
  std::string level;                ///< customer level; empty: any
  std::string category;             ///< every goods line of this category; empty: any
  std::optional<Timestamp> from, to; ///< by occurred_at, `to` excluded
  std::vector<payment::Share> shares; ///< in order of moments; the last one takes the remainder
  bool operator==(const PaymentRule&) const = default;
};

struct Definition {
  ChannelCode code;
  std::string name;
  EntityCode organisation;              ///< the legal entity that sells here
  Currency currency;
  std::string price_list;
  std::vector<std::string> workflows;   ///< names of workflows allowed, e.g. "bodah"
  std::vector<DeliveryOption> delivery;
  std::vector<PaymentRule> payment;
  std::vector<LocationCode> pickup_stores;
  std::string tax_class_of_services;    ///< of transport lines
  bool prices_as_told = false;          ///< what a line costs is what whoever brings the order says, e.g. a file of the past; the price list is not looked at
  sourcing::Routing sourcing = {};      ///< of deliveries whose option names no place to ship from
  std::vector<sourcing::TransferSource> transfer_from = {}; ///< whence a pickup store gets what it has not got; the first that has everything. Empty: from nowhere
  std::string country = {};             ///< ISO 3166, where phones without a country code are dialled; empty: the default one
  Terms terms = {};                     ///< of this door
  bool operator==(const Definition&) const = default;
};

struct Activate { Definition definition; };
using Command = std::variant<Activate>;

struct Activated { std::int32_t version = 0; Definition definition; bool operator==(const Activated&) const = default; };
using Event = std::variant<Activated>;

struct State {
  Definition definition;
  std::int32_t version = 0; ///< 0: never activated
  bool operator==(const State&) const = default;
};

/// Returns Activated with the next version, or nothing if the definition is already so. Refuses `channel-invalid` with every fault found (a lead time
/// longer than its promise is judged at submission, not here; a payment table without a rule or a rule without a share is refused here),
/// `name-taken`.
Decision<Event> decide(const State& channel, const Command& command, Timestamp now);
State evolve(State channel, const Event& event);

} // namespace entrepot::channel
