// Checks of invariants. They stay on in release: a program that knows it is wrong must stop before it writes.
#pragma once

#include <stdexcept>
#include <string>

namespace entrepot {

/// A broken invariant: a defect of this program, never of its input. Ends the actor in which it happens.
struct BrokenInvariant : std::logic_error {
  using std::logic_error::logic_error;
};

/// Throws BrokenInvariant unless `holds`. `rule` is the sentence that was expected to be true.
constexpr void check(bool holds, const char* rule) {
  if (!holds) [[unlikely]]
    throw BrokenInvariant(rule);
}

inline void check(bool holds, const std::string& rule) {
  if (!holds) [[unlikely]]
    throw BrokenInvariant(rule);
}

} // namespace entrepot
