// An order: what was agreed with the customer, and how far each unit of it has come.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "domain/customer/customer.hpp"
#include "domain/ids.hpp"
#include "domain/machine.hpp"
#include "domain/money.hpp"
#include "domain/payment/instalment.hpp"
#include "domain/quantity.hpp"
#include "domain/result.hpp"
#include "domain/sealed.hpp"

namespace entrepot::order {

/// One line as agreed: price, tax class and category are frozen here. A service line (transport) has no stock.
struct Line {
  std::int32_t number = 0; ///< from 1
  Sku sku;                 ///< of a service line: the delivery option's code
  std::string name;
  Quantity quantity;
  Money unit_price;        ///< gross
  Money total;
  std::string category, tax_class;
  bool service = false;
  bool operator==(const Line&) const = default;
};

/// Brought to the customer's door.
struct Delivery {
  std::string option;            ///< code in the channel's delivery table
  Sealed address;
  std::string terms, carrier;
  LocationCode ship_from;
  Timestamp issue_at;            ///< scheduled goods issue
  std::optional<Timestamp> promise;
  bool operator==(const Delivery&) const = default;
};

/// Everything the two sides agreed on, decided once and never computed again.
struct Agreement {
  ChannelCode channel;
  std::int32_t channel_version = 0;
  EntityCode organisation;
  std::string workflow;          ///< e.g. "bodah"
  std::int32_t workflow_version = 1;
  std::string external_number;   ///< the channel's own number; empty: none
  CustomerNumber customer;       ///< empty: a guest
  std::string customer_level;
  customer::Contact contact;     ///< of a guest, under the order's own key
  std::vector<Line> lines;
  Delivery delivery;
  std::vector<payment::Instalment> instalments;
  std::string payment_token;     ///< the provider's name for the customer's card; no secret
  Money total;
  bool operator==(const Agreement&) const = default;
};

enum class Status : std::uint8_t { none, submitted, confirmed, rejected };
std::string_view name_of(Status status);
std::optional<Status> status_from(std::string_view name);
/// Nothing can change any more but by documents.
inline bool is_terminal(Status status) { return status == Status::rejected; }

// What somebody asks of an order.
struct Submit { Agreement agreement; };
struct Confirm {};
struct Reject { std::string code, text; std::vector<RejectionDetail> details; };
using Command = std::variant<Submit, Confirm, Reject>;
enum class Verb : std::uint8_t { submit, confirm, reject }; ///< in the order of Command
std::string_view name_of(Verb verb);

// What has happened to it.
struct Submitted { Agreement agreement; bool operator==(const Submitted&) const = default; };
struct Confirmed { bool operator==(const Confirmed&) const = default; };
struct Rejected { std::string code, text; std::vector<RejectionDetail> details; bool operator==(const Rejected&) const = default; };
using Event = std::variant<Submitted, Confirmed, Rejected>;

/// How far the units of a line have come: ordered = open + held + issued + cancelled, issued >= delivered, return_pending + returned <= issued.
/// Picked and packed belong to the fulfilment and are added in the view.
struct Units {
  Quantity ordered, open, held, issued, delivered, cancelled, return_pending, returned;
  bool operator==(const Units&) const = default;
};

struct State {
  Status status = Status::none;
  Agreement agreement;
  std::vector<Units> units; ///< by line
  std::optional<Rejection> why_rejected;
  Timestamp submitted_at;
  bool operator==(const State&) const = default;
};

using Transition = machine::Transition<State, Command, Status, Verb>;
/// What each command does in each status.
std::span<const Transition> transitions();

/// Refuses what the table of `transitions()` refuses, with its code. Asking for what is already so causes no event.
Decision<Event> decide(const State& order, const Command& command, Timestamp now);
/// Applies `event`, which happened `at`. Check: the quantities of every line still add up (L1, L2, L3).
void evolve(State& order, const Event& event, Timestamp at);

} // namespace entrepot::order
