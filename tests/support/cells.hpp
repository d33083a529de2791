// A state machine as text: for each command, what happens in which status. Compared as a whole with what a person has written down.
#pragma once

#include <cxxabi.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <string>
#include <typeinfo>
#include <utility>
#include <vector>

#include "domain/machine.hpp"

namespace entrepot::test {

/// Returns the name of a type without its namespaces, e.g. "Picked".
inline std::string short_name(const std::type_info& type) {
  std::unique_ptr<char, void (*)(void*)> name(abi::__cxa_demangle(type.name(), nullptr, nullptr, nullptr), std::free);
  std::string text = name.get();
  return text.substr(text.rfind(':') + 1);
}

/// Returns what a decision came to: the event's name, "already so", or the code of the refusal.
template <class Event>
std::string outcome(const Decision<Event>& decision) {
  if (!decision)
    return decision.error().code;
  if (decision->empty())
    return "already so";
  if (decision->size() > 1)
    throw std::logic_error("a cell is one event");
  return std::visit([](const auto& event) { return short_name(typeid(event)); }, decision->front());
}

/// The states and commands that a machine is walked with. Several states of one status, and several commands of one verb, show guards both ways.
template <class State, class Command>
struct Cells {
  std::vector<std::pair<std::string, State>> states;
  std::vector<std::pair<std::string, Command>> commands;

  /// Returns one line per command, the commonest answer last: "accept: Accepted in offered; already so in accepted; else pickup-not-offered".
  template <class Decide>
  std::string text(Decide decide) const {
    std::string text;
    for (const auto& [verb, command] : commands) {
      std::vector<std::pair<std::string, std::string>> answers; // outcome, statuses
      for (const auto& [name, state] : states) {
        auto what = outcome(decide(state, command));
        auto same = answers.begin();
        while (same != answers.end() && same->first != what)
          ++same;
        if (same == answers.end())
          answers.emplace_back(what, name);
        else
          same->second += ", " + name;
      }
      auto most = answers.begin();
      for (auto at = answers.begin(); at != answers.end(); ++at)
        if (std::ranges::count(at->second, ',') > std::ranges::count(most->second, ','))
          most = at;
      text += verb + ":";
      for (auto at = answers.begin(); at != answers.end(); ++at)
        if (at != most)
          text += " " + at->first + " in " + at->second + ";";
      text += (answers.size() > 1 ? " else " : " ") + most->first + "\n";
    }
    return text;
  }

  /// Returns the rows of `table` whose condition was not seen both ways, and the statuses and verbs that no cell shows; empty: everything was tried.
  template <class Row>
  std::string untried(std::span<const Row> table, std::size_t statuses) const {
    std::string text;
    for (const auto& row : table) {
      bool held = false, failed = false;
      for (const auto& [name, state] : states)
        for (const auto& [verb, command] : commands)
          if (static_cast<typename Row::verb_type>(command.index()) == row.verb && machine::find(table, state.status, row.verb) == &row)
            (row.guard.holds == nullptr || row.guard.holds(state, command) ? held : failed) = true;
      if (!held || (row.guard.holds != nullptr && !failed))
        text += std::string(name_of(row.verb)) + " in " + (row.from ? std::string(name_of(*row.from)) : "any other") + (held ? " with its condition broken" : "") + "\n";
    }
    for (std::size_t status = 0; status < statuses; ++status) {
      bool shown = false;
      for (const auto& [name, state] : states)
        shown |= static_cast<std::size_t>(state.status) == status;
      if (!shown)
        text += std::string(name_of(static_cast<typename Row::status_type>(status))) + "\n";
    }
    return text;
  }
};

} // namespace entrepot::test
