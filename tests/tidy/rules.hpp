// The rules of the house that a program can check: who may include whom, and what stands nowhere.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace entrepot::tidy {

struct Finding {
  std::string file; ///< from the root, e.g. "domain/order/order.cpp"
  int line = 0;     ///< from 1; 0: the file or folder as a whole
  std::string rule; ///< the sentence that is broken
  bool operator==(const Finding&) const = default;
};

inline constexpr int longest_file = 500; ///< lines

/// Returns what a C++ file breaks, in order of its lines. `path` is from the root with forward slashes: where a file lies decides what it may do.
std::vector<Finding> findings_in(std::string_view path, std::string_view text);

/// Returns the text with comments, strings and characters replaced by blanks, line for line: what the compiler acts upon.
std::string code_of(std::string_view text);

/// Returns whether `path` is as `pattern` says; "*" stands for anything, slashes included.
bool matches(std::string_view path, std::string_view pattern);

} // namespace entrepot::tidy
