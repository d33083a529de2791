// A transfer: goods of ours go from one place to another, for an order that is fetched there, or to fill its shelves.
#pragma once

#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include "domain/fulfilment/work.hpp"
#include "domain/machine.hpp"
#include "domain/result.hpp"

namespace entrepot::transfer {

using fulfilment::Found;
using fulfilment::Line;
using fulfilment::Reason;

enum class Status : std::uint8_t { none, draft, ready_to_ship, in_transit, partially_received, received, cancelled, lost };
std::string_view name_of(Status status);
std::optional<Status> status_from(std::string_view name);
/// Nobody works on it any more; what was given up as lost may still turn up.
inline bool is_terminal(Status status) { return status >= Status::received; }

// What somebody asks of it.
struct Request { LocationCode from, to; EntityCode owner; std::vector<Line> lines; Timestamp due, expected; };  ///< the source has yet to hold the units
struct Plan { LocationCode from, to; EntityCode owner; std::vector<Line> lines; Timestamp due, expected; };   ///< it holds them, for an order
struct MakeReady {};                                      ///< it does
struct Ship { std::vector<Found> found; };                ///< lines left out were found whole
struct Receive { std::vector<Found> come; bool claimed = false; };     ///< lines left out have come whole; what has not come is missing. Claimed: by the order that waits for it
struct ReceivePart { std::vector<Found> come; bool claimed = false; }; ///< the rest is still on its way
struct Lose {};                                           ///< nobody expects it any more
struct Cancel { Reason reason = Reason::other; };         ///< before it has left
struct Escalate { std::int32_t percent = 0; };
struct BookOut {};                                        ///< the source's stock tells it, too
struct BookIn { std::int32_t receipt = 0; };              ///< the destination's does, of the how-manieth arrival
using Command = std::variant<Request, Plan, MakeReady, Ship, Receive, ReceivePart, Lose, Cancel, Escalate, BookOut, BookIn>;
enum class Verb : std::uint8_t { request, plan, make_ready, ship, receive, receive_part, lose, cancel, escalate, book_out, book_in }; ///< in the order of Command
std::string_view name_of(Verb verb);

// What has happened.
struct Requested { LocationCode from, to; EntityCode owner; std::vector<Line> lines; Timestamp due, expected; bool operator==(const Requested&) const = default; };
struct Planned { LocationCode from, to; EntityCode owner; std::vector<Line> lines; Timestamp due, expected; bool operator==(const Planned&) const = default; };
struct MadeReady { bool operator==(const MadeReady&) const = default; };
struct Shipped { std::vector<Found> found; bool operator==(const Shipped&) const = default; };
/// The last arrival: what has not come by now is missing.
struct Received { std::vector<Found> come; bool claimed = false; bool operator==(const Received&) const = default; };
struct PartReceived { std::vector<Found> come; bool claimed = false; bool operator==(const PartReceived&) const = default; };
struct Lost { bool operator==(const Lost&) const = default; };
struct Cancelled { Reason reason = Reason::other; bool operator==(const Cancelled&) const = default; };
struct Escalated { std::int32_t percent = 0; bool operator==(const Escalated&) const = default; };
struct BookedOut { bool operator==(const BookedOut&) const = default; };
struct BookedIn { std::int32_t receipt = 0; bool operator==(const BookedIn&) const = default; };
using Event = std::variant<Requested, Planned, MadeReady, Shipped, Received, PartReceived, Lost, Cancelled, Escalated, BookedOut, BookedIn>;

/// Units that arrived together, by line of the transfer.
struct Receipt {
  std::vector<Quantity> come, missing; ///< missing: given up with this arrival
  bool claimed = false;                ///< by the order that waited for them
  bool operator==(const Receipt&) const = default;
};

struct State {
  Status status = Status::none;
  LocationCode from, to;
  EntityCode owner;                        ///< whose units they are, on the way too
  std::vector<Line> lines;
  std::vector<Quantity> shipped, received, missing; ///< by line; missing: left there, and never came
  Timestamp due, expected;                 ///< when it should leave, and be there
  Timestamp shipped_at;
  bool of_order = false;                   ///< an order waits for it; its process holds the units
  Reason why_cancelled = Reason::other;
  std::int32_t escalated = 0;              ///< per cent of its time after which somebody was alarmed, of the clock that runs: to leave, then to arrive
  bool booked_out = false;                 ///< the source's stock tells what has left, and has the rest back
  std::vector<Receipt> receipts;
  std::int32_t booked_in = 0;              ///< receipts of which the destination's stock tells
  bool operator==(const State&) const = default;
};

/// Returns how many units of the `index`-th line are on their way.
Quantity on_its_way(const State& transfer, std::size_t index);
/// Returns how many units of the `index`-th line have come or may still come.
Quantity to_come(const State& transfer, std::size_t index);
/// Returns whether the stock of both places tells all that has happened to it so far.
bool is_booked(const State& transfer);

/// Returns whether it does not rest yet: somebody is to send or to receive it, or a place's stock does not tell it.
bool is_under_way(const State& transfer);

using Transition = machine::Transition<State, Command, Status, Verb>;
/// What each command does in each status.
std::span<const Transition> transitions();

/// Refuses what the table of `transitions()` refuses, with its code. Check: a transfer has lines, each with units.
Decision<Event> decide(const State& transfer, const Command& command, Timestamp now);
/// Check: no more comes than left, and no more leaves than was asked for.
void evolve(State& transfer, const Event& event, Timestamp at);

} // namespace entrepot::transfer
