#include "workflows/engine/process.hpp"

#include <algorithm>

#include "domain/order/places.hpp"
#include "workflows/engine/decision.hpp"
#include "workflows/engine/label_dialogue.hpp"
#include "workflows/engine/provider_dialogue.hpp"
#include "workflows/steps/cut.hpp"
#include "workflows/steps/transfer.hpp"
#include "workflows/workflows.hpp"

namespace entrepot::workflow {
namespace {

constexpr auto look_again_after = std::chrono::minutes{15};
constexpr int max_actions_in_a_turn = 64; // a table that tells its family more than this at once goes round in circles

/// One turn under way.
class Conductor {
public:
  Conductor(Family& family, Memory& memory, Timestamp now, const Partners& partners)
      : family_(family), memory_(memory), now_(now), partners_(partners),
        provider_(family, memory, turn_, now, [this](payment::Command command) { tell({child::payment, std::move(command)}); },
                  [this](process::Parked why) { apply(child::process, {process::Event{std::move(why)}}); }),
        labels_(family, memory, turn_, now, [this](int child, fulfilment::Command command) { tell({child, std::move(command)}); }) {}

  std::optional<Rejection> told(const Told& input) {
    if (const auto* of_process = std::get_if<process::Command>(&input.command))
      if (const auto* cut = std::get_if<process::HearOfCut>(of_process))
        return hear_of(*cut);
    auto decision = decide(family_, input.child, input.command, now_);
    if (!decision)
      return refused(input, std::move(decision).error());
    if (const auto* of_process = std::get_if<process::Command>(&input.command)) {
      if (std::holds_alternative<process::LookAgain>(*of_process))
        looks_again_ = true;
      else
        memory_.forget(); // what was refused is asked anew
    }
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
    auto [place, index, part] = memory_.place_of(input.question);
    auto before_promise = place == 0;
    if (place == Memory::undoing)
      return;
    if (before_promise && family_.order.status != order::Status::submitted) {
      asked->answered = true; // the order is given up already: what was refused needs no taking back
      return;
    }
    const auto& step = table_of(place)[static_cast<std::size_t>(index)];
    if (auto meaning = step.refused ? step.refused(family_, asked->round, *input.refused, now_) : std::nullopt) {
      take_as(*meaning, *asked);
    } else if (before_promise) {
      give_up(index, *input.refused, false);
    } else {
      park(step, *input.refused);
    }
  }

  /// What the refusal of a question means.
  void take_as(const Action& meaning, Memory::Asked& asked) {
    if (const auto* later = std::get_if<Wait>(&meaning)) {
      asked.again = *later->until; // it stays open
      return;
    }
    asked.answered = true;
    tell(std::get<Tell>(meaning));
  }

  void partner_answered(const PartnerAnswered& input) { provider_.answered(input); }
  void carrier_answered(const CarrierAnswered& input) { labels_.answered(input); }

  /// Goes on as far as it can: until every table waits, is done, or a person is needed.
  void go_on() {
    if (family_.order.status == order::Status::none)
      return;
    if (!family_.diary.parked)
      go_forward();
    provider_.talk();
    auto before = actions_;
    if (!family_.diary.parked && !order::is_terminal(family_.order.status))
      labels_.talk();
    if (actions_ != before)
      return go_on(); // a carrier was given up: the next one is asked
    if (!turn_.waiting && family_.order.status != order::Status::submitted)
      memory_.forget(); // whatever was answered, events tell it now
  }

  /// Who waits for units looks whether some have come.
  void look_again() { looks_again_ = true; }

  Turn finish() && { return std::move(turn_); }

private:
  void go_forward() {
    using enum order::Status;
    auto& order = family_.order;
    turn_.wake_up.reset(); // what was awaited before something changed may not be any more; every table is walked anew
    turn_.lacking.clear();
    if (order.status == submitted)
      walk(definition().until_the_promise, 0);
    if (order.status == cancelling && !order.promised)
      take_back_everything();
    if (!family_.diary.to_undo.empty())
      undo();
    for (auto before = -1; std::exchange(before, actions_) != actions_ && !family_.diary.parked;) // what the places do may be news for what comes from elsewhere, and the other way round
      walk_places();
    if (order.promised || order.status == cancelling || order.status == cancelled)
      look_after_the_rest();
  }

  void walk_places() {
    for (auto place : places_of(family_))
      if (family_.order.promised && (!order::is_terminal(family_.order.status) || awaits_restocking(family_, place) || !nothing_is_contested(family_, place))) // the order may end before its location knows
        walk(table_of(place), place);
    for (const auto& [child, transfer] : family_.transfers) // also behind the end of its order: what is on its way arrives somewhere
      walk(per_transfer, child);
  }

  /// The order is cancelled before it was promised: whatever may have been done for it is undone.
  void take_back_everything() {
    if (!family_.diary.to_undo.empty() || family_.diary.undone)
      return;
    begin_undoing(static_cast<int>(definition().until_the_promise.size()) - 1);
  }

