// A state on pages: what a unit must be able to do so that its history need not be told from the beginning.
#pragma once

#include <cstdint>
#include <span>
#include <stdexcept>
#include <vector>

#include "domain/time.hpp"
#include "persistence/journal.hpp"

namespace entrepot::snapshot {

/// Which numbers the pages of a snapshot have.
namespace number {
inline constexpr std::int32_t cover = 0;
inline constexpr std::int32_t state = 1;                 ///< first of the unit's state
inline constexpr std::int32_t sort_size = 1 << 20;       ///< numbers of one sort of items
inline constexpr std::int32_t remembered = 1 << 24;      ///< first of the remembered requests; all of the state lie before it
} // namespace number

/// What is to be written: pages that have changed, and the numbers of those that are no more. The binder gives them their seq.
struct Changes {
  std::vector<journal::Page> pages;
  std::vector<std::int32_t> gone;
};

/// How one kind of state is kept on pages. A specialisation has
///   void touch(const State& before, const Event& event, Timestamp at);           notes what the event is about to change; called before evolve
///   void write(const State& state, bool all, Changes& changes);                  adds the pages that have changed since the last call, or all
///   void read(State& state, std::span<const journal::Page> pages);               of the state, in order of number; throws Unreadable or BrokenInvariant
template <class State>
class Pages;

template <class State>
concept Paged = requires { sizeof(Pages<State>); };

/// A page of an unknown kind or version, or one that does not make sense. The events tell the same.
struct Unreadable : std::runtime_error {
  using std::runtime_error::runtime_error;
};

} // namespace entrepot::snapshot
