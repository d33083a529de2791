// A process's own short diary: what it did that no other event of the family tells. Everything else it knows by folding the family's events.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "domain/result.hpp"
#include "domain/time.hpp"

namespace entrepot::process {

/// The order was given up: the steps that may have had an effect are being taken back, last first.
struct CompensationBegun {
  std::vector<std::int32_t> steps; ///< of the table until the promise, in the order in which they are undone
  bool operator==(const CompensationBegun&) const = default;
};
struct CompensationEnded {
  bool operator==(const CompensationEnded&) const = default;
};
/// A step was refused where nobody can decide but a person.
struct Parked {
  std::string step, code, text;
  bool operator==(const Parked&) const = default;
};
/// A person has looked and lets it go on: what was refused is asked anew.
struct Resumed {
  bool operator==(const Resumed&) const = default;
};
using Event = std::variant<CompensationBegun, CompensationEnded, Parked, Resumed>;

/// A person lets a parked process go on.
struct Retry {};
using Command = std::variant<Retry>;

struct Diary {
  std::vector<std::int32_t> to_undo; ///< empty: nothing is being taken back
  bool undone = false;               ///< everything was taken back
  std::optional<Parked> parked;
  std::int32_t resumed = 0;          ///< how often a person let it go on
  bool operator==(const Diary&) const = default;
};

/// Refuses `process-not-parked`.
Decision<Event> decide(const Diary& diary, const Command& command);
void evolve(Diary& diary, const Event& event);

} // namespace entrepot::process
