// What a process says to the carrier about labels, and what it makes of the answers.
//
// The same rule as with money: the intent is written down first, a fresh one is asked with its own words, no answer is enquired about. Asking for one key
// again makes no second label, so "never heard of it" is answered by asking again.
#pragma once

#include <functional>
#include <vector>

#include "workflows/engine/process.hpp"

namespace entrepot::workflow {

/// One turn's part of the dialogue.
class LabelDialogue {
public:
  /// `tell` gives a place a command that is not refused.
  LabelDialogue(const Family& family, Memory& memory, Turn& turn, Timestamp now, std::function<void(int child, fulfilment::Command)> tell);

  /// Takes notice of what has just been written down.
  void note(int child, const fulfilment::Event& event);
  /// The carrier has answered; about an older label than the newest, or one that nobody waits for any more, it has nothing to say.
  void answered(const CarrierAnswered& input);
  /// Asks what is to be asked now.
  void talk();

private:
  void talk_about(int child, const fulfilment::State& fulfilment);
  void call(int child, const fulfilment::State& fulfilment, fulfilment::LabelRequest::Kind kind);
  /// Nothing is known. Returns whether a person is left to it.
  /// How long a carrier that says nothing is asked what became of the label.
  Duration patience_for(const fulfilment::State& fulfilment) const;
  bool given_up(int child, const fulfilment::State& fulfilment, const Memory::Asked& asked);

  const Family& family_;
  Memory& memory_;
  Turn& turn_;
  Timestamp now_;
  std::function<void(int child, fulfilment::Command)> tell_;
  std::vector<int> intents_; ///< children whose intent is of this turn
};

} // namespace entrepot::workflow
