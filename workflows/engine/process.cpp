#include "workflows/engine/process.hpp"

#include <algorithm>

#include "workflows/engine/provider_dialogue.hpp"
#include "workflows/workflows.hpp"

namespace entrepot::workflow {
namespace {

constexpr int max_actions_in_a_turn = 64; // a table that tells its family more than this at once goes round in circles
constexpr auto overdue_reminder = std::chrono::hours{24};

template <class Event>
std::vector<AnyEvent> any_of(std::vector<Event> events) {
  return {std::make_move_iterator(events.begin()), std::make_move_iterator(events.end())};
}

template <class Event>
Decision<AnyEvent> any_of(Decision<Event> decision) {
  if (!decision)
    return std::move(decision).error();
  return any_of(*std::move(decision));
}

Decision<AnyEvent> decide(const Family& family, int child, const AnyCommand& command, Timestamp now) {
  if (auto* order_command = std::get_if<order::Command>(&command); order_command && child == child::order)
    return any_of(order::decide(family.order, *order_command, now));
  if (auto* payment_command = std::get_if<payment::Command>(&command); payment_command && child == child::payment)
    return any_of(payment::decide(family.payment, *payment_command, now));
  if (auto* fulfilment_command = std::get_if<fulfilment::Command>(&command); fulfilment_command && child >= child::first_fulfilment) {
    auto found = family.fulfilments.find(child);
    return any_of(fulfilment::decide(found == family.fulfilments.end() ? fulfilment::State{} : found->second, *fulfilment_command, now));
  }
  throw BrokenInvariant("a command is given to the member of the family that understands it");
}

/// One turn under way.
class Conductor {
public:
  Conductor(Family& family, Memory& memory, Timestamp now)
      : family_(family), memory_(memory), now_(now),
        provider_(family, memory, turn_, now, [this](payment::Command command) { tell({child::payment, std::move(command)}); },
                  [this](process::Parked why) { apply(child::process, {process::Event{std::move(why)}}); }) {}

  std::optional<Rejection> told(const Told& input) {
    auto decision = decide(family_, input.child, input.command, now_);
    if (!decision)
      return std::move(decision).error();
    apply(input.child, *std::move(decision));
    return {};
  }

  void answered(const Answered& input) {
    auto* asked = memory_.find(input.question);
    if (!asked || asked->answered)
      return; // an answer to a question of an earlier life, or the second answer to one asked twice
    if (!input.refused) {
      asked->answered = true;
      return;
    }
    auto [place, step] = memory_.place_of(input.question);
    if (place == 0)
      give_up(step, *input.refused, false);
    else if (place != Memory::undoing)
      park(definition().per_fulfilment[static_cast<std::size_t>(step)], *input.refused);
  }

  void partner_answered(const PartnerAnswered& input) { provider_.answered(input); }

  /// Goes on as far as it can: until every table waits, is done, or a person is needed.
  void go_on() {
    if (family_.order.status == order::Status::none)
      return;
    if (family_.diary.to_undo.empty() && !family_.diary.parked && !order::is_terminal(family_.order.status))
      go_forward();
    if (!family_.diary.to_undo.empty())
      undo();
    provider_.talk();
    if (!turn_.waiting && family_.order.status != order::Status::submitted)
      memory_.forget(); // whatever was answered, events tell it now
  }

  Turn finish() && { return std::move(turn_); }

private:
  void go_forward() {
    if (!walk(definition().until_the_promise, 0))
      return;
    for (auto place : places())
      walk(definition().per_fulfilment, place);
    remind();
  }

  const Definition& definition() const {
    auto& agreement = family_.order.agreement;
    auto* found = find(agreement.workflow, agreement.workflow_version);
    check(found, "every order's process is one that this program knows");
    return *found;
  }

  /// The fulfilments of this order. Until sourcing splits orders there is one.
  std::vector<int> places() const { return {child::first_fulfilment}; }

  void apply(int child, std::vector<AnyEvent> events) {
    for (auto& event : events) {
      evolve(family_, child, event, now_);
      if (auto* of_payment = std::get_if<payment::Event>(&event))
        provider_.note(*of_payment);
      turn_.events.push_back({child, std::move(event)});
    }
  }

  void tell(const Tell& tell) {
    check(++actions_ <= max_actions_in_a_turn, "a process comes to rest");
    auto decision = decide(family_, tell.child, tell.command, now_);
    check(bool(decision), "a process gives its family no command that is refused");
    apply(tell.child, *std::move(decision));
  }

  /// Asks, or asks again if it is time. The id depends on the step only, so that it is the same after a crash.
  void ask(Memory::Place place, const Step& step, const Ask& question) {
    auto& asked = memory_.at(place);
    if (asked.times == 0) {
      asked.id = step_command(family_.id, (place.first + 1) * 256 + place.second, 0);
      asked.first = now_;
    }
    if (asked.times == 0 || now_ >= asked.again) {
      auto pause = std::min(step.at_most, step.within * (std::int64_t{1} << std::min(asked.times, 20)));
      ++asked.times;
      asked.again = now_ + pause;
      turn_.questions.push_back({asked.id, question.to, question.command});
    }
    turn_.waiting = true;
    turn_.wake_at(asked.again);
    if (step.give_up_after > Duration::zero() && place.first != Memory::undoing)
      turn_.wake_at(asked.first + step.give_up_after);
  }

