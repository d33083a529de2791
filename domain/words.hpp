// The words that people, events and the API use for the values of an enum: one table serves both directions.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

#include "domain/check.hpp"

namespace entrepot {

/// Words by value, for an enum that counts from zero: `constexpr Words<Method, 2> words{{"card", "account"}};`
template <class Enum, std::size_t count>
struct Words {
  std::array<std::string_view, count> words;

  /// Returns the word for `value`. Check: it has one.
  constexpr std::string_view of(Enum value) const {
    check(static_cast<std::size_t>(value) < count, "every value of an enum has its word");
    return words[static_cast<std::size_t>(value)];
  }

  /// Returns the value that `word` names, in exactly these letters.
  constexpr std::optional<Enum> from(std::string_view word) const {
    for (std::size_t i = 0; i < count; ++i)
      if (words[i] == word)
        return static_cast<Enum>(i);
    return {};
  }
};

} // namespace entrepot
