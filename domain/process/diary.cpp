#include "domain/process/diary.hpp"

namespace entrepot::process {

void evolve(Diary& diary, const Event& event) {
  std::visit(Overload{[&](const CompensationBegun& e) { diary.to_undo = e.steps; },
                      [&](const CompensationEnded&) { diary.to_undo.clear(); },
                      [&](const Parked& e) { diary.parked = e; }},
             event);
}

} // namespace entrepot::process
