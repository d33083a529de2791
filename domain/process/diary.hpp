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
using Event = std::variant<CompensationBegun, CompensationEnded, Parked>;

struct Diary {
  std::vector<std::int32_t> to_undo; ///< empty: nothing is being taken back
  std::optional<Parked> parked;
  bool operator==(const Diary&) const = default;
};

void evolve(Diary& diary, const Event& event);

} // namespace entrepot::process
