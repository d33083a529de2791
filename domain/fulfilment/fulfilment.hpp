// A fulfilment: the work of one place for one order that is brought to the door.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include "domain/ids.hpp"
#include "domain/machine.hpp"
#include "domain/quantity.hpp"
#include "domain/result.hpp"

namespace entrepot::fulfilment {

struct Line {
  std::int32_t line = 0; ///< the order's line number
  Sku sku;
  Quantity quantity;
  bool operator==(const Line&) const = default;
};

enum class Status : std::uint8_t { none, accepted };
std::string_view name_of(Status status);
std::optional<Status> status_from(std::string_view name);
inline bool is_terminal(Status) { return false; }

/// Plans the work; a warehouse accepts at once, so planning, offer and acceptance are one event.
struct Plan { LocationCode location; std::vector<Line> lines; Timestamp due; };
using Command = std::variant<Plan>;
enum class Verb : std::uint8_t { plan }; ///< in the order of Command
std::string_view name_of(Verb verb);

struct Accepted { LocationCode location; std::vector<Line> lines; Timestamp due; bool operator==(const Accepted&) const = default; };
using Event = std::variant<Accepted>;

struct State {
  Status status = Status::none;
  LocationCode location;
  std::vector<Line> lines;
  Timestamp due; ///< when it should have left
  bool operator==(const State&) const = default;
};

using Transition = machine::Transition<State, Command, Status, Verb>;
/// What each command does in each status.
std::span<const Transition> transitions();

/// Refuses what the table of `transitions()` refuses, with its code. Check: a plan has lines, each with units.
Decision<Event> decide(const State& fulfilment, const Command& command, Timestamp now);
void evolve(State& fulfilment, const Event& event, Timestamp at);

} // namespace entrepot::fulfilment
