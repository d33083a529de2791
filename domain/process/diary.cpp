#include "domain/process/diary.hpp"

#include "domain/ids.hpp"

namespace entrepot::process {
namespace {

std::size_t room_of(const Diary& diary) { return static_cast<std::size_t>(child::last_fulfilment - diary.first_place + 1); }

Decision<Event> retry(const Diary& diary) {
  if (!diary.parked)
    return reject("process-not-parked", "the process goes on by itself");
  return std::vector<Event>{Resumed{}};
}

void chosen(Diary& diary, const sourcing::Choice& choice) {
  check(diary.places.size() + choice.parts.size() <= room_of(diary), "an order has room for the places that are chosen");
  for (const auto& part : choice.parts)
    diary.places.push_back({.part = part, .behind_promise = choice.behind_promise, .refused = {}, .customers_choice = choice.customers_choice, .ready_by = choice.ready_by,
                            .leave_by = choice.leave_by, .there_by = choice.there_by});
  if (!choice.parts.empty())
    ++diary.looks;
  diary.look = Look{choice.outcome, choice.until, choice.missing};
}

void refused(Diary& diary, const PlaceRefused& event) {
  if (event.place == child::first_fulfilment && diary.first_place > child::first_fulfilment) {
    diary.named_refused = true;
    return;
  }
  auto index = static_cast<std::size_t>(event.place - diary.first_place);
  check(event.place >= diary.first_place && index < diary.places.size(), "who refuses was chosen");
  auto& place = diary.places[index];
  place.refused = event.code;
  if (event.lines.empty())
    diary.refusals.push_back({place.part.location, 0});
  for (auto line : event.lines)
    diary.shortages.push_back({place.part.location, line});
  if (!event.lines.empty())
    --diary.looks; // another was faster: that is no attempt of a place
}

} // namespace

Decision<Event> decide(const Diary& diary, const Command& command) {
  return std::visit(Overload{[&](const Retry&) { return retry(diary); },
                             [](const RecordChoice& c) -> Decision<Event> { return std::vector<Event>{PlacesChosen{c.choice}}; },
                             [](const RecordRefusal& c) -> Decision<Event> { return std::vector<Event>{PlaceRefused{c.place, c.code, c.lines}}; },
                             [](const LookAgain&) -> Decision<Event> { return std::vector<Event>{}; },
                             [](const HearOfCut&) -> Decision<Event> { return std::vector<Event>{}; }, // the process says what it means
                             [](const RecordCut& c) -> Decision<Event> { return std::vector<Event>{c.cut}; },
                             [](const RecordKept& c) -> Decision<Event> { return std::vector<Event>{ClaimKept{c.place}}; }},
                    command);
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
                      },
                      [&](const PlacesChosen& e) { chosen(diary, e.choice); }, [&](const PlaceRefused& e) { refused(diary, e); },
                      [&](const ClaimCut& e) {
                        ++diary.cuts;
                        if (e.in_hand)
                          diary.contested.push_back(e.place);
                      },
                      [&](const ClaimKept& e) { std::erase(diary.contested, e.place); }},
             event);
}

} // namespace entrepot::process