  /// Each line of the last table looks after itself; what one of them told the family may be news for the others and for the places.
  void look_after_the_rest() {
    auto table = definition().to_the_end;
    auto before = actions_;
    for (std::size_t i = 0; i < table.size(); ++i)
      take_step(table[i], static_cast<int>(i), Memory::at_the_end);
    if (actions_ != before && !family_.diary.parked)
      go_forward();
  }

  const Definition& definition() const {
    auto& agreement = family_.order.agreement;
    auto* found = find(agreement.workflow, agreement.workflow_version);
    check(found, "every order's process is one that this program knows");
    return *found;
  }

  /// The steps until the promise (0), at the end, or of a place: goods are fetched there, or sent.
  std::span<const Step> table_of(int place) const {
    const auto& found = definition();
    if (place == 0)
      return found.until_the_promise;
    if (place == Memory::at_the_end)
      return found.to_the_end;
    if (child::is_transfer(place))
      return per_transfer;
    return found.per_delivery.empty() || part_of(family_, place).ready_by ? found.per_fulfilment : found.per_delivery;
  }

  /// A location has fewer units than it has promised.
  std::optional<Rejection> hear_of(const process::HearOfCut& cut) {
    auto meaning = meaning_of(family_, cut);
    for (const auto& command : meaning.tells)
      tell(command);
    if (meaning.give_up)
      give_up(static_cast<int>(definition().until_the_promise.size()) - 1, *std::move(meaning.give_up), true);
    return std::move(meaning.not_yet);
  }

  /// A wrong code is counted, though the hand-over is refused.
  std::optional<Rejection> refused(const Told& input, Rejection why) {
    if (why.code != "code-wrong")
      return why;
    tell({input.child, pickup::Command{pickup::CountWrongCode{}}});
    turn_.refused = std::move(why);
    return {};
  }

  void apply(int child, std::vector<AnyEvent> events) {
    for (auto& event : events) {
      evolve(family_, child, event, now_);
      if (auto* of_payment = std::get_if<payment::Event>(&event))
        provider_.note(*of_payment);
      if (auto* of_fulfilment = std::get_if<fulfilment::Event>(&event))
        labels_.note(child, *of_fulfilment);
      turn_.events.push_back({child, std::move(event)});
    }
  }

  void tell(const Tell& tell) {
    check(++actions_ <= max_actions_in_a_turn, "a process comes to rest");
    auto decision = decide(family_, tell.child, tell.command, now_);
    check(bool(decision), "a process gives its family no command that is refused");
    apply(tell.child, *std::move(decision));
  }

  /// Asks, or asks again if it is time; returns whether it has been answered. The id depends on the step and the round only, so that it is the same after a
  /// crash; of another round than the one asked last nothing is known yet.
  bool ask(Memory::Place place, const Step& step, const Ask& question) {
    auto& asked = memory_.at(place);
    auto id = step_command(family_.id, (place.table + 1) * 256 + place.step, question.round);
    if (asked.id != id)
      asked = {.id = id, .round = question.round, .times = 0, .first = now_, .again = now_, .answered = false};
    if (asked.answered)
      return true;
    if (asked.times == 0 || now_ >= asked.again) {
      auto pause = std::min(step.at_most, step.within * (std::int64_t{1} << std::min(asked.times, 20)));
      ++asked.times;
      asked.again = now_ + pause;
      turn_.questions.push_back({asked.id, question.to, question.command});
    }
    turn_.waiting = true;
    turn_.wake_at(asked.again);
    if (step.give_up_after > Duration::zero() && place.table == 0)
      turn_.wake_at(asked.first + step.give_up_after);
    return false;
  }

  /// Returns whether all have been answered.
  bool ask_all(Memory::Place place, const Step& step, const AskAll& asks) {
    bool all = true;
    for (const auto& question : asks.questions) {
      place.round = question.round;
      all &= ask(place, step, question);
    }
    return all;
  }

  /// Looks for places and writes down what was found. Where nothing was found before, another vain look is no news, but at the end of a wait.
  void look(const Look& wanted) {
    auto again = wanted.again_at && now_ < *wanted.again_at && !looks_again_;
    if (again || !partners_.sourcing)
      return await_units(wanted);
    auto demand = wanted.demand;
    if (!looks_again_)
      demand.barred.insert(demand.barred.end(), wanted.short_now.begin(), wanted.short_now.end());
    auto choice = partners_.sourcing(family_.order.agreement.channel, demand, now_);
    const auto has_waited = wanted.again_at && now_ >= *wanted.again_at && family_.diary.look->outcome == sourcing::Outcome::wait;
    if (wanted.again_at && choice.parts.empty() && !has_waited)
      return await_units(wanted);
    looks_again_ = false; // what it finds now is news; what is refused now is not asked again in this turn
    tell({child::process, process::Command{process::RecordChoice{std::move(choice)}}});
  }

