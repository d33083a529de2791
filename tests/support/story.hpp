// Tells the story of one order to its process, as a dialogue: what comes in, what it asks, what it writes down.
#pragma once

#include <gtest/gtest.h>
#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "domain/order/places.hpp"
#include "domain/sourcing/transfer_source.hpp"
#include "tests/support/orders.hpp"
#include "workflows/engine/process.hpp"
#include "workflows/explain.hpp"

namespace entrepot::test {

class Story {
public:
  Story();
  Story(const Story&);
  Story(Story&&) noexcept;
  Story& operator=(const Story&);
  Story& operator=(Story&&) noexcept;
  ~Story();

  Story& submits(order::Agreement agreement);
  Story& tells(int child, AnyCommand command);
  /// The last question that was asked is answered.
  Story& yes();
  /// The newest question to this place is refused; one that was lost in a crash is asked again first.
  Story& no_to(StreamId place, const std::string& code);
  /// The provider takes the money; asked again after a crash, it says so again.
  Story& provider_until_captured();
  /// Every place does what it is asked, until nothing is asked any more.
  Story& all_yes();
  /// The memory is lost after the `turn`-th turn, counted from 1; 0: after every turn.
  Story& crashes_after(int turn);
  Story& no(const std::string& code);
  /// Somebody at the place does something.
  Story& staff(fulfilment::Command command, int index = 0);
  Story& store(pickup::Command command, int index = 0);
  /// Somebody tries what is refused; returns the code, empty if it was not.
  std::string refused(int child, AnyCommand command);
  /// The payment provider answers about the newest attempt, or the newest refund.
  Story& provider(payment::ProviderAnswer answer);
  Story& provider(payment::ProviderAnswer::Kind kind, std::string code = {});
  /// Places are found by these rules, among places that could give so many of each SKU.
  Story& with_places(sourcing::Routing routing, std::map<std::string, std::map<std::string, std::int32_t>> stock);
  /// A store without goods gets them from these.
  Story& brought_from(std::vector<sourcing::TransferSource> sources);
  /// Units come in somewhere: whoever waits for them looks again.
  Story& units_come(const std::string& place, const std::string& code, std::int32_t units);
  /// How often places were looked for.
  int looks() const { return looks_; }
  /// There is a carrier to be asked for labels.
  Story& with_carrier();
  /// The carrier answers about the newest label.
  Story& carrier(fulfilment::LabelAnswer answer);
  Story& carrier(fulfilment::LabelAnswer::Kind kind);
  /// The carrier answers about an earlier label.
  Story& carrier(const std::string& key, fulfilment::LabelAnswer::Kind kind);
  /// Any question that was asked is answered, or any call of the provider.
  Story& answer(const workflow::Question& question, std::optional<Rejection> refused);
  Story& answer(const payment::ProviderRequest& call, payment::ProviderAnswer::Kind kind, std::string code = {});
  /// Nothing is heard for so long; the process is woken whenever it wants to be.
  Story& silence(Duration length);
  /// The process's memory is lost; its events are not.
  Story& crash();

  template <class Command>
  const Command& asks() const {
    auto* aggregate = std::get_if<stock::Command>(&last_question().command);
    auto* command = aggregate ? std::get_if<Command>(aggregate) : nullptr;
    if (!command)
      throw std::runtime_error("the process asked something else");
    return *command;
  }
  const workflow::Question& last_question() const;
  /// What the provider was asked, since the beginning or the last crash.
  const std::vector<payment::ProviderRequest>& calls() const { return calls_; }
  /// Questions since the beginning or the last crash.
  const std::vector<workflow::Question>& questions() const { return questions_; }
  /// What the carrier was asked, since then.
  std::vector<fulfilment::LabelRequest> labels() const;
  const Family& family() const { return family_; }
  const fulfilment::State& fulfilment(int index = 0) const { return family_.fulfilments.at(child::first_fulfilment + index); }
  const pickup::State& pickup(int index = 0) const { return family_.pickups.at(child::first_fulfilment + index); }
  const transfer::State& transfer(int index = 0) const { return family_.transfers.at(child::first_transfer + index); }
  const payment::Tender& tender(std::size_t index = 0) const { return family_.payment.tenders.at(index); }
  const order::Units& units(std::size_t index = 0) const { return family_.order.units.at(index); }
  /// What has happened, in order, as the journal calls it in words.
  std::string told_in_words() const;
  order::Status status() const { return family_.order.status; }
  std::optional<Timestamp> wake_up() const { return wake_up_; }
  int turns() const { return turns_; }
  std::size_t events() const { return history_.size(); }
  Timestamp now() const { return now_; }

private:
  struct Happened { int child; AnyEvent event; Timestamp at; };

  Story& take(const workflow::Input& input);
  void note(workflow::Turn& turn);
  /// Nothing is forgotten: who awaits something has a clock, unless a person must decide; whose story is over has none.
  void expect_a_clock() const;

  Family family_;
  workflow::Memory memory_;
  Timestamp now_ = test::now;
  std::vector<Happened> history_;
  std::vector<workflow::Question> questions_;
  std::vector<payment::ProviderRequest> calls_;
  std::vector<workflow::LabelCall> labels_;
  workflow::Partners partners_;
  std::optional<Timestamp> wake_up_;
  std::size_t answered_ = 0;    ///< of the questions
  int turns_ = 0;
  std::optional<int> crashes_;
  bool crashing_ = false;
  std::map<std::string, std::map<std::string, std::int32_t>> stock_; ///< by place and SKU
  std::vector<sourcing::TransferSource> sources_;
  int looks_ = 0;
};

} // namespace entrepot::test
