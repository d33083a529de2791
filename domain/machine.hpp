// A state machine as one table: what each command does in each status, under which condition, or with which code it is refused.
// `decide` obeys the table, a test walks it cell by cell, and the README prints it: there is no second truth.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "domain/check.hpp"
#include "domain/result.hpp"

namespace entrepot::machine {

/// What a row says to its command.
enum class Answer : std::uint8_t {
  event,   ///< it happens
  already, ///< it is already so: no event
  refused, ///< never here
};

/// What must be true besides the status; the table prints its name. Without a name nothing else must be true.
template <class State, class Command>
struct Guard {
  std::string_view name = {};
  bool (*holds)(const State&, const Command&) = nullptr;
};

/// One row. Status and Verb are enums that count from zero and have a name_of(); the verbs stand in the order of the Command variant.
template <class State, class Command, class Status, class Verb>
struct Transition {
  using state_type = State;
  using command_type = Command;
  using status_type = Status;
  using verb_type = Verb;

  std::optional<Status> from; ///< nothing: every status without a row of its own for this command
  Verb verb;
  Answer answer = Answer::refused;
  std::optional<Status> to = {}; ///< after the event
  Guard<State, Command> guard = {};
  std::string_view refusal = {}; ///< code, if refused or if the guard does not hold

  static constexpr Transition goes(Status from, Verb verb, Status to, Guard<State, Command> guard = {}, std::string_view refusal = {}) {
    return {from, verb, Answer::event, to, guard, refusal};
  }
  static constexpr Transition already(std::optional<Status> in, Verb verb, Guard<State, Command> guard = {}, std::string_view refusal = {}) {
    return {in, verb, Answer::already, {}, guard, refusal};
  }
  static constexpr Transition refused(std::optional<Status> in, Verb verb, std::string_view refusal) {
    return {in, verb, Answer::refused, {}, {}, refusal};
  }
};

inline constexpr std::nullopt_t any_other = std::nullopt; ///< as a row's status: all without a row of their own

/// Returns the row for `verb` in `status`; nullptr if there is none, which `answers_everything` rules out.
template <class Row>
constexpr const Row* find(std::span<const Row> table, typename Row::status_type status, typename Row::verb_type verb) {
  const Row* otherwise = nullptr;
  for (const auto& row : table) {
    if (row.verb != verb)
      continue;
    if (row.from == status)
      return &row;
    if (!row.from)
      otherwise = &row;
  }
  return otherwise;
}

/// Whether every command has exactly one row in every status, and every refusal a code: for a static_assert beside the table.
template <class Row>
constexpr bool answers_everything(std::span<const Row> table, std::size_t statuses) {
  for (const auto& row : table) {
    std::size_t same = 0;
    for (const auto& other : table)
      same += other.verb == row.verb && other.from == row.from;
    // by its name: the address of a function is not constant to a compiler that looks for null pointers
    auto may_refuse = row.answer == Answer::refused || !row.guard.name.empty();
    if (same != 1 || may_refuse == row.refusal.empty() || (row.answer == Answer::event) != row.to.has_value())
      return false;
  }
  for (std::size_t status = 0; status < statuses; ++status)
    for (std::size_t verb = 0; verb < std::variant_size_v<typename Row::command_type>; ++verb)
      if (!find(table, static_cast<typename Row::status_type>(status), static_cast<typename Row::verb_type>(verb)))
        return false;
  return true;
}

/// Returns what the table says to `command` in `status`: `event`, `already`, or the rejection with the row's code. `what` is the thing's noun, for
/// the text.
template <class Row>
Result<Answer> judge(std::span<const Row> table, std::string_view what, typename Row::status_type status, const typename Row::state_type& state,
                     const typename Row::command_type& command) {
  auto verb = static_cast<typename Row::verb_type>(command.index());
  const auto* row = find(table, status, verb);
  check(row != nullptr, "a table answers every command in every status");
  if (row->answer != Answer::refused && (row->guard.holds == nullptr || row->guard.holds(state, command)))
    return row->answer;
  auto text = std::string(what) + " is " + std::string(name_of(status)) + ": " + std::string(name_of(verb)) + " is not possible";
  if (!row->guard.name.empty())
    text += " unless " + std::string(row->guard.name);
  return reject(std::string(row->refusal), std::move(text));
}

/// Returns the table as Markdown, row by row.
template <class Row>
std::string to_markdown(std::span<const Row> table) {
  std::string text = "| in status | command | becomes | if | else refused with |\n|---|---|---|---|---|\n";
  for (const auto& row : table) {
    auto from = row.from ? std::string(name_of(*row.from)) : "any other";
    auto to = row.answer == Answer::event ? std::string(name_of(*row.to)) : row.answer == Answer::already ? "already so" : "-";
    auto refusal = row.refusal.empty() ? "" : "`" + std::string(row.refusal) + "`";
    text += "| " + from + " | " + std::string(name_of(row.verb)) + " | " + to + " | " + std::string(row.guard.name) + " | " + refusal + " |\n";
  }
  return text;
}

} // namespace entrepot::machine
