#include "domain/fulfilment/fulfilment.hpp"

#include <algorithm>
#include <array>

#include "domain/words.hpp"

namespace entrepot::fulfilment {
namespace {

constexpr Words<Status, 2> statuses{{"none", "accepted"}};
constexpr Words<Verb, 1> verbs{{"plan"}};

bool same_work(const State& fulfilment, const Command& command) {
  const auto& plan = std::get<Plan>(command);
  return fulfilment.location == plan.location && fulfilment.lines == plan.lines && fulfilment.due == plan.due;
}

using enum Status;
using enum Verb;
constexpr std::array table{
    Transition::goes(none, plan, accepted),
    Transition::already(accepted, plan, {"the work is the same", same_work}, "fulfilment-already-planned"),
};
static_assert(std::variant_size_v<Command> == verbs.words.size());
static_assert(machine::answers_everything(std::span<const Transition>{table}, statuses.words.size()));

void check_work(const std::vector<Line>& lines) {
  check(!lines.empty(), "a fulfilment has work to do");
  check(std::ranges::all_of(lines, [](const Line& line) { return static_cast<bool>(line.quantity); }), "every line of a fulfilment has units");
}

} // namespace

std::string_view name_of(Status status) { return statuses.of(status); }
std::optional<Status> status_from(std::string_view name) { return statuses.from(name); }
std::string_view name_of(Verb verb) { return verbs.of(verb); }
std::span<const Transition> transitions() { return table; }

Decision<Event> decide(const State& fulfilment, const Command& command, Timestamp) {
  auto answer = machine::judge(transitions(), "the fulfilment", fulfilment.status, fulfilment, command);
  if (!answer)
    return answer.error();
  if (*answer == machine::Answer::already)
    return std::vector<Event>{};
  return std::visit(Overload{[](const Plan& c) {
                      check_work(c.lines);
                      return std::vector<Event>{Accepted{c.location, c.lines, c.due}};
                    }},
                    command);
}

void evolve(State& fulfilment, const Event& event, Timestamp) {
  std::visit(Overload{[&](const Accepted& e) {
               check_work(e.lines);
               fulfilment = State{accepted, e.location, e.lines, e.due};
             }},
             event);
}

} // namespace entrepot::fulfilment