  /// Returns whether every step of the table is done.
  bool walk(std::span<const Step> table, int place) {
    for (std::size_t i = 0; i < table.size(); ++i)
      if (!take_step(table[i], static_cast<int>(i), place))
        return false;
    return true;
  }

  /// Returns whether the step is done. A step that told its family something is looked at again: it may have more to do.
  bool take_step(const Step& step, int index, int place) {
    Memory::Place here{place, index};
    for (;;) {
      auto* asked = memory_.find(here);
      if (step.done(family_, place) || (asked && asked->answered))
        return true;
      if (asked && step.give_up_after > Duration::zero() && now_ >= asked->first + step.give_up_after) {
        give_up(index, reject("no-answer", "the place that should hold the units did not answer in time"), true);
        return false;
      }
      auto action = step.act(family_, place, now_);
      if (std::holds_alternative<Nothing>(action))
        return true;
      if (auto* question = std::get_if<Ask>(&action)) {
        ask(here, step, *question);
        return false;
      }
      if (auto* wait = std::get_if<Wait>(&action)) {
        wait_for(index, *wait);
        return false;
      }
      tell(std::get<Tell>(action));
    }
  }

  void wait_for(int step, const Wait& wait) {
    if (!wait.until)
      return;
    if (now_ >= *wait.until)
      give_up(step, wait.otherwise, true);
    else
      turn_.wake_at(*wait.until);
  }

  /// Rejects the order and begins to take back what was done. `unknown`: the failing step itself may have had its effect.
  void give_up(int failed, Rejection why, bool unknown) {
    process::CompensationBegun begun;
    auto table = definition().until_the_promise;
    for (int i = unknown ? failed : failed - 1; i >= 0; --i)
      if (table[static_cast<std::size_t>(i)].undo)
        begun.steps.push_back(i);
    tell({child::order, order::Command{order::Reject{std::move(why.code), std::move(why.text), std::move(why.details)}}});
    if (!begun.steps.empty())
      apply(child::process, {process::Event{std::move(begun)}});
  }

  void park(const Step& step, const Rejection& why) {
    apply(child::process, {process::Event{process::Parked{std::string(step.name), why.code, why.text}}});
  }

  /// Takes steps back, last first, each until nothing of it is left.
  void undo() {
    auto table = definition().until_the_promise;
    for (auto i : family_.diary.to_undo)
      if (!undo_step(table[static_cast<std::size_t>(i)], i))
        return;
    apply(child::process, {process::Event{process::CompensationEnded{}}});
  }

  bool undo_step(const Step& step, int index) {
    Memory::Place here{Memory::undoing, index};
    for (;;) {
      auto* asked = memory_.find(here);
      if (asked && asked->answered)
        return true;
      auto action = step.undo(family_, now_);
      if (std::holds_alternative<Nothing>(action))
        return true;
      if (auto* question = std::get_if<Ask>(&action)) {
        ask(here, step, *question);
        return false;
      }
      if (std::holds_alternative<Wait>(action))
        return false;
      tell(std::get<Tell>(action));
    }
  }

  /// An order that waits for people keeps a clock: when its work is due, and once a day after that.
  void remind() {
    for (auto& [place, fulfilment] : family_.fulfilments)
      if (!fulfilment::is_terminal(fulfilment.status))
        turn_.wake_at(now_ < fulfilment.due ? fulfilment.due : now_ + overdue_reminder);
  }

  Family& family_;
  Memory& memory_;
  Timestamp now_;
  Turn turn_;
  int actions_ = 0;
  ProviderDialogue provider_;
};

} // namespace

Memory::Asked* Memory::find(CommandId question) {
  for (auto& [place, asked] : asked_)
    if (asked.id == question)
      return &asked;
  return nullptr;
}

const Memory::Asked* Memory::find(Place place) const {
  auto found = asked_.find(place);
  return found == asked_.end() ? nullptr : &found->second;
}

Memory::Place Memory::place_of(CommandId question) const {
  for (auto& [place, asked] : asked_)
    if (asked.id == question)
      return place;
  throw BrokenInvariant("an answer is looked up only after it was found");
}

Result<Turn> take(Family& family, Memory& memory, const Input& input, Timestamp now) {
  Conductor conductor(family, memory, now);
  if (auto* told = std::get_if<Told>(&input)) {
    if (auto why = conductor.told(*told))
      return *std::move(why);
  } else if (auto* answered = std::get_if<Answered>(&input)) {
    conductor.answered(*answered);
  } else if (auto* partner = std::get_if<PartnerAnswered>(&input)) {
    conductor.partner_answered(*partner);
  }
  conductor.go_on();
  return std::move(conductor).finish();
}

} // namespace entrepot::workflow
