// What a process says to the payment provider, and what it makes of the answers.
//
// An intent that has just been written down is asked with its own words; one found after a crash is only enquired about. No answer is an unknown outcome, and an
// unknown outcome is enquired about, never asked again blindly.
#pragma once

#include <functional>
#include <vector>

#include "workflows/engine/process.hpp"

namespace entrepot::workflow {

/// One turn's part of the dialogue.
class ProviderDialogue {
public:
  /// `tell` gives the plan a command that is not refused; `park` leaves the order to a person.
  ProviderDialogue(const Family& family, Memory& memory, Turn& turn, Timestamp now, std::function<void(payment::Command)> tell, std::function<void(process::Parked)> park);

  /// Takes notice of what has just been written down.
  void note(const payment::Event& event);
  /// The provider has answered about an attempt; about an older one than the newest it has nothing to say any more.
  void answered(const PartnerAnswered& input);
  /// Asks what is to be asked now.
  void talk();

private:
  void talk_about(const payment::Tender& tender);
  void call(const payment::Tender& tender, payment::ProviderRequest::Kind kind);
  void heard(const payment::Tender& tender, const payment::ProviderAnswer& answer);
  void charged_back(const payment::Tender& tender, const payment::ProviderAnswer& answer);
  void heard_of_refund(const payment::Tender& tender, const payment::ProviderAnswer& answer);
  void never_heard(const payment::Tender& tender);
  void no_answer(const payment::Tender& tender);

  const Family& family_;
  Memory& memory_;
  Turn& turn_;
  Timestamp now_;
  std::function<void(payment::Command)> tell_;
  std::function<void(process::Parked)> park_;
  std::vector<std::int32_t> intents_; ///< instalments whose intent is of this turn
};

} // namespace entrepot::workflow