  /// New units may help; a look now and then helps if their coming was missed.
  void await_units(const Look& wanted) {
    for (const auto& line : wanted.demand.lines)
      turn_.lacking.push_back(line.sku);
    turn_.wake_at(now_ + look_again_after);
    if (wanted.again_at && now_ < *wanted.again_at)
      turn_.wake_at(*wanted.again_at);
  }

  /// Whether a question of this step has been open for so long that nobody waits for its answer.
  bool has_fallen_silent(const Step& step, Memory::Place here) {
    if (step.give_up_after <= Duration::zero())
      return false;
    return memory_.any_of(here, [&](const Memory::Asked& asked) { return !asked.answered && now_ >= asked.first + step.give_up_after; });
  }

  /// Until the promise a table is walked only while nothing is decided; a person's decision stops every table.
  bool goes_on(int place) const {
    if (family_.diary.parked || has_refused(family_, place))
      return false;
    return place != 0 || family_.order.status == order::Status::submitted;
  }

  /// Walks a table up to the first step that is not done; from the top again if a step told the family something: it may concern an earlier one.
  void walk(std::span<const Step> table, int place) {
    for (std::size_t i = 0; i < table.size() && goes_on(place);) {
      auto before = actions_;
      auto done = take_step(table[i], static_cast<int>(i), place);
      if (actions_ != before)
        i = 0;
      else if (done)
        ++i;
      else
        return;
    }
  }

  /// Takes a step once; returns whether it is done.
  bool take_step(const Step& step, int index, int place) {
    Memory::Place here{place, index};
    if (step.asks_carrier && !partners_.carrier)
      return true;
    if (step.done && step.done(family_, place)) {
      memory_.forget_all_of(here); // should it be needed again, it is asked anew
      return true;
    }
    if (has_fallen_silent(step, here)) {
      give_up(index, reject("no-answer", "the place that should hold the units did not answer in time"), true);
      return false;
    }
    return std::visit(Overload{[](const Nothing&) { return true; },
                               [&](const Ask& question) { return ask(here, step, question); },
                               [&](const AskAll& questions) { return ask_all(here, step, questions); },
                               [&](const Look& wanted) {
                                 look(wanted);
                                 return false;
                               },
                               [&](const Wait& wait) {
                                 if (wait.until)
                                   turn_.wake_at(*wait.until);
                                 return false;
                               },
                               [&](const Tell& command) {
                                 tell(command);
                                 return false;
                               },
                               [&](const GiveUp& up) {
                                 give_up(index, up.why, true);
                                 return false;
                               },
                               [&](const LeaveToPerson& why) {
                                 park(step, reject(why.code, why.text));
                                 return false;
                               }},
                      step.act(family_, place, now_));
  }

  /// Rejects the order and begins to take back what was done. `unknown`: the failing step itself may have had its effect.
  void give_up(int failed, Rejection why, bool unknown) {
    tell({child::order, order::Command{order::Reject{std::move(why.code), std::move(why.text), std::move(why.details)}}});
    if (family_.diary.cuts > 0) // places were looked for anew: later steps may have been taken before
      failed = static_cast<int>(definition().until_the_promise.size()) - 1, unknown = true;
    begin_undoing(unknown ? failed : failed - 1);
  }

  void begin_undoing(int last) {
    process::CompensationBegun begun;
    auto table = definition().until_the_promise;
    for (int i = static_cast<int>(table.size()) - 1; i >= 0; --i)
      if (const auto& step = table[static_cast<std::size_t>(i)]; step.undo && (i <= last || (step.undo_from_start && !std::holds_alternative<Nothing>(step.undo(family_, now_)))))
        begun.steps.push_back(i);
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
      auto action = step.undo(family_, now_);
      if (std::holds_alternative<Nothing>(action))
        return true;
      if (auto* question = std::get_if<Ask>(&action))
        return ask(here, step, *question);
      if (auto* questions = std::get_if<AskAll>(&action))
        return ask_all(here, step, *questions);
      if (std::holds_alternative<Wait>(action))
        return false;
      tell(std::get<Tell>(action));
    }
  }

  Family& family_;
  Memory& memory_;
  Timestamp now_;
  const Partners& partners_;
  Turn turn_;
  bool looks_again_ = false;
  int actions_ = 0;
  ProviderDialogue provider_;
  LabelDialogue labels_;
};

} // namespace

Result<Turn> take(Family& family, Memory& memory, const Input& input, Timestamp now, const Partners& partners) {
  Conductor conductor(family, memory, now, partners);
  if (auto* told = std::get_if<Told>(&input)) {
    if (auto why = conductor.told(*told))
      return *std::move(why);
  } else if (auto* answered = std::get_if<Answered>(&input)) {
    conductor.answered(*answered);
  } else if (auto* partner = std::get_if<PartnerAnswered>(&input)) {
    conductor.partner_answered(*partner);
  } else if (auto* carrier = std::get_if<CarrierAnswered>(&input)) {
    conductor.carrier_answered(*carrier);
  }
  if (std::holds_alternative<Awoken>(input))
    conductor.look_again();
  conductor.go_on();
  return std::move(conductor).finish();
}

} // namespace entrepot::workflow
