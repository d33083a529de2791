#include "domain/process/diary.hpp"

namespace entrepot::process {

Decision<Event> decide(const Diary& diary, const Command&) {
  if (!diary.parked)
    return reject("process-not-parked", "the process goes on by itself");
  return std::vector<Event>{Resumed{}};
}

void evolve(Diary& diary, const Event& event) {
  std::visit(Overload{[&](const CompensationBegun& e) { diary.to_undo = e.steps; },
                      [&](const CompensationEnded&) {
                        diary.to_undo.clear();
                        diary.undone = true;
                      },
                      [&](const Parked& e) { diary.parked = e; },
                      [&](const Resumed&) {
                        diary.parked.reset();
                        ++diary.resumed;
                      }},
             event);
}

} // namespace entrepot::process
