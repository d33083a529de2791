// The domain's aggregates as units of the shell.
#pragma once

#include "actors/unit.hpp"

namespace entrepot::actors {

struct LocationRules {
  using State = stock::State;
  using Command = stock::Command;
  using Event = stock::Event;
  static Decision<Event> decide(const State& state, const Command& command, Timestamp now) { return stock::decide(state, command, now); }
  static void evolve(State& state, const Event& event, Timestamp at) { stock::evolve(state, event, at); }
};

struct CustomerRules {
  using State = customer::State;
  using Command = customer::Command;
  using Event = customer::Event;
  static Decision<Event> decide(const State& state, const Command& command, Timestamp now) { return customer::decide(state, command, now); }
  static void evolve(State& state, const Event& event, Timestamp) { state = customer::evolve(std::move(state), event); }
};

struct IdentityRules {
  using State = identity::State;
  using Command = identity::Command;
  using Event = identity::Event;
  static Decision<Event> decide(const State& state, const Command& command, Timestamp now) { return identity::decide(state, command, now); }
  static void evolve(State& state, const Event& event, Timestamp) { state = identity::evolve(std::move(state), event); }
};

struct ProductRules {
  using State = product::State;
  using Command = product::Command;
  using Event = product::Event;
  static Decision<Event> decide(const State& state, const Command& command, Timestamp now) { return product::decide(state, command, now); }
  static void evolve(State& state, const Event& event, Timestamp) { state = product::evolve(std::move(state), event); }
};

struct ChannelRules {
  using State = channel::State;
  using Command = channel::Command;
  using Event = channel::Event;
  static Decision<Event> decide(const State& state, const Command& command, Timestamp now) { return channel::decide(state, command, now); }
  static void evolve(State& state, const Event& event, Timestamp) { state = channel::evolve(std::move(state), event); }
};

} // namespace entrepot::actors
