// What came of one row of an import.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "domain/ids.hpp"
#include "domain/money.hpp"
#include "domain/result.hpp"
#include "gateways/ports.hpp"

namespace entrepot::api::imports {

/// A line that the order was made without.
struct RefusedLine {
  std::int32_t line = 0; ///< of the row, from 1
  std::string code, text;
  bool operator==(const RefusedLine&) const = default;
};

struct Outcome {
  enum class Status : std::uint8_t { done, refused, again } status = Status::done;
  std::optional<Rejection> why = {}; ///< of one that is refused, or not done yet
  std::optional<OrderId> order = {};
  std::optional<Money> total = {};   ///< of the order
  bool replayed = false;
  std::vector<RefusedLine> refused_lines = {};
};

/// Called once, on any thread.
using Done = std::function<void(Outcome)>;

inline Outcome refused(Rejection why) { return {.status = Outcome::Status::refused, .why = std::move(why)}; }
/// Not done now: the row may be sent again, and goes on where it was.
inline Outcome again(std::string code, std::string text) { return {.status = Outcome::Status::again, .why = Rejection{std::move(code), std::move(text), {}}}; }
inline Outcome outcome_of(const gateway::Fault& fault) {
  using enum gateway::Fault::Kind;
  return again(fault.kind == overloaded ? "overloaded" : fault.kind == timed_out ? "timed-out" : "unavailable", "Not done now; send the row again.");
}
inline Outcome outcome_of(const Rejection& why) { return refused(why); }

} // namespace entrepot::api::imports
